// The live board: for a wall and for a phone. Worst first, one look from the top left to the bottom right.

import { branchesToShow, nextThreshold } from '../lib/countdown';
import { number } from '../lib/i18n';
import { board, now } from '../lib/store';
import { clock, instant } from '../lib/time';
import { largest } from '../lib/tiles';
import type { AccidentService, AccidentSummary, Board as BoardData } from '../lib/types';
import { durationText, serviceName, t, tx, when } from '../lib/ui';
import { BranchRow } from '../parts/branches';
import { SeriesPanel } from '../parts/chart';
import { DeadlineTable, Due } from '../parts/deadlines';
import { DownPanel } from '../parts/down-panel';
import { DrillBadge, DrillBanner } from '../parts/drill';
import { PrefecturePanel } from '../parts/map';
import { Empty, LevelBadge, OutcomeBadge, Panel, StateBadge } from '../parts/ui';

function ServiceRows({ accident, service }: { accident: AccidentSummary; service: AccidentService }) {
  return (
    <div class="service">
      <div class="service-head">
        <h4>{serviceName(service.service, service.name)}</h4>
        <p class="service-users">
          <b class="num">{service.users < 0 ? t('common.unknown') : number(service.users)}</b>
          <span>{t('common.people')}</span>
        </p>
        <OutcomeBadge outcome={service.outcome} />
      </div>
      {branchesToShow(accident, service, now.value).map((branch) => (
        <BranchRow key={`${branch.hours}-${branch.users}`} {...{ accident, service, branch }} />
      ))}
    </div>
  );
}

function tone(accident: AccidentSummary): string {
  if (accident.outcome === 'serious') return 'serious';
  return accident.services.some((s) => s.branches.some((b) => b.serious_at)) ? 'near' : 'far';
}

export function prefectureNames(codes: string[], all: BoardData['prefectures'] | undefined): string {
  const names = codes.map((code) => tx(all?.find((p) => p.code === code)?.name) || code);
  const shown = names.slice(0, 4).join('・');
  return names.length > 4 ? `${shown} +${names.length - 4}` : shown;
}

