// One accident: what happened, what the law makes of it, what has to be sent, and what may be done.

import { useEffect, useState } from 'preact/hooks';
import { accidentPath, ApiError, post } from '../lib/api';
import { number } from '../lib/i18n';
import { kindName } from '../lib/kinds';
import { useResource } from '../lib/resource';
import { board, now } from '../lib/store';
import { day, instant } from '../lib/time';
import type { Accident } from '../lib/types';
import { dateText, durationText, errorText, fullWhen, reasons, t, tOr, tx, when } from '../lib/ui';
import { Actions } from '../parts/actions';
import { BranchRow } from '../parts/branches';
import { Clocks } from '../parts/clocks';
import { countName, Counts, EstimateForm, type Act } from '../parts/counts';
import { DeadlineTable } from '../parts/deadlines';
import { DrillBadge, DrillNotice } from '../parts/drill';
import { ArticleText } from '../parts/article-text';
import { EvidencePanel, MeasuresPanel, ProofPanel } from '../parts/evidence';
import { accidentReports, Reports } from '../parts/reports';
import { Texts } from '../parts/texts';
import { Timeline } from '../parts/timeline';
import { ErrorBox, OutcomeBadge, Panel, StateBadge } from '../parts/ui';
import { prefectureNames } from './board';
import type { PageProps } from './index';

function Head({ accident }: { accident: Accident }) {
  const end = accident.recovered_at ? instant(accident.recovered_at) : now.value;
  return (
    <header class="detail-head">
      <p>
        <a href="/accidents">{t('detail.back')}</a>
      </p>
      <div class="card-badges">
        <DrillBadge of={accident} />
        <OutcomeBadge outcome={accident.outcome} />
        <StateBadge state={accident.state} />
        <span class="card-id">{accident.id}</span>
        <span class="quiet">{t(`detail.origin.${accident.origin}`)}</span>
      </div>
      <h1 tabIndex={-1}>{accident.title}</h1>
      <p class="card-facts">
        <span>
          {t('accident.started')} {fullWhen(accident.started_at)}
        </span>
        <span>
          {accident.recovered_at ? t('accident.lasted') : t('accident.elapsed')}{' '}
          <b>{durationText((end - instant(accident.started_at)) / 1000)}</b>
        </span>
        {accident.prefectures.length > 0 && <span>{prefectureNames(accident.prefectures, board.value?.prefectures)}</span>}
        {accident.down > 0 && <span>{t('accident.down', { n: number(accident.down) })}</span>}
      </p>
      {accident.serious_at && accident.outcome === 'serious' && (
        <p class="serious-line">{t('accident.serious.at', { time: when(accident.serious_at, now.value) })}</p>
      )}
      {accident.merged_into && (
        <p class="notice notice-warn">
          <a href={`/accidents/${accident.merged_into}`}>{t('detail.merged', { id: accident.merged_into })}</a>
        </p>
      )}
      {accident.split_from && (
        <p class="quiet">
          <a href={`/accidents/${accident.split_from}`}>{t('detail.split', { id: accident.split_from })}</a>
        </p>
      )}
    </header>
  );
}

function Judgement({ accident, act }: { accident: Accident; act: Act }) {
  const readOnly = accident.state === 'closed' || accident.merged_into !== null;
  return (
    <Panel
      title={t('detail.judge')}
      class="panel-judge"
      aside={
        accident.law ? <span class="quiet">{t('detail.judge.law', { date: dateText(day(accident.law)) })}</span> : undefined
      }
    >
      {accident.services.map((service) => (
        <section key={service.service} class="judged">
          <div class="service-head">
            <h3>{tx(service.name)}</h3>
            <p class="service-users">
              <b class="num">{service.users < 0 ? t('common.unknown') : number(service.users)}</b>
              <span>{t('common.people')}</span>
            </p>
            <OutcomeBadge outcome={service.outcome} />
          </div>
          {service.article && <p class="article">{service.article}</p>}
          {service.article && <ArticleText article={service.article} date={accident.started_at.slice(0, 10)} />}
          {service.branches.map((branch) => (
            <BranchRow key={`${branch.hours}-${branch.users}`} {...{ accident, service, branch }} />
          ))}
          {service.why.length > 0 && (
            <details class="fold" open={service.outcome === 'undetermined'}>
              <summary>{t('detail.why')}</summary>
              <ul class="why">
                {reasons(service).map((line, i) => (
                  <li key={i}>{line}</li>
                ))}
              </ul>
            </details>
          )}
          <details class="fold" data-fold="counts">
            <summary>
              {t('detail.counts')}: {countName(service)}
            </summary>
            <Counts {...{ service, act, readOnly }} />
            {!readOnly && <EstimateForm {...{ service, act }} />}
          </details>
        </section>
      ))}
    </Panel>
  );
}

