// Two languages, Japanese first. The key lists are one type, so a missing text does not compile.

import { en } from './en';
import { ja, type Key } from './ja';
import type { Text } from './types';

export type Lang = 'ja' | 'en';
export type { Key } from './ja';
const texts: Record<Lang, Record<Key, string>> = { ja, en };

export function translate(lang: Lang, key: Key, values: Record<string, string | number> = {}): string {
  return fill(texts[lang][key], values);
}
// A value that is missing stays visible as its {name}.
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
export function isKey(key: string): key is Key {
  return Object.hasOwn(ja, key);
}
export function pick(lang: Lang, text: Text | string | null | undefined): string {
  if (text === null || text === undefined) return '';
  if (typeof text === 'string') return text;
  return text[lang] || text.ja || text.en;
}

const whole = new Intl.NumberFormat('ja-JP', { maximumFractionDigits: 0 });
export function number(n: number): string {
  return whole.format(n);
}
// A criterion's round number as people say it: 3万人, 100万人 · 30,000 users.
export function people(n: number, lang: Lang): string {
  if (lang === 'en') return `${number(n)} users`;
  return n >= 10000 && n % 10000 === 0 ? `${number(n / 10000)}万人` : `${number(n)}人`;
}
// An axis label: 12万, 3.5万 · 120k, 1.2M.
export function shortNumber(n: number, lang: Lang): string {
  if (lang === 'ja') return n >= 10000 ? `${number10(n / 10000)}万` : number(n);
  if (n >= 1e6) return `${number10(n / 1e6)}M`;
  return n >= 1000 ? `${number10(n / 1000)}k` : number(n);
}
function number10(n: number): string {
  return String(Math.round(n * 10) / 10);
}
export function percent(fraction: number): string {
  if (fraction > 0 && fraction < 0.01) return '<1%';
  return `${Math.round(fraction * 100)}%`;
}

// 第一報, 第十二報: numbers of reports are written as the forms write them. 1 … 99.
export function kanjiNumber(n: number): string {
  const digits = '〇一二三四五六七八九';
  if (n < 1 || n > 99) return String(n);
  const [tens, ones] = [Math.floor(n / 10), n % 10];
  return `${tens > 1 ? digits[tens] : ''}${tens > 0 ? '十' : ''}${ones > 0 ? digits[ones] : ''}`;
}
