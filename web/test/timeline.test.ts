import { expect, test } from 'vitest';
import { dues, events, limits, rows } from '../src/lib/timeline';
import { instant } from '../src/lib/time';
import type { Accident } from '../src/lib/types';

const accident = {
  started_at: '2026-05-01T10:00:00+09:00',
  detected_at: '2026-05-01T10:01:00+09:00',
  known_at: '2026-05-01T10:05:00+09:00',
  recovered_at: null,
  outcome: 'undetermined',
  timeline: [
    { at: '2026-05-01T10:00:00+09:00', kind: 'occurred', text: { ja: '', en: '' } },
    { at: '2026-05-01T10:03:00+09:00', kind: 'note', text: { ja: '', en: '' } },
    { at: '2026-05-01T11:00:00+09:00', kind: 'classified', text: { ja: '', en: '' } },
  ],
  services: [
    {
      users: 40000,
      outcome: 'undetermined',
      branches: [
        { hours: 1, users: 30000, users_met: true, serious_at: '2026-05-01T11:00:00+09:00' },
        { hours: 2, users: 100000, users_met: false, serious_at: null },
      ],
    },
    { users: 10, outcome: 'undetermined', branches: [{ hours: 1, users: 30000, users_met: false, serious_at: null }] },
  ],
  deadlines: [
    { kind: 'a', name: { ja: '甲', en: 'A' }, due: '2026-05-31', due_safe: '2026-05-29', done: false },
    { kind: 'b', name: { ja: '乙', en: 'B' }, due: null, due_safe: null, done: false },
  ],
} as unknown as Accident;

test('what happened comes once, in order, and notes are left out', () => {
  expect(events(accident).map((e) => e.kind)).toEqual(['occurred', 'detected', 'known', 'classified']);
});
test('criteria shared by services are one mark, with the worst of their phases', () => {
  const found = limits(accident, instant('2026-05-01T10:30:00+09:00'));
  expect(found.map((l) => [l.hours, l.users, l.phase])).toEqual([
    [1, 30000, 'counting'],
    [2, 100000, 'users-short'],
  ]);
});
test('a deadline ends with its day, and the safer day stands before it', () => {
  expect(dues(accident).map((d) => [d.kind, new Date(d.ms).toISOString()])).toEqual([
    ['safe', '2026-05-29T15:00:00.000Z'],
    ['due', '2026-05-31T15:00:00.000Z'],
  ]);
});
test('labels that would cover each other go one row down', () => {
  expect(rows([{ x: 0, width: 50 }, { x: 20, width: 50 }, { x: 60, width: 10 }, { x: 80, width: 10 }])).toEqual([0, 1, 0, 0]);
});
