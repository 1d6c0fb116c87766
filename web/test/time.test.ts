import { describe, expect, test } from 'vitest';
import { clock, date, day, duration, era, fromInput, instant, minute, sameDay, toInput } from '../src/lib/time';

const ja = { lang: 'ja', wareki: true } as const;

describe('Japanese eras', () => {
  test.each([
    ['2019-04-30', '平成31年4月30日(火)'],
    ['2019-05-01', '令和元年5月1日(水)'],
    ['1989-01-07', '昭和64年1月7日(土)'],
    ['1989-01-08', '平成元年1月8日(日)'],
    ['2026-11-23', '令和8年11月23日(月)'],
  ])('%s is %s', (text, expected) => expect(date(day(text), ja)).toBe(expected));

  test('a moment before midnight in Japan still belongs to the old era', () => {
    expect(era(instant('2019-04-30T23:59:59+09:00'), 'ja')).toBe('平成31年');
    expect(era(instant('2019-04-30T15:00:00Z'), 'ja')).toBe('令和元年');
    expect(era(instant('2026-11-23T00:00:00+09:00'), 'en')).toBe('Reiwa 8');
  });
});

test('times are Japan’s whatever offset they came in', () => {
  const ms = instant('2026-11-23T16:05:09Z');
  expect(clock(ms)).toBe('01:05:09');
  expect(minute(ms)).toBe('01:05');
  expect(date(ms, { lang: 'ja', wareki: false })).toBe('2026年11月24日(火)');
  expect(date(ms, { lang: 'en', wareki: false })).toBe('Tue 24 Nov 2026');
});

test('two moments are on one day when Japan’s calendar says so', () => {
  expect(sameDay(instant('2026-11-23T14:59:59Z'), instant('2026-11-23T00:00:00+09:00'))).toBe(true);
  expect(sameDay(instant('2026-11-23T15:00:00Z'), instant('2026-11-23T23:59:59+09:00'))).toBe(false);
});

test('durations are h:mm:ss, with days in words', () => {
  expect(duration(850, 'ja')).toBe('0:14:10');
  expect(duration(3600, 'ja')).toBe('1:00:00');
  expect(duration(86400 + 7200 + 62, 'ja')).toBe('1日 2:01:02');
  expect(duration(2 * 86400, 'en')).toBe('2 d 0:00:00');
  expect(duration(-5, 'ja')).toBe('0:00:00');
});

test('a date field reads and writes Japan’s time', () => {
  expect(toInput(instant('2026-11-23T05:06:07Z'))).toBe('2026-11-23T14:06:07');
  expect(fromInput('2026-11-23T14:06')).toBe('2026-11-23T14:06:00+09:00');
  expect(fromInput('2026-11-23T14:06:30')).toBe('2026-11-23T14:06:30+09:00');
  expect(fromInput('')).toBeNull();
});
