import { describe, expect, it } from 'vitest';
import { begin, freshId, insert, join, move, patch, redo, remove, resolve, step, toggleItem, undo, type RulesText } from '../src/lib/rules';

const text = (...sections: [string, string][]): RulesText => ({
  format: 'tokatsu-rules/1',
  title: '規程',
  sections: sections.map(([id, body]) => ({ id, level: 3, heading: `第${id}条`, text: body, items: [] })),
});
const ids = (rules: RulesText) => rules.sections.map((s) => s.id).join(' ');

describe('editing', () => {
  it('gives ids that nobody has', () => {
    expect(freshId(text(['s1', ''], ['s9', ''], ['x', '']))).toBe('s10');
    expect(freshId(text())).toBe('s1');
  });
  it('inserts behind a section, at its level', () => {
    const { rules, id } = insert(patch(text(['s1', ''], ['s2', '']), 's1', { level: 1 }), 's1');
    expect(ids(rules)).toBe('s1 s3 s2');
    expect(rules.sections.find((s) => s.id === id)?.level).toBe(1);
  });
  it('moves within the ends', () => {
    const rules = text(['a', ''], ['b', '']);
    expect(ids(move(rules, 'b', -1))).toBe('b a');
    expect(move(rules, 'a', -1)).toBe(rules);
  });
  it('takes a guess for confirmed once it is touched', () => {
    const guessed = patch(text(['a', '']), 'a', { items: ['cable'], suggested: true });
    expect(toggleItem(guessed, 'a', 'cable').sections[0]).toMatchObject({ items: [], suggested: false });
    expect(toggleItem(guessed, 'a', 'review').sections[0]).toMatchObject({ items: ['cable', 'review'], suggested: false });
  });
});

describe('undo', () => {
  it('goes back and forth, and typing on in one place is one step', () => {
    let s = begin('');
    s = step(s, 'a', 'text', 1000);
    s = step(s, 'ab', 'text', 1500);
    s = step(s, 'abc', 'heading', 1600);
    s = step(s, 'abcd', 'heading', 9000);
    expect(undo(s).now).toBe('abc');
    expect(undo(undo(s)).now).toBe('ab');
    expect(undo(undo(undo(s))).now).toBe('');
    expect(redo(undo(s)).now).toBe('abcd');
    expect(step(undo(s), 'x', '', 9100).future).toEqual([]);
  });
});

describe('two people', () => {
  const base = text(['a', '1'], ['b', '2'], ['c', '3']);
  it('keeps both changes where they are of different sections', () => {
    const joined = join(base, patch(base, 'a', { text: 'mine' }), patch(base, 'c', { text: 'theirs' }));
    expect(joined.clashes).toEqual([]);
    expect(joined.taken).toEqual(['c']);
    expect(joined.rules.sections.map((s) => s.text)).toEqual(['mine', '2', 'theirs']);
  });
  it('asks where both changed one section', () => {
    const joined = join(base, patch(base, 'a', { text: 'mine' }), patch(base, 'a', { text: 'theirs' }));
    expect(joined.clashes.map((c) => c.id)).toEqual(['a']);
    expect(resolve(joined, { a: 'theirs' }).sections[0]!.text).toBe('theirs');
    expect(resolve(joined, { a: 'mine' }).sections[0]!.text).toBe('mine');
  });
  it('asks where one removed what the other changed, and removes what only one removed', () => {
    const removed = remove(base, 'b');
    expect(ids(join(base, removed, base).rules)).toBe('a c');
    expect(ids(join(base, base, removed).rules)).toBe('a c');
    const clash = join(base, removed, patch(base, 'b', { text: 'x' }));
    expect(clash.clashes.length).toBe(1);
    expect(ids(resolve(clash, { b: 'mine' }))).toBe('a c');
    expect(ids(resolve(clash, { b: 'theirs' }))).toBe('a b c');
  });
  it('puts what is new of mine behind what it stood behind', () => {
    const { rules: mine } = insert(base, 'b');
    const theirs = move(base, 'a', 1);
    expect(ids(join(base, mine, theirs).rules)).toBe('b s1 a c');
  });
  it('is what they have where I changed nothing', () => {
    const theirs = remove(patch(base, 'c', { text: 'x' }), 'a');
    expect(join(base, base, theirs).rules.sections).toEqual(theirs.sections);
  });
});
