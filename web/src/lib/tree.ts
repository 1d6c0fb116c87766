// A tree that unfolds a level at a time, as one long list of rows of which only those in sight exist.
//
//   group ''     A  B  C        every group is what hangs directly on one node, in the server's order;
//   group B         D  E        it is known a page at a time, and only where somebody looked.
//   rows         A B D E C      with B open: positions are counted, not stored, so 500,000 rows cost nothing.

import { pagesFor } from './virtual';

export interface TreeNode {
  id: string;
  children: number;
}
export interface Row<T> {
  group: string;
  position: number;
  level: number;
  setSize: number;
  /** The row it hangs on; -1 for a root. */
  parent: number;
  node: T | undefined;
}
interface Group<T> {
  total: number;
  pages: Map<number, T[]>;
  asked: Set<number>;
}
type Fetch<T> = (group: string, offset: number, limit: number) => Promise<{ total: number; items: T[] }>;

export const TREE_PAGE = 100;

export class Tree<T extends TreeNode> {
  private groups = new Map<string, Group<T>>();
  private open = new Set<string>();
  private round = 0;
  error: unknown = null;

  constructor(
    private fetch: Fetch<T>,
    private changed: () => void,
  ) {}

  isOpen(id: string): boolean {
    return this.open.has(id);
  }
  /** True where the first answer has come. */
  get known(): boolean {
    return this.groups.get('')?.pages.has(0) ?? false;
  }
  private group(name: string): Group<T> {
    let found = this.groups.get(name);
    if (!found) {
      found = { total: 0, pages: new Map(), asked: new Set() };
      this.groups.set(name, found);
    }
    return found;
  }
  private nodeAt(group: Group<T>, position: number): T | undefined {
    return group.pages.get(Math.floor(position / TREE_PAGE))?.[position % TREE_PAGE];
  }
  /** Open nodes of a group, by position. */
  private openIn(name: string): { position: number; node: T }[] {
    const found: { position: number; node: T }[] = [];
    if (this.open.size === 0) return found;
    const group = this.groups.get(name);
    for (const page of [...(group?.pages.keys() ?? [])].sort((a, b) => a - b))
      group!.pages.get(page)!.forEach((node, i) => {
        if (node.children > 0 && this.open.has(node.id)) found.push({ position: page * TREE_PAGE + i, node });
      });
    return found;
  }
  rows(name = ''): number {
    const own = this.groups.get(name)?.total ?? 0;
    return this.openIn(name).reduce((sum, { node }) => sum + this.rows(node.id), own);
  }
  row(index: number, name = '', level = 1, parent = -1, before = 0): Row<T> {
    const group = this.group(name);
    let first = 0;
    let rest = index;
    for (const { position, node } of this.openIn(name)) {
      const run = position - first + 1;
      if (rest < run) break;
      rest -= run;
      before += run;
      const inside = this.rows(node.id);
      if (rest < inside) return this.row(rest, node.id, level + 1, before - 1, before);
      rest -= inside;
      before += inside;
      first = position + 1;
    }
    const position = first + rest;
    return { group: name, position, level, setSize: group.total, parent, node: this.nodeAt(group, position) };
  }

  private ask(name: string, page: number): void {
    const group = this.group(name);
    if (group.asked.has(page)) return;
    group.asked.add(page);
    const round = this.round;
    this.fetch(name, page * TREE_PAGE, TREE_PAGE).then(
      (answer) => {
        if (round !== this.round) return;
        this.error = null;
        if (answer.total !== group.total)
          for (const stale of [...group.pages.keys()]) if (stale * TREE_PAGE >= answer.total) group.pages.delete(stale);
        group.total = answer.total;
        group.pages.set(page, answer.items);
        this.changed();
      },
      (error: unknown) => {
        if (round !== this.round) return;
        group.asked.delete(page);
        this.error = error;
        this.changed();
      },
    );
  }
  /** Fetches what the rows from `from` to before `to` need. */
  want(from: number, to: number): void {
    if (!this.known) return this.ask('', 0);
    const needed = new Map<string, { low: number; high: number }>();
    for (let i = from; i < Math.min(to, this.rows()); i++) {
      const { group, position } = this.row(i);
      const span = needed.get(group);
      needed.set(group, { low: Math.min(span?.low ?? position, position), high: Math.max(span?.high ?? position, position) });
    }
    for (const [name, { low, high }] of needed) for (const page of pagesFor(low, high + 1, TREE_PAGE)) this.ask(name, page);
  }
  unfold(node: T): void {
    if (node.children === 0 || this.open.has(node.id)) return;
    this.open.add(node.id);
    this.group(node.id).total ||= node.children;
    this.ask(node.id, 0);
    this.changed();
  }
  fold(node: T): void {
    if (this.open.delete(node.id)) this.changed();
  }
  /** What is shown may be old: everything in sight is asked again, and shown until the answer has come. */
  stale(): void {
    this.round++;
    for (const group of this.groups.values()) group.asked.clear();
    this.changed();
  }
}
