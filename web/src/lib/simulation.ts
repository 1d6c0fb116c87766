// A simulation as the page asks for it: the form's texts and the request they make, with what is wrong by field.

import type { Text } from './types';

export interface Estimate {
  mean: number;
  low: number;
  high: number;
}
export type Curve = { probability: number; value: number }[];
export interface Rate {
  failures_per_year?: number;
  per_year?: number;
  probability?: number;
  repair_hours?: number;
  repair?: string;
  sigma?: number;
}
export interface LossRange {
  min: number;
  likely: number;
  max: number;
}
export interface Parameters {
  date?: string;
  years?: number;
  seed?: number;
  top?: number;
  source?: string;
  rates?: Record<string, Rate>;
  shared?: Record<string, Rate>;
  second_routes?: string[];
  loss?: Record<string, LossRange | number>;
}
export interface Basis {
  synthetic: boolean;
  date: string;
  facilities: number;
  kinds: {
    kind: string;
    facilities: number;
    events: number;
    repairs: number;
    derived: { failures_per_year: number; interval_95: [number, number]; repair_hours: number | null } | null;
  }[];
  observed: { from: string | null; days: number; days_needed: number; accidents: number; enough: boolean; text: Text };
  shared: Record<string, { groups: number | null; facilities: number | null }>;
  assumptions: Text[];
  last: Parameters | null;
  suggested: Parameters | null;
}
export interface Kept {
  id: string;
  name: string;
  at: string;
  who: string;
  synthetic: boolean;
  parameters: Parameters;
  law: string;
  inputs_sha256: string;
  result_sha256: string;
  serious_per_year: Estimate;
  user_hours: Estimate;
  loss: Estimate | null;
}
export interface LossFigures {
  expected: Estimate;
  var95: number;
  var99: number;
  tail95: number;
  worst: number;
  curve: Curve;
}
export interface Measure {
  removes_serious: Estimate;
  removes_user_hours: Estimate;
  serious_after: Estimate;
  user_hours_after: Estimate;
  saves?: Estimate;
  loss_after?: LossFigures | null;
  second_routes?: { id: string; name: string; kind: string }[];
  user_hours_curve?: Curve;
}
export interface Ranked {
  type: 'facility' | 'common-cause';
  id: string;
  name: string;
  kind: string;
  prefecture?: string;
  members?: number;
  among_causes_per_year: number;
  alone_per_year: number;
  second_route?: Measure;
}
export interface Point {
  id: string;
  name: string;
  kind: string;
  prefecture?: string;
  service: string;
  service_name: Text;
  users: number;
  serious_in_s: number;
}
export interface Result {
  synthetic: boolean;
  date: string;
  law: string;
  years: number;
  seed: number;
  failures: number;
  assumptions: Text[];
  network: { facilities: number; nodes: number; simulated: number };
  serious_per_year: Estimate;
  user_hours: { expected: Estimate; curve: Curve };
  services: { service: string; name: Text; accidents: number; serious_per_year: Estimate; user_hours_per_year: number; curve: Curve }[];
  loss: LossFigures | null;
  best: Ranked | null;
  ranking: Ranked[];
  plan: Measure | null;
  common_causes: { id: string; name: string; kind: string; members: number }[];
  single_points: { total: number; items: Point[] };
}
export interface Whole extends Kept {
  result: Result;
}
export interface Compared {
  a: Kept;
  b: Kept;
  parameters: { field: string; a: unknown; b: unknown }[];
  same_bytes: boolean;
  same_network: boolean;
  same_law: boolean;
  serious_per_year: Pair;
  user_hours: Pair | null;
  loss: Pair | null;
  services: { service: string; name: Text; serious_per_year: Pair | null }[];
}
export interface Pair {
  a: Estimate;
  b: Estimate;
  difference: Estimate;
}

// ---- the form ----

export const PARTS = ['user_hour', 'fixed', 'response', 'regulatory', 'reputation'] as const;
export const ATTRIBUTES = ['region', 'building', 'power', 'software', 'contractor'] as const;
export const YEARS_MIN = 100;
export const YEARS_MAX = 20000;

/** What is typed, as it is typed; keys "rate.KIND.per_year", "shared.ATTRIBUTE.probability", "loss.PART.min" … */
export interface Form {
  name: string;
  texts: Record<string, string>;
  routes: string[];
}

const text = (n: number | null | undefined) => (n === null || n === undefined ? '' : String(n));

