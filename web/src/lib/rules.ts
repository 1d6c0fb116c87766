// The text of management rules as the editor holds it: sections, what is undone, and two people's changes joined. Draws
// nothing. The format is docs/rules-format.md.

import type { Text } from './types';

export interface Section {
  id: string;
  level: number;
  heading: string;
  text: string;
  items: string[];
  /** Items guessed from the heading; nobody has confirmed them. */
  suggested?: boolean;
}
export interface RulesText {
  format: 'tokatsu-rules/1';
  title: string;
  sections: Section[];
}
export type ItemState = 'covered' | 'missing' | 'until' | 'not-asked' | 'cannot-tell';
export interface RulesItem {
  item: string;
  place: string;
  article: string;
  name: Text;
  guidance: Text;
  verified: boolean;
  applies: 'yes' | 'no' | 'cannot-tell';
  missing: string[];
  conditional: boolean;
  since: string;
  changed: string;
  until: string | null;
  until_why?: Text;
  until_verified: boolean;
}
export interface CheckedItem extends RulesItem {
  state: ItemState;
  sections: string[];
  suggested: boolean;
  new: boolean;
}
export interface Finding {
  level: 'error' | 'warning' | 'note';
  kind: string;
  section: string | null;
  item: string | null;
  text: Text;
}
export interface Counts {
  asked: number;
  covered: number;
  missing: number;
  cannot_tell: number;
}
export interface Check {
  date: string;
  effective: string | null;
  counts: Counts;
  items: CheckedItem[];
  findings: Finding[];
}
export interface Edition {
  id: string;
  version: number;
  name: string;
  kind: 'new' | 'designated' | 'change';
  effective?: string;
  state: 'draft' | 'submitted' | 'approved' | 'returned';
  previous?: string;
  reason?: string;
  approver?: string;
  approved_at?: string;
  filing?: 'to-file' | 'filed' | 'not-needed';
  filing_due?: string;
  filed_on?: string;
  filing_reference?: string;
  in_force: boolean;
  to_file: boolean;
  lawful_due: string | null;
  overdue: boolean;
  written: boolean;
}
export interface Inspection {
  id: string;
  version: number;
  title: string;
  edition: string;
  planned: string;
  state: 'planned' | 'under-way' | 'done' | 'dropped';
  done_on?: string;
  resources?: string;
  review?: string;
  results: Partial<Record<'kept' | 'partly' | 'not-kept' | 'not-applicable' | 'without_measure', number>>;
  overdue: boolean;
}
export interface RulesOrder {
  id: string;
  title: string;
  kind: string;
  received: string;
  deadline?: string;
  status: string;
  content: string;
  answer?: string;
  basis: string;
  asks: Text;
  overdue: boolean;
}
export interface RulesOverview {
  date: string;
  applies: 'yes' | 'no' | 'cannot-tell';
  voluntary: boolean;
  in_force: string | null;
  standing: { edition: string; counts: Counts; errors: number; warnings: number; notes: number } | null;
  items: RulesItem[];
  editions: Edition[];
  inspections: Inspection[];
  orders: RulesOrder[];
  may_write: boolean;
  synthetic: boolean;
}
export interface EditionAnswer {
  record: { id: string; version: number; at: string; who: string; values: Record<string, unknown> };
  rules: RulesText;
  check: Check;
  synthetic: boolean;
}
export interface Span {
  same?: string;
  from?: string;
  to?: string;
}
export interface Comparison {
  before: { id: string; name: string; version: number; at: string; effective: string | null };
  after: { id: string; name: string; version: number; at: string; effective: string | null };
  counts: Record<'added' | 'removed' | 'changed' | 'moved' | 'same', number>;
  sections: {
    section: string;
    level: number;
    change: 'added' | 'removed' | 'changed' | 'moved' | 'same';
    moved: boolean;
    heading: Span[];
    text: Span[];
    items: { before: string[]; after: string[] };
  }[];
}

export const RULES = '/api/v1/program/rules';
export const editionApi = (id: string) => `${RULES}/${encodeURIComponent(id)}`;
export const editionPage = (id: string) => `/rules/${encodeURIComponent(id)}`;

// ---- editing ----

const at = (rules: RulesText, id: string) => rules.sections.findIndex((s) => s.id === id);
const withSections = (rules: RulesText, sections: Section[]): RulesText => ({ ...rules, sections });

