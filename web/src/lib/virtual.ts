// Which rows of a long table are drawn, and which pages of the server they are on.

const AROUND = 10; // rows above and below the window, for the keyboard and the wheel

export function inSight(topPx: number, heightPx: number, rowPx: number, total: number): { first: number; last: number } {
  const first = Math.max(0, Math.min(total, Math.floor(topPx / rowPx)) - AROUND);
  const last = Math.min(total, Math.ceil((topPx + heightPx) / rowPx) + AROUND);
  return { first: Math.min(first, last), last };
}
/** Pages that hold the rows from `from` to before `to`. */
export function pagesFor(from: number, to: number, size: number): number[] {
  if (to <= from) return [];
  const [first, last] = [Math.floor(from / size), Math.floor((to - 1) / size)];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
/** The last page at or before `target` whose cursor is known; null: none. */
export function nearest(cursors: ReadonlyMap<number, unknown>, target: number): number | null {
  let best: number | null = null;
  for (const page of cursors.keys()) if (page <= target && (best === null || page > best)) best = page;
  return best;
}
