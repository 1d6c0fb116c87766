// What needs somebody today, from the board and from what the person may do. Nothing here decides: it sorts what the
// server has judged.

import { day } from './time';
import type { AccidentSummary, Deadline } from './types';

export interface Task {
  kind: 'confirm' | 'first-report' | 'report' | 'close';
  /** The most urgent first. */
  rank: number;
  accident: AccidentSummary | null;
  deadline: Deadline | null;
}
const openOf = (accident: AccidentSummary) => accident.deadlines.filter((d) => !d.done);
const isFirst = (d: Deadline) => d.kind.endsWith('-initial') || d.kind === 'initial';
const pressing = (d: Deadline) => d.level !== 'ok' && d.level !== 'half';

/** Work that waits for a person with these rights (`may` of the session). */
export function tasks(accidents: AccidentSummary[], deadlines: Deadline[], may: (right: string) => boolean): Task[] {
  const found: Task[] = [];
  for (const accident of accidents) {
    if (accident.state === 'suspected' && may('handle-accident')) found.push({ kind: 'confirm', rank: 1, accident, deadline: null });
    if (accident.state === 'recovered' && openOf(accident).length === 0 && may('close-accident'))
      found.push({ kind: 'close', rank: 4, accident, deadline: null });
  }
  for (const deadline of deadlines) {
    if (deadline.done || !may('freeze-report')) continue;
    const accident = accidents.find((a) => a.id === deadline.accident) ?? null;
    if (isFirst(deadline)) found.push({ kind: 'first-report', rank: deadline.level === 'late' ? -1 : 0, accident, deadline });
    else if (pressing(deadline)) found.push({ kind: 'report', rank: deadline.level === 'late' ? 2 : 3, accident, deadline });
  }
  return found.sort((a, b) => a.rank - b.rank || (a.deadline?.due ?? '').localeCompare(b.deadline?.due ?? ''));
}

export type When = 'late' | 'at-once' | 'today' | 'week' | 'later';
export const WHEN: When[] = ['late', 'at-once', 'today', 'week', 'later'];
const DAY_MS = 86400_000;

/** In which part of the list a deadline stands: by the safer of its days. */
export function whenOf(deadline: Deadline, nowMs: number): When {
  if (deadline.level === 'late') return 'late';
  const by = deadline.due_safe ?? deadline.due;
  if (by === null) return 'at-once';
  const left = day(by) + DAY_MS - nowMs; // until the day is over
  if (left <= 0) return 'late';
  if (left <= DAY_MS) return 'today';
  return left <= 8 * DAY_MS ? 'week' : 'later';
}

/** The first steps of a carrier that begins: registers in their order, done when something is recorded. */
export const FIRST_STEPS = ['profile', 'facilities', 'persons', 'obligations'] as const;
export type FirstStep = (typeof FIRST_STEPS)[number];
export function firstSteps(counts: Partial<Record<FirstStep, number>>): { step: FirstStep; done: boolean; next: boolean }[] {
  const known = FIRST_STEPS.filter((step) => counts[step] !== undefined);
  const next = known.find((step) => counts[step] === 0);
  return next === undefined ? [] : known.map((step) => ({ step, done: counts[step]! > 0, next: step === next }));
}
