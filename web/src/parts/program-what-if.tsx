// What if: a fact or a day is changed; the obligations of before and after stand side by side with their reasons.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { post } from '../lib/api';
import { readQuestion, typedValue, valueOn, whatIfBody, writeQuestion, type Change, type ChangeSide, type Fact, type FactChange, type Profile, type Question, type WhatIfAnswer } from '../lib/program';
import { number } from '../lib/i18n';
import { query, setQuery } from '../lib/router';
import { day } from '../lib/time';
import { dateText, errorText, t, tx } from '../lib/ui';
import { say } from '../words/program';
import { Deadlines, Why } from './program-duty';
import { Empty, ErrorBox, Field, Panel } from './ui';

const typed = (e: Event) => (e.target as HTMLInputElement).value;

export function valueText(fact: Fact | undefined, value: unknown): string {
  if (value === null || value === undefined) return say('value.unknown');
  if (typeof value === 'boolean') return say(value ? 'value.yes' : 'value.no');
  if (typeof value === 'number') return number(value);
  return tx(fact?.options?.find((o) => o.id === value)?.name) || String(value);
}

function ValueInput({ fact, value, onChange, label }: { fact: Fact; value: string; onChange: (next: string) => void; label: string }) {
  const bad = typedValue(fact.kind, value) === undefined;
  return (
    <Field label={label} error={bad ? say('if.bad') : null}>
      {(p) =>
        fact.kind === 'boolean' || fact.kind === 'choice' ? (
          <select {...p} name="value" value={value} onChange={(e) => onChange(typed(e))}>
            {fact.kind === 'boolean' && <option value="yes">{say('value.yes')}</option>}
            {fact.kind === 'boolean' && <option value="no">{say('value.no')}</option>}
            {fact.options?.map((o) => (
              <option key={o.id} value={o.id}>
                {tx(o.name)}
              </option>
            ))}
            <option value="">{say('value.unknown')}</option>
          </select>
        ) : fact.kind === 'date' ? (
          <input {...p} type="date" name="value" value={value} onInput={(e) => onChange(typed(e))} />
        ) : (
          <input {...p} class="number" inputMode="numeric" name="value" autoComplete="off" value={value} onInput={(e) => onChange(typed(e))} />
        )
      }
    </Field>
  );
}

/** Another value than the one on record, so that choosing a fact changes something at once. */
function otherValue(fact: Fact, value: unknown): string {
  if (fact.kind === 'boolean') return value === true ? 'no' : 'yes';
  if (fact.kind === 'choice') return fact.options?.find((o) => o.id !== value)?.id ?? '';
  return fact.kind === 'count' && typeof value === 'number' ? String(value) : '';
}

