// A change of the board put into the board it was made for. Null: it was made for another one.

import { instant } from './time';
import type { AccidentSummary, Board, Prefecture } from './types';

export interface BoardChange extends Partial<Omit<Board, 'accidents' | 'series'>> {
  seq: number;
  since: number;
  now: string;
  accidents?: { order?: string[]; changed: (Partial<AccidentSummary> & { id: string })[] };
  series?: Board['series'] & { count?: number };
}

function prefectures(before: Prefecture[], changed: Prefecture[] | undefined): Prefecture[] {
  if (!changed) return before;
  const by = new Map(changed.map((p) => [p.code, p]));
  return before.map((p) => by.get(p.code) ?? p);
}

function accidents(before: AccidentSummary[], change: BoardChange['accidents']): AccidentSummary[] | null {
  if (!change) return before;
  const by = new Map(before.map((a) => [a.id, a]));
  for (const one of change.changed) by.set(one.id, { ...by.get(one.id), ...one } as AccidentSummary);
  const order = change.order ?? before.map((a) => a.id);
  const after = order.map((id) => by.get(id));
  return after.every((a) => a !== undefined && 'title' in a) ? (after as AccidentSummary[]) : null;
}

/** The last steps of the new series behind those of the old one that still stand. */
function series(before: Board['series'], change: BoardChange['series']): Board['series'] {
  if (!change) return before;
  if (change.count === undefined) return change;
  const dropped = Math.round((instant(change.from) - instant(before.from)) / 1000 / change.step_s);
  const services = Object.fromEntries(
    Object.entries(change.services).map(([id, tail]) => {
      const kept = change.count! - tail.length;
      return [id, [...(before.services[id] ?? []).slice(dropped, dropped + kept), ...tail]];
    }),
  );
  return { from: change.from, step_s: change.step_s, services };
}

export function changed(before: Board | null, change: BoardChange): Board | null {
  if (!before || before.seq !== change.since) return null;
  const { since: _since, accidents: list, series: steps, prefectures: places, ...parts } = change;
  const all = accidents(before.accidents, list);
  return (
    all && {
      ...before,
      ...parts,
      accidents: all,
      prefectures: prefectures(before.prefectures, places),
      series: series(before.series, steps),
    }
  );
}
