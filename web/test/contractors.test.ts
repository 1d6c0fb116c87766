import { describe, expect, it } from 'vitest';
import { branches, pageOf, reachedOf, worst, type Reach, type Row } from '../src/lib/contractors';
import { fromForm, toForm, type RegisterField } from '../src/lib/registers';

const row = (id: string, above: string[], below: string[]) => ({ id, above, below }) as unknown as Row;
const shown = (rows: Row[]) => branches(rows).map((b) => `${' '.repeat(b.depth)}${b.row.id}${b.again ? '*' : ''}`);

describe('the chain of contractors', () => {
  it('stands each under who entrusts it, in the order of the list', () => {
    expect(shown([row('a', [], ['b', 'c']), row('b', ['a'], ['d']), row('c', ['a'], []), row('d', ['b'], [])])).toEqual(['a', ' b', '  d', ' c']);
  });
  it('shows one that two entrust under both, its own branches once', () => {
    expect(shown([row('a', [], ['x']), row('b', [], ['x']), row('x', ['a', 'b'], ['y']), row('y', ['x'], [])])).toEqual(['a', ' x', '  y', 'b', ' x*']);
  });
  it('cuts a circle and leaves nobody out', () => {
    expect(shown([row('a', ['b'], ['b']), row('b', ['a'], ['a'])])).toEqual(['a', ' b', '  a*']);
  });
  it('takes one whose superior is not shown as a beginning', () => {
    expect(shown([row('a', ['gone'], [])])).toEqual(['a']);
  });
});

describe('small things', () => {
  it('a finding counts by the worst', () => {
    const of = (level: string) => ({ level }) as never;
    expect(worst([])).toBeNull();
    expect(worst([of('low'), of('high'), of('medium')])).toBe('high');
  });
  it('what is no list is nothing reached', () => {
    expect(reachedOf({ counts: {}, in_network: 0, users: {} } as Reach, 'counts')).toEqual([]);
  });
  it('a thing of the graph has the page of its register, a country none', () => {
    expect(pageOf({ kind: 'data', id: 'D 1', name: '' })).toBe('/registers/data-assets/D%201');
    expect(pageOf({ kind: 'country', id: 'XD', name: '' })).toBeNull();
  });
});

describe('countries in a form', () => {
  const field = { id: 'where', type: 'list-of-country', label: { ja: '国', en: 'Where' } } as RegisterField;
  it('are typed apart by anything, each once, in capitals', () => {
    expect(fromForm([field], { where: 'jp、ＸＤ, xd;JP' }).values).toEqual({ where: ['JP', 'XD'] });
  });
  it('come back as they were', () => {
    expect(toForm([field], { where: ['JP', 'XD'] })).toEqual({ where: 'JP XD' });
  });
});
