// Long tables on the native element: only the rows in sight (and a few around) are in the document, and only their
// pages are fetched, so 100,000 records open as fast as a hundred. `aria-rowcount` and `aria-rowindex` tell a screen
// reader where it is. The price is one height for all rows: a cell that is too long is cut, and tells the rest in its title.

import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { get } from '../lib/api';
import { inSight, nearest, pagesFor } from '../lib/virtual';
import { t } from '../lib/ui';
import './table.css';

export const PAGE_ROWS = 100;

/** One answer of a list: `total` rows in all, `items` of the page asked for. */
export interface ListAnswer<T> {
  total: number;
  items: T[];
  next?: string | null;
}
export interface Rows<T> {
  /** Null before the first answer. */
  total: number | null;
  row: (index: number) => T | undefined;
  want: (from: number, to: number) => void;
  loading: boolean;
  error: unknown;
  reload: () => void;
}

const HOP_ROWS = 500; // the most a list gives at once

/**
 * The rows behind a list of the server, page by page. The server's cursors are places in its order, so a page is reached
 * from the nearest one before it that is known, in hops; what was passed is kept. `address(limit, cursor)` must be the
 * same text for the same question, and `pageRows` stays the same while the question does.
 */
export function useRows<T>(question: string, address: (limit: number, cursor: string | null) => string, pageRows = PAGE_ROWS): Rows<T> {
  const [, redraw] = useState(0);
  const kept = useRef({
    question: null as string | null,
    pages: new Map<number, T[]>(),
    before: new Map<number, T[]>(), // shown until the same page has been read again
    cursors: new Map<number, string | null>(), // of the page's first row
    wanted: [0],
    walking: false,
    total: null as number | null,
    error: null as unknown,
    round: 0,
  });
  const k = kept.current;
  const walk = async () => {
    if (k.walking) return;
    k.walking = true;
    const round = k.round;
    try {
      for (;;) {
        const target = k.wanted.find((page) => !k.pages.has(page));
        if (target === undefined) break;
        const from = nearest(k.cursors, target);
        if (from === null) break;
        const rows = target === from ? pageRows : Math.max(pageRows, HOP_ROWS);
        const answer = await get<ListAnswer<T>>(address(rows, k.cursors.get(from) ?? null));
        if (round !== k.round) return;
        const pages = Math.max(1, Math.ceil(answer.items.length / pageRows));
        for (let i = 0; i < pages; i++) k.pages.set(from + i, answer.items.slice(i * pageRows, (i + 1) * pageRows));
        if (answer.next) k.cursors.set(from + pages, answer.next);
        k.total = answer.total;
        redraw((n) => n + 1);
        if (!answer.next && !k.pages.has(target)) break; // the list has become shorter
      }
    } catch (error) {
      if (round === k.round) k.error = error;
    } finally {
      if (round === k.round) k.walking = false;
      redraw((n) => n + 1);
    }
  };
  const restart = () => {
    k.round++;
    k.walking = false;
    k.before = k.pages;
    k.pages = new Map();
    k.cursors.clear();
    k.cursors.set(0, null);
    k.wanted = [0];
    k.error = null;
    void walk();
  };
  useLayoutEffect(() => {
    if (k.question === question) return;
    k.question = question;
    k.total = null;
    k.pages.clear();
    restart();
  }, [question]);
  return {
    total: k.total,
    error: k.error,
    loading: k.walking,
    row: (index) => {
      const page = Math.floor(index / pageRows);
      return (k.pages.get(page) ?? k.before.get(page))?.[index % pageRows];
    },
    want: (from, to) => {
      if (k.total === null || k.error) return;
      k.wanted = pagesFor(from, Math.min(to, k.total), pageRows);
      void walk();
    },
    reload: () => {
      const wanted = k.wanted;
      restart();
      k.wanted = wanted;
    },
  };
}
/** Rows that are all here already. */
export function fixedRows<T>(items: T[]): Rows<T> {
  const nothing = () => undefined;
  return { total: items.length, row: (i) => items[i], want: nothing, loading: false, error: null, reload: nothing };
}

export interface Column<T> {
  id: string;
  label: string;
  /** Its share of the width, 1 by default; columns are at least 6 rem a share. */
  share?: number;
  num?: boolean;
  sortable?: boolean;
  cell: (row: T) => ComponentChildren;
}
export interface Order {
  by: string;
  descending: boolean;
}

