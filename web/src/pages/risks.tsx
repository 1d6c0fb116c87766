// The risk register seen by the carrier's criteria: a map, a list, and the process of ISO 31000 with what is missing.

import { useState } from 'preact/hooks';
import { isOpen, matches, movement, type Criteria, type Filter, type Risk, type Risks } from '../lib/risks';
import { useResource } from '../lib/resource';
import { query, setQuery } from '../lib/router';
import { number } from '../lib/i18n';
import type { Text } from '../lib/types';
import { dateText, errorText, t, tx } from '../lib/ui';
import { day } from '../lib/time';
import { Day } from '../parts/date';
import { LevelMark, PositionMark } from '../parts/risk-level';
import { RiskMap, type Mode } from '../parts/risk-map';
import { Downloads, PrintButton } from '../parts/save';
import { fixedRows, Table, type Column } from '../parts/table';
import { Tabs } from '../parts/tabs';
import { Empty, ErrorBox, Field, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/risks';
import './risks.css';

const picked = (e: Event) => (e.target as HTMLSelectElement).value;
const TABS = ['map', 'list', 'process'] as const;
type Tab = (typeof TABS)[number];

// ---- summary ----

function Summary({ data }: { data: Risks }) {
  const { summary } = data;
  const figures = ['open', 'above', 'attention', 'overdue', 'worse', 'better'] as const;
  return (
    <dl class="risks-figures">
      {figures.map((id) => (
        <div key={id} class={summary[id] > 0 && (id === 'overdue' || id === 'worse') ? 'risks-figure alarm' : 'risks-figure'}>
          <dt>{say(`sum.${id}`)}</dt>
          <dd class="num">{number(summary[id])}</dd>
        </div>
      ))}
    </dl>
  );
}

// ---- map ----

function MapPanel({ data }: { data: Risks }) {
  const used = data.criteria.filter((c) => data.items.some((r) => isOpen(r) && r.criteria === c.id));
  const [mode, setMode] = useState<Mode>('now');
  const [one, setOne] = useState('');
  const [chosen, setChosen] = useState('');
  const newest = used[used.length - 1];
  const criteria = used.find((c) => c.id === chosen) ?? newest;
  if (!newest || !criteria) return <Empty title={say('empty')} />;
  const size = (c: Criteria) => `${c.family} ${c.matrix.likelihood.length}×${c.matrix.consequence.length}`;
  const alike = new Set(used.filter((c) => size(c) === size(newest)).map((c) => c.id));
  const on = (r: Risk) => (chosen === '' ? r.criteria !== null && alike.has(r.criteria) : r.criteria === criteria.id);
  const all = data.items.filter((r) => isOpen(r) && on(r));
  const shown = one ? all.filter((r) => r.id === one) : all;
  const unplaced = data.items.filter((r) => isOpen(r) && (!r.current?.level || !r.criteria));
  const modes: [Mode, string][] = [['now', say('mode.now')], ['plan', say('mode.plan')], ['since', say('mode.since', { date: dateText(day(data.since)) })]];
  return (
    <Panel title={criteria.name}>
      <div class="row no-print">
        {used.length > 1 && (
          <Field label={say('map.criteria')}>
            {(p) => (
              <select {...p} name="criteria" value={chosen} onChange={(e) => (setChosen(picked(e)), setOne(''))}>
                <option value="">{say('map.over', { name: newest.name })}</option>
                {used.map((c) => (
                  <option key={c.id} value={c.id}>
                    {c.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label={say('map.mode')}>
          {(p) => (
            <select {...p} name="mode" value={mode} onChange={(e) => setMode(picked(e) as Mode)}>
              {modes.map(([id, name]) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={say('map.one')}>
          {(p) => (
            <select {...p} name="one" value={one} onChange={(e) => setOne(picked(e))}>
              <option value="">{say('map.all')}</option>
              {all.map((r) => (
                <option key={r.id} value={r.id}>
                  {r.id} {r.title}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div class="risks-map">
        <RiskMap criteria={criteria} risks={shown} mode={mode} />
        <div>
          <h3>{say('map.legend')}</h3>
          <ul class="risks-legend">
            {[...criteria.matrix.levels].reverse().map((l) => (
              <li key={l.id}>
                <LevelMark level={l} />
                <span>{say(`appetite.${l.appetite}`)}</span>
              </li>
            ))}
          </ul>
          {unplaced.length > 0 && (
            <>
              <h3>{say('map.unplaced')}</h3>
              <ul>
                {unplaced.map((r) => (
                  <li key={r.id}>
                    <a href={`/risks/${encodeURIComponent(r.id)}`}>
                      {r.id} {r.title}
                    </a>
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      </div>
    </Panel>
  );
}

// ---- list ----

const columns = (): Column<Risk>[] => [
  {
    id: 'risk',
    label: say('col.risk'),
    share: 3,
    cell: (r) => (
      <a href={`/risks/${encodeURIComponent(r.id)}`} title={r.title}>
        {r.id} {r.title}
      </a>
    ),
  },
  { id: 'current', label: say('col.current'), share: 1.6, cell: (r) => <PositionMark position={r.current} /> },
  { id: 'inherent', label: say('col.inherent'), share: 1.6, cell: (r) => <PositionMark position={r.inherent} /> },
  { id: 'target', label: say('col.target'), share: 1.6, cell: (r) => <PositionMark position={r.target} /> },
  { id: 'move', label: say('col.move'), share: 1.1, cell: (r) => <span class={`risks-move ${movement(r)}`}>{say(`move.${movement(r)}`)}</span> },
  { id: 'owner', label: say('col.owner'), share: 1.6, cell: (r) => r.owner?.title ?? '—' },
  { id: 'treatment', label: say('col.treatment'), share: 0.9, cell: (r) => say.or(`treatment.${r.treatment ?? 'none'}`, r.treatment ?? '') },
  { id: 'review', label: say('col.review'), share: 1.3, cell: (r) => <Day value={r.review} short /> },
  { id: 'attention', label: say('col.attention'), share: 3, cell: (r) => r.attention.map((a) => tx(a)).join(' ') },
];

function ListPanel({ data }: { data: Risks }) {
  const [filter, setFilter] = useState<Filter>({ search: '', level: '', category: '', attention: false, closed: false });
  const levels = new Map(data.criteria.flatMap((c) => c.matrix.levels.map((l) => [l.id, tx(l.label)] as const)));
  const kinds = [...new Set(data.items.map((r) => r.category))];
  const shown = data.items.filter((r) => matches(r, filter));
  const set = (part: Partial<Filter>) => setFilter({ ...filter, ...part });
  const choice = (name: 'level' | 'category', label: string, options: [string, string][]) => (
    <Field label={label}>
      {(p) => (
        <select {...p} name={name} value={filter[name]} onChange={(e) => set({ [name]: picked(e) })}>
          <option value="">{say('filter.any')}</option>
          {options.map(([id, text]) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <Panel title={say('tab.list')} aside={<span class="quiet" role="status">{say('list.count', { n: number(shown.length) })}</span>}>
      <div class="row no-print">
        <Field label={say('filter.search')}>
          {(p) => <input {...p} type="search" name="search" value={filter.search} onInput={(e) => set({ search: (e.target as HTMLInputElement).value })} />}
        </Field>
        {choice('level', say('filter.level'), [...levels])}
        {choice('category', say('filter.category'), kinds.map((id) => [id, say.or(`category.${id}`, id)]))}
        {(['attention', 'closed'] as const).map((name) => (
          <label key={name} class="check risks-check">
            <input type="checkbox" name={name} checked={filter[name]} onChange={(e) => set({ [name]: (e.target as HTMLInputElement).checked })} />
            {say(`filter.${name}`)}
          </label>
        ))}
      </div>
      {shown.length === 0 ? <Empty title={say('list.none')} /> : <Table label={say('list')} columns={columns()} rows={fixedRows(shown)} keyOf={(r) => r.id} />}
    </Panel>
  );
}

// ---- process ----

interface Numbered extends Text {
  id: string;
  n: number;
}
interface Process {
  steps: { id: string; clause: string; name: Text; facts: Numbered[]; gaps: Numbered[] }[];
}
const PLACES: Record<string, string> = {
  scope: '/risk-criteria',
  identification: '/risk-sources',
  analysis: '/assurance',
  evaluation: '/risks?tab=list',
  treatment: '/registers/risk-acceptances',
  monitoring: '/registers/risk-indicators',
  communication: '/registers/risk-communications',
  recording: '/ledger',
};

function ProcessPanel() {
  const read = useResource<Process>('/api/v1/risks/process');
  return (
    <Panel title={say('tab.process')}>
      <p class="quiet">{say('process.lead')}</p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!read.value && read.error === null && <p class="loading">{t('common.loading')}</p>}
      <ol class="risks-steps">
        {read.value?.steps.map((step) => (
          <li key={step.id} class={step.gaps.length > 0 ? 'open' : ''} data-step={step.id}>
            <h3>
              {tx(step.name)} <span class="quiet">{say('process.clause', { n: step.clause })}</span>
            </h3>
            <dl class="risks-facts">
              {step.facts.map((f) => (
                <div key={f.id}>
                  <dt>{tx(f)}</dt>
                  <dd class="num">{number(f.n)}</dd>
                </div>
              ))}
            </dl>
            {step.gaps.length === 0 ? (
              <p class="quiet">{say('process.fine')}</p>
            ) : (
              <ul class="risks-gaps">
                {step.gaps.map((g) => (
                  <li key={g.id}>
                    {tx(g)} <b class="num">{number(g.n)}</b>
                  </li>
                ))}
              </ul>
            )}
            {PLACES[step.id] && (
              <a class="no-print" href={PLACES[step.id]!}>
                {say.or(`go.${step.id}`, step.id)}
              </a>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

// ---- the page ----

export default function RisksPage() {
  const read = useResource<Risks>('/api/v1/risks');
  const asked = new URLSearchParams(query.value).get('tab') as Tab | null;
  const tab: Tab = asked && TABS.includes(asked) ? asked : 'map';
  const data = read.value;
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <div class="actions no-print">
          <a class="button" href="/registers/risks/+new">
            {say('new')}
          </a>
          <a class="button secondary" href="/risk-criteria">
            {say('criteria')}
          </a>
          <a class="button secondary small" href="/api/v1/risks/report.pdf" download>
            {say('report')}
          </a>
          <Downloads name={say('export')} files={['xlsx', 'csv'].map((format) => ({ format, href: `/api/v1/risks/export.${format}` }))} />
          <PrintButton />
        </div>
      </div>
      <p class="quiet">{say('lead')}</p>
      {data?.synthetic && <Synthetic />}
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!data && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {data && data.refused.length > 0 && (
        <div class="notice notice-error" role="alert">
          <p>{say('refused')}</p>
          <ul>
            {data.refused.map((r) => (
              <li key={r.id}>
                <a href={`/registers/risk-matrices/${encodeURIComponent(r.id)}`}>{r.name}</a>: {tx(r.findings[0])}
              </li>
            ))}
          </ul>
        </div>
      )}
      {data && data.items.length > 0 && <Summary data={data} />}
      {data && (
        <Tabs
          label={say('tabs')}
          tabs={TABS.map((id) => ({ id, name: say(`tab.${id}`) }))}
          value={tab}
          onPick={(next) => setQuery(new URLSearchParams(next === 'map' ? {} : { tab: next }))}
        >
          {tab === 'process' ? (
            <ProcessPanel />
          ) : data.items.length === 0 ? (
            <Empty title={say('empty')}>
              <p>{say('empty.how')}</p>
            </Empty>
          ) : tab === 'map' ? (
            <MapPanel data={data} />
          ) : (
            <ListPanel data={data} />
          )}
        </Tabs>
      )}
    </div>
  );
}
