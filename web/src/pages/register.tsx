// One register: its records with search, filters, saved views and columns. The list stays quick with 100,000 of them:
// rows in sight only, a page of the server at a time.

import { useEffect, useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import { listQuery } from '../lib/register-query';
import { columnsOf, learnTitles, recordPage, registerApi, registerPage, type Register, type RegisterRecord } from '../lib/registers';
import { query, setQuery } from '../lib/router';
import { now } from '../lib/store';
import { day } from '../lib/time';
import { useRegister } from '../lib/use-register';
import { tx } from '../lib/ui';
import { Day, When } from '../parts/date';
import { ColumnChoice, Filters, OWN_COLUMNS, SearchBox, Views } from '../parts/register-tools';
import { Downloads, PrintButton } from '../parts/save';
import { PAGE_ROWS, Table, useRows, type Column, type Order } from '../parts/table';
import { Empty, Trouble } from '../parts/ui';
import { Value } from '../parts/value';
import { say } from '../words/registers';
import type { PageProps } from './index';
import './registers.css';

const SEARCH_ROWS = 500; // a search gives its first ones, in one answer, without filters or order

const columnsKey = (register: string) => `tokatsu.columns.${register}`;
function keptColumns(register: Register): string[] {
  const standard = [...columnsOf(register).filter((f) => register.list.includes(f.id)).map((f) => f.id), 'id', 'review'];
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(columnsKey(register.id)) ?? 'null');
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === 'string') : standard;
  } catch {
    return standard;
  }
}

function Review({ record }: { record: RegisterRecord }) {
  if (!record.review_due) return null;
  const past = day(record.review_due) <= now.peek();
  return past ? (
    <span class="badge level-soon">
      <Day value={record.review_due} short /> {say('due.past')}
    </span>
  ) : (
    <Day value={record.review_due} short />
  );
}

function columns(register: Register, chosen: string[]): Column<RegisterRecord>[] {
  const listed = (id: string) => register.list.includes(id);
  const title = register.fields.find((f) => f.id === register.title);
  const first: Column<RegisterRecord> = {
    id: register.title,
    label: tx(title?.label) || register.title,
    share: 2.6,
    sortable: listed(register.title),
    cell: (r) => (
      <a href={recordPage(register.id, r.id)} data-step title={r.title.length > 24 ? r.title : undefined}>
        {r.title || r.id}
      </a>
    ),
  };
  const fields = columnsOf(register)
    .filter((f) => chosen.includes(f.id))
    .map((f): Column<RegisterRecord> => ({
      id: f.id,
      label: tx(f.label) + (f.unit ? `(${f.unit})` : ''),
      share: f.type === 'text' || f.type === 'ref' || f.type === 'date' || f.type === 'time' ? 1.6 : 1.1,
      num: f.type === 'integer' || f.type === 'number',
      sortable: listed(f.id),
      cell: (r) => <Value field={f.unit ? { ...f, unit: '' } : f} value={r.values[f.id]} plain />,
    }));
  const own: Record<(typeof OWN_COLUMNS)[number], Column<RegisterRecord>> = {
    id: { id: 'id', label: say('col.id'), share: 1.2, cell: (r) => <span class="quiet">{r.id}</span> },
    review: { id: 'review', label: say('col.review'), share: 1.9, cell: (r) => <Review record={r} /> },
    changed: { id: 'changed', label: say('col.changed'), share: 2.2, cell: (r) => <When value={r.at} /> },
  };
  return [first, ...fields, ...OWN_COLUMNS.filter((id) => chosen.includes(id)).map((id) => own[id])];
}

function Actions({ register }: { register: Register }) {
  const page = registerPage(register.id);
  const api = registerApi(register.id);
  return (
    <div class="actions">
      {register.may_write && (
        <>
          <a class="button" href={`${page}/+new`} data-action="add-record">
            {say('add')}
          </a>
          <a class="button secondary" href={`${page}/+import`} data-action="import">
            {say('import')}
          </a>
        </>
      )}
      <Downloads name={say('export', { name: tx(register.label) })} files={['csv', 'xlsx', 'json'].map((format) => ({ format, href: `${api}/export.${format}` }))} />
      <PrintButton />
    </div>
  );
}

function List({ register }: { register: Register }) {
  const [chosen, setChosen] = useState(() => keptColumns(register));
  const asked = listQuery(register, new URLSearchParams(query.value));
  const searching = asked.has('search');
  const question = asked.toString();
  const rows = useRows<RegisterRecord>(`${register.id}?${question}`, (limit, cursor) => {
    const page = new URLSearchParams(asked);
    page.set('limit', String(limit));
    if (cursor) page.set('cursor', cursor);
    return `${registerApi(register.id)}?${page}`;
  }, searching ? SEARCH_ROWS : PAGE_ROWS);
  const first = rows.row(0);
  useEffect(() => {
    if (first) learnTitles(register.id, [first]);
  }, [first]);
  const choose = (next: string[]) => {
    setChosen(next);
    try {
      localStorage.setItem(columnsKey(register.id), JSON.stringify(next));
    } catch {
      return;
    }
  };
  const by = asked.get('order');
  const order: Order | null = by ? { by, descending: asked.get('descending') === '1' } : null;
  const onOrder = (next: Order) => {
    const all = new URLSearchParams(query.value);
    all.set('order', next.by);
    if (next.descending) all.set('descending', '1');
    else all.delete('descending');
    setQuery(all);
  };
  const empty = rows.total === 0 && !rows.loading;
  return (
    <>
      {!(empty && question === '') && (
      <div class="register-tools no-print">
        <div class="row">
          <SearchBox />
          <Views register={register} />
          <ColumnChoice register={register} value={chosen} onChange={choose} />
        </div>
        {searching ? <p class="quiet">{say('search.first', { n: SEARCH_ROWS })}</p> : <Filters register={register} />}
      </div>
      )}
      <p class="register-total" role="status">
        {rows.total !== null && <b>{say('total', { n: number(rows.total) })}</b>}
      </p>
      {rows.error !== null && <Trouble error={rows.error} onRetry={rows.reload} />}
      {empty && question === '' && (
        <Empty title={say('empty.title')}>
          <p>{tx(register.purpose)}</p>
          <p>{say(register.may_write ? 'empty.how' : 'empty.read')}</p>
        </Empty>
      )}
      {empty && question !== '' && (
        <Empty title={say('none.title')}>
          <p>{say('none.how')}</p>
        </Empty>
      )}
      {!empty && (
        <Table label={tx(register.label)} columns={columns(register, chosen)} rows={rows} keyOf={(r) => r.id} order={order} {...(!searching && { onOrder })} />
      )}
    </>
  );
}

export default function RegisterPage({ params }: PageProps<'register'>) {
  const { register, missing, error, retry } = useRegister(params.register);
  return (
    <div class="page register">
      <p class="crumbs">
        <a href="/registers">{say('back')}</a>
      </p>
      <div class="page-head">
        <h1 tabIndex={-1}>{register ? tx(register.label) : say('title')}</h1>
        {register && <Actions register={register} />}
      </div>
      {error !== null && <Trouble error={error} onRetry={retry} />}
      {missing && <Empty title={say('all.missing', { name: params.register })} />}
      {register && <List key={register.id} register={register} />}
    </div>
  );
}