function Log({ accident }: { accident: Accident }) {
  return (
    <ol class="log">
      {accident.timeline.map((e, i) => (
        <li key={i} class={e.kind}>
          <time dateTime={e.at}>{when(e.at, instant(accident.started_at))}</time>
          <span>{tx(e.text)}</span>
        </li>
      ))}
    </ol>
  );
}

function History({ accident }: { accident: Accident }) {
  return (
    <ol class="log changes-log">
      {[...accident.history].reverse().map((e) => (
        <li key={e.version}>
          <time dateTime={e.at}>{when(e.at, instant(accident.started_at))}</time>
          <span>
            {tx(e.text) || e.action} <span class="quiet">{e.who}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

export default function AccidentPage({ params: { id } }: PageProps<'id'>) {
  const read = useResource<Accident>(accidentPath(id));
  const [error, setError] = useState<string | null>(null);
  const summary = board.value?.accidents.find((a) => a.id === id);
  const known = read.value?.version;
  // The board carries the running numbers; the whole record is read again when it became another version.
  useEffect(() => {
    if (summary && known !== undefined && summary.version > known) read.reload();
  }, [summary?.version, known]);

  const loaded = read.value !== null;
  useEffect(() => {
    if (loaded && document.activeElement === document.body)
      document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  }, [loaded]);

  if (!read.value) {
    if (read.error instanceof ApiError && read.error.status === 404)
      return (
        <div class="page">
          <h1 tabIndex={-1}>{id}</h1>
          <ErrorBox text={t('detail.missing')} />
          <p>
            <a href="/accidents">{t('detail.back')}</a>
          </p>
        </div>
      );
    if (read.error) return <ErrorBox text={errorText(read.error)} onRetry={read.reload} />;
    return <p class="loading">{t('common.loading')}</p>;
  }
  const accident: Accident =
    summary && summary.version === read.value.version ? { ...read.value, ...summary } : read.value;

  const act: Act = async (body) => {
    setError(null);
    try {
      read.set(await post<Accident>(`${accidentPath(id)}/actions`, { ...body, version: accident.version }));
      return true;
    } catch (e) {
      setError(errorText(e));
      if (e instanceof ApiError && e.status === 409) read.reload();
      return false;
    }
  };
  return (
    <div class="page detail">
      <DrillNotice of={accident} />
      <Head accident={accident} />
      {error && <ErrorBox text={error} />}
      <Actions accident={accident} act={act} />
      <div class="detail-main">
        <Panel title={t('detail.timeline')}>
          <Timeline accident={accident} />
          <Clocks accident={accident} />
        </Panel>
        <Judgement accident={accident} act={act} />
        <Panel title={t('texts.title')}>
          <Texts accident={accident} act={act} />
        </Panel>
      </div>
      <div class="detail-side">
        <Panel title={t('report.title')}>
          <Reports of={accidentReports(accident)} reload={read.reload} />
        </Panel>
        {accident.deadlines.length > 0 && (
          <Panel title={t('board.deadlines')}>
            <DeadlineTable deadlines={accident.deadlines} />
          </Panel>
        )}
        <Panel title={t('detail.timeline.log')}>
          <Log accident={accident} />
        </Panel>
        <Panel title={t('causes.title')}>
          {accident.causes.length === 0 ? (
            <p class="quiet">{t('causes.none')}</p>
          ) : (
            <ul class="plain">
              {accident.causes.map((c) => (
                <li key={c.id}>
                  {c.name || c.id} <span class="quiet">{[kindName(c.kind), c.name ? c.id : ''].filter(Boolean).join(' · ')}</span>
                </li>
              ))}
            </ul>
          )}
          {accident.fault && <p class="quiet">{tOr(`fault.${accident.fault}`, accident.fault)}</p>}
        </Panel>
        <EvidencePanel accident={accident} set={read.set} />
        <MeasuresPanel accident={accident} />
        <ProofPanel accident={accident} />
        <Panel title={t('history.title')}>
          <History accident={accident} />
        </Panel>
      </div>
    </div>
  );
}
