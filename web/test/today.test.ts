import { expect, test } from 'vitest';
import { firstSteps, tasks, whenOf } from '../src/lib/today';
import type { AccidentSummary, Deadline } from '../src/lib/types';

const now = Date.parse('2026-11-23T15:00:00+09:00');
const deadline = (more: Partial<Deadline>): Deadline => ({
  accident: 'A1', kind: 'serious-detailed', name: { ja: '', en: '' }, form: null, due: '2026-12-20', due_safe: null, level: 'ok', done: false, ...more,
});
const accident = (id: string, more: Partial<AccidentSummary>) => ({ id, state: 'confirmed', deadlines: [], ...more }) as unknown as AccidentSummary;
const everything = () => true;

test('a deadline stands where the safer of its days is', () => {
  expect(whenOf(deadline({ due: '2026-11-24', due_safe: '2026-11-23' }), now)).toBe('today');
  expect(whenOf(deadline({ due: '2026-11-24' }), now)).toBe('week');
  expect(whenOf(deadline({ due: '2026-11-30' }), now)).toBe('week');
  expect(whenOf(deadline({ due: '2026-12-01' }), now)).toBe('later');
  expect(whenOf(deadline({ due: '2026-11-22' }), now)).toBe('late');
  expect(whenOf(deadline({ due: null }), now)).toBe('at-once');
  expect(whenOf(deadline({ due: null, level: 'late' }), now)).toBe('late');
});
test('the first report comes before everything else, closing last', () => {
  const accidents = [accident('A1', { state: 'suspected' }), accident('A2', { state: 'recovered' })];
  const deadlines = [deadline({ level: 'late' }), deadline({ kind: 'serious-initial', due: null, level: 'soon' })];
  expect(tasks(accidents, deadlines, everything).map((x) => x.kind)).toEqual(['first-report', 'confirm', 'report', 'close']);
});
test('a report with time left is no task of today, nor is one that is done', () => {
  expect(tasks([], [deadline({ level: 'half' }), deadline({ level: 'late', done: true })], everything)).toEqual([]);
});
test('an accident whose reports are open is not to be closed yet', () => {
  expect(tasks([accident('A1', { state: 'recovered', deadlines: [deadline({})] })], [], everything)).toEqual([]);
});
test('only what the person may do waits for them', () => {
  const accidents = [accident('A1', { state: 'suspected' }), accident('A2', { state: 'recovered' })];
  const only = (right: string) => (x: string) => x === right;
  expect(tasks(accidents, [deadline({ level: 'late' })], only('handle-accident')).map((x) => x.kind)).toEqual(['confirm']);
  expect(tasks(accidents, [deadline({ level: 'late' })], only('read'))).toEqual([]);
});
test('first steps tick themselves off and disappear', () => {
  expect(firstSteps({ profile: 0, facilities: 0, persons: 0, obligations: 0 }).map((s) => s.next)).toEqual([true, false, false, false]);
  expect(firstSteps({ profile: 2, facilities: 0, persons: 1, obligations: 0 })).toEqual([
    { step: 'profile', done: true, next: false },
    { step: 'facilities', done: false, next: true },
    { step: 'persons', done: true, next: false },
    { step: 'obligations', done: false, next: false },
  ]);
  expect(firstSteps({ profile: 1, facilities: 1, persons: 1, obligations: 1 })).toEqual([]);
  expect(firstSteps({})).toEqual([]);
});
