// Where things stand on the picture of an accident's course. Times in, places in pixels out; labels that would cover
// each other go one row down.

import { branchProgress, type Phase } from './countdown';
import { day, instant } from './time';
import type { Accident } from './types';

export interface Mark {
  kind: string;
  ms: number;
}
export interface Limit extends Mark {
  hours: number;
  users: number;
  phase: Phase;
}
const KINDS = ['occurred', 'detected', 'known', 'classified', 'reported', 'recovered'];

/** What happened, in order: the timeline's own entries, and the instants of the record. */
export function events(accident: Accident): Mark[] {
  const own = accident.timeline.filter((e) => KINDS.includes(e.kind)).map((e) => ({ kind: e.kind, ms: instant(e.at) }));
  const record: [string, string | null][] = [
    ['occurred', accident.started_at],
    ['detected', accident.detected_at],
    ['known', accident.known_at],
    ['recovered', accident.recovered_at],
  ];
  for (const [kind, at] of record) if (at && !own.some((e) => e.kind === kind)) own.push({ kind, ms: instant(at) });
  return own.sort((a, b) => a.ms - b.ms || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}
/** The moments the criteria name, each once, the strictest phase of the services that share it. */
export function limits(accident: Accident, nowMs: number): Limit[] {
  const rank: Phase[] = ['met', 'due', 'counting', 'users-short', 'ended'];
  const found = new Map<string, Limit>();
  for (const service of accident.services)
    for (const branch of service.branches) {
      const ms = instant(service.started_at ?? accident.started_at) + branch.hours * 3600_000;
      const { phase } = branchProgress(accident, service, branch, nowMs);
      const key = `${ms} ${branch.users}`;
      const known = found.get(key);
      if (!known || rank.indexOf(phase) < rank.indexOf(known.phase))
        found.set(key, { kind: 'limit', ms, hours: branch.hours, users: branch.users, phase });
    }
  return [...found.values()].sort((a, b) => a.ms - b.ms);
}
export interface Due extends Mark {
  name: { ja: string; en: string };
}
/** The ends of the days of the deadlines; the safer day only where it is another one. */
export function dues(accident: Accident): Due[] {
  const end = (text: string) => day(text) + 86400_000;
  return accident.deadlines
    .filter((d) => d.due)
    .flatMap((d) => [
      ...(d.due_safe && d.due_safe !== d.due ? [{ kind: 'safe', ms: end(d.due_safe), name: d.name }] : []),
      { kind: d.done ? 'done' : 'due', ms: end(d.due!), name: d.name },
    ])
    .sort((a, b) => a.ms - b.ms);
}
/** Rows for labels of these widths at these places, so that none covers another; as few as it takes. */
export function rows(labels: { x: number; width: number }[], gap = 6): number[] {
  const ends: number[] = [];
  return labels.map(({ x, width }) => {
    let row = ends.findIndex((end) => end + gap <= x);
    if (row < 0) row = ends.length;
    ends[row] = x + width;
    return row;
  });
}
