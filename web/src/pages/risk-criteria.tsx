// Risk criteria: the adopted versions, and a workbench where the next one is written and tried on today's risks.

import { useEffect, useRef, useState } from 'preact/hooks';
import { call, post } from '../lib/api';
import { recordPage, registerApi, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import type { Criteria, Level, Matrix, Risks } from '../lib/risks';
import type { Text } from '../lib/types';
import { go } from '../lib/router';
import { errorText, t, tx } from '../lib/ui';
import { Day } from '../parts/date';
import { LevelMark } from '../parts/risk-level';
import { RiskMap } from '../parts/risk-map';
import { toast } from '../parts/toast';
import { Empty, ErrorBox, Field, Panel } from '../parts/ui';
import { say } from '../words/risk-criteria';
import './risk-criteria.css';

const TEXTS = ['likelihood', 'consequence', 'levels', 'cells'] as const;
type Texts = Record<(typeof TEXTS)[number], string>;
interface Trial {
  findings: (Text & { field: string })[];
  matrix: Matrix | null;
  moves: { risk: string; title: string | null; position: 'inherent' | 'current' | 'target'; likelihood: number; consequence: number; from: Level | null; to: Level | null }[];
  summary: { up: number; down: number; same: number; cannot: number };
}
const typed = (e: Event) => (e.target as HTMLInputElement).value;

/** A matrix as the texts of its record. */
function textsOf(matrix: Matrix): Texts {
  const axis = (steps: Matrix['likelihood']) => steps.map((s) => [s.label.ja, s.label.en, s.meaning].filter(Boolean).join(' | ')).join('\n');
  return {
    likelihood: axis(matrix.likelihood),
    consequence: axis(matrix.consequence),
    levels: matrix.levels.map((l) => [l.id, l.label.ja, l.label.en, l.colour, l.symbol, l.appetite].join(' | ')).join('\n'),
    cells: matrix.cells.map((row) => row.join(' ')).join('\n'),
  };
}
const FIRST: Texts = {
  likelihood: 'まれ | Rare | 10年に一度より少ない\nときどき | Sometimes | 3年に一度くらい\nしばしば | Often | 毎年',
  consequence: '小 | Small | 影響が限られる\n中 | Medium | 定期報告の対象になり得る\n大 | Large | 重大な事故になり得る',
  levels: 'low | 低 | Low | #2e7d32 | ○ | take\nmedium | 中 | Medium | #b28704 | △ | treat\nhigh | 高 | High | #b3261e | × | never',
  cells: 'low low medium\nlow medium high\nmedium high high',
};

function Moves({ trial }: { trial: Trial }) {
  if (trial.moves.length === 0) return <p class="quiet">{say('moves.none')}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say('moves')}>
      <table class="data">
        <thead>
          <tr>
            {(['risk', 'position', 'before', 'after'] as const).map((id) => (
              <th key={id} scope="col">
                {say(id)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trial.moves.map((m) => (
            <tr key={`${m.risk}-${m.position}`}>
              <th scope="row">
                <a href={`/risks/${encodeURIComponent(m.risk)}`}>
                  {m.risk} {m.title}
                </a>
              </th>
              <td>
                {say(m.position)} {m.likelihood}×{m.consequence}
              </td>
              <td>{m.from ? <LevelMark level={m.from} /> : '—'}</td>
              <td>{m.to ? <LevelMark level={m.to} /> : say('cannot')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The answer for the texts as they stand; the one before stays while the next is on its way. */
function useTrial(texts: Texts | null, family: string): { trial: Trial | null; error: unknown } {
  const [state, setState] = useState<{ trial: Trial | null; error: unknown }>({ trial: null, error: null });
  const latest = useRef(0);
  const asked = texts ? JSON.stringify({ ...texts, ...(family && { family }) }) : '';
  useEffect(() => {
    if (!asked) return;
    const soon = setTimeout(() => {
      const mine = ++latest.current;
      post<Trial>('/api/v1/risks/matrix-trial', JSON.parse(asked)).then(
        (trial) => mine === latest.current && setState({ trial, error: null }),
        (error: unknown) => mine === latest.current && setState((s) => ({ ...s, error })),
      );
    }, 250);
    return () => clearTimeout(soon);
  }, [asked]);
  return state;
}

function Workbench({ criteria, today }: { criteria: Criteria[]; today: string }) {
  const newest = criteria[criteria.length - 1];
  const [texts, setTexts] = useState<Texts>(newest ? textsOf(newest.matrix) : FIRST);
  const [head, setHead] = useState({ name: '', family: newest?.family ?? '全社', from: today });
  const [failed, setFailed] = useState<unknown>(null);
  const { trial, error } = useTrial(texts, newest ? head.family : '');
  const wrong = (field: string) => trial?.findings.filter((f) => f.field === field).map((f) => tx(f)).join(' ') || null;
  const begin = (id: string) => {
    const from = criteria.find((c) => c.id === id);
    if (from) setTexts(textsOf(from.matrix));
  };
  const save = async () => {
    try {
      const values = { ...head, state: 'draft', ...texts };
      const made = await call<RegisterRecord>('POST', registerApi('risk-matrices'), { values });
      toast(say('saved', { id: made.id }));
      go(recordPage('risk-matrices', made.id));
    } catch (e) {
      setFailed(e);
    }
  };
  return (
    <Panel title={say('edit')}>
      <p class="quiet">{say('edit.lead')}</p>
      <div class="row">
        {criteria.length > 0 && (
          <Field label={say('begin')}>
            {(p) => (
              <select {...p} name="begin" value={newest?.id ?? ''} onChange={(e) => begin(typed(e))}>
                {criteria.map((c) => (
                  <option key={c.id} value={c.id}>
                    {c.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label={say('name')}>{(p) => <input {...p} name="name" maxLength={200} value={head.name} onInput={(e) => setHead({ ...head, name: typed(e) })} />}</Field>
        <Field label={say('family')}>{(p) => <input {...p} name="family" maxLength={60} value={head.family} onInput={(e) => setHead({ ...head, family: typed(e) })} />}</Field>
        <Field label={say('day')}>{(p) => <input {...p} type="date" name="from" value={head.from} onInput={(e) => setHead({ ...head, from: typed(e) })} />}</Field>
      </div>
      <div class="risk-criteria-bench">
        <div>
          {TEXTS.map((id) => (
            <Field key={id} label={say(id)} help={say(id === 'levels' ? 'help.levels' : id === 'cells' ? 'help.cells' : 'help.axis')} error={wrong(id)}>
              {(p) => (
                <textarea
                  {...p}
                  class="risk-criteria-text"
                  name={id}
                  rows={6}
                  spellcheck={false}
                  value={texts[id]}
                  onInput={(e) => setTexts({ ...texts, [id]: typed(e) })}
                />
              )}
            </Field>
          ))}
        </div>
        <div>
          <h3>{say('preview')}</h3>
          {trial?.matrix ? (
            <RiskMap criteria={{ id: 'new', name: say('preview'), family: head.family, from: head.from, matrix: trial.matrix }} risks={[]} mode="now" />
          ) : (
            trial && <p class="notice notice-warn">{say('wrong')}</p>
          )}
          {trial?.matrix && (
            <>
              <h3>{say('moves')}</h3>
              <p role="status">{say('summary', trial.summary)}</p>
              <Moves trial={trial} />
            </>
          )}
          {error !== null && <ErrorBox text={errorText(error)} />}
        </div>
      </div>
      {failed !== null && <ErrorBox text={errorText(failed)} />}
      <p>
        <button type="button" class="button" data-action="save-criteria" disabled={!trial?.matrix || head.name.trim() === ''} onClick={() => void save()}>
          {say('save')}
        </button>
      </p>
    </Panel>
  );
}

function Version({ criteria }: { criteria: Criteria }) {
  const [trial, setTrial] = useState<Trial | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const ask = () => post<Trial>('/api/v1/risks/matrix-trial', { matrix: criteria.id, family: criteria.family }).then(setTrial, setFailed);
  return (
    <Panel
      title={criteria.name}
      aside={
        <span class="files">
          <span class="quiet">{criteria.family} · </span>
          <Day value={criteria.from} />
          <button type="button" class="button secondary small no-print" data-action="try" onClick={() => void ask()}>
            {say('trial')}
          </button>
          <a class="button secondary small no-print" href={recordPage('risk-matrices', criteria.id)}>
            {say('record')}
          </a>
        </span>
      }
    >
      <RiskMap criteria={criteria} risks={[]} mode="now" />
      {failed !== null && <ErrorBox text={errorText(failed)} />}
      {trial && (
        <>
          <p role="status">{say('summary', trial.summary)}</p>
          <Moves trial={trial} />
        </>
      )}
    </Panel>
  );
}

export default function RiskCriteriaPage() {
  const read = useResource<Risks>('/api/v1/risks');
  const data = read.value;
  return (
    <div class="page">
      <p class="crumbs">
        <a href="/risks">{say('back')}</a>
      </p>
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
      </div>
      <p class="quiet">{say('lead')}</p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!data && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {data && data.criteria.length === 0 && (
        <Empty title={say('none')}>
          <p>{say('none.how')}</p>
        </Empty>
      )}
      {data && [...data.criteria].reverse().map((c) => <Version key={c.id} criteria={c} />)}
      {data && <Workbench criteria={data.criteria} today={data.date} />}
    </div>
  );
}
