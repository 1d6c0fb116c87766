// What the server says of technical standards and of the safety and reliability standard (docs/api.md).

import type { Text } from './types';

export type DocumentState = 'missing' | 'open' | 'done' | 'not-applicable' | 'expired' | 'empty';
export interface DocumentLine {
  document: string;
  letter: string | null;
  name: Text;
  condition?: Text;
  state: DocumentState;
  lacking: boolean;
  record: string | null;
  author_name: string | null;
  due: string | null;
  valid_until: string | null;
  file: { sha256: string; name: string } | null;
  reason: string | null;
}
export interface Confirmation {
  record: string;
  title: string | null;
  category: string | null;
  basis: string | null;
  state: string | null;
  due: string | null;
  overdue: boolean;
  judged: string;
  filed: string | null;
  filed_ref: string | null;
  planned_use: string | null;
  confirmer_name: string | null;
  category_known: boolean;
  facilities: { record: string; name: string | null; category: string | null; status: string | null }[];
  documents: DocumentLine[];
  documents_asked: number;
  documents_done: number;
  documents_not_applicable: number;
  documents_lacking: number;
  complete: boolean;
}
export interface Category {
  category: string;
  number: string;
  name: Text;
  equipment: Text;
  article: string;
  verified: boolean;
  note?: Text;
  basis: string[];
  used: boolean;
}
export interface CategoryWithDocuments extends Category {
  facilities: number;
  facilities_waiting: number;
  facilities_without: number;
  documents: { document: string; letter: string | null; name: Text; condition?: Text; since: string }[];
}
export interface Check {
  record: string;
  title: string | null;
  category: string | null;
  measure: string | null;
  done: string | null;
  result: string | null;
  next: string | null;
  overdue: boolean;
  owner_name: string | null;
}
export interface Standards {
  date: string;
  synthetic: boolean;
  facilities_more: boolean;
  scope: { article: string; since: string; text: Text; verified: boolean }[];
  categories: CategoryWithDocuments[];
  confirmations: Confirmation[];
  waiting: { record: string; name: string | null; category: string | null }[];
  checks: Check[];
  orders: { record: string; values: Record<string, unknown> }[];
}
export interface Assessment {
  record: string;
  state: string | null;
  ground?: string | null;
  plan: string | null;
  plan_by: string | null;
  owner_name: string | null;
  overdue?: boolean;
}
export interface Cell {
  category: string;
  basis: string;
  level: 'must' | 'effort';
  article: string;
  condition?: Text;
  assessment?: Assessment | null;
}
export interface Measure {
  measure: string;
  name: Text;
  goal: number;
  since: string;
  verified: boolean;
  cells: Cell[];
}
export interface Matrix {
  date: string;
  categories: Category[];
  measures: Measure[];
}

/** One column of the matrix: a category under one paragraph of 法41条. */
export interface Column {
  category: Category;
  basis: string;
}
export const columnsOf = (matrix: Matrix, all: boolean): Column[] =>
  matrix.categories.filter((c) => all || c.used).flatMap((category) => category.basis.map((basis) => ({ category, basis })));
export const cellOf = (measure: Measure, column: Column): Cell | undefined =>
  measure.cells.find((c) => c.category === column.category.category && c.basis === column.basis);

// ---- the safety and reliability standard

export interface Progress {
  asked: number;
  done: number;
  partly: number;
  planned: number;
  not_done: number;
  not_applicable: number;
  open: number;
  overdue: number;
  marks: { mark: string; asked: number; settled: number }[];
}
export interface Counts {
  section: string;
  name: Text;
  items: number;
  measures: number;
  published: { items: number; measures: number };
  same: boolean;
}
export interface Chapter extends Counts {
  leaf: boolean;
  progress: Progress;
}
export interface Reliability {
  content: { edition: string; sha256: string; at: string; who: string; version: number; items: number; measures: number } | null;
  network: string;
  networks: { id: string; name: Text }[];
  chapters: Chapter[];
  left_over: { record: string; measure: string | null; state: string | null }[];
  guidelines: { guideline: string; total: number; settled: number; open: number; overdue: number }[];
  may_import: boolean;
  synthetic: boolean;
}
export interface ReliabilityItem {
  section: string;
  item: string;
  title: string;
  measures: {
    measure: string;
    code: string;
    text: string;
    mark: string;
    assessment: (Assessment & { reason: string | null; why_not: string | null }) | null;
  }[];
}
export interface ImportFinding {
  line: number;
  column: number;
  field: string | null;
  ja: string;
  en: string;
}
export interface ImportTrial {
  applied: boolean;
  items: number;
  measures: number;
  chapters: Counts[];
  left_over: unknown[];
}

/** How far a chapter is: done or not applicable, out of what is asked; null where nothing is. */
export const share = (p: Progress): number | null => (p.asked === 0 ? null : (p.done + p.not_applicable) / p.asked);
export const levelOf = (section: string) => section.split('.').length;
