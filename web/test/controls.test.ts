import { expect, test } from 'vitest';
import { chosen, shares, type Item } from '../src/lib/controls';

const items: Item[] = [
  { framework: 'a', id: 'A', ja: '組織', depth: 0, verified: true, kind: 'theme' },
  { framework: 'a', id: 'A.1', ja: 'バックアップ', en: 'Backup', depth: 1, verified: false, state: 'implemented', evidence: 'expired', attention: ['x'] },
  { framework: 'a', id: 'A.2', ja: '入退室', depth: 1, verified: true, state: 'open', evidence: 'none' },
  { framework: 'b', id: 'B.1', ja: 'ログ', depth: 0, verified: true, state: 'partial', evidence: 'none', via: { framework: 'a', item: 'A.1', relation: 'subset', hops: 1, verified: true, weakest: 'subset' } },
];
const ids = (part: Partial<Parameters<typeof chosen>[1]>) => chosen(items, { framework: '', text: '', only: '', ...part }).map((one) => one.id);

test('chapters stand between controls until something is searched for', () => {
  expect(ids({ framework: 'a' })).toEqual(['A', 'A.1', 'A.2']);
  expect(ids({ text: 'a.1' })).toEqual(['A.1']);
});
test('a word is found in both languages and in any width', () => {
  expect(ids({ text: 'backup' })).toEqual(['A.1']);
  expect(ids({ text: 'ﾊﾞｯｸ' })).toEqual(['A.1']);
});
test('states, attention, expired evidence, carried answers and unverified titles can be asked for', () => {
  expect(ids({ only: 'open' })).toEqual(['A.2']);
  expect(ids({ only: 'attention' })).toEqual(['A.1']);
  expect(ids({ only: 'expired' })).toEqual(['A.1']);
  expect(ids({ only: 'carried' })).toEqual(['B.1']);
  expect(ids({ only: 'unverified' })).toEqual(['A.1']);
});
test('the parts of a bar are the whole', () => {
  const coverage = { implemented: 1, partial: 2, planned: 3, not_applicable: 0, open: 4, own: 0, carried: 0, attention: 0, evidence_valid: 0, evidence_expired: 0 };
  expect(shares(coverage, 10).reduce((sum, part) => sum + part.percent, 0)).toBeCloseTo(100);
  expect(shares({ ...coverage, implemented: 0 }, 0)[0]!.percent).toBe(0);
});
