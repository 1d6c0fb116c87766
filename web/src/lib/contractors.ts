// Contractors as the server tells them, and the little that the page works out itself.

import type { Text } from './types';

export type Level = 'high' | 'medium' | 'low';
export interface Finding {
  level: Level;
  code: string;
  ja: string;
  en: string;
  record: { register: string; id: string };
}
export type Ties = Record<string, string[]>;
export const TIES = ['seat', 'parent', 'law', 'storage', 'processing', 'remote'] as const;
export interface Row {
  id: string;
  name: string;
  work: string | null;
  country: string | null;
  ultimate_parent: string | null;
  ultimate_country: string | null;
  critical: boolean | null;
  disclose: boolean | null;
  kinds: string[];
  owner: string;
  above: string[];
  below: string[];
  countries: Ties;
  contracts: { active: number; draft: number; ended: number };
  assessment: { id: string; state: string; score: number | null; grade: string | null; expires: string | null; expired: boolean; conditions: string | null } | null;
  supervision: { last: string | null; result: string | null; next: string | null; overdue: boolean };
  incidents_open: number;
  questions_open: number;
  certificates: { id: string; standard: string; number: string | null; scope: string | null; expires: string | null; lapsed: boolean }[];
  findings: Finding[];
}
export interface Grade {
  from: number;
  id: string;
  label: Text;
}
export interface Country {
  country: string;
  label: string | null;
  record: string | null;
  score: number | null;
  grade: string | null;
  missing: string[] | null;
  reviewed: string | null;
  next_review: string | null;
  source: string | null;
  reviewer: string | null;
  late: boolean;
  synthetic: boolean;
  ties: Ties;
}
export interface Overview {
  as_of: string;
  day: string;
  synthetic: boolean;
  withheld: string[];
  contractors: Row[];
  countries: Country[];
  grades: Grade[];
  marks: Grade[];
}
export interface Node {
  kind: string;
  id: string;
  name: string;
  by?: string;
}
export interface Reached extends Node {
  chain: Node[];
  law_service?: string | null;
}
export interface Reach {
  counts: Record<string, number>;
  in_network: number;
  users: Record<string, { total: number; under: number; lost: number }>;
  [kind: string]: Reached[] | unknown;
}
export const REACHED = ['contractor', 'contract', 'access', 'system', 'data', 'service', 'facility'] as const;
export const reachedOf = (reach: Reach, kind: string): Reached[] => (Array.isArray(reach[kind]) ? (reach[kind] as Reached[]) : []);
export interface Rating {
  score: number | null;
  grade: string | null;
  parts?: { field: string; answer: string | null; weight: number; points: number | null }[];
  missing?: string[];
}
export interface Replay {
  country: string;
  before: Rating | null;
  after: Rating;
  changed: boolean;
  reach: Reach;
  tasks?: { id: string; owner: string }[];
}
export type Item = { id: string; values: Record<string, unknown> };
export interface Whole {
  day: string;
  contractor: Row;
  contract_list: Item[];
  accesses: Item[];
  assessments: (Item & { rating: Rating })[];
  supervisions: Item[];
  incidents: Item[];
  questions: Item[];
  systems: Item[];
  data: Item[];
  reach: Reach;
  marks: Grade[];
}
export const MEASURES = ['users', 'facilities', 'services', 'systems', 'data'] as const;
export interface Dimension {
  by: string;
  total: number;
  measures: Record<string, { hhi: number; share: number; holders: number; largest: Node | null }>;
  items: (Node & Record<(typeof MEASURES)[number], number>)[];
}

const REGISTER_OF: Record<string, string> = {
  contractor: 'contractors', contract: 'contracts', access: 'contractor-access', facility: 'facilities', system: 'systems', data: 'data-assets', service: 'services',
};
/** Where a thing of the graph is looked at; null: it has no page. */
export function pageOf(node: Node): string | null {
  if (node.kind === 'contractor') return `/contractors/${encodeURIComponent(node.id)}`;
  const register = REGISTER_OF[node.kind];
  return register ? `/registers/${register}/${encodeURIComponent(node.id)}` : null;
}

export interface Branch {
  row: Row;
  depth: number;
  /** Shown higher up already: its own branches are not repeated. */
  again: boolean;
}
/** The contractors as a list that reads as a tree: each under everybody who entrusts it, circles cut. */
export function branches(rows: Row[]): Branch[] {
  const by = new Map(rows.map((row) => [row.id, row]));
  const seen = new Set<string>();
  const out: Branch[] = [];
  const walk = (row: Row, depth: number) => {
    const again = seen.has(row.id);
    out.push({ row, depth, again });
    if (again) return;
    seen.add(row.id);
    for (const id of row.below) {
      const child = by.get(id);
      if (child) walk(child, depth + 1);
    }
  };
  for (const row of rows) if (row.above.every((id) => !by.has(id))) walk(row, 0);
  for (const row of rows) if (!seen.has(row.id)) walk(row, 0);
  return out;
}
export const worst = (findings: Finding[]): Level | null =>
  (['high', 'medium', 'low'] as const).find((level) => findings.some((f) => f.level === level)) ?? null;
