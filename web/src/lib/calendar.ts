// The calendar as the page sees it: what is late, what comes in which month, and many reviews of one register on one day
// as one line. The server has said what falls due when.

import type { Text } from './types';

export interface Item {
  key: string;
  date: string | null;
  title: Text;
  article?: string | null;
  state: 'open' | 'done' | 'overdue';
  owner?: string;
  voluntary?: boolean;
  from?: string | null;
  to?: string | null;
  source: { type: 'law' | 'accident' | 'case' | 'register' | 'campaign'; id: string; register?: string; field?: string; kind?: string; record?: string };
}
export interface Calendar {
  from: string;
  to: string;
  today: string;
  total: number;
  items: Item[];
  undated: Item[];
  synthetic: boolean;
}

// ---- days, as text: 2026-11-24 ----

const two = (n: number) => String(n).padStart(2, '0');
/** The first day of the month `by` months on. */
export function monthOn(date: string, by: number): string {
  const at = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + by;
  return `${Math.floor(at / 12)}-${two((at % 12) + 1)}-01`;
}
export function lastOfMonth(month: string): string {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).toISOString().slice(0, 10);
}
/** The weeks of a month, Monday first; null outside it. */
export function weeks(month: string): (string | null)[][] {
  const days = Number(lastOfMonth(month).slice(8));
  const lead = (new Date(`${month.slice(0, 7)}-01T00:00:00Z`).getUTCDay() + 6) % 7;
  const cells = [...Array<null>(lead).fill(null), ...Array.from({ length: days }, (_, i) => `${month.slice(0, 7)}-${two(i + 1)}`)];
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7));
}

// ---- filters ----

export interface Filters {
  source: string;
  owner: string;
  state: string;
  word: string;
}
export const NO_FILTERS: Filters = { source: '', owner: '', state: '', word: '' };
/** What a person would call the source: law, a report, or the register. */
export const sourceOf = (item: Item) => (item.source.type === 'register' ? (item.source.register ?? 'register') : item.source.type);

export function passes(item: Item, f: Filters): boolean {
  const word = f.word.normalize('NFKC').trim().toLowerCase();
  return (
    (f.source === '' || sourceOf(item) === f.source) &&
    (f.owner === '' || item.owner === f.owner) &&
    (f.state === '' || item.state === f.state) &&
    (word === '' || `${item.title.ja} ${item.title.en} ${item.article ?? ''}`.toLowerCase().includes(word))
  );
}

// ---- lines ----

/** One line of a list: an item, or the reviews of one register that fall on one day. */
export interface Line {
  key: string;
  date: string | null;
  items: Item[];
}
const TOGETHER = 3;
export function lines(items: Item[]): Line[] {
  const alike = (i: Item) => (i.source.field === 'review' ? `${i.date}/${i.source.register}` : i.key);
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(alike(item), [...(groups.get(alike(item)) ?? []), item]);
  return [...groups.values()].flatMap((of) =>
    of.length >= TOGETHER ? [{ key: `${of[0]!.key}+`, date: of[0]!.date, items: of }] : of.map((item) => ({ key: item.key, date: item.date, items: [item] })),
  );
}
export function byMonth(items: Item[]): [month: string, lines: Line[]][] {
  const months = new Map<string, Item[]>();
  for (const item of items) {
    if (item.date === null) continue;
    const month = `${item.date.slice(0, 7)}-01`;
    months.set(month, [...(months.get(month) ?? []), item]);
  }
  return [...months].sort(([a], [b]) => a.localeCompare(b)).map(([month, of]) => [month, lines(of)]);
}
export const overdue = (items: Item[]) => items.filter((i) => i.state === 'overdue');

/** The page of what an item is about. */
export function hrefOf(item: Item): string {
  const { type, id, register, record } = item.source;
  if (type === 'accident') return `/accidents/${encodeURIComponent(id)}`;
  if (type === 'case') return `/cases/${encodeURIComponent(id)}`;
  if (type === 'campaign') return `/campaigns/${encodeURIComponent(id)}`;
  if (type === 'register') return `/registers/${encodeURIComponent(register ?? '')}/${encodeURIComponent(id)}`;
  return record ? `/registers/obligations/${encodeURIComponent(record)}` : `/program?word=${encodeURIComponent(item.title.ja.split(':')[0]!)}`;
}