interface EditorProps {
  question: Question;
  profile: Profile;
  facts: Fact[];
  change: (part: Partial<Question>) => void;
}
function Changes({ question, profile, facts, change }: EditorProps) {
  const services = profile.services ?? [];
  const known = (c: FactChange) => facts.find((f) => f.fact === c.fact && (f.scope === 'service') === (c.service !== ''));
  const stated = (c: { fact: string; service: string }) =>
    valueOn(c.service === '' ? profile.facts[c.fact] : services.find((s) => s.id === c.service)?.facts[c.fact], question.date);
  const nameOf = (c: { fact: string; service: string }, fact: Fact | undefined) =>
    c.service === '' ? tx(fact?.name) || c.fact : say('if.of', { name: tx(fact?.name), service: services.find((s) => s.id === c.service)?.name ?? c.service });
  const put = (at: number, part: Partial<FactChange>) => change({ changes: question.changes.map((c, i) => (i === at ? { ...c, ...part } : c)) });
  const add = (key: string) => {
    const [service = '', name = ''] = key.split('/');
    const fact = facts.find((f) => f.fact === name && (f.scope === 'service') === (service !== ''));
    if (!fact || question.changes.some((c) => c.fact === name && c.service === service)) return;
    change({ changes: [...question.changes, { fact: name, service, value: otherValue(fact, stated({ fact: name, service })), from: '' }] });
  };
  const free = (service: string, f: Fact) => !question.changes.some((c) => c.fact === f.fact && c.service === service);
  const options = (service: string, scope: Fact['scope']) =>
    facts
      .filter((f) => f.scope === scope && free(service, f))
      .map((f) => (
        <option key={`${service}/${f.fact}`} value={`${service}/${f.fact}`}>
          {tx(f.name)}
        </option>
      ));
  return (
    <>
      <Field label={say('if.change')}>
        {(p) => (
          <select {...p} name="change-fact" value="" onChange={(e) => (add(typed(e)), ((e.target as HTMLSelectElement).value = ''))}>
            <option value="">…</option>
            <optgroup label={say('profile.carrier')}>{options('', 'carrier')}</optgroup>
            {services.map((s) => (
              <optgroup key={s.id} label={s.name}>
                {options(s.id, 'service')}
              </optgroup>
            ))}
          </select>
        )}
      </Field>
      <h3 class="sub">{say('if.changed')}</h3>
      {question.changes.length === 0 && <p class="quiet">{say('if.changed.none')}</p>}
      <ul class="plain program-changed">
        {question.changes.map((c, i) => {
          const fact = known(c);
          if (!fact) return null;
          const name = nameOf(c, fact);
          return (
            <li key={`${c.service}/${c.fact}`}>
              <p>
                <b>{name}</b>{' '}
                <span class="quiet">{say('if.from-now', { from: valueText(fact, stated(c)), to: valueText(fact, typedValue(fact.kind, c.value)) })}</span>
              </p>
              <div class="row">
                <ValueInput fact={fact} value={c.value} label={say('if.value')} onChange={(value) => put(i, { value })} />
                <Field label={say('if.from')}>{(p) => <input {...p} type="date" name="from" value={c.from} onInput={(e) => put(i, { from: typed(e) })} />}</Field>
                <button
                  type="button"
                  class="button secondary small"
                  aria-label={say('if.remove', { name })}
                  onClick={() => change({ changes: question.changes.filter((_, at) => at !== i) })}
                >
                  ×
                </button>
              </div>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Side({ side, title }: { side: ChangeSide; title: string }) {
  return (
    <div class={`program-side program-side-${side.applies}`}>
      <p class="quiet">{title}</p>
      <p>
        <span class={`badge ${side.applies === 'yes' ? 'level-half' : side.applies === 'no' ? 'level-ok' : 'outcome-undetermined'}`}>{say(`applies.${side.applies}`)}</span>{' '}
        <span class="quiet">{side.in_force ? say('if.version', { date: dateText(day(side.version)) }) : say('if.none-in-force')}</span>
      </p>
      {side.applies !== 'no' && side.in_force && <p>{tx(side.text)}</p>}
    </div>
  );
}

function ChangeItem({ change, answer }: { change: Change; answer: WhatIfAnswer }) {
  const after = answer.obligations.find((o) => o.id === change.id);
  return (
    <li class="program-change" data-change={change.change} data-duty={change.id}>
      <h3>
        <span class={`badge program-change-${change.change}`}>{say(`change.${change.change}`)}</span> {tx(change.name)} <span class="quiet">{change.article}</span>
      </h3>
      <div class="program-sides">
        <Side side={change.before} title={say('if.side.before', { date: dateText(day(answer.before.date)) })} />
        <Side side={change.after} title={say('if.side.after', { date: dateText(day(answer.after.date)) })} />
      </div>
      {change.because.length > 0 && (
        <div class="program-because">
          <h4 class="sub">{say('if.because')}</h4>
          <Why facts={change.because} />
        </div>
      )}
      {after && change.after.applies === 'yes' && after.deadlines.length > 0 && (
        <>
          <h4 class="sub">{say('if.deadlines')}</h4>
          <Deadlines of={after.deadlines} />
        </>
      )}
    </li>
  );
}

const ORDER = ['appears', 'disappears', 'changes', 'unclear'] as const;
function Result({ answer }: { answer: WhatIfAnswer }) {
  if (answer.changes.length === 0) return <Empty title={say('if.same')} />;
  const of = (kind: Change['change']) => answer.changes.filter((c) => c.change === kind);
  return (
    <>
      <p class="program-summary-line">
        {ORDER.filter((k) => of(k).length > 0).map((k) => (
          <span key={k} class={`badge program-change-${k}`}>
            {say(`change.${k}`)} {say('n', { n: of(k).length })}
          </span>
        ))}
      </p>
      <ul class="plain">
        {ORDER.flatMap(of).map((c) => (
          <ChangeItem key={c.id} change={c} answer={answer} />
        ))}
      </ul>
    </>
  );
}

const presets = (today: string): [string, Question][] => [
  [say('if.preset.designated'), { compare_date: today, date: today, changes: [{ fact: 'installs_lines', service: '', value: 'no', from: '' }, { fact: 'designated_41', service: '', value: 'yes', from: today }] }],
  [say('if.preset.users'), { compare_date: today, date: today, changes: [{ fact: 'designated_27_5', service: '', value: 'yes', from: today }] }],
  [say('if.preset.cable'), { compare_date: today, date: today, changes: [{ fact: 'cross_border_cable', service: '', value: 'yes', from: '' }, { fact: 'important_facility', service: '', value: 'yes', from: '' }] }],
  [say('if.preset.2021'), { compare_date: '2021-05-12', date: today, changes: [] }],
];

export function ProgramWhatIf({ profile, facts, today }: { profile: Profile; facts: Fact[]; today: string }) {
  const [question, setQuestion] = useState(() => readQuestion(query.peek(), today));
  const [state, setState] = useState<{ answer: WhatIfAnswer | null; error: unknown }>({ answer: null, error: null });
  const body = useMemo(() => whatIfBody(question, profile, facts), [question, profile, facts]);
  const latest = useRef(0);
  const ask = () => {
    const mine = ++latest.current;
    if (!body) return;
    post<WhatIfAnswer>('/api/v1/program/what-if', body).then(
      (answer) => mine === latest.current && setState({ answer, error: null }),
      (error: unknown) => mine === latest.current && setState((s) => ({ ...s, error })),
    );
  };
  useEffect(() => {
    const soon = setTimeout(ask, state.answer ? 200 : 0);
    return () => clearTimeout(soon);
  }, [body]);
  const change = (part: Partial<Question>) => {
    const next = { ...question, ...part };
    setQuestion(next);
    setQuery(writeQuestion(next));
  };
  const date = (name: 'compare_date' | 'date', label: string) => (
    <Field label={label}>{(p) => <input {...p} type="date" name={name} min="2021-04-01" value={question[name]} onInput={(e) => change({ [name]: typed(e) })} />}</Field>
  );
  return (
    <>
      <p class="quiet">{say('if.lead')}</p>
      <p class="row-tools no-print">
        <span class="quiet">{say('if.preset')}</span>
        {presets(today).map(([name, preset], i) => (
          <button key={name} type="button" class="tool" data-preset={i} onClick={() => change(preset)}>
            {name}
          </button>
        ))}
      </p>
      <div class="program-if">
        <Panel title={say('if.facts')}>
          <div class="form">
            <div class="row">
              {date('compare_date', say('if.before'))}
              {date('date', say('if.after'))}
            </div>
            <Changes {...{ question, profile, facts, change }} />
          </div>
        </Panel>
        <Panel title={say('if.result')}>
          {state.error !== null && <ErrorBox text={errorText(state.error)} onRetry={ask} />}
          {!body && <p class="notice notice-error">{say('if.bad')}</p>}
          <div role="status">{state.answer ? <Result answer={state.answer} /> : state.error === null && <p class="quiet">{t('common.loading')}</p>}</div>
        </Panel>
      </div>
    </>
  );
}
