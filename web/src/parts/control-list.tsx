// The list of controls: 1,200 and more open at once, because only the rows in sight are drawn.

import { useEffect, useMemo, useRef } from 'preact/hooks';
import { number } from '../lib/i18n';
import { chosen, keyOf, STATES, type Controls, type Item, type Wanted } from '../lib/controls';
import { lang } from '../lib/store';
import { tx } from '../lib/ui';
import { say } from '../words/controls';
import { EvidenceMark, Rests, StateMark } from './control-bits';
import { fixedRows, Table, type Column } from './table';
import { Empty, Field } from './ui';

const typed = (e: Event) => (e.target as HTMLInputElement).value;
const title = (item: Item) => (lang.value === 'en' ? (item.en ?? item.ja) : item.ja);

function columns(open: (item: Item) => void, several: boolean, picked: string | null): Column<Item>[] {
  return [
    {
      id: 'id',
      label: say('col.id'),
      share: several ? 2 : 1.4,
      cell: (item) =>
        item.state ? (
          <button type="button" class="controls-open" data-control={keyOf(item)} aria-current={picked === keyOf(item) ? 'true' : undefined} onClick={() => open(item)}>
            {item.id}
            {several && <span class="quiet"> {item.framework}</span>}
          </button>
        ) : (
          <b>{item.id}</b>
        ),
    },
    { id: 'title', label: say('col.title'), share: 3.4, cell: (item) => (item.state ? `${title(item)}${item.verified ? '' : ' *'}` : <b>{title(item)}</b>) },
    { id: 'state', label: say('col.state'), share: 1.2, cell: (item) => item.state && <StateMark state={item.state} /> },
    { id: 'evidence', label: say('col.evidence'), share: 1.5, cell: (item) => item.state && item.state !== 'open' && item.state !== 'not-applicable' && <EvidenceMark state={item.evidence ?? 'none'} /> },
    { id: 'via', label: say('col.via'), share: 2.2, cell: (item) => <Rests item={item} /> },
    {
      id: 'attention',
      label: say('col.attention'),
      share: 1,
      cell: (item) =>
        item.attention && (
          <span class="badge level-soon" title={item.attention.join(', ')}>
            {say('list.only.attention')}
          </span>
        ),
    },
  ];
}

interface FilterProps {
  controls: Controls | null;
  wanted: Wanted;
  shown: number;
  onWant: (part: Partial<Wanted>) => void;
}
function Filters({ controls, wanted, shown, onWant }: FilterProps) {
  return (
    <form class="row controls-filter no-print" role="search" aria-label={say('list.filter')} onSubmit={(e) => e.preventDefault()}>
      <Field label={say('list.text')}>
        {(p) => <input {...p} type="search" name="text" value={wanted.text} onInput={(e) => onWant({ text: typed(e) })} />}
      </Field>
      <Field label={say('list.framework')}>
        {(p) => (
          <select {...p} name="framework" value={wanted.framework} onChange={(e) => onWant({ framework: typed(e) })}>
            <option value="">{say('list.all')}</option>
            {controls?.frameworks.map((one) => (
              <option key={one.id} value={one.id}>
                {tx(one.title)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={say('list.only')}>
        {(p) => (
          <select {...p} name="only" value={wanted.only} onChange={(e) => onWant({ only: typed(e) })}>
            <option value="">{say('list.all')}</option>
            {STATES.map((state) => (
              <option key={state} value={state}>
                {say(`state.${state}`)}
              </option>
            ))}
            {(['attention', 'expired', 'carried', 'unverified'] as const).map((only) => (
              <option key={only} value={only}>
                {say(`list.only.${only}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <p class="quiet controls-shown" role="status">
        {say('list.shown', { n: number(shown) })}
      </p>
    </form>
  );
}

interface ListProps {
  items: Item[] | null;
  controls: Controls | null;
  wanted: Wanted;
  picked: string | null;
  onWant: (part: Partial<Wanted>) => void;
  onOpen: (item: Item) => void;
}
export function ControlList({ items, controls, wanted, picked, onWant, onOpen }: ListProps) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => (items ? chosen(items, wanted) : null), [items, wanted.framework, wanted.text, wanted.only]);
  const shown = rows?.filter((item) => item.state).length ?? 0;
  const opened = useRef<string | null>(null);
  useEffect(() => {
    // Where the panel was closed, the row that had opened it takes the keys again.
    if (picked === null && opened.current) box.current?.querySelector<HTMLElement>(`[data-control="${CSS.escape(opened.current)}"]`)?.focus();
    opened.current = picked;
  }, [picked]);
  const step = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const from = (event.target as HTMLElement).closest<HTMLElement>('[data-control]');
    if (!by || !from) return;
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[data-control]') ?? [])];
    const next = all[all.indexOf(from) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div class="controls-list" ref={box} onKeyDown={step}>
      <Filters controls={controls} wanted={wanted} shown={shown} onWant={onWant} />
      {rows && rows.length === 0 ? (
        <Empty title={say('list.none')}>
          <p>{say('list.none.how')}</p>
        </Empty>
      ) : (
        rows && <Table label={say('tab.list')} columns={columns(onOpen, !wanted.framework, picked)} rows={fixedRows(rows)} keyOf={keyOf} rowClass={(item) => (picked === keyOf(item) ? 'controls-picked' : item.state ? '' : 'controls-chapter')} />
      )}
      <p class="quiet no-print">{say('list.help')}</p>
    </div>
  );
}
