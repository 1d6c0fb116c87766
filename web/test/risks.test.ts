import { describe, expect, it } from 'vitest';
import { dotPlace, matches, movement, shortId, type Position, type Risk } from '../src/lib/risks';

const level = (rank: number) => ({ id: `l${rank}`, label: { ja: '', en: '' }, rank, colour: '#000000', symbol: '', appetite: 'take' as const });
const at = (likelihood: number, consequence: number, rank: number): Position => ({ likelihood, consequence, level: level(rank) });
const risk = (more: Partial<Risk>): Risk =>
  ({ id: 'RSK-0007', title: '停電', status: 'watched', category: 'disaster', owner: null, attention: [], before: null, current: null, source: null, event: null, ...more }) as Risk;

describe('movement', () => {
  it('goes by the level first and by the steps within it', () => {
    expect(movement(risk({ before: at(2, 2, 1), current: at(3, 3, 2) }))).toBe('worse');
    expect(movement(risk({ before: at(3, 3, 2), current: at(2, 3, 2) }))).toBe('better');
    expect(movement(risk({ before: at(4, 2, 2), current: at(2, 2, 3) }))).toBe('worse');
    expect(movement(risk({ before: at(2, 2, 1), current: at(2, 2, 1) }))).toBe('same');
    expect(movement(risk({ before: at(2, 4, 2), current: at(2, 4, 3) }))).toBe('criteria');
  });
  it('is new without a before, and unknown without a now', () => {
    expect(movement(risk({ current: at(1, 1, 1) }))).toBe('new');
    expect(movement(risk({ before: at(1, 1, 1) }))).toBe('unknown');
  });
});

describe('the map', () => {
  it('puts each dot of a cell in a place of its own, inside the cell', () => {
    for (let count = 1; count <= 9; count++) {
      const places = Array.from({ length: count }, (_, n) => dotPlace(n, count));
      expect(new Set(places.map((p) => `${p.x},${p.y}`)).size).toBe(count);
      for (const p of places) expect(Math.max(Math.abs(p.x), Math.abs(p.y))).toBeLessThan(0.5);
    }
  });
  it('shortens a number and nothing else', () => {
    expect(shortId('RSK-0012')).toBe('12');
    expect(shortId('RSK-0000')).toBe('0');
    expect(shortId('power')).toBe('power');
  });
});

describe('the filter', () => {
  const all = { search: '', level: '', category: '', attention: false, closed: false };
  it('leaves closed risks out until they are asked for', () => {
    expect(matches(risk({ status: 'closed' }), all)).toBe(false);
    expect(matches(risk({ status: 'closed' }), { ...all, closed: true })).toBe(true);
  });
  it('asks everything that is set', () => {
    const one = risk({ current: at(1, 1, 2), attention: [{ code: 'x', ja: '', en: '' }] });
    expect(matches(one, { ...all, search: '停電', level: 'l2', category: 'disaster', attention: true })).toBe(true);
    expect(matches(one, { ...all, level: 'l1' })).toBe(false);
    expect(matches(one, { ...all, search: 'ない' })).toBe(false);
  });
});
