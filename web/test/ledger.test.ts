import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bundlePath, entriesOf, judge, readSeen, remember, type Facts } from '../src/lib/ledger';
import { sha256, toBase64 } from '../src/lib/merkle';
import { canCheck, readCheckpoint, readKey, signedBy } from '../src/lib/note';

const text = (s: string) => new TextEncoder().encode(s);

async function keyPair(name: string, type: number) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const id = (await sha256(new Uint8Array([...text(`${name}\n`), type, ...raw]))).subarray(0, 4);
  const hex = Array.from(id, (b) => b.toString(16).padStart(2, '0')).join('');
  return { id, privateKey, verifier: `${name}+${hex}+${toBase64(new Uint8Array([type, ...raw]))}` };
}
async function checkpoint(origin: string, size: number, seed = 'root') {
  return `${origin}\n${size}\n${toBase64(await sha256(text(seed)))}\n`;
}
const line = (name: string, id: Uint8Array, bytes: Uint8Array) => `— ${name} ${toBase64(new Uint8Array([...id, ...bytes]))}\n`;

describe('a checkpoint', () => {
  it('is believed when the pinned key signed exactly this text', async () => {
    expect(await canCheck()).toBe(true);
    const key = await keyPair('tokatsu/a', 1);
    const body = await checkpoint('tokatsu/a', 7);
    const note = `${body}\n${line('tokatsu/a', key.id, sign(null, text(body), key.privateKey))}`;
    const pinned = (await readKey(key.verifier))!;
    expect(await signedBy(readCheckpoint(note)!, pinned)).toEqual({ by: 'log' });
    const altered = note.replace('\n7\n', '\n8\n');
    expect(await signedBy(readCheckpoint(altered)!, pinned)).toBeNull();
    const other = (await readKey((await keyPair('tokatsu/a', 1)).verifier))!;
    expect(await signedBy(readCheckpoint(note)!, other)).toBeNull();
  });
  it('carries the time of a witness', async () => {
    const witness = await keyPair('witness.example', 4);
    const body = await checkpoint('tokatsu/a', 7);
    const at = new Uint8Array(8);
    new DataView(at.buffer).setBigUint64(0, 1_790_000_000n);
    const signature = sign(null, text(`cosignature/v1\ntime 1790000000\n${body}`), witness.privateKey);
    const note = `${body}\n${line('witness.example', witness.id, new Uint8Array([...at, ...signature]))}`;
    expect(await signedBy(readCheckpoint(note)!, (await readKey(witness.verifier))!)).toEqual({ by: 'witness', at: 1_790_000_000 });
  });
  it('is refused where its form is not the form', async () => {
    const body = await checkpoint('tokatsu/a', 7);
    for (const bad of ['', body, `${body}\n`, `${body.replace('\n7\n', '\n07\n')}\n— a AAAAAAA=\n`, `${body}\nx\n`])
      expect(readCheckpoint(bad)).toBeNull();
  });
});

describe('a key', () => {
  it('whose id is not the hash of the rest is none', async () => {
    const { verifier } = await keyPair('tokatsu/a', 1);
    expect(await readKey(verifier)).not.toBeNull();
    expect(await readKey(`${verifier}\n`)).not.toBeNull();
    expect(await readKey(verifier.replace('tokatsu/a', 'tokatsu/b'))).toBeNull();
    expect(await readKey(verifier.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toBeNull();
    expect(await readKey('rubbish')).toBeNull();
  });
});

async function facts(change: Partial<Facts> = {}): Promise<Facts> {
  const note = readCheckpoint(`${await checkpoint('tokatsu/a', 9)}\n— tokatsu/a AAAAAAA=\n`)!;
  const old = await sha256(text('old'));
  return {
    checkpoint: note,
    signed: true,
    root: note.root,
    oldRoot: old,
    seen: { origin: 'tokatsu/a', size: 4, root: toBase64(old), at: '2026-11-23T10:00:00+09:00' },
    ...change,
  };
}

describe('what a visit proves', () => {
  const now = '2026-11-24T10:00:00+09:00';
  it('a head that continues the one seen before moves the memory forward', async () => {
    const all = await facts();
    const judged = judge(all);
    expect(judged).toEqual({ trouble: [], continues: true, signed: true });
    expect(remember(all, judged, now)).toEqual({ origin: 'tokatsu/a', size: 9, root: toBase64(all.root), at: now });
  });
  it.each([
    ['signature', { signed: false }],
    ['root', { root: new Uint8Array(32) }],
    ['fork', { oldRoot: new Uint8Array(32) }],
    ['rollback', { seen: { origin: 'tokatsu/a', size: 10, root: 'x', at: '' }, oldRoot: null }],
    ['origin', { seen: { origin: 'tokatsu/b', size: 4, root: 'x', at: '' } }],
  ] as [string, Partial<Facts>][])('%s is an alarm, and nothing is remembered', async (trouble, change) => {
    const all = await facts(change);
    const judged = judge(all);
    expect(judged.trouble).toEqual([trouble]);
    expect(remember(all, judged, now)).toBe(all.seen);
  });
  it('the same size with another root is a fork', async () => {
    const all = await facts({ seen: { origin: 'tokatsu/a', size: 9, root: toBase64(new Uint8Array(32)), at: '' } });
    expect(judge({ ...all, oldRoot: all.root }).trouble).toEqual(['fork']);
  });
  it('a first visit without a key says that neither was checked', async () => {
    expect(judge(await facts({ seen: null, oldRoot: null, signed: null }))).toEqual({ trouble: [], continues: null, signed: null });
  });
  it('a memory that cannot be read is none', () => {
    for (const bad of [null, '', '{', 'null', '{"origin":"a"}', '{"origin":"a","size":1.5,"root":"x"}']) expect(readSeen(bad)).toBeNull();
  });
});

describe('bundles of entries', () => {
  it('are named in groups of three digits', () => {
    expect(bundlePath(0, 256)).toBe('entries/000');
    expect(bundlePath(5, 12)).toBe('entries/005.p/12');
    expect(bundlePath(1234067, 256)).toBe('entries/x001/x234/067');
    expect(bundlePath(1000, 1)).toBe('entries/x001/000.p/1');
  });
  it('that are cut short are refused', () => {
    expect(entriesOf(new Uint8Array([0, 2, 65, 66, 0, 0]))?.map((e) => e.length)).toEqual([2, 0]);
    expect(entriesOf(new Uint8Array([0, 2, 65]))).toBeNull();
    expect(entriesOf(new Uint8Array([0]))).toBeNull();
  });
});
