// The programme's pages without a browser: where an obligation stands, what a what-if asks, whom a prefecture lacks, and
// how a calendar is laid out.
import { expect, test } from 'vitest';
import { byMonth, hrefOf, lastOfMonth, lines, monthOn, passes, NO_FILTERS, weeks, type Item } from '../src/lib/calendar';
import { places, runsOut, worst, type Appointment, type Office } from '../src/lib/officers';
import { assignment, byTopic, filtered, likelyOwner, nextDay, readFilters, readQuestion, standingOf, valueOn, whatIfBody, writeFilters, writeQuestion, type Duty, type Fact, type Fulfilment, type Profile } from '../src/lib/program';
import type { RegisterRecord } from '../src/lib/registers';

const text = (ja: string) => ({ ja, en: ja });
const duty = (more: Partial<Duty> = {}): Duty => ({
  id: 'general-manager', kind: 'duty', topic: 'officers', name: text('統括管理者'), applies: 'yes', voluntary: false, since: '2021-04-01', since_open: true,
  article: '電気通信事業法44条の3', version: '2021-04-01', version_to: null, in_force: true, verified: true, text: text('選任する'), proof: text('届出'), source: '',
  deadlines: [], missing: [], why: [], entry: '', fulfilment: [], ...more,
}) as Duty;
const done = (more: Partial<Fulfilment> = {}): Fulfilment => ({
  record: 'OBL-1', title: 't', owner: 'PER-1', state: 'done', due: null, done: null, evidence: null, overdue: false, fulfilled: true, ...more,
});

test('an obligation stands where the most pressing of it stands', () => {
  expect(standingOf(duty())).toBe('unassigned');
  expect(standingOf(duty({ fulfilment: [done()] }))).toBe('fulfilled');
  expect(standingOf(duty({ fulfilment: [done(), done({ fulfilled: false, state: 'open' })] }))).toBe('open');
  expect(standingOf(duty({ fulfilment: [done(), done({ overdue: true, fulfilled: false })] }))).toBe('overdue');
  expect(standingOf(duty({ applies: 'cannot-tell' }))).toBe('cannot-tell');
  expect(standingOf(duty({ applies: 'no' }))).toBe('no');
  expect(standingOf(duty({ applies: 'no', voluntary: true }))).toBe('voluntary');
  expect(standingOf(duty({ kind: 'criterion' }))).toBe('noted');
});

test('the next day is what people recorded, else the law’s own, and never a day long past', () => {
  const lawful = { rule: 'yearly', what: text('報告'), after: null, count: 2, due: '2027-05-31', from: null, to: null };
  expect(nextDay(duty({ deadlines: [lawful] }), '2026-11-24')).toBe('2027-05-31');
  expect(nextDay(duty({ deadlines: [{ ...lawful, due: '2012-03-31' }] }), '2026-11-24')).toBeNull();
  expect(nextDay(duty({ deadlines: [lawful], fulfilment: [done({ due: '2026-10-01', overdue: true })] }), '2026-11-24')).toBe('2026-10-01');
});

test('filters are the address, and an address that says nonsense says nothing', () => {
  const filters = { date: '2026-04-01', topic: 'rules', kind: '', standing: 'overdue', word: '規程' };
  expect(readFilters(`?${writeFilters(filters, { tab: 'profile' })}`)).toEqual(filters);
  expect(readFilters('?date=tomorrow').date).toBe('');
  const all = [duty(), duty({ id: 'b', topic: 'rules', name: text('管理規程'), fulfilment: [done()] })];
  expect(filtered(all, { ...filters, standing: '' }).map((d) => d.id)).toEqual(['b']);
  expect(byTopic(all).map(([topic]) => topic)).toEqual(['rules', 'officers']);
});

test('who answers for the rest of a topic is suggested, and the record says what the law asks', () => {
  const all = [duty({ id: 'a', fulfilment: [done({ owner: 'PER-2' })] }), duty({ id: 'b', topic: 'rules', fulfilment: [done(), done(), done()] })];
  expect(likelyOwner(duty(), all)).toBe('PER-2');
  expect(likelyOwner(duty({ topic: 'reports' }), all)).toBe('PER-1');
  expect(likelyOwner(duty(), [])).toBeNull();
  expect(assignment(duty(), 'PER-2', '', false)).toMatchObject({ basis: 'law', article: '電気通信事業法44条の3', law_obligation: 'general-manager', owner: 'PER-2' });
  expect(assignment(duty(), 'PER-2', '2027-01-01', true)).toMatchObject({ basis: 'own', next: '2027-01-01' });
});

const FACTS: Fact[] = [
  { fact: 'designated_41', scope: 'carrier', kind: 'boolean', name: text('指定'), text: text(''), article: '' },
  { fact: 'users', scope: 'carrier', kind: 'count', name: text('利用者数'), text: text(''), article: '' },
  { fact: 'users', scope: 'service', kind: 'count', name: text('利用者数'), text: text(''), article: '' },
];
const PROFILE: Profile = {
  format: 'tokatsu-profile/1', carrier: 'x', facts: { users: 999999 }, voluntary: [],
  services: [{ id: 'S', name: '接続', facts: { paid: true, users: [{ from: '2025-03-31', value: 5 }] } }],
};

