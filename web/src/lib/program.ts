// The governance programme as the page sees it: which obligations stand where, what a person may filter by, and what a
// what-if asks. Nothing here judges; the server has.

import type { Text } from './types';

export type Applies = 'yes' | 'no' | 'cannot-tell';
export interface DutyDeadline {
  rule: string;
  what: Text;
  after: string | null;
  count: number;
  due: string | null;
  from: string | null;
  to: string | null;
}
export interface DutyFact {
  fact: string;
  service: string | null;
  value: unknown;
  boundary: unknown;
  as_of: string | null;
  met: boolean | null;
  speaks_for: boolean | null;
  article: string;
  text: Text;
}
export interface Fulfilment {
  record: string;
  title: string | null;
  owner: string | null;
  state: 'open' | 'under-way' | 'done' | 'not-needed';
  due: string | null;
  done: string | null;
  evidence: string[] | null;
  overdue: boolean;
  fulfilled: boolean;
}
export interface Duty {
  id: string;
  kind: 'duty' | 'recommended' | 'option' | 'criterion';
  topic: string;
  name: Text;
  applies: Applies;
  voluntary: boolean;
  since: string | null;
  since_open: boolean;
  article: string;
  version: string;
  version_to: string | null;
  in_force: boolean;
  verified: boolean;
  note?: Text;
  text: Text;
  proof: Text;
  source: string;
  deadlines: DutyDeadline[];
  missing: string[];
  why: DutyFact[];
  fulfilment: Fulfilment[];
}
export type Dated = { from: string; value: unknown }[];
export interface ProfileService {
  id: string;
  name: string;
  facts: Record<string, unknown>;
}
export interface Profile {
  format: string;
  carrier: string;
  facts: Record<string, unknown>;
  services: ProfileService[] | null;
  voluntary: string[];
}
export type SummaryKey = 'applies' | 'fulfilled' | 'open' | 'overdue' | 'unassigned' | 'cannot_tell' | 'voluntary' | 'does_not_apply';
export interface Program {
  date: string;
  profile: Profile;
  findings: { record: string; ja: string; en: string }[];
  summary: Record<SummaryKey, number>;
  obligations: Duty[];
  synthetic: boolean;
}
export interface Fact {
  fact: string;
  scope: 'carrier' | 'service';
  kind: 'boolean' | 'count' | 'choice' | 'date';
  name: Text;
  text: Text;
  article: string;
  options?: { id: string; name: Text }[];
}
export interface Change {
  id: string;
  kind: string;
  name: Text;
  article: string;
  change: 'appears' | 'disappears' | 'changes' | 'unclear';
  before: ChangeSide;
  after: ChangeSide;
  because: DutyFact[];
}
export interface ChangeSide {
  applies: Applies;
  version: string;
  in_force: boolean;
  text: Text;
}
export interface WhatIfAnswer {
  before: { date: string };
  after: { date: string; profile: Profile };
  changes: Change[];
  summary: Record<SummaryKey, number>;
  obligations: Duty[];
}

// ---- where an obligation stands ----

/** One word for the mark at the head of an obligation, the most pressing first. */
export type Standing = 'overdue' | 'unassigned' | 'open' | 'fulfilled' | 'cannot-tell' | 'voluntary' | 'noted' | 'no';
export const STANDINGS: Standing[] = ['overdue', 'unassigned', 'open', 'fulfilled', 'cannot-tell', 'voluntary', 'noted', 'no'];

export function standingOf(duty: Duty): Standing {
  if (duty.voluntary) return 'voluntary';
  if (duty.applies === 'no') return 'no';
  if (duty.applies === 'cannot-tell') return 'cannot-tell';
  if (duty.fulfilment.some((f) => f.overdue)) return 'overdue';
  if (duty.kind !== 'duty' && duty.fulfilment.length === 0) return 'noted';
  if (duty.fulfilment.length === 0) return 'unassigned';
  return duty.fulfilment.every((f) => f.fulfilled) ? 'fulfilled' : 'open';
}