export function freshId(rules: RulesText): string {
  const numbers = rules.sections.map((s) => /^s(\d+)$/.exec(s.id)?.[1] ?? '0').map(Number);
  return `s${Math.max(0, ...numbers) + 1}`;
}
/** A new section behind `after` (null: at the end), at its level. */
export function insert(rules: RulesText, after: string | null): { rules: RulesText; id: string } {
  const id = freshId(rules);
  const i = after === null ? rules.sections.length - 1 : at(rules, after);
  const section: Section = { id, level: rules.sections[i]?.level ?? 3, heading: '', text: '', items: [] };
  return { rules: withSections(rules, [...rules.sections.slice(0, i + 1), section, ...rules.sections.slice(i + 1)]), id };
}
export const remove = (rules: RulesText, id: string): RulesText => withSections(rules, rules.sections.filter((s) => s.id !== id));
export function move(rules: RulesText, id: string, by: -1 | 1): RulesText {
  const i = at(rules, id);
  const j = i + by;
  if (i < 0 || j < 0 || j >= rules.sections.length) return rules;
  const sections = [...rules.sections];
  [sections[i], sections[j]] = [sections[j]!, sections[i]!];
  return withSections(rules, sections);
}
export function patch(rules: RulesText, id: string, part: Partial<Section>): RulesText {
  return withSections(rules, rules.sections.map((s) => (s.id === id ? { ...s, ...part } : s)));
}
/** Whether the section covers the item, turned round. What somebody has touched is no guess any more. */
export function toggleItem(rules: RulesText, id: string, item: string): RulesText {
  const section = rules.sections.find((s) => s.id === id);
  if (!section) return rules;
  const items = section.items.includes(item) ? section.items.filter((i) => i !== item) : [...section.items, item];
  return patch(rules, id, { items, suggested: false });
}

// ---- undoing ----

const STEPS = 200;
const TOGETHER_MS = 1200;
export interface Steps<T> {
  past: T[];
  now: T;
  future: T[];
  /** What the last step was about, and when: typing on in one place is one step. */
  key: string;
  atMs: number;
}
export const begin = <T>(now: T): Steps<T> => ({ past: [], now, future: [], key: '', atMs: 0 });
export function step<T>(steps: Steps<T>, next: T, key: string, nowMs: number): Steps<T> {
  if (next === steps.now) return steps;
  const together = key !== '' && key === steps.key && nowMs - steps.atMs < TOGETHER_MS;
  const past = together ? steps.past : [...steps.past, steps.now].slice(-STEPS);
  return { past, now: next, future: [], key, atMs: nowMs };
}
export function undo<T>(steps: Steps<T>): Steps<T> {
  const last = steps.past[steps.past.length - 1];
  return last === undefined ? steps : { past: steps.past.slice(0, -1), now: last, future: [steps.now, ...steps.future], key: '', atMs: 0 };
}
export function redo<T>(steps: Steps<T>): Steps<T> {
  const next = steps.future[0];
  return next === undefined ? steps : { past: [...steps.past, steps.now], now: next, future: steps.future.slice(1), key: '', atMs: 0 };
}

// ---- two people ----

export interface Clash {
  id: string;
  mine: Section | null;
  theirs: Section | null;
}
export interface Joined {
  rules: RulesText;
  /** Sections that both changed; `rules` holds mine, or what is left where the other removed it. */
  clashes: Clash[];
  /** Sections that only they changed. */
  taken: string[];
}
const same = (a: Section | undefined, b: Section | undefined) =>
  a === b ||
  (!!a && !!b && a.level === b.level && a.heading === b.heading && a.text === b.text && !!a.suggested === !!b.suggested && a.items.join() === b.items.join());

/** What both made of `base`, section by section; their order, with what is new of mine behind what it stood behind. */
export function join(base: RulesText, mine: RulesText, theirs: RulesText): Joined {
  const of = (rules: RulesText) => new Map(rules.sections.map((s) => [s.id, s]));
  const [was, my, their] = [of(base), of(mine), of(theirs)];
  const joined: Joined = { rules: { ...theirs, title: mine.title !== base.title ? mine.title : theirs.title }, clashes: [], taken: [] };
  const decide = (id: string): Section | null => {
    const [w, m, t] = [was.get(id), my.get(id), their.get(id)];
    if (same(m, t)) return m ?? null;
    if (same(w, m)) {
      joined.taken.push(id);
      return t ?? null;
    }
    if (!same(w, t)) joined.clashes.push({ id, mine: m ?? null, theirs: t ?? null });
    return same(w, t) ? (m ?? null) : (m ?? t ?? null);
  };
  const sections: Section[] = [];
  for (const section of theirs.sections) {
    const kept = decide(section.id);
    if (kept) sections.push(kept);
  }
  mine.sections.forEach((section, i) => {
    if (their.has(section.id)) return;
    const kept = decide(section.id);
    const before = mine.sections.slice(0, i).reverse().find((s) => sections.some((x) => x.id === s.id));
    if (kept) sections.splice(before ? sections.findIndex((x) => x.id === before.id) + 1 : 0, 0, kept);
  });
  joined.rules = { ...joined.rules, sections };
  return joined;
}
export function resolve(joined: Joined, keep: Record<string, 'mine' | 'theirs'>): RulesText {
  let rules = joined.rules;
  for (const clash of joined.clashes) {
    const wanted = keep[clash.id] === 'theirs' ? clash.theirs : clash.mine;
    rules = wanted ? patch(rules, clash.id, wanted) : remove(rules, clash.id);
  }
  return rules;
}
