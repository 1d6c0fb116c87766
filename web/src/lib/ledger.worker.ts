// Recomputes the root of a whole log from its entries: fetch, hash, forget. A few bundles are on their way while one is
// hashed, so that neither the network nor the processor waits for the other. Stopped by ending the worker.

import { bundlePath, entriesOf } from './ledger';
import { leafHash, Range, TILE, type Hash } from './merkle';

export interface Task {
  size: number;
  /** Where to take a second root on the way; null: nowhere. */
  oldSize: number | null;
}
export type Answer =
  | { kind: 'progress'; done: number }
  | { kind: 'done'; root: Hash; oldRoot: Hash | null }
  | { kind: 'failed'; message: string };

const AHEAD = 6;

async function bundle(index: number, size: number): Promise<Uint8Array[]> {
  const width = Math.min(TILE, size - index * TILE);
  const response = await fetch(`/ledger/tile/${bundlePath(index, width)}`);
  if (!response.ok) throw new Error(`entries/${index}: ${response.status}`);
  const entries = entriesOf(new Uint8Array(await response.arrayBuffer()));
  if (entries?.length !== width) throw new Error(`entries/${index}: ${entries?.length ?? 0} of ${width}`);
  return entries;
}

async function run({ size, oldSize }: Task): Promise<void> {
  const range = new Range();
  let oldRoot: Hash | null = oldSize === 0 ? await range.root() : null;
  const tiles = Math.ceil(size / TILE);
  const coming: Promise<Uint8Array[]>[] = [];
  for (let index = 0; index < tiles; index++) {
    while (coming.length < AHEAD && index + coming.length < tiles) coming.push(bundle(index + coming.length, size));
    const leaves = await Promise.all((await coming.shift()!).map(leafHash));
    if (oldSize !== null && oldSize > range.size && oldSize <= range.size + leaves.length) {
      const old = range.copy();
      await old.pushLeaves(leaves.slice(0, oldSize - range.size));
      oldRoot = await old.root();
    }
    await range.pushLeaves(leaves);
    postMessage({ kind: 'progress', done: range.size } satisfies Answer);
  }
  postMessage({ kind: 'done', root: await range.root(), oldRoot } satisfies Answer);
}

addEventListener('message', (event: MessageEvent<Task>) => {
  run(event.data).catch((error: unknown) => postMessage({ kind: 'failed', message: String(error) } satisfies Answer));
});
