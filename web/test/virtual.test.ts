import { expect, test } from 'vitest';
import { inSight, nearest, pagesFor } from '../src/lib/virtual';

test('the first window draws from the first row', () => {
  expect(inSight(0, 400, 40, 100_000)).toEqual({ first: 0, last: 20 });
});
test('in the middle there are ten rows around what is in sight', () => {
  expect(inSight(40_000, 400, 40, 100_000)).toEqual({ first: 990, last: 1020 });
});
test('the last window ends with the last row', () => {
  expect(inSight(4_000_000 - 400, 400, 40, 100_000)).toEqual({ first: 99_980, last: 100_000 });
});
test('a list that became shorter than the place one was at draws its end', () => {
  expect(inSight(40_000, 400, 40, 5)).toEqual({ first: 0, last: 5 });
  expect(inSight(40_000, 400, 40, 0)).toEqual({ first: 0, last: 0 });
});
test('the pages of the rows in sight', () => {
  expect(pagesFor(0, 20, 100)).toEqual([0]);
  expect(pagesFor(90, 130, 100)).toEqual([0, 1]);
  expect(pagesFor(100, 200, 100)).toEqual([1]);
  expect(pagesFor(5, 5, 100)).toEqual([]);
});
test('a page is reached from the nearest one before it whose cursor is known', () => {
  const known = new Map([[0, null], [5, 'a'], [40, 'b']]);
  expect(nearest(known, 0)).toBe(0);
  expect(nearest(known, 7)).toBe(5);
  expect(nearest(known, 99)).toBe(40);
  expect(nearest(new Map(), 3)).toBeNull();
});
