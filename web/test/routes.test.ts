import { expect, test } from 'vitest';
import { match } from '../src/lib/routes';

test('a pattern is its own address', () => {
  expect(match('/', '/')).toEqual({});
  expect(match('/board', '/board')).toEqual({});
  expect(match('/board', '/board/')).toEqual({});
  expect(match('/board', '/boards')).toBeNull();
  expect(match('/', '/board')).toBeNull();
});
test('a named piece is handed over, decoded', () => {
  expect(match('/accidents/:id', '/accidents/A1')).toEqual({ id: 'A1' });
  expect(match('/registers/:register/:id', '/registers/persons/%E4%B8%80')).toEqual({ register: 'persons', id: '一' });
});
test('an empty piece, one too many or broken encoding is no address', () => {
  expect(match('/accidents/:id', '/accidents/')).toBeNull();
  expect(match('/accidents/:id', '/accidents/A1/x')).toBeNull();
  expect(match('/accidents/:id', '/accidents/%E4')).toBeNull();
});
