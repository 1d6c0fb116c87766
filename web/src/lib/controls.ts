// Controls (管理策) as the server tells them, and the choices of the list: which rows, in which order. Nothing is drawn here.

import type { Text } from './types';

export type ControlState = 'open' | 'not-applicable' | 'planned' | 'partial' | 'implemented';
export type EvidenceState = 'none' | 'expired' | 'not-yet' | 'valid';
export type Relation = 'equal' | 'superset' | 'subset' | 'intersect' | 'none';

export interface Coverage {
  implemented: number;
  partial: number;
  planned: number;
  not_applicable: number;
  open: number;
  own: number;
  carried: number;
  attention: number;
  evidence_valid: number;
  evidence_expired: number;
}
export interface Framework {
  id: string;
  title: Text;
  publisher: string;
  edition: string;
  published: string;
  source: string;
  note: string | null;
  unit: string;
  units: number;
  items: number;
  unverified: number;
  imported: string | null;
  coverage: Coverage;
}
export interface Controls {
  date: string;
  synthetic: boolean;
  frameworks: Framework[];
  mappings: number;
  mappings_unverified: number;
  findings: { record: string | null; ja: string; en: string }[];
}
export interface Item {
  framework: string;
  id: string;
  ja: string;
  en?: string;
  depth: number;
  verified: boolean;
  count?: number;
  /** Of what stands above controls; those have no state. */
  kind?: string;
  state?: ControlState;
  evidence?: EvidenceState;
  record?: string;
  owner?: string;
  via?: { framework: string; item: string; relation: Relation; hops: number; verified: boolean; weakest: Relation };
  attention?: string[];
}
export interface Hop {
  from_framework: string;
  from: string;
  relation: Relation;
  to_framework: string;
  to: string;
  crosswalk: string;
  verified: boolean;
}
export interface Way {
  relation: Relation;
  verified: boolean;
  path: Hop[];
  weakest: number | null;
}
export interface Evidence {
  record: string;
  title: string;
  effective: string;
  expires?: string;
  sha256?: string;
}
export interface Answer {
  record: string;
  version: number;
  state: ControlState;
  note?: string;
  owner?: string;
  review?: string;
  evidence: Evidence[];
}
export interface Control {
  framework: string;
  id: string;
  kind: string;
  answerable: boolean;
  verified: boolean;
  title: Text;
  state: ControlState;
  evidence: EvidenceState;
  answer: Answer | null;
  rests_on: { framework: string; item: string; title: Text; answer: Answer | null; way: Way } | null;
  reaches: { framework: string; item: string; title: Text; way: Way }[];
  results: { record: string; assessment: string; title: string; result: string; severity: string | null; observed: string; assessed: string; status: string; countermeasure: string | null }[];
  attention: { id: string; title: Text }[];
  checks: { id: string; title: Text }[];
}
export interface Effect {
  changes: { framework: string; item: string; title: Text; before: { state: ControlState; evidence: EvidenceState }; after: { state: ControlState; evidence: EvidenceState }; way: Way | null }[];
}
export interface Check {
  id: string;
  title: Text;
  proves: Text;
  unit: Text;
  at_least: boolean;
  threshold: number;
  result: 'pass' | 'fail' | 'cannot-tell' | null;
  value?: number | null;
  facts?: Record<string, number | string>;
  why?: Text;
  since?: string;
  feeds: { framework: string; item: string; title: Text }[];
}
export interface Checks {
  at: string | null;
  next: string | null;
  dated: string;
  verified: boolean;
  summary: { pass: number; fail: number; cannot_tell: number };
  items: Check[];
}
export interface AssessmentResult {
  id: string;
  item: string;
  method?: string;
  result?: string;
  severity?: string;
  observed?: string;
  assessed?: string;
  status?: string;
  evidence: Evidence[];
  measure?: { id: string; title?: string; deadline?: string; status?: string };
}
export interface Assessment {
  id: string;
  title: string | null;
  framework?: string;
  assessor?: string;
  from?: string;
  to?: string;
  state?: string;
  conclusion?: string;
  items: string[];
  unknown?: string[];
  assessor_answers_for?: string[];
  results: AssessmentResult[];
  problem?: string;
}
export interface Imported {
  dry_run: boolean;
  sound: boolean;
  kind: string;
  title: string | null;
  framework: string | null;
  document: string | null;
  controls: number;
  findings: { level: 'fault' | 'warning'; pointer: string | null; message: string }[];
  answers: { item: string; title: Text; state: ControlState; text: string; before?: ControlState; action: 'add' | 'same' | 'keep' | 'replace' }[];
  unknown: string[];
}

export const STATES: ControlState[] = ['implemented', 'partial', 'planned', 'not-applicable', 'open'];

export const keyOf = (one: { framework: string; id: string }) => `${one.framework}:${one.id}`;
export const controlApi = (framework: string, item: string) =>
  `/api/v1/controls/frameworks/${encodeURIComponent(framework)}/${encodeURIComponent(item)}`;
export const controlPage = (framework: string, item: string) =>
  `/controls?${new URLSearchParams({ tab: 'list', framework, item })}`;

export interface Wanted {
  framework: string;
  text: string;
  /** A state, `attention`, `expired` or `unverified`; empty: all. */
  only: string;
}

const fold = (text: string) => text.normalize('NFKC').toLowerCase();

function fits(item: Item, wanted: Wanted, needle: string): boolean {
  if (wanted.framework && item.framework !== wanted.framework) return false;
  if (wanted.only === 'attention' && !item.attention?.length) return false;
  if (wanted.only === 'expired' && item.evidence !== 'expired') return false;
  if (wanted.only === 'unverified' && item.verified) return false;
  if (wanted.only === 'carried' && !item.via) return false;
  if (STATES.includes(wanted.only as ControlState) && item.state !== wanted.only) return false;
  return needle === '' || fold(`${item.id} ${item.ja} ${item.en ?? ''}`).includes(needle);
}
/** The rows of the list: chapters stand between the controls as long as nothing is searched for. */
export function chosen(items: Item[], wanted: Wanted): Item[] {
  const needle = fold(wanted.text.trim());
  const plain = needle === '' && wanted.only === '';
  return items.filter((item) => (item.state || plain) && fits(item, wanted, needle));
}

/** Parts of a whole in percent for a bar, in the order of STATES. */
export function shares(coverage: Coverage, units: number): { state: ControlState; n: number; percent: number }[] {
  const n: Record<ControlState, number> = {
    'implemented': coverage.implemented,
    'partial': coverage.partial,
    'planned': coverage.planned,
    'not-applicable': coverage.not_applicable,
    'open': coverage.open,
  };
  return STATES.map((state) => ({ state, n: n[state], percent: units > 0 ? (n[state] / units) * 100 : 0 }));
}
