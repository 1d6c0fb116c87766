// What is down, as a tree that folds (WAI-ARIA tree): one tab stop, arrow keys, and only the rows in sight in the
// document. Rows are all of one height, so a frame draws some thirty of them, whether 50 facilities are down or 50,000.

import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { get } from '../lib/api';
import { number } from '../lib/i18n';
import { kindName } from '../lib/kinds';
import { Tree, type Row } from '../lib/tree';
import { largest } from '../lib/tiles';
import type { DownAnswer, DownNode } from '../lib/types';
import { inSight } from '../lib/virtual';
import { errorText } from '../lib/ui';
import { say } from '../words/down';
import { ErrorBox } from './ui';
import './down-tree.css';

const ROW_PX = 36;

function fetchLevel(group: string, offset: number, limit: number): Promise<DownAnswer> {
  const under = group === '' ? '' : `&under=${encodeURIComponent(group)}`;
  return get<DownAnswer>(`/api/v1/down?offset=${offset}&limit=${limit}${under}`);
}

function Line({ node }: { node: DownNode }) {
  return (
    <>
      <span class="down-name">
        {node.name} <span class="quiet">{kindName(node.kind)}</span>
      </span>
      {node.alarm && <span class="badge down-alarm">{say('alarm')}</span>}
      {node.more_causes > 0 && <span class="quiet down-more">{say('more', { n: number(node.more_causes) })}</span>}
      <span class="down-num quiet">{node.children > 0 ? say('below', { n: number(node.below - 1) }) : ''}</span>
      <span class="down-num">
        <b class="num">{say('users', { n: number(largest(node.users)) })}</b>
      </span>
    </>
  );
}

export default function DownTree({ pulse }: { pulse: string }) {
  const [, redraw] = useState(0);
  const id = useId();
  const [tree] = useState(() => new Tree<DownNode>(fetchLevel, () => redraw((n) => n + 1)));
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const [active, setActive] = useState(0);
  const total = tree.rows();
  const at = Math.min(active, Math.max(0, total - 1));
  const { first, last } = inSight(view.top, view.height, ROW_PX, total);

  const look = () => {
    const element = box.current;
    if (element) setView({ top: element.scrollTop, height: element.clientHeight });
  };
  useLayoutEffect(look, [total > 0]);
  useEffect(() => tree.stale(), [pulse]);
  // While the wheel turns nothing is fetched; what stays in sight for a moment is.
  useEffect(() => {
    const soon = setTimeout(() => tree.want(first, last), 30);
    return () => clearTimeout(soon);
  });

  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(total - 1, index));
    setActive(next);
    const element = box.current;
    if (!element) return;
    const top = next * ROW_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_PX > element.scrollTop + element.clientHeight) element.scrollTop = top + ROW_PX - element.clientHeight;
  };
  const toggle = (row: Row<DownNode>) => {
    if (!row.node) return;
    if (tree.isOpen(row.node.id)) tree.fold(row.node);
    else tree.unfold(row.node);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || total === 0) return;
    const row = tree.row(at);
    const page = Math.max(1, Math.floor(view.height / ROW_PX) - 1);
    const open = row.node ? tree.isOpen(row.node.id) : false;
    const acts: Record<string, () => void> = {
      ArrowDown: () => moveTo(at + 1),
      ArrowUp: () => moveTo(at - 1),
      PageDown: () => moveTo(at + page),
      PageUp: () => moveTo(at - page),
      Home: () => moveTo(0),
      End: () => moveTo(total - 1),
      ArrowRight: () => (open ? moveTo(at + 1) : row.node && tree.unfold(row.node)),
      ArrowLeft: () => (open ? tree.fold(row.node!) : row.parent >= 0 && moveTo(row.parent)),
      Enter: () => toggle(row),
      ' ': () => toggle(row),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const rowId = (index: number) => `${id}-${index}`;
  if (tree.error) return <ErrorBox text={errorText(tree.error)} onRetry={() => tree.stale()} />;
  if (tree.known && total === 0) return <p class="quiet">{say('none')}</p>;
  return (
    <div
      class="down-tree"
      role="tree"
      tabIndex={0}
      aria-label={say('title')}
      aria-activedescendant={at >= first && at < last && total > 0 ? rowId(at) : undefined}
      aria-busy={!tree.known}
      ref={box}
      onScroll={look}
      onKeyDown={onKey}
    >
      <div class="down-space" role="presentation" style={{ height: `${total * ROW_PX}px` }}>
        {Array.from({ length: last - first }, (_, i) => first + i).map((index) => {
          const row = tree.row(index);
          const folds = (row.node?.children ?? 0) > 0;
          const open = folds && tree.isOpen(row.node!.id);
          return (
            <div
              key={index}
              id={rowId(index)}
              class={`down-row${index === at ? ' active' : ''}`}
              role="treeitem"
              aria-level={row.level}
              aria-setsize={row.setSize}
              aria-posinset={row.position + 1}
              aria-expanded={folds ? open : undefined}
              aria-selected={index === at}
              data-facility={row.node?.id}
              style={{ transform: `translateY(${index * ROW_PX}px)`, paddingInlineStart: `${0.5 + (row.level - 1) * 1.25}rem` }}
              onClick={() => {
                setActive(index);
                toggle(row);
              }}
            >
              <span class={`down-fold${folds ? (open ? ' open' : ' closed') : ''}`} aria-hidden="true" />
              {row.node ? <Line node={row.node} /> : <span class="quiet">{say('waiting')}</span>}
            </div>
          );
        })}
      </div>
    </div>
  );
}