function Card({ accident, data }: { accident: AccidentSummary; data: BoardData }) {
  const end = accident.recovered_at ? instant(accident.recovered_at) : now.value;
  const elapsed = Math.max(0, (end - instant(accident.started_at)) / 1000);
  return (
    <article
      class={`card ${tone(accident)}${accident.drill ? ' drill' : ''}`}
      data-accident={accident.id}
      data-outcome={accident.outcome}
    >
      <header>
        <div class="card-badges">
          <DrillBadge of={accident} />
          <OutcomeBadge outcome={accident.outcome} />
          <StateBadge state={accident.state} />
          <span class="card-id">{accident.id}</span>
        </div>
        <p class="card-elapsed">
          <span>{accident.recovered_at ? t('accident.lasted') : t('accident.elapsed')}</span>
          <b class="num">{durationText(elapsed)}</b>
        </p>
        <h3>
          <a href={`/accidents/${accident.id}`} data-step>
            {accident.title}
          </a>
        </h3>
        <p class="card-facts">
          <span>
            {t('accident.started')} {when(accident.started_at, now.value)}
          </span>
          {accident.prefectures.length > 0 && <span>{prefectureNames(accident.prefectures, data.prefectures)}</span>}
          {accident.down > 0 && <span>{t('accident.down', { n: number(accident.down) })}</span>}
        </p>
      </header>
      <div class="services">
        {accident.services.map((service) => (
          <ServiceRows key={service.service} {...{ accident, service }} />
        ))}
      </div>
      {accident.deadlines.length > 0 && (
        <ul class="card-deadlines">
          {accident.deadlines.map((d) => (
            <li key={d.kind}>
              <span>{tx(d.name)}</span>
              <Due deadline={d} short />
              <LevelBadge level={d.level} done={d.done} />
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

// Recovered ones need people, not eyes: a line each.
function Over({ accidents }: { accidents: AccidentSummary[] }) {
  return (
    <Panel title={t('board.over')} class="panel-over">
      <p class="quiet">{t('board.over.lead')}</p>
      <ul class="over">
        {accidents.map((a) => (
          <li key={a.id} data-accident={a.id} data-outcome={a.outcome}>
            <span class="over-badges">
              <DrillBadge of={a} />
              <OutcomeBadge outcome={a.outcome} />
            </span>
            <span class="over-what">
              <a href={`/accidents/${a.id}`} data-step>
                {a.title}
              </a>
              <span class="quiet">
                {when(a.started_at, now.value, false)} – {when(a.recovered_at, instant(a.started_at), false)}
              </span>
            </span>
            <span class="over-num">
              <b class="num">{number(Math.max(0, ...a.services.map((s) => s.users)))}</b> {t('common.people')}
            </span>
            <span class="over-num num">{durationText(a.duration_s)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Figures({ data }: { data: BoardData }) {
  const real = data.accidents.filter((a) => !a.drill); // the figures are those of the network, not of a drill
  const running = real.filter((a) => !a.recovered_at);
  const serious = running.filter((a) => a.outcome === 'serious').length;
  const next = nextThreshold(real, now.value);
  return (
    <dl class="figures">
      <div class={serious > 0 ? 'figure alarm' : 'figure'}>
        <dt>{t('board.serious')}</dt>
        <dd>
          <b>{t('board.serious.n', { n: serious })}</b>
        </dd>
      </div>
      <div class="figure">
        <dt>{t('board.running')}</dt>
        <dd>
          <b>{t('board.serious.n', { n: running.length })}</b>
        </dd>
      </div>
      <div class={next ? 'figure next near' : 'figure next'}>
        <dt>{t('board.next')}</dt>
        <dd>
          {next ? (
            <>
              <b>{clock(next.at)}</b>
              <span class="figure-strong">{t('board.next.in', { time: durationText((next.at - now.value) / 1000) })}</span>
              <span class="figure-note">{serviceName(next.service.service, next.service.name)}</span>
            </>
          ) : (
            <span class="figure-note">{t('board.next.none')}</span>
          )}
        </dd>
      </div>
      <div class="figure">
        <dt>{t('board.affected')}</dt>
        <dd>
          <b>{number(largest(data.network.affected))}</b>
          <span>{t('common.people')}</span>
        </dd>
      </div>
      <div class="figure">
        <dt>{t('board.down')}</dt>
        <dd>
          <b>{number(data.network.down)}</b>
          <span>{t('board.down.of', { n: number(data.network.facilities) })}</span>
        </dd>
      </div>
    </dl>
  );
}

export default function Board() {
  const data = board.value;
  if (!data) return <p class="loading">{t('common.loading')}</p>;
  const running = data.accidents.filter((a) => !a.recovered_at);
  const over = data.accidents.filter((a) => a.recovered_at);
  const open = data.deadlines.filter((d) => !d.done);
  return (
    <div class="board">
      <h1 class="visually-hidden" tabIndex={-1}>
        {t('board.title')}
      </h1>
      <DrillBanner accidents={data.accidents} />
      <Figures data={data} />
      <section class="accidents" aria-labelledby="accidents-title">
        <header class="section-head">
          <h2 id="accidents-title">{t('board.accidents')}</h2>
          {running.length > 1 && <span class="quiet">{t('board.accidents.order')}</span>}
          <a class="button secondary small" href="/what-if" data-action="what-if">
            {t('board.what-if')}
          </a>
        </header>
        {running.length === 0 ? (
          <Empty title={t('board.empty.title')}>
            <p>{t('board.empty.body')}</p>
            <p class="quiet">{t('board.empty.how')}</p>
          </Empty>
        ) : (
          running.map((a) => <Card key={a.id} accident={a} data={data} />)
        )}
        {over.length > 0 && <Over accidents={over} />}
      </section>
      <div class="side">
        <SeriesPanel board={data} />
        <DownPanel data={data} />
        <PrefecturePanel prefectures={data.prefectures} />
        <Panel title={t('board.deadlines')} class="panel-deadlines">
          {open.length === 0 ? (
            <p class="quiet">{t('board.deadlines.empty')}</p>
          ) : (
            <DeadlineTable deadlines={open} accidents={data.accidents} />
          )}
        </Panel>
      </div>
      {data.synthetic && <p class="synthetic-note">{t('demo.synthetic.long')}</p>}
    </div>
  );
}
