// The question of a “what if” as the page's address, so that a result is shared by sending its URL.

import { fromInput } from './time';

export interface Question {
  fail: string[];
  /** "2026-11-23T14:05", Japan's time; empty: now. */
  start: string;
  /** A whole number; empty: without end. */
  minutes: string;
}
export const MINUTES_MAX = 527040;
export const FAIL_MAX = 1000;

export function readQuestion(search: string): Question {
  const query = new URLSearchParams(search);
  const fail = query.getAll('fail').filter((id) => id !== '');
  return { fail: [...new Set(fail)].slice(0, FAIL_MAX), start: query.get('start') ?? '', minutes: query.get('minutes') ?? '' };
}
export function writeQuestion(question: Question): string {
  const query = new URLSearchParams();
  for (const id of question.fail) query.append('fail', id);
  if (question.start) query.set('start', question.start);
  if (question.minutes) query.set('minutes', question.minutes);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
export const goodMinutes = (text: string) => text === '' || (/^\d{1,6}$/.test(text) && Number(text) <= MINUTES_MAX);
export const goodStart = (text: string) => text === '' || fromInput(text) !== null;

/** The body of POST /api/v1/what-if and /api/v1/drills; null where a field cannot be read. */
export function body(question: Question): Record<string, unknown> | null {
  if (question.fail.length === 0 || !goodMinutes(question.minutes) || !goodStart(question.start)) return null;
  return {
    fail: question.fail,
    ...(question.start ? { started_at: fromInput(question.start) } : {}),
    ...(question.minutes ? { duration_minutes: Number(question.minutes) } : {}),
  };
}
