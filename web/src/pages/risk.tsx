// One risk: what could happen, where it stands and stood, what is done, what is borne, and what watches it.

import { useEffect } from 'preact/hooks';
import { ApiError } from '../lib/api';
import { heading } from '../lib/pages';
import { recordPage, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import type { Criteria, Named, Position, Risk } from '../lib/risks';
import { errorText, t, tx } from '../lib/ui';
import { Day, When } from '../parts/date';
import { PositionMark } from '../parts/risk-level';
import { RiskMap } from '../parts/risk-map';
import { PrintButton } from '../parts/save';
import { Empty, ErrorBox, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/risks';
import type { PageProps } from './index';
import './risk.css';

interface Whole extends Risk {
  synthetic: boolean;
  trail: { version: number; at: string; who: string; status: string | null; current: Position | null; assessed: string | null }[];
  services: Named[];
  facilities: Named[];
  systems: Named[];
  contractors: Named[];
  data: Named[];
  bow_ties: Named[];
  assurance: { id: string; kind: string; title: string }[];
  said: { id: string; values: RegisterRecord['values'] }[];
  used: Criteria | null;
}

const REGISTERS = { services: 'services', facilities: 'facilities', systems: 'systems', contractors: 'contractors', data: 'data-assets' } as const;
/** A new record that begins with these values. */
const adding = (register: string, values: Record<string, string>) => `/registers/${register}/+new?${new URLSearchParams(values)}`;

function Affects({ risk }: { risk: Whole }) {
  const kinds = (Object.keys(REGISTERS) as (keyof typeof REGISTERS)[]).filter((k) => risk[k].length > 0);
  if (kinds.length === 0) return null;
  return (
    <>
      <dt>{say('affects')}</dt>
      <dd>
        {kinds.map((kind) => (
          <div key={kind}>
            <span class="quiet">{say(`of.${kind}`)}: </span>
            {risk[kind].map((one, i) => (
              <span key={one.id}>
                {i > 0 && '、'}
                <a href={recordPage(REGISTERS[kind], one.id)}>{one.title}</a>
              </span>
            ))}
          </div>
        ))}
      </dd>
    </>
  );
}

function Story({ risk }: { risk: Whole }) {
  const rows: ['source' | 'event' | 'consequence' | 'method', string | null][] = [['source', risk.source], ['event', risk.event], ['consequence', risk.consequence], ['method', risk.method]];
  return (
    <Panel title={say('story')}>
      <dl class="risk-facts">
        {rows.map(
          ([id, text]) =>
            text && (
              <div key={id}>
                <dt>{say(id)}</dt>
                <dd>{text}</dd>
              </div>
            ),
        )}
        <div>
          <Affects risk={risk} />
        </div>
        <div>
          <dt>{say('category')}</dt>
          <dd>{say.or(`category.${risk.category}`, risk.category)}</dd>
        </div>
        <div>
          <dt>{say('owner')}</dt>
          <dd>{risk.owner ? <a href={recordPage('persons', risk.owner.id)}>{risk.owner.title}</a> : '—'}</dd>
        </div>
        <div>
          <dt>{say('review')}</dt>
          <dd>
            <Day value={risk.review} />
          </dd>
        </div>
      </dl>
      {risk.assurance.length > 0 && (
        <p>
          <span class="quiet">{say('assurance')}: </span>
          <a href="/assurance">{risk.assurance.map((n) => n.title).join(' › ')}</a>
        </p>
      )}
      {risk.bow_ties.length > 0 && (
        <p>
          <span class="quiet">{say('bow.ties')}: </span>
          {risk.bow_ties.map((b) => (
            <a key={b.id} href={`/bow-ties/${encodeURIComponent(b.id)}`}>
              {b.title}
            </a>
          ))}
        </p>
      )}
    </Panel>
  );
}

function Where({ risk }: { risk: Whole }) {
  return (
    <Panel title={say('where')}>
      {risk.used ? (
        <p class="quiet">
          {say('assessed', { date: risk.assessed ?? '—', criteria: risk.used.name })}
        </p>
      ) : (
        <p class="notice notice-warn">{say('no.criteria')}</p>
      )}
      <dl class="risk-positions">
        {(['inherent', 'current', 'target'] as const).map((p) => (
          <div key={p}>
            <dt>{say(`col.${p}`)}</dt>
            <dd>
              <PositionMark position={risk[p]} />
            </dd>
          </div>
        ))}
      </dl>
      {risk.used && risk.current && <RiskMap criteria={risk.used} risks={[risk]} mode="plan" />}
      {risk.trail.length > 0 && (
        <>
          <h3>{say('trail')}</h3>
          <ol class="risk-trail">
            {risk.trail.map((v) => (
              <li key={v.version}>
                <When value={v.at} /> <PositionMark position={v.current} /> <span class="quiet">{say.or(`status.${v.status}`, v.status ?? '')} · {v.who}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </Panel>
  );
}

function Acceptance({ risk }: { risk: Whole }) {
  const a = risk.acceptance;
  const ask = adding('risk-acceptances', {
    risk: risk.id,
    state: 'asked',
    ...(risk.current && { likelihood: String(risk.current.likelihood), consequence: String(risk.current.consequence) }),
  });
  return (
    <>
      <h3>{say('acceptance')}</h3>
      {!a && (
        <p>
          {say('acceptance.none')}{' '}
          <a class="button secondary small no-print" href={ask}>
            {say('acceptance.ask')}
          </a>
        </p>
      )}
      {a && (
        <p>
          <a href={recordPage('risk-acceptances', a.id)}>{a.reason || a.id}</a>
          {a.state === 'accepted' ? ` — ${say('acceptance.by', { who: a.approver ?? '—', date: a.approved_at?.slice(0, 10) ?? '—' })}` : ` — ${say('acceptance.waits')}`}
          {a.expires && ` · ${say('acceptance.until', { date: a.expires })}`}
          {a.expired && <span class="badge level-late"> {say('acceptance.expired')}</span>}
          {a.state === 'accepted' && !a.covers && <span class="badge level-soon"> {say('acceptance.lower')}</span>}
        </p>
      )}
    </>
  );
}

function Treatment({ risk }: { risk: Whole }) {
  return (
    <Panel title={say('treatment')} aside={<span class="badge outline">{say.or(`treatment.${risk.treatment ?? 'none'}`, risk.treatment ?? '')}</span>}>
      {risk.treatment_plan && <p>{risk.treatment_plan}</p>}
      <h3>{say('measures')}</h3>
      {risk.measures.length === 0 && <p class="quiet">{say('measures.none')}</p>}
      <ul>
        {risk.measures.map((m) => (
          <li key={m.id}>
            <a href={recordPage('countermeasures', m.id)}>{m.title}</a> <Day value={m.deadline ?? null} short /> {m.overdue && <span class="badge level-late">{say('late')}</span>}
          </li>
        ))}
      </ul>
      <p class="no-print">
        <a class="button secondary small" href={adding('countermeasures', { source: 'risk', source_id: risk.id, cause: risk.source ?? '' })}>
          {say('measure.add')}
        </a>{' '}
        <a href="/simulations">{say('loss')}</a>
      </p>
      <Acceptance risk={risk} />
    </Panel>
  );
}

function Watching({ risk }: { risk: Whole }) {
  return (
    <Panel
      title={say('indicators')}
      aside={
        <a class="button secondary small no-print" href={adding('risk-indicators', { risk: risk.id })}>
          {say('indicator.add')}
        </a>
      }
    >
      {risk.indicators.length === 0 && <p class="quiet">{say('indicators.none')}</p>}
      <ul class="risk-indicators">
        {risk.indicators.map((i) => (
          <li key={i.id} class={`risk-indicator ${i.state}`}>
            <a href={recordPage('risk-indicators', i.id)}>{i.name}</a>{' '}
            <b class="num">
              {i.value ?? '—'} {i.unit}
            </b>{' '}
            <span class="risk-light">{say(`indicator.${i.state}`)}</span>{' '}
            <span class="quiet">
              {say('measured')} <Day value={i.measured} short /> · {say('next')} <Day value={i.next} short />
            </span>
            {i.overdue && <span class="badge level-late"> {say('late')}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Said({ risk }: { risk: Whole }) {
  return (
    <Panel
      title={say('said')}
      aside={
        <a class="button secondary small no-print" href={adding('risk-communications', { risks: risk.id })}>
          {say('said.add')}
        </a>
      }
    >
      {risk.said.length === 0 && <p class="quiet">{say('said.none')}</p>}
      <ul class="risk-said">
        {risk.said.map(({ id, values }) => (
          <li key={id}>
            <Day value={String(values['on'])} /> <a href={recordPage('risk-communications', id)}>{String(values['subject'])}</a>{' '}
            <span class="quiet">{String(values['with'])}</span>
            <p>{String(values['content'])}</p>
            {values['answer'] ? <p class="quiet">→ {String(values['answer'])}</p> : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export default function RiskPage({ params }: PageProps<'id'>) {
  const read = useResource<Whole>(`/api/v1/risks/${encodeURIComponent(params.id)}`);
  const risk = read.value;
  useEffect(() => {
    if (risk) heading.value = risk.title;
  }, [risk?.title]);
  const gone = read.error instanceof ApiError && read.error.status === 404;
  return (
    <div class="page">
      <p class="crumbs">
        <a href="/risks">{say('back')}</a>
      </p>
      {gone && <Empty title={say('missing', { id: params.id })} />}
      {read.error !== null && !gone && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!risk && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {risk && (
        <>
          <div class="page-head">
            <div class="detail-head">
              <h1 tabIndex={-1}>{risk.title}</h1>
              <p class="quiet">
                {risk.id} · {say.or(`status.${risk.status}`, risk.status)}
              </p>
            </div>
            <div class="actions no-print">
              <a class="button" href={recordPage('risks', risk.id)}>
                {say('edit')}
              </a>
              <PrintButton />
            </div>
          </div>
          {risk.synthetic && <Synthetic />}
          {risk.attention.length > 0 && (
            <div class="notice notice-warn" role="status">
              <ul class="risk-attention">
                {risk.attention.map((a) => (
                  <li key={a.code}>{tx(a)}</li>
                ))}
              </ul>
            </div>
          )}
          <div class="risk-columns">
            <div>
              <Story risk={risk} />
              <Treatment risk={risk} />
            </div>
            <div>
              <Where risk={risk} />
              <Watching risk={risk} />
              <Said risk={risk} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}
