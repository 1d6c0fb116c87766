// What this browser has seen of a log, and what a visit proves. The judgement is a function of facts alone, so that each
// alarm is tested; fetching and hashing are the worker's.

import { same, toBase64, type Hash } from './merkle';
import type { Checkpoint } from './note';

export interface Seen {
  origin: string;
  size: number;
  root: string;
  at: string;
}

/** What was found out about the checkpoint that the server gave. */
export interface Facts {
  checkpoint: Checkpoint;
  /** The pinned key signed it: null where no key is pinned. */
  signed: boolean | null;
  /** The root over all entries as this browser computed it. */
  root: Hash;
  /** The root over the first `seen.size` entries, computed likewise; null: not that many, or nothing was seen before. */
  oldRoot: Hash | null;
  seen: Seen | null;
}

export type Trouble = 'signature' | 'root' | 'origin' | 'rollback' | 'fork';
export interface Judged {
  trouble: Trouble[];
  /** Whether the head continues the one that was seen; null: nothing was seen before. */
  continues: boolean | null;
  signed: boolean | null;
}

export function judge({ checkpoint, signed, root, oldRoot, seen }: Facts): Judged {
  const trouble: Trouble[] = [];
  if (signed === false) trouble.push('signature');
  if (!same(root, checkpoint.root)) trouble.push('root');
  let continues: boolean | null = null;
  if (seen) {
    const before = trouble.length;
    if (seen.origin !== checkpoint.origin) trouble.push('origin');
    else if (checkpoint.size < seen.size) trouble.push('rollback');
    else if (oldRoot === null || toBase64(oldRoot) !== seen.root) trouble.push('fork');
    continues = trouble.length === before;
  }
  return { trouble, continues, signed };
}

/** What to remember: only a head that nothing speaks against moves the memory forward. */
export function remember(facts: Facts, judged: Judged, now: string): Seen | null {
  if (judged.trouble.length > 0) return facts.seen;
  return { origin: facts.checkpoint.origin, size: facts.checkpoint.size, root: toBase64(facts.checkpoint.root), at: now };
}

// ---- what this browser keeps ----

const SEEN = 'tokatsu.ledger.seen';
const PINNED = 'tokatsu.ledger.key';

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function keep(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    return; // such a browser sees each log for the first time, and says so
  }
}
export function readSeen(text: string | null): Seen | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Partial<Seen> | null;
    const sound = typeof value?.origin === 'string' && Number.isSafeInteger(value.size) && typeof value.root === 'string';
    return sound ? ({ at: '', ...value } as Seen) : null;
  } catch {
    return null;
  }
}
export const seenBefore = () => readSeen(kept(SEEN));
export const keepSeen = (seen: Seen | null) => keep(SEEN, seen && JSON.stringify(seen));
export const pinnedKey = () => kept(PINNED);
export const pinKey = (text: string | null) => keep(PINNED, text);

// ---- entries ----

/** The name of the file with entries n·256 … : 1234067 is x001/x234/067. */
export function bundlePath(index: number, width: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/\d{3}/g) ?? [];
  const name = groups.map((group, i) => (i + 1 < groups.length ? `x${group}` : group)).join('/');
  return `entries/${name}${width < 256 ? `.p/${width}` : ''}`;
}
/** The entries of a bundle, each behind its length in 2 bytes; null: it is cut short. */
export function entriesOf(bundle: Uint8Array): Uint8Array[] | null {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length; ) {
    const length = bundle[at + 1] === undefined ? -1 : bundle[at]! * 256 + bundle[at + 1]!;
    if (length < 0 || at + 2 + length > bundle.length) return null;
    entries.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}