test('a what-if sends only what was changed, with its day, and the services where one of them was', () => {
  const question = { compare_date: '2026-01-01', date: '2026-06-01', changes: [{ fact: 'designated_41', service: '', value: 'yes', from: '2026-05-31' }] };
  expect(whatIfBody(question, PROFILE, FACTS)).toEqual({ date: '2026-06-01', compare_date: '2026-01-01', facts: { designated_41: [{ from: '2026-05-31', value: true }] } });
  const counted = { ...question, changes: [{ fact: 'users', service: 'S', value: '1,000,000', from: '2026-03-31' }] };
  const services = whatIfBody(counted, PROFILE, FACTS)!['services'] as Profile['services'];
  expect(services![0]!.facts).toEqual({ paid: true, users: [{ from: '2025-03-31', value: 5 }, { from: '2026-03-31', value: 1000000 }] });
  expect(PROFILE.services![0]!.facts['users']).toHaveLength(1); // the profile itself stays
  expect(whatIfBody({ ...question, changes: [{ fact: 'users', service: '', value: '-1', from: '' }] }, PROFILE, FACTS)).toBeNull();
  expect(whatIfBody({ ...question, date: 'x' }, PROFILE, FACTS)).toBeNull();
  expect(readQuestion(`?${writeQuestion(question)}`, '2026-11-24')).toEqual(question);
  expect(valueOn([{ from: '2026-01-01', value: 1 }, { from: '2026-02-01', value: 2 }], '2026-01-31')).toBe(1);
});

const site = (id: string, prefecture: string, status = 'active') => ({ id, title: id, values: { prefecture, status } }) as unknown as RegisterRecord;
const appointment = (more: Partial<Appointment> = {}): Appointment => ({
  record: 'APP-1', person: 'PER-1', name: 'x', deputy: false, appointed: '2026-04-01', dismissed: null, notified: null, sites: null, prefectures: null, certificate_kind: null, checks: [], ...more,
});

test('Kyoto is not Tokyo without its last sign, and all 47 have a place', () => {
  const gap = { level: 'missing' as const, article: '', about: '京都府', text: text('') };
  const all = places([site('A', '京都府'), site('B', '東京都'), site('C', '大阪', 'closed')], [gap, { ...gap, about: 'B' }]);
  expect(all).toHaveLength(47);
  const state = (name: string) => all.find((p) => p.ja === name)?.state;
  expect([state('京都'), state('東京'), state('大阪'), state('北海道')]).toEqual(['gap', 'gap', 'none', 'none']);
});

test('what runs out is training, and what is late already', () => {
  const check = (id: string, met: boolean | null, due: string | null) => ({ check: id, article: '', text: text(''), met, due });
  const one = appointment({ checks: [check('training', true, '2027-01-01'), check('before-operations', true, '2012-03-31'), check('within-designation', false, '2026-01-01')] });
  const office = { appointments: [one] } as unknown as Office;
  expect(runsOut([office], '2027-01-01').map((r) => r.check.check)).toEqual(['within-designation', 'training']);
  expect(runsOut([office], '2026-12-31').map((r) => r.check.check)).toEqual(['within-designation']);
  expect(worst(one)).toBe('not-met');
  expect(worst(appointment({ checks: [check('a', true, null), check('b', null, null)] }))).toBe('not-known');
});

const item = (key: string, date: string | null, more: Partial<Item> = {}): Item => ({ key, date, title: text(key), state: 'open', source: { type: 'law', id: key }, ...more });
const review = (id: string, date: string) => item(id, date, { source: { type: 'register', register: 'persons', id, field: 'review' } });

test('months and weeks are the calendar’s own', () => {
  expect([monthOn('2026-11-24', 2), monthOn('2026-01-31', -1), lastOfMonth('2028-02-01')]).toEqual(['2027-01-01', '2025-12-01', '2028-02-29']);
  const november = weeks('2026-11-01');
  expect(november[0]).toEqual([null, null, null, null, null, null, '2026-11-01']); // a Sunday
  expect(november.flat().filter(Boolean)).toHaveLength(30);
});

test('many reviews of a register on one day are one line, two are two', () => {
  const all = [review('a', '2026-12-31'), review('b', '2026-12-31'), review('c', '2026-12-31'), review('d', '2027-01-31'), review('e', '2027-01-31'), item('x', '2026-12-31')];
  expect(lines(all).map((l) => l.items.length)).toEqual([3, 1, 1, 1]);
  expect(byMonth([...all, item('none', null)]).map(([month, of]) => [month, of.length])).toEqual([['2026-12-01', 2], ['2027-01-01', 2]]);
});

test('an item is found by source, owner, state and word, and leads to what it is about', () => {
  const one = item('報告', '2026-12-31', { owner: 'PER-1', state: 'overdue', article: '報告規則7条の6' });
  expect(passes(one, NO_FILTERS)).toBe(true);
  expect(passes(one, { ...NO_FILTERS, source: 'law', owner: 'PER-1', state: 'overdue', word: '7条の6' })).toBe(true);
  for (const wrong of [{ source: 'orders' }, { owner: 'PER-2' }, { state: 'done' }, { word: '規程' }]) expect(passes(one, { ...NO_FILTERS, ...wrong })).toBe(false);
  expect(hrefOf(review('PER 1', '2026-12-31'))).toBe('/registers/persons/PER%201');
  expect(hrefOf({ ...one, source: { type: 'law', id: 'capacity-report', record: 'OBL-1' } })).toBe('/registers/obligations/OBL-1');
});
