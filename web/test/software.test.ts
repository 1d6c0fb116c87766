import { expect, test } from 'vitest';
import { reach, severity } from '../src/lib/software';

test('the services with most users stand first, and none is fine', () => {
  expect(reach({ voice: 5, 'internet-access': 90 })).toEqual([['internet-access', 90], ['voice', 5]]);
  expect(reach(null)).toEqual([]);
});

test('a score’s word is that of CVSS', () => {
  expect([null, 0, 0.1, 3.9, 4, 6.9, 7, 8.9, 9, 10].map(severity)).toEqual(['none', 'none', 'low', 'low', 'medium', 'medium', 'high', 'high', 'critical', 'critical']);
});
