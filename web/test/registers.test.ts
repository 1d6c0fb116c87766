import { expect, test } from 'vitest';
import { merge, same } from '../src/lib/merge';
import { csvCell, csvLine, kindOf, readText } from '../src/lib/register-import';
import { activeFilters, filtersOf, listQuery } from '../src/lib/register-query';
import { approvalState, columnsOf, fieldsToEdit, fromForm, isRequired, offered, readNumber, toForm, type Register, type RegisterField } from '../src/lib/registers';

const text = (id: string) => ({ ja: id, en: id });
const field = (id: string, type: RegisterField['type'], more: Partial<RegisterField> = {}): RegisterField => ({ id, type, label: text(id), ...more });
const fields = [
  field('name', 'text', { required: true, max: 100 }),
  field('basis', 'enum', { required: true, options: [{ id: 'law', label: text('law') }] }),
  field('article', 'text', { required: { when: { basis: 'law' } } }),
  field('count', 'integer', { min: 0, max: 100 }),
  field('at', 'time'),
  field('people', 'list-of-ref', { ref: 'persons' }),
  field('owner', 'ref', { ref: 'persons' }),
  field('next', 'date'),
  field('secret', 'text', { class: 'secrecy' }),
];
const register: Register = {
  id: 'r', label: text('r'), purpose: text('r'), title: 'name', list: ['name', 'basis', 'next'], fields, may_write: true, may_reveal: false,
};

test('what is required may hang on another field', () => {
  expect(isRequired(fields[2]!, { basis: 'law' })).toBe(true);
  expect(isRequired(fields[2]!, { basis: 'own' })).toBe(false);
  expect(isRequired(fields[2]!, {})).toBe(false);
});
test('a record goes into a form and comes back the same', () => {
  const values = { name: '局舎', basis: 'law', article: '法44条', count: 3, at: '2026-11-23T14:05:00+09:00', people: ['P-1'], secret: { sealed: true } };
  const form = toForm(fields, values);
  expect(form['count']).toBe('3');
  expect(form['at']).toBe('2026-11-23T14:05:00');
  expect(fromForm(fields, form)).toEqual({ values, mistakes: {} });
});
test('mistakes are named field by field', () => {
  expect(fromForm(fields, { basis: 'law', count: '三', at: 'noon' }).mistakes).toEqual({
    name: 'missing', article: 'missing', count: 'number', at: 'time',
  });
  expect(fromForm(fields, { name: 'a', basis: 'x', count: '1.5' }).mistakes).toEqual({ count: 'integer' });
  expect(fromForm(fields, { name: 'a', basis: 'x', count: '-1' }).mistakes).toEqual({ count: 'below' });
  expect(fromForm(fields, { name: 'a', basis: 'x', count: '101' }).mistakes).toEqual({ count: 'above' });
});
test('numbers as they are typed in Japan', () => {
  expect(readNumber('12,345')).toBe(12345);
  expect(readNumber('1234.5')).toBe(1234.5);
  expect(readNumber('12人')).toBeNull();
  expect(readNumber('')).toBeNull();
});
test('an empty field is left out, a list without members too', () => {
  expect(fromForm(fields, { name: ' a ', basis: 'x', people: [], article: '  ' }).values).toEqual({ name: 'a', basis: 'x' });
});
test('a list never shows what is sealed', () => {
  expect(columnsOf(register).map((f) => f.id)).toEqual(['basis', 'next', 'article', 'count', 'at', 'people', 'owner']);
});
test('filters: few choices, references, and ranges of the columns', () => {
  expect(filtersOf(register).map((f) => f.key)).toEqual(['basis', 'owner', 'next.from', 'next.to']);
});
test('a search stands alone', () => {
  expect(listQuery(register, new URLSearchParams('search=局舎&basis=law&order=next')).toString()).toBe(new URLSearchParams({ search: '局舎' }).toString());
});
test('the address asks only what the list knows', () => {
  const asked = listQuery(register, new URLSearchParams('basis=law&gone=1&search=x&order=next&next.from=2026-01-01&owner='));
  expect(asked.toString()).toBe('basis=law&order=next&next.from=2026-01-01');
  expect(activeFilters(register, asked)).toEqual(['basis', 'next.from']);
});

test('what only one of two changed is taken, what both changed is a question', () => {
  const merged = merge({ a: 1, b: 1, c: 1, d: 1 }, { a: 2, b: 1, c: 2, d: 1 }, { a: 1, b: 3, c: 3, d: 1 });
  expect(merged.values).toEqual({ a: 2, b: 3, c: 2, d: 1 });
  expect(merged.clashes).toEqual([{ field: 'c', mine: 2, theirs: 3 }]);
  expect(merged.taken).toEqual([{ field: 'b', from: 1, to: 3 }]);
});
test('both changing the same to the same is no question', () => {
  expect(merge({ a: 1 }, { a: 2 }, { a: 2 })).toEqual({ values: { a: 2 }, clashes: [], taken: [] });
});
test('clearing against changing is a question too', () => {
  expect(merge({ a: 1 }, {}, { a: 2 }).clashes).toEqual([{ field: 'a', mine: null, theirs: 2 }]);
  expect(merge({ a: 1 }, {}, { a: 1 })).toEqual({ values: {}, clashes: [], taken: [] });
});
test('sameness does not hang on the order of names, or on how emptiness is written', () => {
  expect(same({ sha256: 'x', name: 'y' }, { name: 'y', sha256: 'x' })).toBe(true);
  expect(same(undefined, '')).toBe(true);
  expect(same([], null)).toBe(true);
  expect(same(0, null)).toBe(false);
});

test('files are known by their ending', () => {
  expect(kindOf('台帳.CSV')).toBe('csv');
  expect(kindOf('a.xlsx')).toBe('xlsx');
  expect(kindOf('a.xls')).toBeNull();
});
test('CSV of a Japanese spreadsheet program is read although it is no UTF-8', () => {
  const sjis = new Uint8Array([0x96, 0xbc, 0x8f, 0xcc]); // 名称
  expect(readText(sjis.buffer)).toEqual({ text: '名称', encoding: 'shift_jis' });
  expect(readText(new TextEncoder().encode('名称').buffer as ArrayBuffer)).toEqual({ text: '名称', encoding: 'utf-8' });
});
test('CSV cells are quoted, and none is a formula', () => {
  expect(csvLine(['a', 'b,c', 'd"e'])).toBe('a,"b,c","d""e"\r\n');
  expect(csvCell('=1+1')).toBe("'=1+1");
});

const permits: Register = {
  ...register,
  fields: [
    field('name', 'text'),
    field('note', 'text'),
    field('state', 'enum', { options: ['draft', 'asked', 'granted'].map((id) => ({ id, label: text(id) })) }),
    field('by', 'text'),
    field('on', 'time'),
  ],
  approval: { field: 'state', asked: ['asked'], decided: ['granted'], by: ['general-manager'], who: 'by', at: 'on', free: ['note'] },
};
test('an approval is open, asked for or decided', () => {
  expect(approvalState(register, {})).toBeNull();
  expect(['draft', 'asked', 'granted'].map((state) => approvalState(permits, { state }))).toEqual(['open', 'asked', 'decided']);
});
test('a form offers no decision, and of what is decided only what is free', () => {
  const ids = (state: string) => fieldsToEdit(permits, { state }).map((f) => f.id);
  expect(ids('draft')).toEqual(['name', 'note', 'state']);
  expect(ids('granted')).toEqual(['note']);
  const options = (state: string) => offered(permits, permits.fields[2]!, { state }).options?.map((o) => o.id);
  expect(options('draft')).toEqual(['draft', 'asked']);
});
