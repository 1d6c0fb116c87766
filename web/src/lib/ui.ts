// What components call: the settings' language and calendar already applied.

import { isKey, pick, translate, type Key } from './i18n';
import { calendar, lang } from './store';
import * as time from './time';
import { ApiError } from './api';
import type { Text } from './types';

export const t = (key: Key, values?: Record<string, string | number>) => translate(lang.value, key, values);
// A text for a value of the server (`state.${x}`): the raw value where the page does not know it yet.
export const tOr = (key: string, fallback: string) => (isKey(key) ? t(key) : fallback);
export const tx = (text: Text | string | null | undefined) => pick(lang.value, text);
/** Why a verdict is as it is, in the page's language. */
export const reasons = (judged: { why: string[]; why_en?: string[] }) =>
  lang.value === 'en' ? (judged.why_en ?? judged.why) : judged.why;
export const style = () => ({ lang: lang.value, wareki: calendar.value === 'wareki' });
export const dateText = (ms: number) => time.date(ms, style());
export const plainDateText = (ms: number) => time.plainDate(ms, style());
export const durationText = (s: number) => time.duration(s, lang.value);

// 14:32:10 today, 11月22日 14:32:10 on another day
export function when(text: string | null, nowMs: number, seconds = true): string {
  if (!text) return '—';
  const ms = time.instant(text);
  const hour = seconds ? time.clock(ms) : time.minute(ms);
  return time.sameDay(ms, nowMs) ? hour : `${time.shortDate(ms, lang.value)} ${hour}`;
}
export function fullWhen(text: string | null): string {
  return text ? fullTime(time.instant(text)) : '—';
}
export const fullTime = (ms: number) => `${dateText(ms)} ${time.clock(ms)}`;

/** What the server says about single fields (422), by field, in the page's language. */
export function fieldErrors(error: unknown): Record<string, string> {
  const listed = error instanceof ApiError ? (error.body as { fields?: unknown } | null)?.fields : null;
  const found: Record<string, string> = {};
  if (!Array.isArray(listed)) return found;
  for (const one of listed as Partial<Text & { field: string }>[])
    if (typeof one.field === 'string') found[one.field] ??= pick(lang.value, { ja: one.ja ?? '', en: one.en ?? '' });
  return found;
}

export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.status === 401) return t('sign.again');
  if (error.status === 0) return t('error.network');
  if (error.status === 409 || error.status === 412) return error.message || t('error.conflict');
  return error.message || t('error.plain', { status: error.status });
}

// A short name for narrow places; the law's full name where the page does not know one.
export const serviceName = (id: string, name: Text | undefined) => tOr(`service.${id}`, tx(name) || id);
