import { expect, test } from 'vitest';
import { readDraft } from '../src/lib/draft';

const text = JSON.stringify({ at: 1000, version: '3', value: { name: '局舎' } });
test('a draft of the same version comes back', () => {
  expect(readDraft(text, '3', 2000)).toEqual({ at: 1000, version: '3', value: { name: '局舎' } });
});
test('a draft of another version, too old, or broken does not', () => {
  expect(readDraft(text, '4', 2000)).toBeNull();
  expect(readDraft(text, '3', 1000 + 15 * 86400_000)).toBeNull();
  expect(readDraft('{"at":', '3', 2000)).toBeNull();
  expect(readDraft('null', '3', 2000)).toBeNull();
  expect(readDraft(null, '3', 2000)).toBeNull();
});