/** The next day that matters: of the people's records, else of the law's own deadline. Days of the past that began the business are not. */
export function nextDay(duty: Duty, today: string): string | null {
  const recorded = duty.fulfilment.filter((f) => f.state !== 'not-needed').map((f) => f.due);
  const lawful = duty.deadlines.map((d) => d.due).filter((due) => due !== null && due >= today);
  const days = [...recorded, ...(duty.fulfilment.length === 0 ? lawful : [])].filter((d) => d !== null).sort();
  return days[0] ?? null;
}

// ---- filters: the address holds them ----

export interface Filters {
  date: string;
  topic: string;
  kind: string;
  standing: string;
  word: string;
}
const NAMES = ['date', 'topic', 'kind', 'standing', 'word'] as const;
export function readFilters(search: string): Filters {
  const q = new URLSearchParams(search);
  const one = Object.fromEntries(NAMES.map((name) => [name, q.get(name) ?? ''])) as unknown as Filters;
  return { ...one, date: isDay(one.date) ? one.date : '' };
}
export function writeFilters(filters: Filters, more: Record<string, string> = {}): URLSearchParams {
  const q = new URLSearchParams(more);
  for (const name of NAMES) if (filters[name] !== '') q.set(name, filters[name]);
  return q;
}
export const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text);

export function filtered(duties: Duty[], filters: Filters): Duty[] {
  const word = filters.word.normalize('NFKC').trim().toLowerCase();
  return duties.filter(
    (d) =>
      (filters.topic === '' || d.topic === filters.topic) &&
      (filters.kind === '' || d.kind === filters.kind) &&
      (filters.standing === '' || standingOf(d) === filters.standing) &&
      (word === '' || `${d.name.ja} ${d.name.en} ${d.article} ${d.text.ja} ${d.text.en}`.toLowerCase().includes(word)),
  );
}
/** By topic in the order of the law; within a topic what presses first. */
export const TOPICS = ['entry', 'facilities', 'rules', 'officers', 'reports', 'user-information', 'external-transmission'];
export function byTopic(duties: Duty[]): [string, Duty[]][] {
  const topics = [...new Set([...TOPICS, ...duties.map((d) => d.topic)])];
  const rank = (d: Duty) => STANDINGS.indexOf(standingOf(d));
  return topics
    .map((topic): [string, Duty[]] => [topic, duties.filter((d) => d.topic === topic).sort((a, b) => rank(a) - rank(b))])
    .filter(([, of]) => of.length > 0);
}

