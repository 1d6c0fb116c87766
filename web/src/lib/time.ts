// Instants are RFC 3339 texts from the server and milliseconds inside. Everything is shown in Japan's
// time (UTC+9, no summer time), whatever the browser's own zone is, because the law counts days there.

import type { Lang } from './i18n';

const JST_MS = 9 * 3600_000;

export function instant(text: string): number {
  return Date.parse(text);
}

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  weekday: number;
}
function parts(ms: number): Parts {
  const d = new Date(ms + JST_MS);
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    hour: d.getUTCHours(),
    minute: d.getUTCMinutes(),
    second: d.getUTCSeconds(),
    weekday: d.getUTCDay(),
  };
}
const two = (n: number) => String(n).padStart(2, '0');

// 14:32:10
export function clock(ms: number): string {
  const p = parts(ms);
  return `${two(p.hour)}:${two(p.minute)}:${two(p.second)}`;
}
// 14:32
export function minute(ms: number): string {
  const p = parts(ms);
  return `${two(p.hour)}:${two(p.minute)}`;
}
export function sameDay(a: number, b: number): boolean {
  return Math.floor((a + JST_MS) / 86400_000) === Math.floor((b + JST_MS) / 86400_000);
}

const ERAS: [start: number, ja: string, en: string][] = [
  [Date.UTC(2019, 4, 1), '令和', 'Reiwa'],
  [Date.UTC(1989, 0, 8), '平成', 'Heisei'],
  [Date.UTC(1926, 11, 25), '昭和', 'Showa'],
];
const WEEK: Record<Lang, string[]> = {
  ja: ['日', '月', '火', '水', '木', '金', '土'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};
const MONTH = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// 令和8年: the era of the day, not of the year (2019 is both 平成31年 and 令和元年).
export function era(ms: number, lang: Lang): string {
  const day = Math.floor((ms + JST_MS) / 86400_000) * 86400_000;
  const year = parts(ms).year;
  for (const [start, ja, en] of ERAS) {
    if (day < start) continue;
    const n = year - new Date(start).getUTCFullYear() + 1;
    return lang === 'ja' ? `${ja}${n === 1 ? '元' : n}年` : `${en} ${n}`;
  }
  return lang === 'ja' ? `${year}年` : String(year);
}

export interface DateStyle {
  lang: Lang;
  wareki: boolean;
}
/** The same without the day of the week, for columns. */
export function plainDate(ms: number, style: DateStyle): string {
  const text = date(ms, style);
  return style.lang === 'en' ? text.slice(4) : text.slice(0, -3);
}
// 2026年11月23日(月) · 令和8年11月23日(月) · Mon 23 Nov 2026
export function date(ms: number, style: DateStyle): string {
  const p = parts(ms);
  const week = WEEK[style.lang][p.weekday];
  if (style.lang === 'en') {
    const year = style.wareki ? era(ms, 'en') : p.year;
    return `${week} ${p.day} ${MONTH[p.month - 1]} ${year}`;
  }
  const year = style.wareki ? era(ms, 'ja') : `${p.year}年`;
  return `${year}${p.month}月${p.day}日(${week})`;
}
// 11月23日 · 23 Nov, for places where the year is plain
export function shortDate(ms: number, lang: Lang): string {
  const p = parts(ms);
  return lang === 'ja' ? `${p.month}月${p.day}日` : `${p.day} ${MONTH[p.month - 1]}`;
}
// A calendar day of the server, "2026-11-23", is a day in Japan.
export function day(text: string): number {
  return Date.parse(`${text}T00:00:00+09:00`);
}

// 0:14:10 · 26:03:00 is written 1日 2:03:00
export function duration(seconds: number, lang: Lang): string {
  const s = Math.max(0, Math.floor(seconds));
  const days = Math.floor(s / 86400);
  const rest = `${Math.floor((s % 86400) / 3600)}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
  if (days === 0) return rest;
  return lang === 'ja' ? `${days}日 ${rest}` : `${days} d ${rest}`;
}
// "2026-11-23T14:05" for <input type="datetime-local">, and back with Japan's offset.
export function toInput(ms: number): string {
  const p = parts(ms);
  return `${p.year}-${two(p.month)}-${two(p.day)}T${two(p.hour)}:${two(p.minute)}:${two(p.second)}`;
}
export function fromInput(text: string): string | null {
  const m = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?$/.exec(text);
  return m ? `${m[1]}${m[2] ?? ':00'}+09:00` : null;
}