/** The form of a request that was made before, of what is suggested, or of what the recorded accidents give. */
export function formOf(basis: Basis, from: Parameters | null): Form {
  const given = from ?? basis.suggested;
  const texts: Record<string, string> = { years: text(given?.years ?? 1000), seed: text(given?.seed ?? 1), top: text(given?.top ?? 5), date: '' };
  for (const { kind, derived } of basis.kinds) {
    const rate = given?.rates?.[kind];
    texts[`rate.${kind}.per_year`] = text(rate ? rate.failures_per_year : derived?.failures_per_year);
    texts[`rate.${kind}.repair_hours`] = text(rate ? rate.repair_hours : derived?.repair_hours);
    texts[`rate.${kind}.repair`] = rate?.repair ?? 'exponential';
    texts[`rate.${kind}.sigma`] = text(rate?.sigma ?? 1);
  }
  for (const attribute of ATTRIBUTES) {
    const rate = given?.shared?.[attribute];
    texts[`shared.${attribute}.per_year`] = text(rate?.per_year);
    texts[`shared.${attribute}.probability`] = text(rate?.probability);
    texts[`shared.${attribute}.repair_hours`] = text(rate?.repair_hours);
  }
  for (const part of PARTS) {
    const range = given?.loss?.[part];
    for (const end of ['min', 'likely', 'max'] as const) texts[`loss.${part}.${end}`] = text(typeof range === 'number' ? range : range?.[end]);
  }
  return { name: '', texts, routes: given?.second_routes ?? [] };
}

export type Wrong = 'number' | 'range' | 'order' | 'all';

function numberOf(form: Form, key: string, low: number, high: number, wrong: Record<string, Wrong>): number {
  const typed = (form.texts[key] ?? '').trim().replaceAll(',', '');
  const value = typed === '' ? NaN : Number(typed);
  if (!Number.isFinite(value)) wrong[key] = 'number';
  else if (value < low || value > high) wrong[key] = 'range';
  return value;
}
const empty = (form: Form, keys: string[]) => keys.every((key) => (form.texts[key] ?? '').trim() === '');

/** The request, and the fields that keep it from being one. */
export function request(form: Form, kinds: string[]): { body: Record<string, unknown>; wrong: Record<string, Wrong> } {
  const wrong: Record<string, Wrong> = {};
  const rates: Record<string, unknown> = {};
  for (const kind of kinds) {
    const shape = form.texts[`rate.${kind}.repair`] ?? 'exponential';
    rates[kind] = {
      failures_per_year: numberOf(form, `rate.${kind}.per_year`, 0, 10000, wrong),
      repair_hours: numberOf(form, `rate.${kind}.repair_hours`, 0.001, 1e6, wrong),
      ...(shape === 'exponential' ? {} : { repair: shape }),
      ...(shape === 'lognormal' ? { sigma: numberOf(form, `rate.${kind}.sigma`, 0, 5, wrong) } : {}),
    };
  }
  const shared: Record<string, unknown> = {};
  for (const attribute of ATTRIBUTES) {
    const keys = ['per_year', 'probability', 'repair_hours'].map((name) => `shared.${attribute}.${name}`);
    if (empty(form, keys)) continue;
    shared[attribute] = {
      per_year: numberOf(form, keys[0]!, 0, 10000, wrong),
      probability: numberOf(form, keys[1]!, 0, 1, wrong),
      repair_hours: numberOf(form, keys[2]!, 0.001, 1e6, wrong),
    };
  }
  const loss: Record<string, unknown> = {};
  for (const part of PARTS) {
    const keys = ['min', 'likely', 'max'].map((end) => `loss.${part}.${end}`);
    if (empty(form, keys)) continue;
    const [min, likely, max] = keys.map((key) => numberOf(form, key, 0, 1e15, wrong)) as [number, number, number];
    if (min > likely || likely > max) wrong[keys[0]!] = 'order';
    loss[part] = { min, likely, max };
  }
  const body: Record<string, unknown> = {
    years: numberOf(form, 'years', YEARS_MIN, YEARS_MAX, wrong),
    seed: numberOf(form, 'seed', 0, Number.MAX_SAFE_INTEGER, wrong),
    top: numberOf(form, 'top', 0, 20, wrong),
    rates,
  };
  for (const whole of ['years', 'seed', 'top']) if (!wrong[whole] && !Number.isInteger(body[whole])) wrong[whole] = 'number';
  if (form.texts['date']) body['date'] = form.texts['date'];
  if (form.name.trim()) body['name'] = form.name.trim();
  if (Object.keys(shared).length > 0) body['shared'] = shared;
  if (Object.keys(loss).length > 0) body['loss'] = loss;
  if (form.routes.length > 0) body['second_routes'] = form.routes;
  return { body, wrong };
}

const digits = (n: number, most: number) => new Intl.NumberFormat('ja-JP', { maximumSignificantDigits: most }).format(n);
/** Three digits that count; four of a large number, in 万 and 億 or with its commas: 0.0312, 3.46, 123.5万, 1,235,000. */
export function figure(n: number, lang: 'ja' | 'en'): string {
  const size = Math.abs(n);
  if (size < 1000) return digits(n, 3);
  if (lang === 'en' || size < 10000) return digits(n, 4);
  return size < 1e8 ? `${digits(n / 1e4, 4)}万` : `${digits(n / 1e8, 4)}億`;
}
/** An interval that leaves 0 out on one side: the difference is more than the error of simulating. */
export const clear = (e: Estimate) => e.low > 0 || e.high < 0;
