// Questionnaires, campaigns and findings as the server tells them (docs/api.md, Inspections and surveys).

import type { Text } from './types';

export interface Question {
  id: string;
  text: Text;
  help?: Text;
  type: 'choice' | 'yes-no' | 'scale' | 'number' | 'date' | 'text';
  weight?: number;
  required?: boolean;
  na?: boolean;
  evidence?: 'none' | 'optional' | 'required';
  options?: { id: string; label: Text; score?: number }[];
}
export interface Questionnaire {
  id: string;
  title: Text;
  purpose?: Text;
  source?: Text;
  wording: 'own' | 'official';
  areas: { id: string; title: Text; questions: Question[] }[];
}
export interface QuestionnaireLine {
  id: string;
  title: Text;
  purpose: Text | null;
  wording: string;
  version: number;
  areas: number;
  questions: number;
  built_in: boolean;
}
export interface Progress {
  total: number;
  submitted: number;
  draft: number;
  invited: number;
  revoked: number;
}
export interface CampaignLine {
  id: string;
  version: number;
  title: string;
  kind: string;
  questionnaire: { id: string; version: number; sha256: string; title: Text };
  from: string;
  to: string;
  state: 'open' | 'closed';
  owner: string;
  note: string | null;
  overdue: boolean;
  progress: Progress;
}
export interface Respondent {
  sheet: string;
  version: number;
  name: string | null;
  department: string | null;
  email: string | null;
  state: string;
  answered: number;
  questions: number;
  files: number;
  saved_at: string | null;
  submitted_at: string | null;
  receipt: string | null;
  trace: { at: string; what: string; who?: string; to?: string; note?: string }[] | null;
}
export interface Scored {
  id: string;
  title: Text;
  score: number | null;
  answered: number;
  total: number;
}
export interface Results {
  score: number | null;
  sheets: number;
  areas: Scored[];
  questions: { id: string; score: number | null; answered: number; not_applicable: number; counts: Record<string, number> | null }[];
}
interface Changed {
  id: string;
  before: number | null;
  after: number | null;
  change: number | null;
}
export interface Comparison {
  with: { id: string; title: string; to: string };
  score: Omit<Changed, 'id'>;
  areas: Changed[];
  questions: (Changed & { wording: string })[];
}
export interface Finding {
  id: string;
  version: number;
  title: string;
  description: string;
  severity: 'high' | 'medium' | 'low';
  question: string;
  state: 'open' | 'measure' | 'verified' | 'accepted';
  author: string;
  at: string;
  countermeasure?: string;
  measure: { id: string; title: string; status: string; deadline: string; who: string } | null;
  may_verify: boolean;
  why_not: Text | null;
  trace: { at: string; who: string; action: string; result?: string; note?: string }[];
}
export interface Campaign extends CampaignLine {
  document: Questionnaire;
  respondents: Respondent[];
  results: Results;
  comparison: Comparison | null;
  findings: Finding[];
  may_run: boolean;
  mail: boolean;
  synthetic: boolean;
}
export interface Link {
  sheet: string;
  name: string;
  token: string;
  mailed: boolean;
}
export const linkOf = (token: string) => `${location.origin}/answer#${token}`;
export const points = (score: number | null | undefined, sign = false) =>
  score === null || score === undefined ? '–' : `${sign && score > 0 ? '+' : ''}${score.toFixed(1)}`;
