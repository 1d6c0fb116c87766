// The shapes of docs/api.md, as far as the page reads them.

export interface Text {
  ja: string;
  en: string;
}
export type Counts = Record<string, number>;
export type Outcome = 'serious' | 'periodic-detailed' | 'periodic-simplified' | 'not-reportable' | 'undetermined';
export type State = 'suspected' | 'confirmed' | 'recovered' | 'closed';
export type Level = 'ok' | 'half' | 'soon' | 'day-before' | 'late';
export type CountName = 'ever' | 'peak' | 'at_least' | 'under_failed' | 'estimate';

export interface Branch {
  hours: number;
  users: number;
  time_met_at: string | null;
  users_met: boolean;
  users_short: number;
  serious_at: string | null;
  remaining_s: number | null;
  progress: number;
  certain?: boolean; // false: the row hangs on the monthly users of the year before, which are not known
}
export interface Estimate {
  users: number;
  method: string;
  author: string;
  at: string;
}
export interface AccidentService {
  service: string;
  name: Text;
  counts: {
    concurrent: number;
    peak: number;
    ever: number;
    at_least: { minutes: number; users: number } | null;
    under_failed: number;
    estimate: Estimate | null;
  };
  chosen: CountName;
  users: number; // below 0: not known
  started_at?: string | null; // of this service, where it differs from the accident's
  recovered_at?: string | null;
  outcome: Outcome;
  article: string | null;
  why: string[];
  why_en?: string[];
  branches: Branch[];
}
export interface Deadline {
  accident: string | null; // null: of a near miss or a leak
  case?: string;
  kind: string;
  name: Text;
  form: string | null;
  due: string | null;
  due_safe: string | null;
  level: Level;
  done: boolean;
  drill?: boolean;
}
export interface Cause {
  id: string;
  name: string;
  kind: string;
  prefecture: string;
}
export interface AccidentSummary {
  id: string;
  version: number;
  title: string;
  state: State;
  origin: 'engine' | 'hand';
  started_at: string;
  detected_at: string | null;
  known_at: string | null;
  recovered_at: string | null;
  closed_at: string | null;
  duration_s: number;
  causes: Cause[];
  prefectures: string[];
  down: number;
  outcome: Outcome;
  article: string | null;
  law: string | null;
  services: AccidentService[];
  serious_at: string | null;
  deadlines: Deadline[];
  drill?: boolean;
}
export interface TimelineEntry {
  at: string;
  kind: string;
  text: Text;
}
export interface HistoryEntry {
  version: number;
  at: string;
  who: string;
  action: string;
  text: Text;
}
export interface FrozenReport {
  number: number;
  name: Text;
  kind: string;
  frozen_at: string;
  by: string;
  sha256: string;
}
export interface EvidenceFile {
  sha256: string;
  name: string;
  size: number;
  at: string;
  who: string;
}
// What the first report needs, and what only the detailed report asks for.
export const FIRST = ['title', 'place', 'summary', 'cause', 'measures', 'contact', 'user_notice'] as const;
export const LATER = [
  'cause_class',
  'prevention',
  'emergency_effect',
  'wholesale',
  'redundancy',
  'rules',
  'general_manager',
  'remarks',
] as const;
export type Editable = (typeof FIRST)[number] | (typeof LATER)[number];
export const EDITABLE: readonly Editable[] = [...FIRST, ...LATER];

export interface Accident extends AccidentSummary, Record<Exclude<Editable, 'title'>, string> {
  fault: string;
  equipment: string;
  timeline: TimelineEntry[];
  history: HistoryEntry[];
  reports: FrozenReport[];
  files: EvidenceFile[];
  merged_into: string | null;
  split_from: string | null;
  undo: { action: string; text: Text } | null;
}
export interface Prefecture {
  code: string;
  name: Text;
  down: number;
  affected: Counts;
  users: Counts;
}
export interface Board {
  seq: number;
  now: string;
  carrier: string;
  demo: boolean;
  synthetic: boolean;
  speed: number;
  law: string;
  network: {
    facilities: number;
    down: number;
    alarms: number;
    affected: Counts;
    users: Counts;
    lost_sources: string[];
  };
  services: { id: string; name: Text }[];
  prefectures: Prefecture[];
  accidents: AccidentSummary[];
  series: { from: string; step_s: number; services: Record<string, number[]> };
  deadlines: Deadline[];
}
export interface Facility {
  id: string;
  name: string;
  kind: string;
  prefecture?: string;
  down?: boolean;
}
export interface DownNode extends Facility {
  alarm: boolean;
  more_causes: number;
  children: number;
  below: number;
  users: Counts;
}
export interface DownAnswer {
  down: number;
  total: number;
  items: DownNode[];
}
export interface WhatIf {
  as_of: string;
  started_at: string;
  until: string | null;
  title: string;
  fail: Facility[];
  restore: Facility[];
  now: { down: number; affected: Counts };
  then: { down: number; affected: Counts };
  down: (Facility & { because: string })[];
  down_total: number;
  prefectures: { code: string; name: Text; down: number; affected: Counts }[];
  outcome: Outcome;
  article: string | null;
  law: string | null;
  services: AccidentService[];
  serious_at: string | null;
  deadlines: Deadline[];
}
export interface Finding {
  level: 'error' | 'warning';
  item?: string | null;
  text: Text;
}
export type Cell = null | string | number | Text;
export interface ReportItem {
  id: string;
  label: Text;
  help?: Text;
  unit?: Text;
  article?: string | null;
  required?: string | null;
  verified: boolean;
  type: string;
  value?: Cell;
  columns?: { id: string; label: Text; unit?: Text; type: string }[];
  rows?: Cell[][];
}
export interface ReportModel {
  form: { id: string; version: string; number?: Text; title: Text; lead?: Text; statement?: Text };
  sections: { id: string; title: Text; items: ReportItem[] }[];
}
export interface Draft {
  kind: string;
  name: Text;
  model: ReportModel;
  lint: Finding[];
  next_number: number;
}
export interface Change {
  item: string;
  label: Text;
  from: Text | string | null;
  to: Text | string | null;
}
export interface LawEntry {
  family?: string;
  id: string;
  article: string;
  from: string;
  to: string | null;
  text: Text;
  source: string;
  verified: boolean;
  note?: Text | null;
}
export interface Verdict {
  id?: string;
  law: string;
  outcome: Outcome;
  article: string;
  branch: { hours: number; users: number } | null;
  duration_s: number;
  reports: { kind: string; form: string | null; due: string | null; clock: string }[];
  why: string[];
  why_en?: string[];
}
