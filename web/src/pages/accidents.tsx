import { useEffect, useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import { useResource } from '../lib/resource';
import { board } from '../lib/store';
import type { AccidentSummary } from '../lib/types';
import { durationText, errorText, fullWhen, t } from '../lib/ui';
import { DrillBadge } from '../parts/drill';
import { say as sayDrill } from '../words/drill';
import { NewAccident } from '../parts/new-accident';
import { Empty, ErrorBox, OutcomeBadge, Panel, StateBadge } from '../parts/ui';

const STATES = ['suspected', 'confirmed', 'recovered', 'closed'] as const;
const STEP = 50;

function Table({ items }: { items: AccidentSummary[] }) {
  return (
    <div class="scroll tall" tabIndex={0} role="region" aria-label={t('accidents.title')}>
      <table class="data wide">
        <thead>
          <tr>
            <th scope="col">{t('accidents.col.title')}</th>
            <th scope="col">{t('accidents.col.outcome')}</th>
            <th scope="col">{t('accidents.col.state')}</th>
            <th scope="col">{t('accidents.col.started')}</th>
            <th scope="col" class="num">
              {t('accidents.col.duration')}
            </th>
            <th scope="col" class="num">
              {t('accidents.col.users')}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((a) => (
            <tr key={a.id}>
              <th scope="row">
                <DrillBadge of={a} />{' '}
                <a href={`/accidents/${a.id}`} data-step>
                  {a.title}
                </a>
                <small>{a.id}</small>
              </th>
              <td>
                <OutcomeBadge outcome={a.outcome} />
              </td>
              <td>
                <StateBadge state={a.state} />
              </td>
              <td class="nowrap">{fullWhen(a.started_at)}</td>
              <td class="num">{durationText(a.duration_s)}</td>
              <td class="num">{number(Math.max(0, ...a.services.map((s) => s.users)))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
export default function Accidents() {
  const [state, setState] = useState('');
  const [drills, setDrills] = useState(false);
  const [limit, setLimit] = useState(STEP);
  const [opening, setOpening] = useState(false);
  const read = useResource<{ total: number; items: AccidentSummary[] }>(
    `/api/v1/accidents?limit=${limit}${state ? `&state=${state}` : ''}${drills ? '&drill=1' : ''}`,
  );
  // The list is read again when an accident appears, changes or leaves, not for every tick of the numbers.
  const pulse = board.value?.accidents.map((a) => `${a.id}:${a.version}`).join() ?? '';
  useEffect(() => {
    if (read.value) read.reload();
  }, [pulse]);
  const data = read.value;
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{t('accidents.title')}</h1>
        <button type="button" class="button" data-action="new" onClick={() => setOpening(true)}>
          {t('accidents.new')}
        </button>
      </div>
      <Panel
        title={data ? t('accidents.total', { n: number(data.total) }) : t('common.loading')}
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
        {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
        {data && data.items.length === 0 && (
          <Empty title={drills ? sayDrill('empty') : t('accidents.empty')}>
            <p>{drills ? sayDrill('empty.how') : t('accidents.empty.how')}</p>
          </Empty>
        )}
        {data && data.items.length > 0 && <Table items={data.items} />}
        {data && data.total > data.items.length && (
          <p class="more">
            <button type="button" class="button secondary small" onClick={() => setLimit(Math.min(500, limit + STEP))}>
              {t('accidents.more')}
            </button>
          </p>
        )}
      </Panel>
      <p>
        <a href="/periodic">{t('periodic.title')}</a>
      </p>
      {opening && <NewAccident onClose={() => setOpening(false)} />}
    </div>
  );
}
