// Registers as the server tells them: their fields, records, and what a form makes of a record and back. Pure but for the
// two small caches at the end (the list of registers, and the titles of records that others refer to).

import { signal } from '@preact/signals';
import { get } from './api';
import { fromInput, instant, toInput } from './time';
import type { Values } from './merge';
import type { Text } from './types';

export type FieldType =
  | 'text' | 'url' | 'email' | 'country' | 'integer' | 'number' | 'boolean' | 'date' | 'time' | 'enum' | 'ref' | 'list-of-ref' | 'list-of-enum' | 'list-of-country' | 'file';
export interface RegisterField {
  id: string;
  type: FieldType;
  label: Text;
  help?: Text;
  unit?: string;
  required?: boolean | { when: Record<string, unknown> };
  min?: number;
  max?: number;
  options?: { id: string; label: Text }[];
  ref?: string;
  class?: 'normal' | 'secrecy' | 'specified-user-info';
  personal?: boolean;
}
export const REGISTER_GROUPS = ['network', 'events', 'people', 'programme', 'users', 'partners', 'risk', 'records'] as const;
export type RegisterGroup = (typeof REGISTER_GROUPS)[number];
/** A state that one person asks for and another decides. */
export interface Approval {
  field: string;
  asked: string[];
  decided: string[];
  by: string[];
  who?: string;
  at?: string;
  free?: string[];
}
export interface Register {
  id: string;
  /** `view`: shows what another part of the system keeps; nothing is written and nothing falls due here. */
  kind?: 'view';
  label: Text;
  purpose: Text;
  /** Under which heading the list of registers shows it. */
  group?: RegisterGroup;
  title: string;
  list: string[];
  due?: string;
  review_months?: number;
  fields: RegisterField[];
  may_write: boolean;
  may_reveal: boolean;
  approval?: Approval;
  may_decide?: boolean;
}
export interface RegisterRecord {
  id: string;
  version: number;
  at: string;
  who: string;
  title: string;
  review_due: string | null;
  values: Values;
}
export interface HistoryItem {
  version: number;
  at: string;
  who: string;
  action: string;
  leaf: number;
  deleted: boolean;
  changes: { field: string; from: unknown; to: unknown }[];
}
export interface FileValue {
  sha256: string;
  name: string;
}

export const registerApi = (register: string) => `/api/v1/registers/${encodeURIComponent(register)}`;
export const recordApi = (register: string, id: string) => `${registerApi(register)}/${encodeURIComponent(id)}`;
export const registerPage = (register: string) => `/registers/${encodeURIComponent(register)}`;
export const recordPage = (register: string, id: string) => `${registerPage(register)}/${encodeURIComponent(id)}`;

/** The page of a view's record, where the thing itself is worked on. */
export function homeOf(register: string, id: string): string | null {
  const page = { accidents: '/accidents', 'near-misses': '/cases', leaks: '/cases' }[register];
  return page ? `${page}/${encodeURIComponent(id)}` : null;
}
export const isSealed = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as { sealed?: unknown }).sealed === true;
export const isFile = (value: unknown): value is FileValue =>
  typeof value === 'object' && value !== null && typeof (value as FileValue).sha256 === 'string';
export const isClassified = (field: RegisterField) => field.class === 'secrecy' || field.class === 'specified-user-info';

/** Whether a field must be filled, as the form stands now. */
export function isRequired(field: RegisterField, values: Values): boolean {
  if (typeof field.required !== 'object') return field.required === true;
  return Object.entries(field.required.when).every(([name, value]) => String(values[name] ?? '') === String(value));
}

/** What the controls of a form hold: texts as typed for numbers and times, everything else as it is. */
export function toForm(fields: RegisterField[], values: Values): Values {
  const form: Values = {};
  for (const field of fields) {
    const value = values[field.id];
    if (value === undefined || value === null) continue;
    if (isSealed(value)) form[field.id] = value;
    else if (field.type === 'integer' || field.type === 'number') form[field.id] = String(value);
    else if (field.type === 'time') form[field.id] = toInput(instant(String(value)));
    else if (field.type === 'list-of-country') form[field.id] = (value as string[]).join(' ');
    else form[field.id] = value;
  }
  return form;
}
export type Mistake = 'missing' | 'number' | 'integer' | 'below' | 'above' | 'time';

