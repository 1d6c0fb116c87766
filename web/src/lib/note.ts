// Signed notes (C2SP signed-note), checkpoints and their signatures, checked with Ed25519 of Web Crypto.
//
//     tokatsu/6f1c…            which log
//     1042                     how many leaves
//     CsUYapGGPo4dkMgIA…=      root
//                              the text ends with an empty line; it is what is signed
//     — tokatsu/6f1c… Az3grl…= name, base64(key id ‖ signature)

import { fromBase64, same, sha256, type Hash } from './merkle';

type Bytes = Uint8Array<ArrayBuffer>;
const utf8 = new TextEncoder();

/** A log's own key signs the text; a witness signs it together with the time. */
export const LOG_KEY = 1;
export const WITNESS_KEY = 4;

export interface Key {
  name: string;
  id: string;
  type: number;
  key: Bytes;
}
/** `name+id+base64`; null where a byte of it is wrong: the id is a hash of the rest. */
export async function readKey(text: string): Promise<Key | null> {
  const match = /^([^\s+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text.trim());
  const body = match ? fromBase64(match[3]!) : null;
  if (!match || body?.length !== 33 || (body[0] !== LOG_KEY && body[0] !== WITNESS_KEY)) return null;
  const name = utf8.encode(`${match[1]}\n`);
  const named = new Uint8Array(name.length + body.length);
  named.set(name);
  named.set(body, name.length);
  const id = hex((await sha256(named)).subarray(0, 4));
  return id === match[2] ? { name: match[1]!, id, type: body[0], key: body.slice(1) } : null;
}
const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

export interface Signature {
  name: string;
  id: string;
  bytes: Bytes;
}
export interface Checkpoint {
  origin: string;
  size: number;
  root: Hash;
  /** What is signed, with its last newline. */
  text: string;
  signatures: Signature[];
}
/** Null: it is no checkpoint, whoever signed it. */
export function readCheckpoint(note: string): Checkpoint | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, end + 1);
  const [origin, size, root] = text.split('\n');
  const hash = fromBase64(root ?? '');
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size ?? '') || hash?.length !== 32) return null;
  const signatures: Signature[] = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const match = /^— (\S+) (\S+)$/u.exec(line);
    const bytes = match ? fromBase64(match[2]!) : null;
    if (!match || !bytes || bytes.length < 5) return null;
    signatures.push({ name: match[1]!, id: hex(bytes.subarray(0, 4)), bytes: bytes.slice(4) });
  }
  return { origin, size: Number(size), root: hash, text, signatures };
}

async function ed25519(key: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', imported, signature, message);
}
/** Whether this browser can check Ed25519 at all (Chromium 137, Firefox 129, Safari 17 and later). */
export async function canCheck(): Promise<boolean> {
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32).fill(9), 'Ed25519', false, ['verify']);
    return true;
  } catch {
    return false;
  }
}

export type Signed = { by: 'log' } | { by: 'witness'; at: number } | null;
/** Whether the key signed the checkpoint; null: it did not, or what stands there is not by it. */
export async function signedBy(checkpoint: Checkpoint, key: Key): Promise<Signed> {
  for (const { name, id, bytes } of checkpoint.signatures) {
    if (name !== key.name || id !== key.id) continue;
    if (key.type === LOG_KEY && bytes.length === 64 && checkpoint.origin === key.name)
      return (await ed25519(key.key, bytes, utf8.encode(checkpoint.text))) ? { by: 'log' } : null;
    if (key.type === WITNESS_KEY && bytes.length === 72) {
      const at = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
      const message = utf8.encode(`cosignature/v1\ntime ${at}\n${checkpoint.text}`);
      return (await ed25519(key.key, bytes.slice(8), message)) ? { by: 'witness', at } : null;
    }
    return null;
  }
  return null;
}
export { same };
