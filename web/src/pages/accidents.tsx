import { useEffect, useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import { board } from '../lib/store';
import type { AccidentSummary } from '../lib/types';
import { durationText, errorText, fullWhen, t } from '../lib/ui';
import { DrillBadge } from '../parts/drill';
import { say as sayDrill } from '../words/drill';
import { NewAccident } from '../parts/new-accident';
import { Table, useRows, type Column } from '../parts/table';
import { Empty, ErrorBox, OutcomeBadge, Panel, StateBadge } from '../parts/ui';

const STATES = ['suspected', 'confirmed', 'recovered', 'closed'] as const;

const columns = (): Column<AccidentSummary>[] => [
  {
    id: 'title',
    label: t('accidents.col.title'),
    share: 3,
    cell: (a) => (
      <>
        <DrillBadge of={a} />{' '}
        <a href={`/accidents/${a.id}`} data-step title={a.title.length > 24 ? a.title : undefined}>
          {a.title}
        </a>
      </>
    ),
  },
  { id: 'id', label: t('accidents.col.id'), cell: (a) => a.id },
  { id: 'outcome', label: t('accidents.col.outcome'), share: 1.5, cell: (a) => <OutcomeBadge outcome={a.outcome} /> },
  { id: 'state', label: t('accidents.col.state'), cell: (a) => <StateBadge state={a.state} /> },
  { id: 'started', label: t('accidents.col.started'), share: 2.25, cell: (a) => fullWhen(a.started_at) },
  { id: 'duration', label: t('accidents.col.duration'), num: true, cell: (a) => durationText(a.duration_s) },
  { id: 'users', label: t('accidents.col.users'), num: true, cell: (a) => number(Math.max(0, ...a.services.map((s) => s.users))) },
];

export default function Accidents() {
  const [state, setState] = useState('');
  const [drills, setDrills] = useState(false);
  const [opening, setOpening] = useState(false);
  const question = `${state ? `&state=${state}` : ''}${drills ? '&drill=1' : ''}`;
  const rows = useRows<AccidentSummary>(question, (limit, cursor) => {
    return `/api/v1/accidents?limit=${limit}${question}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
  });
  // The list is read again when an accident appears, changes or leaves, not for every tick of the numbers.
  const pulse = board.value?.accidents.map((a) => `${a.id}:${a.version}`).join() ?? '';
  useEffect(() => {
    if (rows.total !== null) rows.reload();
  }, [pulse]);
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{t('accidents.title')}</h1>
        <button type="button" class="button" data-action="new" onClick={() => setOpening(true)}>
          {t('accidents.new')}
        </button>
      </div>
      <Panel
        title={rows.total === null ? t('common.loading') : t('accidents.total', { n: number(rows.total) })}
        aside={
          <span class="row-tools">
            <span class="switch" role="group" aria-label={sayDrill('list.label')}>
              {[false, true].map((d) => (
                <button key={String(d)} type="button" aria-pressed={drills === d} onClick={() => setDrills(d)}>
                  {sayDrill(d ? 'list' : 'real')}
                </button>
              ))}
            </span>
            <span class="switch" role="group" aria-label={t('accidents.filter')}>
              {['', ...STATES].map((s) => (
                <button key={s} type="button" aria-pressed={state === s} onClick={() => setState(s)}>
                  {s === '' ? t('common.all') : t(`state.${s as (typeof STATES)[number]}`)}
                </button>
              ))}
            </span>
          </span>
        }
      >
        {rows.error !== null && <ErrorBox text={errorText(rows.error)} onRetry={rows.reload} />}
        {rows.total === 0 && (
          <Empty title={drills ? sayDrill('empty') : t('accidents.empty')}>
            <p>{drills ? sayDrill('empty.how') : t('accidents.empty.how')}</p>
          </Empty>
        )}
        {(rows.total ?? 0) > 0 && <Table label={t('accidents.title')} columns={columns()} rows={rows} keyOf={(a) => a.id} />}
      </Panel>
      <p>
        <a href="/periodic">{t('periodic.title')}</a>
      </p>
      {opening && <NewAccident onClose={() => setOpening(false)} />}
    </div>
  );
}
