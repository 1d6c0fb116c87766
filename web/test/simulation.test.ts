import { expect, test } from 'vitest';
import { clear, figure, formOf, request, type Basis } from '../src/lib/simulation';

const basis: Basis = {
  synthetic: false,
  date: '2026-11-23',
  facilities: 3,
  kinds: [
    { kind: 'core', facilities: 1, events: 2, repairs: 2, derived: { failures_per_year: 0.5, interval_95: [0.1, 1], repair_hours: 4 } },
    { kind: 'cell', facilities: 2, events: 0, repairs: 0, derived: null },
  ],
  observed: { from: null, days: 0, days_needed: 90, accidents: 0, enough: false, text: { ja: '', en: '' } },
  shared: {},
  assumptions: [],
  last: null,
  suggested: null,
};

test('the form begins with what the recorded accidents give, and says what is missing', () => {
  const form = formOf(basis, null);
  expect(form.texts['rate.core.per_year']).toBe('0.5');
  const { wrong } = request(form, ['core', 'cell']);
  expect(wrong).toEqual({ 'rate.cell.per_year': 'number', 'rate.cell.repair_hours': 'number' });
});

test('a request made before comes back as it was', () => {
  const asked = {
    years: 2000,
    seed: 7,
    top: 3,
    rates: { core: { failures_per_year: 1, repair_hours: 2 }, cell: { failures_per_year: 0, repair_hours: 1, repair: 'lognormal', sigma: 0.5 } },
    shared: { region: { per_year: 0.1, probability: 0.2, repair_hours: 5 } },
    loss: { fixed: { min: 1, likely: 2, max: 3 } },
    second_routes: ['core-1'],
  };
  const { body, wrong } = request(formOf(basis, asked), ['core', 'cell']);
  expect(wrong).toEqual({});
  expect(body).toEqual(asked);
});

test('a range out of order and a share above one are named', () => {
  const form = formOf(basis, { rates: { core: { failures_per_year: 1, repair_hours: 1 }, cell: { failures_per_year: 1, repair_hours: 1 } } });
  Object.assign(form.texts, { 'loss.fixed.min': '5', 'loss.fixed.likely': '2', 'loss.fixed.max': '9', 'shared.power.per_year': '1', 'shared.power.probability': '2', 'shared.power.repair_hours': '3' });
  expect(request(form, ['core', 'cell']).wrong).toEqual({ 'loss.fixed.min': 'order', 'shared.power.probability': 'range' });
});

test('figures have three digits that count, and large ones four', () => {
  expect([0.03117, 3.456, 1234567, -361234567, 0].map((n) => figure(n, 'ja'))).toEqual(['0.0312', '3.46', '123.5万', '-3.612億', '0']);
  expect(figure(1234567, 'en')).toBe('1,235,000');
  expect(clear({ mean: 1, low: 0.5, high: 2 })).toBe(true);
  expect(clear({ mean: 1, low: -0.5, high: 2 })).toBe(false);
});
