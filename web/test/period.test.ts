import { expect, test } from 'vitest';
import { wholeNumber } from '../src/parts/counts';
import { fiscalYear, periods, quarters } from '../src/lib/period';

test('a fiscal year begins on 1 April in Japan', () => {
  expect(fiscalYear(Date.parse('2026-03-31T23:59:59+09:00'))).toBe(2025);
  expect(fiscalYear(Date.parse('2026-03-31T15:00:00Z'))).toBe(2026);
});
test('periods are years from fiscal 2025 on and quarters before', () => {
  const list = periods(Date.parse('2026-11-23T12:00:00+09:00'), 2024);
  expect(list.map((p) => [p.from, p.to])).toEqual([
    ['2026-04-01', '2027-03-31'],
    ['2025-04-01', '2026-03-31'],
    ['2025-01-01', '2025-03-31'],
    ['2024-10-01', '2024-12-31'],
    ['2024-07-01', '2024-09-30'],
    ['2024-04-01', '2024-06-30'],
  ]);
});
test('the present quarter and those before it, across the end of a fiscal year', () => {
  const days = (now: string) => quarters(Date.parse(now), 3).map((p) => `${p.year}Q${p.quarter} ${p.from} ${p.to}`);
  expect(days('2026-05-01T12:00:00+09:00')).toEqual([
    '2026Q1 2026-04-01 2026-06-30',
    '2025Q4 2026-01-01 2026-03-31',
    '2025Q3 2025-10-01 2025-12-31',
  ]);
  expect(days('2027-03-31T23:59:59+09:00')[0]).toBe('2026Q4 2027-01-01 2027-03-31');
  expect(days('2026-11-23T12:00:00+09:00')[0]).toBe('2026Q3 2026-10-01 2026-12-31');
});
test('a count is read as people type it and nothing else', () => {
  expect(wholeNumber('12,345')).toBe(12345);
  expect(wholeNumber('12345')).toBe(12345);
  expect(wholeNumber('0')).toBe(0);
  for (const bad of ['', '-1', '1.5', '約3万', '1e5', '9999999999999']) expect(wholeNumber(bad), bad).toBeNull();
});
