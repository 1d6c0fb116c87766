import { expect, test } from 'vitest';
// @ts-expect-error the development scenario is plain JavaScript
import { boardAt } from '../dev/scenario.mjs';
import { changes } from '../src/lib/changes';
import { branchesToShow, nextThreshold } from '../src/lib/countdown';
import { grouped } from '../src/lib/deadlines';
import { plotted, thresholds } from '../src/parts/series';
import { share, shareLevel, TILES } from '../src/lib/tiles';
import type { Board, Deadline } from '../src/lib/types';

const at = (clock: string) => Date.parse(`2026-11-23T${clock}+09:00`);
const board = (clock: string): Board => boardAt(at(clock)) as Board;
const told = (before: Board | null, after: Board) => changes(before, after).map((c) => `${c.kind} ${c.accident.id}`);

test('the first board announces nothing', () => {
  expect(told(null, board('14:10:00'))).toEqual([]);
});
test('a new accident, a serious one and a recovery are told once each', () => {
  expect(told(board('13:00:30'), board('13:00:50'))).toEqual(['new A2026-0003']);
  expect(told(board('13:59:58'), board('14:00:02'))).toEqual(['serious A2026-0003']);
  expect(told(board('14:00:02'), board('14:00:04'))).toEqual([]);
  expect(told(board('13:14:58'), board('13:15:01'))).toEqual(['recovered A2026-0002']);
});
test('an accident that arrives serious is told as serious alone', () => {
  const empty = boardAt(at('14:09:59'), 1, 1, true) as Board;
  expect(told(empty, board('14:10:00'))).toContain('serious A2026-0003');
  expect(told(empty, board('14:10:00'))).not.toContain('new A2026-0003');
});
test('the next threshold is that of the service that gets there first', () => {
  const next = nextThreshold(board('13:50:00').accidents, at('13:50:00'));
  expect(next?.accident.id).toBe('A2026-0003');
  expect(next?.at).toBe(at('14:00:00'));
});

test('the chart leaves out services that were never affected and keeps its steps', () => {
  const b = board('14:10:00');
  const { ids, data } = plotted(b.series, b.services.map((s) => s.id));
  expect(ids).toEqual(['voice-emergency', 'internet-access', 'lpwa']);
  expect(data.map((column) => column.length)).toEqual([240, 240, 240, 240]);
  expect(data[0]![1]! - data[0]![0]!).toBe(30);
  expect(thresholds(b)).toEqual([30000, 100000, 1000000]);
});

test('the map has all 47 prefectures, none on top of another', () => {
  expect(TILES.map((tile) => tile.code).sort()).toEqual(
    Array.from({ length: 47 }, (_, i) => String(i + 1).padStart(2, '0')),
  );
  const cells = TILES.flatMap((tile) =>
    Array.from({ length: tile.w * tile.h }, (_, i) => `${tile.x + (i % tile.w)},${tile.y + Math.floor(i / tile.w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});
test('a prefecture is as red as its worst service', () => {
  expect(share({ voice: 50, data: 1 }, { voice: 100, data: 100 })).toBe(0.5);
  expect(share({}, { voice: 100 })).toBe(0);
  expect(share({ voice: 5 }, {})).toBe(1);
  expect([0, 0.001, 0.01, 0.05, 0.2, 0.5, 1].map(shareLevel)).toEqual([0, 1, 2, 3, 4, 5, 5]);
});

test('periodic reports of one day are one line, reports of an accident each have theirs', () => {
  const deadline = (accident: string, kind: string, due: string | null) =>
    ({ accident, kind, due, level: 'ok', done: false }) as Deadline;
  const groups = grouped([
    deadline('A1', 'serious-detailed', '2026-12-23'),
    deadline('A2', 'serious-detailed', '2026-12-23'),
    deadline('A1', 'periodic-detailed', '2027-05-31'),
    deadline('A3', 'periodic-detailed', '2027-05-31'),
    deadline('A4', 'periodic-detailed', '2026-05-31'),
    { ...deadline('', 'leak-secrecy-detailed', '2026-06-10'), accident: null, case: 'L1' },
    { ...deadline('', 'leak-secrecy-detailed', '2026-06-10'), accident: null, case: 'L2' },
  ]);
  expect(groups.map((g) => g.accidents)).toEqual([['A1'], ['A2'], ['A1', 'A3'], ['A4'], ['L1'], ['L2']]);
});
test('a service shows the branches met, else those that count down, else the nearest', () => {
  const shown = (clock: string, id: string, service: number) => {
    const accident = board(clock).accidents.find((a) => a.id === id)!;
    return branchesToShow(accident, accident.services[service]!, at(clock)).map((b) => [b.hours, b.users]);
  };
  expect(shown('13:50:00', 'A2026-0003', 1)).toEqual([[2, 30000], [1, 100000]]);
  expect(shown('14:10:00', 'A2026-0003', 1)).toEqual([[1, 100000]]);
  expect(shown('14:10:00', 'A2026-0004', 0)).toEqual([[2, 30000]]);
});
