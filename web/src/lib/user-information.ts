// Specified user information and external transmissions as the server tells them (docs/api.md, User information).

import type { DutyDeadline } from './program';
import type { Text } from './types';

export interface Gap {
  section: string;
  blocking: boolean;
  register: string | null;
  record: string | null;
  ja: string;
  en: string;
}
export interface Duty {
  id: string;
  name: Text;
  article: string;
  applies: string;
  deadlines: DutyDeadline[];
}
interface Values {
  [field: string]: unknown;
}
export interface UserInformation {
  date: string;
  designation: { applies: 'yes' | 'no' | 'cannot-tell'; since: string | null; since_open: boolean };
  duties: Duty[];
  rules: { current: { id: string; values: Values } | null; items: { id: string; item: string; name: Text; clause: string | null; conditional: boolean }[]; total: number };
  assessments: { id: string; values: Values; items: { id: string; name: Text; there: boolean }[]; change_open: boolean }[];
  manager: { record: string; person: string; appointed: string | null; notified: string | null } | null;
  counts: { service: string; name: string; paid: boolean | null; fiscal_year: number; users: number; class: { id: string; name: Text } | null; report: boolean; due: string }[];
  gaps: Gap[];
  synthetic: boolean;
}
export type PublishState = 'not-ready' | 'unpublished' | 'current' | 'differs' | 'not-covered';
export interface Publication {
  record: string;
  version: number | null;
  sha256: string;
  url: string;
  published: string;
  withdrawn: string | null;
}
export interface Policy {
  title: Text;
  ready: boolean;
  state: PublishState;
  sha256: Text;
  sections: { id: string; article: string; title: Text; paragraphs: Text[]; tables: { caption: Text; columns: Text[]; rows: Text[][] }[] }[];
  gaps: Gap[];
  versions: { number: number; at: string; who: string; sha256: Text }[];
  publications: Publication[];
  published: Publication | null;
  may_freeze: boolean;
}
export interface PolicyDiff {
  sections: { id: string; title: Text; from: Text | null; to: Text | null }[];
}
export interface Site {
  id: string;
  values: Values;
  covered: boolean;
  state: PublishState;
  sha256: string;
  tags: { id: string; values: Values }[];
  gaps: Gap[];
}