/** The values to send, and what is wrong field by field. The server checks again, and more. */
export function fromForm(fields: RegisterField[], form: Values): { values: Values; mistakes: Record<string, Mistake> } {
  const values: Values = {};
  const mistakes: Record<string, Mistake> = {};
  for (const field of fields) {
    const typed = form[field.id];
    if (isEmpty(typed)) {
      if (isRequired(field, form)) mistakes[field.id] = 'missing';
      continue;
    }
    if (isSealed(typed)) values[field.id] = typed;
    else if (field.type === 'integer' || field.type === 'number') {
      const n = readNumber(String(typed));
      const wrong = numberMistake(field, n);
      if (wrong) mistakes[field.id] = wrong;
      values[field.id] = n;
    } else if (field.type === 'time') {
      values[field.id] = fromInput(String(typed));
      if (values[field.id] === null) mistakes[field.id] = 'time';
    } else if (field.type === 'list-of-country') values[field.id] = countriesOf(typed);
    else values[field.id] = typeof typed === 'string' ? typed.trim() : typed;
  }
  return { values, mistakes };
}
/** Countries as typed, apart by spaces or commas, each once. */
function countriesOf(typed: unknown): string[] {
  if (Array.isArray(typed)) return typed as string[];
  return [...new Set(String(typed).normalize('NFKC').toUpperCase().split(/[\s,、;]+/).filter((code) => code !== ''))];
}
function isEmpty(typed: unknown): boolean {
  return typed === undefined || typed === null || (typeof typed === 'string' && typed.trim() === '') || (Array.isArray(typed) && typed.length === 0);
}
/** Full-width digits and thousands' commas are numbers too; null: not a number. */
export function readNumber(text: string): number | null {
  const plain = text.normalize('NFKC').replace(/[,\s]/g, '');
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
}
function numberMistake(field: RegisterField, n: number | null): Mistake | null {
  if (n === null) return 'number';
  if (field.type === 'integer' && !Number.isInteger(n)) return 'integer';
  if (field.min !== undefined && n < field.min) return 'below';
  if (field.max !== undefined && n > field.max) return 'above';
  return null;
}

/** The columns a list can show: what can be ordered by comes first; what is sealed or long is never a column. */
export function columnsOf(register: Register): RegisterField[] {
  const by = new Map(register.fields.map((field) => [field.id, field]));
  const first = register.list.map((id) => by.get(id)).filter((field) => field !== undefined);
  const rest = register.fields.filter((f) => !register.list.includes(f.id) && !isClassified(f) && !(f.type === 'text' && (f.max ?? 0) > 400));
  return [...first, ...rest].filter((field) => field.id !== register.title);
}

// ---- what is read once ----

export const registers = signal<Register[] | null>(null);
let asked: Promise<Register[]> | null = null;
export function loadRegisters(): Promise<Register[]> {
  asked ??= get<{ items: Register[] }>('/api/v1/registers').then(
    (answer) => (registers.value = answer.items),
    (error: unknown) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

/** Titles of records by "register/id"; what is not known yet is asked for once, and the page drawn again. */
export const titles = signal<ReadonlyMap<string, string>>(new Map());
const wanted = new Set<string>();
let timer: ReturnType<typeof setTimeout> | null = null;
const AT_ONCE = 6;

export function titleOf(register: string, id: string): string | null {
  const key = `${register}/${id}`;
  const known = titles.value.get(key);
  if (known !== undefined) return known;
  wanted.add(key);
  timer ??= setTimeout(() => void fetchTitles(), 10);
  return null;
}
export function learnTitles(register: string, records: RegisterRecord[]): void {
  const fresh = records.filter((r) => titles.peek().get(`${register}/${r.id}`) !== r.title);
  if (fresh.length > 0) titles.value = new Map([...titles.peek(), ...fresh.map((r) => [`${register}/${r.id}`, r.title] as const)]);
}
async function fetchTitles(): Promise<void> {
  timer = null;
  const keys = [...wanted].filter((key) => !titles.peek().has(key));
  wanted.clear();
  for (let i = 0; i < keys.length; i += AT_ONCE) {
    const part = keys.slice(i, i + AT_ONCE);
    const found = await Promise.all(part.map((key) => fetchTitle(key).catch(() => [key, key.slice(key.indexOf('/') + 1)] as const)));
    titles.value = new Map([...titles.peek(), ...found]);
  }
}
async function fetchTitle(key: string): Promise<readonly [string, string]> {
  const [register, id] = [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)];
  return [key, (await get<RegisterRecord>(recordApi(register, id))).title];
}

/** Where a record stands in its register's approval: `open` while nobody has asked. */
export function approvalState(register: Register, values: Values): 'open' | 'asked' | 'decided' | null {
  const { approval } = register;
  if (!approval) return null;
  const state = String(values[approval.field] ?? '');
  return approval.decided.includes(state) ? 'decided' : approval.asked.includes(state) ? 'asked' : 'open';
}
/** The fields a person fills in: those of a decision are filled by the server, and only free ones stay open after it. */
export function fieldsToEdit(register: Register, values: Values): RegisterField[] {
  const { approval } = register;
  if (!approval) return register.fields;
  const decided = approvalState(register, values) === 'decided';
  const open = (field: RegisterField) => !decided || (approval.free ?? []).includes(field.id);
  return register.fields.filter((field) => field.id !== approval.who && field.id !== approval.at && open(field));
}
/** A field as the form offers it: what is decided is decided by buttons, not by picking an option. */
export function offered(register: Register, field: RegisterField, values: Values): RegisterField {
  const { approval } = register;
  if (!approval || field.id !== approval.field || !field.options) return field;
  return { ...field, options: field.options.filter((o) => !approval.decided.includes(o.id) || o.id === values[field.id]) };
}
