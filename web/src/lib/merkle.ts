// Merkle trees of RFC 6962 in the browser: hashing with Web Crypto, roots of logs that come in pieces, and checking
// proofs (RFC 9162, and subtrees as draft-ietf-plants-merkle-tree-certs has them). Nothing here believes a server.
//
// Roots are built from a compact range: the perfect subtrees that the leaves so far fall into, largest first.
//
//     11 leaves = [ 8 ][ 2 ][ 1 ]       root = node(8, node(2, 1))
//
// A log of a million leaves is never held: a tile of 256 leaves becomes one hash of level 8, and the range grows by that.

export type Hash = Uint8Array<ArrayBuffer>;

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Hash> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
export function leafHash(entry: Uint8Array): Promise<Hash> {
  const input = new Uint8Array(entry.length + 1);
  input.set(entry, 1); // behind the byte 0
  return sha256(input);
}
export function nodeHash(left: Hash, right: Hash): Promise<Hash> {
  const input = new Uint8Array(65);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 33);
  return sha256(input);
}
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
/** Strict: the text must be the one spelling of its bytes. Null: it is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return toBase64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}
export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

// ---- roots ----

export const TILE = 256;

/** Hashes one level up: pairs are joined; the number of hashes is even. */
async function joinPairs(hashes: Hash[]): Promise<Hash[]> {
  const up: Promise<Hash>[] = [];
  for (let i = 0; i + 1 < hashes.length; i += 2) up.push(nodeHash(hashes[i]!, hashes[i + 1]!));
  return Promise.all(up);
}

export class Range {
  private nodes: { level: number; hash: Hash }[] = [];
  size = 0;

  /** Appends a perfect subtree of 2^level leaves; the range must end where such a one may begin. */
  async push(hash: Hash, level: number): Promise<void> {
    let node = { level, hash };
    for (let last = this.nodes.at(-1); last?.level === node.level; last = this.nodes.at(-1)) {
      this.nodes.pop();
      node = { level: node.level + 1, hash: await nodeHash(last.hash, node.hash) };
    }
    this.nodes.push(node);
    this.size += 2 ** level;
  }
  /** Appends the leaves of one tile; a whole tile is joined first, all its nodes of a level at once. */
  async pushLeaves(leaves: Hash[]): Promise<void> {
    if (leaves.length !== TILE) {
      for (const leaf of leaves) await this.push(leaf, 0);
      return;
    }
    let level = 0;
    let row = leaves;
    for (; row.length > 1; level++) row = await joinPairs(row);
    await this.push(row[0]!, level);
  }
  copy(): Range {
    const twin = new Range();
    twin.nodes = [...this.nodes];
    twin.size = this.size;
    return twin;
  }
  async root(): Promise<Hash> {
    let root = this.nodes.at(-1)?.hash;
    if (!root) return sha256(new Uint8Array(0));
    for (const node of this.nodes.slice(0, -1).reverse()) root = await nodeHash(node.hash, root);
    return root;
  }
}

// ---- proofs ----

interface Cursor {
  first: bigint;
  last: bigint;
  edge: bigint;
}
function up(at: Cursor): void {
  at.first >>= 1n;
  at.last >>= 1n;
  at.edge >>= 1n;
}
/** Skips the levels for which the proof holds no hash: those where the subtree is whole. */
function start(begin: bigint, end: bigint, size: bigint): Cursor {
  const at = { first: begin, last: end - 1n, edge: size - 1n };
  if (at.last === at.edge) while (at.first !== at.last) up(at);
  else while (at.first !== at.last && (at.last & 1n) === 1n) up(at);
  return at;
}
/** [begin, end) is a subtree of `size` leaves with the root `part`: does the proof lead to `whole`? */
async function climb(begin: bigint, end: bigint, size: bigint, proof: Hash[], part: Hash, whole: Hash): Promise<boolean> {
  if ([part, whole, ...proof].some((hash) => hash.length !== 32)) return false;
  const at = start(begin, end, size);
  let [inner, outer] = [part, part];
  let next = 0;
  if (at.first !== at.last) {
    const seed = proof[next++];
    if (!seed) return false;
    [inner, outer] = [seed, seed];
  }
  for (; next < proof.length; next++, up(at)) {
    const hash = proof[next]!;
    if (at.edge === 0n) return false; // more hashes than lead to the root
    if ((at.last & 1n) === 0n && at.last !== at.edge) {
      outer = await nodeHash(outer, hash);
      continue;
    }
    if (at.first < at.last) inner = await nodeHash(hash, inner);
    outer = await nodeHash(hash, outer);
    while ((at.last & 1n) === 0n) up(at);
  }
  return at.edge === 0n && same(inner, part) && same(outer, whole);
}

export async function checkInclusion(index: bigint, size: bigint, leaf: Hash, proof: Hash[], root: Hash): Promise<boolean> {
  return index < size && climb(index, index + 1n, size, proof, leaf, root);
}
/** Every tree continues the empty one, which proves nothing: an old size of 0 is refused. */
export async function checkConsistency(oldSize: bigint, size: bigint, proof: Hash[], oldRoot: Hash, root: Hash): Promise<boolean> {
  return oldSize > 0n && oldSize <= size && climb(0n, oldSize, size, proof, oldRoot, root);
}
/** Whether [begin, end) is a subtree: its begin is a multiple of the smallest power of two that holds it. */
function isSubtree(begin: bigint, end: bigint): boolean {
  if (begin >= end) return false;
  let width = 1n;
  while (width < end - begin) width <<= 1n;
  return begin % width === 0n;
}
export async function checkSubtreeInclusion(index: bigint, begin: bigint, end: bigint, leaf: Hash, proof: Hash[], root: Hash): Promise<boolean> {
  if (!isSubtree(begin, end) || index < begin || index >= end) return false;
  return climb(index - begin, index - begin + 1n, end - begin, proof, leaf, root);
}
export async function checkSubtreeConsistency(begin: bigint, end: bigint, size: bigint, proof: Hash[], part: Hash, root: Hash): Promise<boolean> {
  if (begin === end && end <= size) return proof.length === 0 && same(part, await sha256(new Uint8Array(0)));
  return isSubtree(begin, end) && end <= size && climb(begin, end, size, proof, part, root);
}
