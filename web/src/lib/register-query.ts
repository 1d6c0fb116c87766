// The question a list asks, as it stands in the address of the page, and as the server is asked. One text in the address
// is one view: it can be kept under a name, sent to a colleague, and is there again after "back".

import type { Register, RegisterField } from './registers';

const OWN = ['search', 'order', 'descending', 'due'];

/** A named question, kept by the server; a shared one is seen by everybody who reads the register. */
export interface View {
  name: string;
  owner: string;
  own: boolean;
  shared: boolean;
  query: Record<string, string>;
}
export interface Filter {
  field: RegisterField;
  /** How it is asked: one value, or an end of a range. */
  key: string;
  end: 'is' | 'from' | 'to';
}

/** The filters a register's list has: what is chosen from few (enumerations, yes/no, references) and ranges of days and numbers. */
export function filtersOf(register: Register): Filter[] {
  const found: Filter[] = [];
  for (const field of register.fields) {
    const listed = register.list.includes(field.id);
    if (field.type === 'ref' || (listed && (field.type === 'enum' || field.type === 'boolean'))) found.push({ field, key: field.id, end: 'is' });
    if (listed && ['date', 'integer', 'number'].includes(field.type))
      found.push({ field, key: `${field.id}.from`, end: 'from' }, { field, key: `${field.id}.to`, end: 'to' });
  }
  return found;
}
/** What the address may carry to the server: unknown names (of an old link) are left out rather than refused. */
export function listQuery(register: Register, query: URLSearchParams): URLSearchParams {
  const known = new Set([...OWN, ...filtersOf(register).map((f) => f.key), ...register.list]);
  const asked = new URLSearchParams();
  for (const [name, value] of query) if (known.has(name) && value.trim() !== '') asked.set(name, value.trim());
  const words = asked.get('search') ?? '';
  if (words.length < 2) asked.delete('search');
  return words.length < 2 ? asked : new URLSearchParams({ search: words }); // a search stands alone
}
export function activeFilters(register: Register, query: URLSearchParams): string[] {
  return [...listQuery(register, query).keys()].filter((key) => !['search', 'order', 'descending'].includes(key));
}