interface HeadProps<T> {
  column: Column<T>;
  order: Order | null;
  onOrder: ((next: Order) => void) | undefined;
}
function Head<T>({ column, order, onOrder }: HeadProps<T>) {
  const mine = order?.by === column.id ? order : null;
  const sort = mine ? (mine.descending ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" class={column.num ? 'num' : undefined} aria-sort={column.sortable ? (sort ?? 'none') : undefined}>
      {column.sortable && onOrder ? (
        <button
          type="button"
          class={`order ${sort ?? ''}`}
          onClick={() => onOrder({ by: column.id, descending: mine ? !mine.descending : false })}
        >
          {column.label}
        </button>
      ) : (
        column.label
      )}
    </th>
  );
}

interface TableProps<T> {
  label: string;
  columns: Column<T>[];
  rows: Rows<T>;
  keyOf: (row: T) => string;
  order?: Order | null;
  onOrder?: (next: Order) => void;
  rowClass?: (row: T) => string;
}
/** Where the list was when the person left it, so that "back" returns to the same row. */
const places = new Map<string, number>();

export function Table<T>({ label, columns, rows, keyOf, order = null, onOrder, rowClass }: TableProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(40);
  const [view, setView] = useState({ top: 0, height: 800 });
  const total = rows.total ?? 0;
  const { first, last } = inSight(view.top, view.height, height, total);
  const look = () => {
    const element = box.current;
    if (!element) return;
    places.set(location.pathname, element.scrollTop);
    setView({ top: element.scrollTop, height: element.clientHeight });
  };
  useLayoutEffect(() => {
    const element = box.current;
    const row = element?.querySelector('tbody.rows tr');
    if (row) setHeight(row.getBoundingClientRect().height || 40);
    look();
  }, [total > 0, columns.length]);
  useEffect(() => {
    const element = box.current;
    if (!element || total === 0) return;
    const before = places.get(location.pathname);
    if (before && element.scrollTop === 0) element.scrollTop = before;
    const watch = new ResizeObserver(look);
    watch.observe(element);
    return () => watch.disconnect();
  }, [total > 0]);
  // While the wheel turns nothing is fetched; what stays in sight for a moment is.
  useEffect(() => {
    const soon = setTimeout(() => rows.want(first, last), 40);
    return () => clearTimeout(soon);
  });
  const shares = columns.reduce((sum, c) => sum + (c.share ?? 1), 0);
  return (
    <div class="grid" tabIndex={0} role="region" aria-label={label} ref={box} onScroll={look} aria-busy={rows.loading}>
      <table class="data" aria-rowcount={total + 1} style={{ minWidth: `${shares * 6}rem` }}>
        <colgroup>
          {columns.map((c) => (
            <col key={c.id} style={{ width: `${((c.share ?? 1) / shares) * 100}%` }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((c) => (
              <Head key={c.id} column={c} order={order} onOrder={onOrder} />
            ))}
          </tr>
        </thead>
        <Space rows={first} height={height} />
        <tbody class="rows">
          {Array.from({ length: last - first }, (_, i) => first + i).map((index) => {
            const row = rows.row(index);
            return (
              <tr key={row ? keyOf(row) : `#${index}`} aria-rowindex={index + 2} class={row && rowClass ? rowClass(row) : undefined}>
                {columns.map((c, at) => {
                  const cell = row ? c.cell(row) : at === 0 ? <span class="quiet">…</span> : null;
                  const title = typeof cell === 'string' && cell.length > 20 ? cell : undefined;
                  return at === 0 ? (
                    <th key={c.id} scope="row">
                      {cell}
                    </th>
                  ) : (
                    <td key={c.id} class={c.num ? 'num' : undefined} title={title}>
                      {cell}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
        <Space rows={total - last} height={height} />
      </table>
      {rows.total === null && !rows.error && <p class="loading waiting">{t('common.loading')}</p>}
    </div>
  );
}
function Space({ rows, height }: { rows: number; height: number }) {
  if (rows <= 0) return null;
  return (
    <tbody aria-hidden="true">
      <tr>
        <td class="space" style={{ height: `${rows * height}px` }} />
      </tr>
    </tbody>
  );
}
