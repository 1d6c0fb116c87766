// What somebody typed and did not save is kept in this browser, one draft a form, and comes back with a word about it.
// Kept for two weeks, each account's apart, and forgotten at signing out; a form on a record says at which version it was
// begun, so that an old draft is not laid over newer values. What is sealed by law is never kept: `keep` takes it out.

import { useCallback, useRef, useState } from 'preact/hooks';
import { session } from './session';

const KEEP_MS = 14 * 86400_000;
const prefix = 'tokatsu.draft.';

export interface Kept<T> {
  at: number;
  version: string;
  value: T;
}
/** The draft in a stored text; null: none, too old, of another version, or not readable. */
export function readDraft<T>(text: string | null, version: string, nowMs: number): Kept<T> | null {
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Kept<T>;
    const usable = kept !== null && typeof kept.at === 'number' && nowMs - kept.at < KEEP_MS && kept.version === version;
    return usable ? kept : null;
  } catch {
    return null;
  }
}
const own = (key: string) => `${prefix}${session.peek()?.account ?? ''}.${key}`;
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    return;
  }
}
function stored(key: string): string | null {
  try {
    return localStorage.getItem(own(key));
  } catch {
    return null;
  }
}
function store(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(own(key));
    else localStorage.setItem(own(key), text);
  } catch {
    return; // a browser that keeps nothing still has a working form
  }
}

export interface Draft<T> {
  value: T;
  set: (next: T) => void;
  /** When the restored draft was typed; null: the form began with `initial`. */
  restoredAt: number | null;
  /** Forgets the draft and begins again with `initial`. */
  drop: () => void;
  /** Forgets the draft and keeps what is shown: after saving. */
  done: () => void;
}
export function useDraft<T>(key: string, initial: T, version = '', keep: (value: T) => T = (value) => value): Draft<T> {
  const first = useRef<Kept<T> | null | undefined>(undefined);
  if (first.current === undefined) first.current = readDraft<T>(stored(key), version, Date.now());
  const [value, setValue] = useState<T>(first.current?.value ?? initial);
  const [restoredAt, setRestoredAt] = useState(first.current?.at ?? null);
  const set = useCallback(
    (next: T) => {
      setValue(next);
      store(key, JSON.stringify({ at: Date.now(), version, value: keep(next) } satisfies Kept<T>));
    },
    [key, version],
  );
  const done = useCallback(() => {
    store(key, null);
    setRestoredAt(null);
  }, [key]);
  const drop = () => {
    done();
    setValue(initial);
  };
  return { value, set, restoredAt, drop, done };
}
