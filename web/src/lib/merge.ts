// Two people changed the same record. Field by field: what only they changed is taken, what only I changed stays mine,
// and where both changed it differently the person decides.

export type Values = Record<string, unknown>;
export interface Clash {
  field: string;
  mine: unknown;
  theirs: unknown;
}
export interface Merged {
  /** Mine on top of theirs; clashes hold mine. */
  values: Values;
  clashes: Clash[];
  /** Fields that only they changed. */
  taken: { field: string; from: unknown; to: unknown }[];
}

/** Equal as JSON; a field that is absent is an empty one, and the order of names within an object does not matter. */
export function same(a: unknown, b: unknown): boolean {
  return stable(a) === stable(b);
}
function stable(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'null' : `[${value.map(stable).join()}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value as Values).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${stable(v)}`).join()}}`;
}

export function merge(base: Values, mine: Values, theirs: Values): Merged {
  const merged: Merged = { values: { ...theirs }, clashes: [], taken: [] };
  for (const field of new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)])) {
    const [was, my, their] = [base[field], mine[field], theirs[field]];
    if (!same(was, my)) {
      if (my === undefined) delete merged.values[field];
      else merged.values[field] = my;
      if (!same(was, their) && !same(my, their)) merged.clashes.push({ field, mine: my ?? null, theirs: their ?? null });
    } else if (!same(was, their)) merged.taken.push({ field, from: was ?? null, to: their ?? null });
  }
  return merged;
}
