import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { en } from '../src/lib/en';
import { kanjiNumber, number, people, percent, pick, shortNumber, translate } from '../src/lib/i18n';
import { ja, type Key } from '../src/lib/ja';

const keys = Object.keys(ja) as Key[];
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

test('every text is there in both languages', () => {
  expect(Object.keys(en).sort()).toEqual([...keys].sort());
  for (const key of keys) {
    expect(ja[key].trim(), key).not.toBe('');
    expect(en[key].trim(), key).not.toBe('');
  }
});
test('both languages fill in the same values', () => {
  for (const key of keys) expect(holes(en[key]), key).toEqual(holes(ja[key]));
});
test('every text is used', () => {
  const source = readdirSync(new URL('../src', import.meta.url), { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && /\.tsx?$/.test(f.name) && !/^(ja|en)\.ts$/.test(f.name))
    .map((f) => readFileSync(`${f.parentPath ?? f.path}/${f.name}`, 'utf8'))
    .join('\n');
  const families = [...source.matchAll(/`([a-z_.-]+\.)\$\{/g)].map((m) => m[1]!);
  const unused = keys.filter((k) => !source.includes(`'${k}'`) && !families.some((f) => k.startsWith(f)));
  expect(unused).toEqual([]);
});
test('a value that is missing stays visible instead of vanishing', () => {
  expect(translate('ja', 'demo.speed', {})).toBe('{n}倍速');
  expect(translate('ja', 'demo.speed', { n: 60 })).toBe('60倍速');
});
test('numbers as people say them', () => {
  expect(number(1234567)).toBe('1,234,567');
  expect(people(30000, 'ja')).toBe('3万人');
  expect(people(1000000, 'ja')).toBe('100万人');
  expect(people(12345, 'ja')).toBe('12,345人');
  expect(people(30000, 'en')).toBe('30,000 users');
  expect(shortNumber(125000, 'ja')).toBe('12.5万');
  expect(shortNumber(1250000, 'en')).toBe('1.3M');
  expect(percent(0.004)).toBe('<1%');
  expect(percent(0)).toBe('0%');
  expect(percent(0.555)).toBe('56%');
});
test('a text of the server falls back to Japanese', () => {
  expect(pick('en', { ja: '第一報', en: '' })).toBe('第一報');
  expect(pick('en', { ja: '第一報', en: 'First report' })).toBe('First report');
  expect(pick('en', 'plain')).toBe('plain');
  expect(pick('ja', null)).toBe('');
});
test('reports are numbered as the forms number them', () => {
  expect([1, 9, 10, 11, 20, 45, 99].map(kanjiNumber)).toEqual(['一', '九', '十', '十一', '二十', '四十五', '九十九']);
});
