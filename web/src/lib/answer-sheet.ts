// A respondent's sheet. The link's secret stands in the address's fragment, which browsers send to nobody; it is taken out
// of the address at once, kept for this tab alone, and shown to the server in a header.

import { call } from './api';
import type { Question, Questionnaire } from './survey';
import type { Text } from './types';

export interface Answer {
  value?: string | number | boolean;
  na?: boolean;
  comment?: string;
}
export type Answers = Record<string, Answer>;
export interface SheetFile {
  question: string;
  sha256: string;
  name: string;
  size: number;
}
export interface Sheet {
  campaign: { title: string; kind: string; from: string; to: string; note: string | null; carrier: Text };
  document: Questionnaire;
  sheet: string;
  name: string | null;
  department: string | null;
  state: string;
  answers: Answers;
  evidence: SheetFile[];
  version: number;
  on: boolean;
  why_not: Text | null;
  limits: { files: number; file_bytes: number };
  synthetic: boolean;
}

const KEPT = 'tokatsu-sheet';
export function takeSecret(): string | null {
  const shown = decodeURIComponent(location.hash.slice(1));
  if (shown === '') return sessionStorage.getItem(KEPT);
  sessionStorage.setItem(KEPT, shown);
  history.replaceState(null, '', location.pathname);
  return shown;
}
export const forgetSecret = () => sessionStorage.removeItem(KEPT);

export const ask = <T>(secret: string, method: string, path = '', body?: unknown) =>
  call<T>(method, `/api/v1/answer-sheet${path}`, body, { Authorization: `Bearer ${secret}` });

export const isAnswered = (answer: Answer | undefined) => Boolean(answer && (answer.na || (answer.value !== undefined && answer.value !== '')));
export function progress(document: Questionnaire, answers: Answers): { done: number; total: number; missing: Question[] } {
  const all = document.areas.flatMap((area) => area.questions);
  return { done: all.filter((q) => isAnswered(answers[q.id])).length, total: all.length, missing: all.filter((q) => q.required !== false && !isAnswered(answers[q.id])) };
}
/** Without empty values: what is cleared is no answer. */
export function tidy(answers: Answers): Answers {
  const out: Answers = {};
  for (const [id, { value, na, comment }] of Object.entries(answers)) {
    const kept: Answer = {};
    if (na) kept.na = true;
    else if (value !== undefined && value !== '') kept.value = value;
    if (comment) kept.comment = comment;
    if (Object.keys(kept).length > 0) out[id] = kept;
  }
  return out;
}
