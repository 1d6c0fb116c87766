import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as merkle from '../src/lib/merkle';

const shared = process.env['TOKATSU_SHARED'];
const vectors = shared ? join(shared, 'data/merkle') : '';
const there = vectors !== '' && existsSync(vectors);

type Vector = Record<string, unknown> & { wantErr: boolean };

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}
// Sizes go up to 2^64: numbers too long for a double are read as texts.
const read = (path: string) =>
  JSON.parse(readFileSync(path, 'utf8').replace(/:\s*(\d{15,})/g, ': "$1"')) as Vector;
const whole = (v: Vector, key: string) => BigInt((v[key] as string | number | undefined) ?? 0);
const hash = (text: unknown) => merkle.fromBase64(typeof text === 'string' ? text : '') ?? new Uint8Array(0);
const proof = (v: Vector) => ((v['proof'] as string[] | null) ?? []).map(hash);

// A root in the vectors that is no hash ("don't care") stands for itself: its SHA-256, so that equal ones stay equal.
async function root(v: Vector, key: string): Promise<merkle.Hash> {
  const bytes = hash(v[key]);
  return bytes.length === 0 || bytes.length === 32 ? bytes : merkle.sha256(bytes);
}

async function check(kind: string, v: Vector): Promise<boolean> {
  switch (kind) {
    case 'inclusion':
      return merkle.checkInclusion(whole(v, 'leafIdx'), whole(v, 'treeSize'), hash(v['leafHash']), proof(v), await root(v, 'root'));
    case 'consistency':
      return merkle.checkConsistency(whole(v, 'size1'), whole(v, 'size2'), proof(v), await root(v, 'root1'), await root(v, 'root2'));
    case 'subtreeinclusion':
      return merkle.checkSubtreeInclusion(whole(v, 'leafIdx'), whole(v, 'start'), whole(v, 'end'), hash(v['leafHash']), proof(v), await root(v, 'root'));
    default:
      return merkle.checkSubtreeConsistency(whole(v, 'start'), whole(v, 'end'), whole(v, 'size'), proof(v), await root(v, 'root1'), await root(v, 'root2'));
  }
}

describe('the published vectors', () => {
  it.skipIf(!there)(`all 518 answer as labelled${there ? '' : ' (skipped: TOKATSU_SHARED/data/merkle is not there)'}`, async () => {
    let seen = 0;
    const wrong: string[] = [];
    for (const kind of ['inclusion', 'consistency', 'subtreeinclusion', 'subtreeconsistency'])
      for (const path of files(join(vectors, kind))) {
        const vector = read(path);
        seen++;
        if ((await check(kind, vector)) === vector.wantErr) wrong.push(path);
      }
    expect(wrong).toEqual([]);
    expect(seen).toBe(518);
  });
});

const text = (s: string) => new TextEncoder().encode(s);
const leaves = (n: number) => Promise.all(Array.from({ length: n }, (_, i) => merkle.leafHash(text(`leaf ${i}`))));

// The definition of RFC 6962, section 2.1, word by word.
async function byDefinition(hashes: merkle.Hash[]): Promise<merkle.Hash> {
  if (hashes.length === 0) return merkle.sha256(new Uint8Array(0));
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return merkle.nodeHash(await byDefinition(hashes.slice(0, k)), await byDefinition(hashes.slice(k)));
}

describe('the root of a log that comes in tiles', () => {
  it('is the one of the definition, at every size around a tile', async () => {
    const all = await leaves(600);
    for (const size of [0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 600]) {
      const range = new merkle.Range();
      for (let at = 0; at < size; at += merkle.TILE) await range.pushLeaves(all.slice(at, Math.min(at + merkle.TILE, size)));
      expect(range.size).toBe(size);
      expect(merkle.toBase64(await range.root())).toBe(merkle.toBase64(await byDefinition(all.slice(0, size))));
    }
  });
  it('a copy goes its own way', async () => {
    const all = await leaves(300);
    const range = new merkle.Range();
    await range.pushLeaves(all.slice(0, 256));
    const old = range.copy();
    await range.pushLeaves(all.slice(256));
    await old.pushLeaves(all.slice(256, 270));
    expect(await old.root()).toEqual(await byDefinition(all.slice(0, 270)));
    expect(await range.root()).toEqual(await byDefinition(all));
  });
});

describe('base64', () => {
  it('has one spelling for the same bytes', () => {
    expect(merkle.fromBase64('AA==')).toEqual(new Uint8Array([0]));
    for (const bad of ['AB==', 'AA', 'AA==\n', '*', ' AA==']) expect(merkle.fromBase64(bad)).toBeNull();
  });
});