/** Who most probably answers for it: who answers for the others of its topic, else for most of all. */
export function likelyOwner(duty: Duty, duties: Duty[]): string | null {
  const counts = new Map<string, number>();
  for (const other of duties)
    for (const f of other.fulfilment)
      if (f.owner) counts.set(f.owner, (counts.get(f.owner) ?? 0) + (other.topic === duty.topic ? 100 : 1));
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** The record of the register of obligations that gives an obligation of the law an owner and a day. */
export function assignment(duty: Duty, owner: string, next: string, voluntary: boolean): Record<string, unknown> {
  return {
    title: duty.name.ja,
    basis: voluntary ? 'own' : 'law',
    ...(voluntary ? {} : { article: duty.article }),
    law_obligation: duty.id,
    description: duty.text.ja,
    owner,
    state: 'open',
    ...(next === '' ? {} : { next }),
  };
}

// ---- what if ----

/** One change of a fact: of the carrier (`service` empty) or of a service; `from` empty: always. */
export interface FactChange {
  fact: string;
  service: string;
  value: string;
  from: string;
}
export interface Question {
  compare_date: string;
  date: string;
  changes: FactChange[];
}

/** The value of a fact on a day, out of a profile's dated values. */
export function valueOn(stated: unknown, day: string): unknown {
  if (!Array.isArray(stated)) return stated ?? null;
  let value: unknown = null;
  for (const one of stated as Dated) if (one.from <= day) value = one.value;
  return value;
}
export function typedValue(kind: Fact['kind'], value: string): unknown {
  if (value === '') return null;
  if (kind === 'boolean') return value === 'yes';
  if (kind !== 'count') return value;
  const n = Number(value.normalize('NFKC').replace(/[,\s]/g, ''));
  return Number.isInteger(n) && n >= 0 ? n : undefined;
}
/** The dated values with one more; without a day the value holds always. */
function stated(before: unknown, value: unknown, from: string): unknown {
  if (from === '') return value;
  const list: Dated = Array.isArray(before) ? (before as Dated) : before === undefined || before === null ? [] : [{ from: '1900-01-01', value: before }];
  return [...list.filter((one) => one.from < from), { from, value }];
}

/** What the server is asked; null while a value cannot be read. */
export function whatIfBody(question: Question, profile: Profile, facts: Fact[]): Record<string, unknown> | null {
  if (!isDay(question.date) || !isDay(question.compare_date)) return null;
  const body: Record<string, unknown> = { date: question.date, compare_date: question.compare_date };
  const ofCarrier: Record<string, unknown> = {};
  const services = structuredClone(profile.services ?? []);
  let touched = false;
  for (const change of question.changes) {
    const fact = facts.find((f) => f.fact === change.fact && (f.scope === 'service') === (change.service !== ''));
    if (!fact) continue;
    const value = typedValue(fact.kind, change.value);
    if (value === undefined || (change.from !== '' && !isDay(change.from))) return null;
    if (change.service === '') ofCarrier[change.fact] = stated(profile.facts[change.fact], value, change.from);
    else {
      const service = services.find((s) => s.id === change.service);
      if (service) service.facts[change.fact] = stated(service.facts[change.fact], value, change.from);
      touched = true;
    }
  }
  if (Object.keys(ofCarrier).length > 0) body['facts'] = ofCarrier;
  if (touched) body['services'] = services;
  return body;
}

/** The question in the address: f=fact:service:value:from, once for each change. */
export function readQuestion(search: string, today: string): Question {
  const q = new URLSearchParams(search);
  const day = (name: string) => (isDay(q.get(name) ?? '') ? q.get(name)! : today);
  const changes = q.getAll('f').slice(0, 20).map((text): FactChange => {
    const [fact = '', service = '', value = '', from = ''] = text.split(':');
    return { fact, service, value, from };
  });
  return { compare_date: day('before'), date: day('after'), changes };
}
export function writeQuestion(question: Question): URLSearchParams {
  const q = new URLSearchParams({ tab: 'what-if', before: question.compare_date, after: question.date });
  for (const c of question.changes) q.append('f', [c.fact, c.service, c.value, c.from].join(':'));
  return q;
}

// ---- kinds of carriers ----

/** The columns of the ministry's table of 2021-05-12: how many carriers there were, and which facts make one. */
export interface CarrierKind {
  id: 'registered' | 'notified-lines' | 'designated' | 'others';
  facts: Record<string, unknown>;
}
const NOTHING_MORE = { universal_service: false, eligible: false, domain_name: false, single_municipality: false, lines_exempt: false };
export const CARRIER_KINDS: CarrierKind[] = [
  { id: 'registered', facts: { ...NOTHING_MORE, status: 'registered', installs_lines: true, lines_local: false, designated_41: false } },
  { id: 'notified-lines', facts: { ...NOTHING_MORE, status: 'notified', installs_lines: true, lines_local: true, designated_41: false } },
  { id: 'designated', facts: { ...NOTHING_MORE, status: 'notified', installs_lines: false, designated_41: true } },
  { id: 'others', facts: { ...NOTHING_MORE, status: 'notified', installs_lines: false, designated_41: false } },
];
/** The rows of that table, in its order. */
export const TABLE_DUTIES = [
  'registration', 'notification', 'general-manager', 'chief-engineer', 'installation-engineer', 'technical-standards-lines',
  'technical-standards-designated', 'self-confirmation', 'terminal-standards', 'management-rules', 'safety-reliability',
];
