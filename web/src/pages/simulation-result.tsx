// One simulation: what the years brought, who contributes, what a measure is worth, and beside another one.

import { useState } from 'preact/hooks';
import { post } from '../lib/api';
import { number } from '../lib/i18n';
import { kindName } from '../lib/kinds';
import { useResource } from '../lib/resource';
import { go } from '../lib/router';
import { clear, type Compared, type Estimate, type Kept, type Measure, type Pair, type Ranked, type Result, type Whole } from '../lib/simulation';
import { board } from '../lib/store';
import { day } from '../lib/time';
import { errorText, fullWhen, plainDateText, t, tx } from '../lib/ui';
import { JobProgress, type Job } from '../parts/job';
import { Downloads, PrintButton } from '../parts/save';
import { Exceedance, RangeText, figure } from '../parts/simulation-figures';
import { PointsTable } from '../parts/simulation-points';
import { toast } from '../parts/toast';
import { Empty, ErrorBox, Field, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/simulation';
import './simulation.css';

const at = (result: Result['services'][number], probability: number) => result.curve.find((p) => p.probability === probability)?.value;

function Best({ best }: { best: Ranked | null }) {
  const removes = best?.second_route?.removes_serious;
  if (!best || !removes) return <p class="quiet">{say('best.none')}</p>;
  const words = { name: best.name, n: figure(removes.mean), low: figure(removes.low), high: figure(removes.high) };
  return (
    <p class={clear(removes) ? 'notice notice-good' : 'notice'} data-best={best.id}>
      {clear(removes) ? say('best', words) : say('best.unclear', words)}
    </p>
  );
}

function Figures({ result }: { result: Result }) {
  const rows: [string, Estimate, string][] = [
    [say('serious'), result.serious_per_year, ''],
    [say('hours'), result.user_hours.expected, ''],
    ...(result.loss ? ([[say('loss.expected'), result.loss.expected, say('yen')]] as [string, Estimate, string][]) : []),
  ];
  return (
    <dl class="simulation-figures">
      {rows.map(([name, of, unit]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <RangeText of={of} unit={unit} />
          </dd>
        </div>
      ))}
      {result.loss &&
        (['var95', 'var99', 'tail95'] as const).map((name) => (
          <div key={name}>
            <dt>{say(name)}</dt>
            <dd>
              <b>
                {figure(result.loss![name])}
                {say('yen')}
              </b>
            </dd>
          </div>
        ))}
    </dl>
  );
}

function Services({ result }: { result: Result }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say('table.of', { name: say('services') })}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{say('service')}</th>
            <th scope="col">{say('serious')}</th>
            <th scope="col" class="num">{say('counted')}</th>
            <th scope="col" class="num">{say('hours')}</th>
            <th scope="col" class="num">{say('one-in', { n: 10 })}</th>
            <th scope="col" class="num">{say('one-in', { n: 100 })}</th>
          </tr>
        </thead>
        <tbody>
          {result.services.map((s) => (
            <tr key={s.service}>
              <th scope="row">{tx(s.name)}</th>
              <td>
                <RangeText of={s.serious_per_year} />
              </td>
              <td class="num">{number(s.accidents)}</td>
              <td class="num">{figure(s.user_hours_per_year)}</td>
              <td class="num">{figure(at(s, 0.1) ?? 0)}</td>
              <td class="num">{at(s, 0.01) === undefined ? '—' : figure(at(s, 0.01)!)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const RANKS = 50;
function Ranking({ result }: { result: Result }) {
  const places = new Map((board.value?.prefectures ?? []).map((p) => [p.code, tx(p.name)]));
  if (result.ranking.length === 0) return <Empty title={say('ranking.none')} />;
  return (
    <div class="scroll tall" tabIndex={0} role="region" aria-label={say('table.of', { name: say('ranking') })}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col" class="num">#</th>
            <th scope="col">{say('cause')}</th>
            <th scope="col">{say('kind')}</th>
            <th scope="col">{say('place')}</th>
            <th scope="col" class="num">{say('among')}</th>
            <th scope="col" class="num">{say('alone')}</th>
            <th scope="col">{say('second-route')}</th>
          </tr>
        </thead>
        <tbody>
          {result.ranking.slice(0, RANKS).map((r, i) => (
            <tr key={r.id}>
              <td class="num">{i + 1}</td>
              <th scope="row">{r.type === 'facility' ? <a href={`/what-if?fail=${encodeURIComponent(r.id)}`}>{r.name}</a> : r.name}</th>
              <td>{r.type === 'facility' ? kindName(r.kind) : say('common-cause', { kind: say.or(`attribute.${r.kind}`, r.kind), n: number(r.members ?? 0) })}</td>
              <td>{places.get(r.prefecture ?? '') ?? ''}</td>
              <td class="num">{figure(r.among_causes_per_year)}</td>
              <td class="num">{figure(r.alone_per_year)}</td>
              <td>{r.second_route ? <RangeText of={r.second_route.removes_serious} /> : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PlanTable({ result, plan }: { result: Result; plan: Measure }) {
  const rows: [string, Estimate, Estimate, Estimate, string][] = [
    [say('serious'), result.serious_per_year, plan.serious_after, plan.removes_serious, ''],
    [say('hours'), result.user_hours.expected, plan.user_hours_after, plan.removes_user_hours, ''],
  ];
  if (result.loss && plan.loss_after && plan.saves) rows.push([say('loss.expected'), result.loss.expected, plan.loss_after.expected, plan.saves, say('yen')]);
  return (
    <>
      <p>{say('plan.of', { names: (plan.second_routes ?? []).map((f) => f.name).join('、') })}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={say('table.of', { name: say('plan.result') })}>
        <table class="data">
          <thead>
            <tr>
              <th scope="col">{say('figure')}</th>
              <th scope="col">{say('before')}</th>
              <th scope="col">{say('after')}</th>
              <th scope="col">{say('removes')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, before, after, removes, unit]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  <RangeText of={before} unit={unit} />
                </td>
                <td>
                  <RangeText of={after} unit={unit} />
                </td>
                <td>
                  <RangeText of={removes} unit={unit} />
                  {!clear(removes) && <small class="simulation-unclear"> {say('unclear')}</small>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function ComparedTable({ id, other }: { id: string; other: string }) {
  const read = useResource<Compared>(`/api/v1/simulations/${encodeURIComponent(id)}/compare/${encodeURIComponent(other)}`);
  if (read.error !== null) return <ErrorBox text={errorText(read.error)} onRetry={read.reload} />;
  const c = read.value;
  if (!c) return <p class="loading">{t('common.loading')}</p>;
  const rows: [string, Pair | null, string][] = [
    [say('serious'), c.serious_per_year, ''],
    ...c.services.map((s): [string, Pair | null, string] => [tx(s.name), s.serious_per_year, '']),
    [say('hours'), c.user_hours, ''],
    [say('loss.expected'), c.loss, say('yen')],
  ];
  return (
    <>
      <p role="status">
        {c.same_bytes ? say('same.bytes') : say('differ', { fields: c.parameters.map((p) => say.or(`field.${p.field}`, p.field)).join('、') || say('differ.none') })}
        {!c.same_network && ` ${say('differ.network')}`}
        {!c.same_law && ` ${say('differ.law')}`}
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label={say('table.of', { name: say('compare') })}>
        <table class="data" data-compared={other}>
          <thead>
            <tr>
              <th scope="col">{say('figure')}</th>
              <th scope="col">{c.a.name || c.a.id}</th>
              <th scope="col">{c.b.name || c.b.id}</th>
              <th scope="col">{say('difference')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(
              ([name, pair, unit]) =>
                pair && (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    {[pair.a, pair.b, pair.difference].map((e, i) => (
                      <td key={i}>
                        <RangeText of={e} unit={unit} />
                      </td>
                    ))}
                  </tr>
                ),
            )}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Compare({ id }: { id: string }) {
  const [other, setOther] = useState('');
  const kept = useResource<{ items: Kept[] }>('/api/v1/simulations?limit=100');
  const others = (kept.value?.items ?? []).filter((s) => s.id !== id);
  if (others.length === 0) return <p class="quiet">{say('compare.none')}</p>;
  return (
    <>
      <div class="row no-print">
        <Field label={say('compare.with')}>
          {(p) => (
            <select {...p} name="other" value={other} onChange={(e) => setOther((e.target as HTMLSelectElement).value)}>
              <option value="">{say('compare.choose')}</option>
              {others.map((s) => (
                <option key={s.id} value={s.id}>
                  {s.name ? `${s.name} (${s.id})` : s.id}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {other && <ComparedTable id={id} other={other} />}
    </>
  );
}

function Again({ id }: { id: string }) {
  const [job, setJob] = useState<string | null>(null);
  const begin = () => post<Job>('/api/v1/simulations', { again: id }).then((j) => setJob(j.id), (e: unknown) => toast(errorText(e)));
  const ended = (end: Job) => {
    setJob(null);
    if (end.state !== 'done') return toast(end.state === 'cancelled' ? say('cancelled') : tx(end.error));
    toast((end.result as { same_bytes: boolean }).same_bytes ? say('again.same') : say('again.differs'));
  };
  if (job) return <JobProgress id={job} label={say('running')} onEnd={ended} />;
  return (
    <button type="button" class="button secondary small" data-action="again" onClick={() => void begin()}>
      {say('again')}
    </button>
  );
}

function Head({ kept, result }: { kept: Whole; result: Result }) {
  const path = `/api/v1/simulations/${encodeURIComponent(kept.id)}/result`;
  return (
    <>
      <div class="page-head">
        <h1 tabIndex={-1}>{kept.name || say('result.of', { id: kept.id })}</h1>
        <span class="files no-print">
          <Downloads name={kept.id} files={['json', 'csv'].map((format) => ({ format, href: `${path}.${format}` }))} />
          <PrintButton />
        </span>
      </div>
      <p class="notice notice-warn">{say('model')}</p>
      {result.synthetic && <Synthetic text={say('synthetic')} />}
      <p class="quiet">
        {say('conditions', {
          id: kept.id,
          years: number(result.years),
          seed: String(result.seed),
          law: plainDateText(day(result.law)),
          facilities: number(result.network.facilities),
          failures: number(result.failures),
        })}
        {` · ${fullWhen(kept.at)} · ${kept.who}`}
        <br />
        {say('hash')} <code class="simulation-hash">{kept.result_sha256}</code>
      </p>
      <p class="files no-print">
        <Again id={kept.id} />
        <button type="button" class="button secondary small" data-action="change" onClick={() => go(`/simulation?from=${encodeURIComponent(kept.id)}`)}>
          {say('change')}
        </button>
      </p>
    </>
  );
}

export default function SimulationResultPage({ params }: { params: { id: string } }) {
  const read = useResource<Whole>(`/api/v1/simulations/${encodeURIComponent(params.id)}`);
  if (read.error !== null)
    return (
      <div class="page">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <ErrorBox text={errorText(read.error)} onRetry={read.reload} />
      </div>
    );
  if (!read.value) return <p class="loading">{t('common.loading')}</p>;
  const result = read.value.result;
  const { plan, loss } = result;
  return (
    <div class="page simulation">
      <Head kept={read.value} result={result} />
      <Panel title={say('figures')}>
        <Figures result={result} />
        <Best best={result.best} />
      </Panel>
      <Panel title={say('services')}>
        <Services result={result} />
      </Panel>
      {plan && (
        <Panel title={say('plan.result')}>
          <PlanTable result={result} plan={plan} />
        </Panel>
      )}
      {loss && (
        <Panel title={say('curve.loss')}>
          <Exceedance name={say('curve.loss')} file={`${params.id}-loss`} unit={say('yen')} before={loss.curve} after={plan?.loss_after?.curve} />
        </Panel>
      )}
      <Panel title={say('curve.hours')}>
        <Exceedance name={say('curve.hours')} file={`${params.id}-hours`} unit={say('hours.unit')} before={result.user_hours.curve} after={plan?.user_hours_curve} />
      </Panel>
      <Panel title={say('ranking')}>
        <p class="quiet">{say('ranking.help')}</p>
        <Ranking result={result} />
      </Panel>
      <Panel title={say('points')}>
        {result.single_points.total === 0 ? <p class="quiet">{say('points.none')}</p> : <PointsTable points={result.single_points.items} />}
      </Panel>
      <Panel title={say('compare')}>
        <Compare id={params.id} />
      </Panel>
      <Panel title={say('assumptions')}>
        <ul class="why">
          {result.assumptions.map((a) => (
            <li key={a.en}>{tx(a)}</li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}
