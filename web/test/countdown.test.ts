import { describe, expect, test } from 'vitest';
import { branchProgress, nearestBranch, nextThreshold, serverNow } from '../src/lib/countdown';
import type { AccidentService, AccidentSummary, Branch } from '../src/lib/types';

const at = (clock: string) => Date.parse(`2026-11-23T${clock}+09:00`);
const accident = { started_at: '2026-11-23T13:00:00+09:00', recovered_at: null as string | null };
const branch = (hours: number, users: number, serious: string | null, met: boolean, short = 0): Branch => ({
  hours,
  users,
  time_met_at: null,
  users_met: met,
  users_short: short,
  serious_at: serious && `2026-11-23T${serious}+09:00`,
  remaining_s: null,
  progress: 0,
});
const service = (users: number, outcome: AccidentService['outcome'], branches: Branch[]) =>
  ({ service: 'voice', users, outcome, branches }) as AccidentService;

describe('a branch', () => {
  const two = branch(2, 30000, '15:00:00', true);

  test('counts down to the second to the moment both conditions hold', () => {
    const p = branchProgress(accident, service(45000, 'periodic-detailed', []), two, at('14:45:50'));
    expect(p).toMatchObject({ phase: 'counting', remainingS: 850, usersFraction: 1 });
    expect(p.timeFraction).toBeCloseTo(6350 / 7200, 10);
  });
  test('is met from its moment on where the server says serious', () => {
    expect(branchProgress(accident, service(45000, 'serious', []), two, at('15:00:00')).phase).toBe('met');
  });
  test('waits for the server where its moment has passed but no verdict came', () => {
    expect(branchProgress(accident, service(45000, 'periodic-detailed', []), two, at('15:00:01')).phase).toBe('due');
  });
  test('shows how many users are short while the count is too small', () => {
    const p = branchProgress(accident, service(7500, 'not-reportable', []), branch(2, 30000, null, false, 22500), at('14:00:00'));
    expect(p).toMatchObject({ phase: 'users-short', remainingS: null, usersFraction: 0.25, timeFraction: 0.5 });
  });
  test('stops its clock at recovery', () => {
    const over = { ...accident, recovered_at: '2026-11-23T14:00:00+09:00' };
    const p = branchProgress(over, service(45000, 'periodic-detailed', []), two, at('23:00:00'));
    expect(p).toMatchObject({ phase: 'ended', remainingS: null, timeFraction: 0.5 });
  });
});

test('the nearest branch is the one met, else the soonest, else the fewest users short', () => {
  const soon = branch(1, 100000, '14:10:00', true);
  const later = branch(2, 30000, '15:00:00', true);
  const far = branch(1, 100000, null, false, 60000);
  const near = branch(2, 30000, null, false, 10000);
  expect(nearestBranch(accident, service(1, 'serious', [later, branch(1, 1, '13:30:00', true)]), at('14:00:00'))?.hours).toBe(1);
  expect(nearestBranch(accident, service(1, 'not-reportable', [later, soon]), at('14:00:00'))).toBe(soon);
  expect(nearestBranch(accident, service(1, 'not-reportable', [far, near]), at('14:00:00'))).toBe(near);
  expect(nearestBranch(accident, service(1, 'undetermined', []), at('14:00:00'))).toBeNull();
});

test('the next threshold of the board skips what is serious, recovered or past', () => {
  const make = (id: string, recovered: string | null, outcome: AccidentService['outcome'], serious: string) =>
    ({
      id,
      ...accident,
      recovered_at: recovered,
      services: [service(50000, outcome, [branch(1, 30000, serious, true)])],
    }) as AccidentSummary;
  const found = nextThreshold(
    [
      make('serious', null, 'serious', '14:01:00'),
      make('recovered', '2026-11-23T13:59:00+09:00', 'periodic-detailed', '14:02:00'),
      make('past', null, 'periodic-detailed', '13:59:59'),
      make('later', null, 'periodic-detailed', '14:20:00'),
      make('next', null, 'periodic-detailed', '14:10:00'),
    ],
    at('14:00:00'),
  );
  expect(found?.accident.id).toBe('next');
  expect(found?.at).toBe(at('14:10:00'));
});

test('the clock runs on from the last message at the speed of the demo and never back', () => {
  const anchor = { serverMs: 1_000_000, localMs: 500, speed: 60 };
  expect(serverNow(anchor, 1500)).toBe(1_060_000);
  expect(serverNow(anchor, 400)).toBe(1_000_000);
});
