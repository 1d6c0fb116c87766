import { expect, test } from 'vitest';
import { changed, type BoardChange } from '../src/lib/board-change';
import type { AccidentSummary, Board } from '../src/lib/types';

const accident = (id: string, duration_s: number) => ({ id, title: id, duration_s }) as AccidentSummary;
const before = {
  seq: 7,
  now: '2026-05-01T12:00:00+09:00',
  law: '2026-04-01',
  network: { down: 0 },
  prefectures: [
    { code: '13', down: 0 },
    { code: '14', down: 0 },
  ],
  accidents: [accident('A1', 10), accident('A2', 20)],
  series: { from: '2026-05-01T11:58:30+09:00', step_s: 30, services: { voice: [1, 2, 3] } },
  deadlines: [],
} as unknown as Board;
const change = (more: Partial<BoardChange>): BoardChange => ({ seq: 8, since: 7, now: '2026-05-01T12:00:01+09:00', ...more });

test('what is not named stays, the very same', () => {
  const after = changed(before, change({}))!;
  expect(after.seq).toBe(8);
  expect(after.accidents).toBe(before.accidents);
  expect(after.prefectures).toBe(before.prefectures);
  expect(after.series).toBe(before.series);
});
test('accidents change field by field, come, go and move', () => {
  const after = changed(before, change({ accidents: { order: ['A3', 'A2'], changed: [{ id: 'A2', duration_s: 21 }, accident('A3', 1)] } }))!;
  expect(after.accidents.map((a) => [a.id, a.title, a.duration_s])).toEqual([
    ['A3', 'A3', 1],
    ['A2', 'A2', 21],
  ]);
});
test('the series goes on from its tail and drops what has passed', () => {
  const series = { from: '2026-05-01T11:59:00+09:00', step_s: 30, count: 3, services: { voice: [9, 4] } };
  expect(changed(before, change({ series }))!.series).toEqual({ from: series.from, step_s: 30, services: { voice: [2, 9, 4] } });
});
test('only the prefectures named are others', () => {
  const after = changed(before, change({ prefectures: [{ code: '14', down: 3 } as never] }))!;
  expect(after.prefectures.map((p) => p.down)).toEqual([0, 3]);
  expect(after.prefectures[0]).toBe(before.prefectures[0]);
});
test('a change for another board, or of an accident never seen, is not taken', () => {
  expect(changed(before, change({ since: 6 }))).toBeNull();
  expect(changed(null, change({}))).toBeNull();
  expect(changed(before, change({ accidents: { order: ['A9'], changed: [{ id: 'A9', duration_s: 1 }] } }))).toBeNull();
});
