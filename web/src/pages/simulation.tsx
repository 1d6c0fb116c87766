// Outage risk simulated: what to ask, the simulations that were kept, and the single points of the network.

import { useEffect, useMemo, useState } from 'preact/hooks';
import { post } from '../lib/api';
import { number } from '../lib/i18n';
import { kindName } from '../lib/kinds';
import { useResource } from '../lib/resource';
import { go, query } from '../lib/router';
import { ATTRIBUTES, PARTS, formOf, request, type Basis, type Form, type Kept, type Point, type Whole, type Wrong } from '../lib/simulation';
import { day } from '../lib/time';
import { errorText, fullWhen, plainDateText, t, tx } from '../lib/ui';
import { Picker } from '../parts/facility-picker';
import { JobProgress, type Job } from '../parts/job';
import { RangeText, figure } from '../parts/simulation-figures';
import { PointsTable } from '../parts/simulation-points';
import { Tabs } from '../parts/tabs';
import { Empty, ErrorBox, Field, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/simulation';
import '../parts/what-if.css';
import './simulation.css';

const value = (event: Event) => (event.target as HTMLInputElement).value;
type Change = (key: string, text: string) => void;

interface CellProps {
  form: Form;
  wrong: Record<string, Wrong>;
  change: Change;
  name: string;
  label: string;
}
function NumberCell({ form, wrong, change, name, label }: CellProps) {
  const error = wrong[name];
  return (
    <>
      <input
        class="number simulation-number"
        inputMode="decimal"
        autoComplete="off"
        name={name}
        aria-label={label}
        aria-invalid={Boolean(error)}
        value={form.texts[name] ?? ''}
        onInput={(e) => change(name, value(e))}
      />
      {error && <span class="simulation-wrong">{say(`wrong.${error}`)}</span>}
    </>
  );
}

function Rates({ basis, ...rest }: { basis: Basis; form: Form; wrong: Record<string, Wrong>; change: Change }) {
  const { form, change } = rest;
  return (
    <>
      <p class="quiet">{basis.observed.enough ? tx(basis.observed.text) : say('rates.short', { days: number(basis.observed.days), needed: number(basis.observed.days_needed) })}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={say('table.of', { name: say('rates') })}>
        <table class="data">
          <thead>
            <tr>
              <th scope="col">{say('kind')}</th>
              <th scope="col" class="num">{say('facilities')}</th>
              <th scope="col">{say('recorded')}</th>
              <th scope="col">{say('per_year')}</th>
              <th scope="col">{say('repair_hours')}</th>
              <th scope="col">{say('repair')}</th>
            </tr>
          </thead>
          <tbody>
            {basis.kinds.map((k) => {
              const name = kindName(k.kind);
              const shape = `rate.${k.kind}.repair`;
              return (
                <tr key={k.kind}>
                  <th scope="row">{name}</th>
                  <td class="num">{number(k.facilities)}</td>
                  <td>
                    {say('recorded.n', { n: number(k.events) })}
                    {k.derived && <small> {say('recorded.rate', { low: figure(k.derived.interval_95[0]), high: figure(k.derived.interval_95[1]) })}</small>}
                  </td>
                  <td>
                    <NumberCell {...rest} name={`rate.${k.kind}.per_year`} label={`${name} ${say('per_year')}`} />
                  </td>
                  <td>
                    <NumberCell {...rest} name={`rate.${k.kind}.repair_hours`} label={`${name} ${say('repair_hours')}`} />
                  </td>
                  <td>
                    <select name={shape} aria-label={`${name} ${say('repair')}`} value={form.texts[shape] ?? ''} onChange={(e) => change(shape, value(e))}>
                      {(['exponential', 'lognormal', 'fixed'] as const).map((s) => (
                        <option key={s} value={s}>
                          {say(`repair.${s}`)}
                        </option>
                      ))}
                    </select>
                    {form.texts[shape] === 'lognormal' && <NumberCell {...rest} name={`rate.${k.kind}.sigma`} label={`${name} σ`} />}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Shared({ basis, ...rest }: { basis: Basis; form: Form; wrong: Record<string, Wrong>; change: Change }) {
  return (
    <>
      <p class="quiet">{say('shared.help')}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={say('table.of', { name: say('shared') })}>
        <table class="data">
          <thead>
            <tr>
              <th scope="col">{say('attribute')}</th>
              <th scope="col">{say('groups')}</th>
              <th scope="col">{say('per_year.each')}</th>
              <th scope="col">{say('probability')}</th>
              <th scope="col">{say('repair_hours')}</th>
            </tr>
          </thead>
          <tbody>
            {ATTRIBUTES.map((a) => {
              const of = basis.shared[a];
              const name = say(`attribute.${a}`);
              return (
                <tr key={a}>
                  <th scope="row">{name}</th>
                  <td>
                    {of?.groups === null || of === undefined
                      ? say('groups.unknown')
                      : of.groups === 0
                        ? say('groups.none')
                        : say('groups.n', { groups: number(of.groups), facilities: number(of.facilities ?? 0) })}
                  </td>
                  {(['per_year', 'probability', 'repair_hours'] as const).map((f) => (
                    <td key={f}>
                      <NumberCell {...rest} name={`shared.${a}.${f}`} label={`${name} ${say(f)}`} />
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Money(rest: { form: Form; wrong: Record<string, Wrong>; change: Change }) {
  return (
    <>
      <p class="quiet">{say('money.help')}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={say('table.of', { name: say('money') })}>
        <table class="data">
          <thead>
            <tr>
              <th scope="col">{say('money.part')}</th>
              <th scope="col">{say('min')}</th>
              <th scope="col">{say('likely')}</th>
              <th scope="col">{say('max')}</th>
            </tr>
          </thead>
          <tbody>
            {PARTS.map((part) => (
              <tr key={part}>
                <th scope="row">{say(`part.${part}`)}</th>
                {(['min', 'likely', 'max'] as const).map((end) => (
                  <td key={end}>
                    <NumberCell {...rest} name={`loss.${part}.${end}`} label={`${say(`part.${part}`)} ${say(end)}`} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Ask({ basis, from }: { basis: Basis; from: Whole | null }) {
  const [form, setForm] = useState<Form>(() => formOf(basis, from?.parameters ?? basis.last));
  const [tried, setTried] = useState(false);
  const [job, setJob] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [names, setNames] = useState<Record<string, string>>({});
  const { body, wrong: found } = useMemo(() => request(form, basis.kinds.map((k) => k.kind)), [form, basis]);
  const wrong = tried ? found : {};
  const change: Change = (key, text) => setForm((f) => ({ ...f, texts: { ...f.texts, [key]: text } }));
  const begin = async () => {
    setTried(true);
    setFailed(null);
    if (Object.keys(found).length > 0) return setFailed(say('wrong.all', { n: number(Object.keys(found).length) }));
    try {
      setJob((await post<Job>('/api/v1/simulations', body)).id);
    } catch (e) {
      setFailed(errorText(e));
    }
  };
  const ended = (end: Job) => {
    setJob(null);
    if (end.state === 'done') go(`/simulation/${(end.result as { id: string }).id}`);
    else setFailed(end.state === 'cancelled' ? say('cancelled') : tx(end.error));
  };
  const number_ = (name: 'years' | 'seed' | 'top') => (
    <Field label={say(name)} help={say(`help.${name}`)} error={wrong[name] ? say(`wrong.${wrong[name]!}`) : null}>
      {(p) => <input {...p} class="number" inputMode="numeric" name={name} value={form.texts[name] ?? ''} onInput={(e) => change(name, value(e))} />}
    </Field>
  );
  return (
    <form
      class="simulation-form"
      onSubmit={(e) => {
        e.preventDefault();
        void begin();
      }}
    >
      <Panel title={say('ask')}>
        <div class="row">
          <Field label={say('name')}>{(p) => <input {...p} name="name" maxLength={60} value={form.name} onInput={(e) => setForm({ ...form, name: value(e) })} />}</Field>
          {number_('years')}
          {number_('seed')}
          {number_('top')}
          <Field label={say('date')} help={say('date.help')}>
            {(p) => <input {...p} type="date" name="date" value={form.texts['date'] ?? ''} onInput={(e) => change('date', value(e))} />}
          </Field>
        </div>
      </Panel>
      <Panel title={say('rates')}>
        <Rates {...{ basis, form, wrong, change }} />
      </Panel>
      <Panel title={say('shared')}>
        <Shared {...{ basis, form, wrong, change }} />
      </Panel>
      <Panel title={say('money')}>
        <Money {...{ form, wrong, change }} />
      </Panel>
      <Panel title={say('plan')}>
        <p class="quiet">{say('plan.help')}</p>
        <Picker
          chosen={form.routes}
          names={names}
          down={new Set()}
          add={(facility) => {
            setNames({ ...names, [facility.id]: facility.name });
            setForm({ ...form, routes: [...form.routes, facility.id] });
          }}
          remove={(id) => setForm({ ...form, routes: id === null ? [] : form.routes.filter((x) => x !== id) })}
        />
      </Panel>
      <details class="simulation-assumptions">
        <summary>{say('assumptions')}</summary>
        <ul>
          {basis.assumptions.map((a) => (
            <li key={a.en}>{tx(a)}</li>
          ))}
        </ul>
      </details>
      {failed && <ErrorBox text={failed} />}
      {job ? (
        <JobProgress id={job} label={say('running')} onEnd={ended} />
      ) : (
        <p class="form-end">
          <button type="submit" class="button" data-action="simulate">
            {say('begin')}
          </button>
        </p>
      )}
    </form>
  );
}

function KeptList() {
  const read = useResource<{ total: number; items: Kept[] }>('/api/v1/simulations?limit=100');
  if (read.error !== null) return <ErrorBox text={errorText(read.error)} onRetry={read.reload} />;
  if (!read.value) return <p class="loading">{t('common.loading')}</p>;
  if (read.value.total === 0)
    return (
      <Empty title={say('kept.none')}>
        <p>{say('kept.none.how')}</p>
      </Empty>
    );
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say('table.of', { name: say('kept') })}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{say('kept')}</th>
            <th scope="col">{say('at')}</th>
            <th scope="col" class="num">{say('years')}</th>
            <th scope="col" class="num">{say('seed')}</th>
            <th scope="col">{say('serious')}</th>
            <th scope="col">{say('loss.expected')}</th>
            <th scope="col">{say('law')}</th>
          </tr>
        </thead>
        <tbody>
          {read.value.items.map((s) => (
            <tr key={s.id}>
              <th scope="row">
                <a href={`/simulation/${s.id}`}>{s.name || s.id}</a>
              </th>
              <td>{fullWhen(s.at)}</td>
              <td class="num">{number(s.parameters.years ?? 0)}</td>
              <td class="num">{String(s.parameters.seed)}</td>
              <td>
                <RangeText of={s.serious_per_year} />
              </td>
              <td>{s.loss ? <RangeText of={s.loss} unit={say('yen')} /> : '—'}</td>
              <td>{plainDateText(day(s.law))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Points() {
  const read = useResource<{ total: number; items: Point[]; law: string }>('/api/v1/single-points');
  if (read.error !== null) return <ErrorBox text={errorText(read.error)} onRetry={read.reload} />;
  if (!read.value) return <p class="loading">{t('common.loading')}</p>;
  if (read.value.total === 0)
    return (
      <Empty title={say('points.none')}>
        <p>{say('points.none.why')}</p>
      </Empty>
    );
  return (
    <>
      <p>{say('points.n', { n: number(read.value.total), law: plainDateText(day(read.value.law)) })}</p>
      <PointsTable points={read.value.items.slice(0, 500)} />
    </>
  );
}

type View = 'kept' | 'ask' | 'points';

export default function SimulationPage() {
  const from = new URLSearchParams(query.value).get('from');
  const [view, setView] = useState<View>(from ? 'ask' : 'kept');
  const basis = useResource<Basis>('/api/v1/simulations/basis');
  const before = useResource<Whole>(from ? `/api/v1/simulations/${encodeURIComponent(from)}` : null);
  useEffect(() => {
    if (!from && basis.value && basis.value.last === null) setView('ask');
  }, [basis.value]);
  const views: { id: View; name: string }[] = [
    { id: 'kept', name: say('kept') },
    { id: 'ask', name: say('new') },
    { id: 'points', name: say('points') },
  ];
  const ready = basis.value && (!from || before.value);
  return (
    <div class="page simulation">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
      </div>
      <p>{say('lead')}</p>
      <p class="notice notice-warn">{say('model')}</p>
      {basis.value?.synthetic && <Synthetic text={say('synthetic')} />}
      {basis.error !== null && <ErrorBox text={errorText(basis.error)} onRetry={basis.reload} />}
      {before.error !== null && <ErrorBox text={errorText(before.error)} onRetry={before.reload} />}
      <Tabs label={say('title')} tabs={views} value={view} onPick={setView}>
        {view === 'kept' && <KeptList />}
        {view === 'points' && <Points />}
        {view === 'ask' && (ready ? basis.value!.facilities === 0 ? <Empty title={say('no-network')}><p>{say('no-network.how')}</p></Empty> : <Ask basis={basis.value!} from={before.value} /> : <p class="loading">{t('common.loading')}</p>)}
      </Tabs>
    </div>
  );
}
