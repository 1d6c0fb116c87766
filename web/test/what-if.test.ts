import { expect, test } from 'vitest';
import { body, readQuestion, writeQuestion } from '../src/lib/what-if';

test('a question survives the way through the address', () => {
  const question = { fail: ['syn-core-01', 'a&b=c'], start: '2026-11-23T14:05', minutes: '90' };
  expect(readQuestion(writeQuestion(question))).toEqual(question);
  expect(writeQuestion({ fail: [], start: '', minutes: '' })).toBe('');
});
test('what is left out is left out of the request', () => {
  expect(body({ fail: ['x'], start: '', minutes: '' })).toEqual({ fail: ['x'] });
  expect(body({ fail: ['x'], start: '2026-11-23T14:05', minutes: '0' })).toEqual({
    fail: ['x'],
    started_at: '2026-11-23T14:05:00+09:00',
    duration_minutes: 0,
  });
});
test('a field that cannot be read asks nothing', () => {
  for (const minutes of ['-1', '1.5', 'x', '999999']) expect(body({ fail: ['x'], start: '', minutes })).toBeNull();
  expect(body({ fail: [], start: '', minutes: '' })).toBeNull();
});
