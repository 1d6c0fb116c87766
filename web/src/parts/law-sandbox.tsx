// The same facts judged by the law of the day they happened and by that of another day, side by side. Nothing is recorded.

import { useState } from 'preact/hooks';
import { post } from '../lib/api';
import { number } from '../lib/i18n';
import { now } from '../lib/store';
import { day, fromInput, toInput } from '../lib/time';
import type { Verdict } from '../lib/types';
import { dateText, durationText, reasons, t, tOr } from '../lib/ui';
import { say } from '../words/law-compare';
import { wholeNumber } from './counts';
import { SERVICE_IDS } from './new-accident';
import { Field, OutcomeBadge, Panel, Trouble } from './ui';

const NOTHING = {
  started_at: '',
  ended_at: '',
  service: 'internet-access',
  affected_users: '',
  monthly_users: '',
  link_kbps: '',
  fault: 'telecom-equipment',
  equipment: 'other',
  all_traffic_lost: '',
  additional_function_only: '',
};
type Form = typeof NOTHING;
const FAULTS = ['telecom-equipment', 'other-equipment', 'important-facility'] as const;
const EQUIPMENT = ['other', 'radio-base-station', 'remote-unit', 'dslam'] as const;
const NUMBERS = ['affected_users', 'monthly_users', 'link_kbps'] as const;

/** The facts as the server takes them, or what is wrong with them. */
function factsOf(form: Form): Record<string, unknown> | string {
  const facts: Record<string, unknown> = { id: 'what-if', service: form.service, fault: form.fault, equipment: form.equipment };
  facts['started_at'] = fromInput(form.started_at);
  if (!facts['started_at']) return t('new.error.started');
  if (form.ended_at) facts['ended_at'] = fromInput(form.ended_at);
  for (const name of NUMBERS) {
    if (!form[name]) continue;
    const n = wholeNumber(form[name]);
    if (n === null) return t('new.error.users');
    facts[name] = n;
  }
  for (const name of ['all_traffic_lost', 'additional_function_only'] as const) if (form[name]) facts[name] = form[name];
  return facts;
}

function Answer({ title, verdict }: { title: string; verdict: Verdict }) {
  return (
    <section class="law-side verdict" aria-label={title}>
      <h3>{title}</h3>
      <p>
        <OutcomeBadge outcome={verdict.outcome} /> <b>{verdict.article}</b>
      </p>
      <p class="quiet">
        {t('detail.judge.law', { date: dateText(day(verdict.law)) })} · {t('judge.duration')} {durationText(verdict.duration_s)}
        {verdict.branch && ` · ${number(verdict.branch.hours)} h × ${number(verdict.branch.users)}`}
      </p>
      <ul class="why">
        {reasons(verdict).map((line, i) => (
          <li key={i}>{line}</li>
        ))}
      </ul>
      <h4 class="sub">{t('judge.reports')}</h4>
      {verdict.reports.length === 0 && <p class="quiet">{t('judge.reports.none')}</p>}
      <ul class="plain">
        {verdict.reports.map((r) => (
          <li key={r.kind}>
            {tOr(`kind.${r.kind}`, r.kind)} {r.form && <span class="quiet">{r.form}</span>} <b>{r.due ? dateText(day(r.due)) : t('deadline.at-once')}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function LawSandbox() {
  const [form, setForm] = useState<Form>({ ...NOTHING, started_at: toInput(now.peek()).slice(0, 16) });
  const [date, setDate] = useState('2014-04-01');
  const [answers, setAnswers] = useState<{ own: Verdict; other: Verdict; date: string } | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const bind = (name: keyof Form) => ({
    name,
    value: form[name],
    onInput: (e: Event) => setForm({ ...form, [name]: (e.target as HTMLInputElement).value }),
  });
  const run = async (event: Event) => {
    event.preventDefault();
    const facts = factsOf(form);
    setAnswers(null);
    if (typeof facts === 'string') return setFailed(facts);
    try {
      const judge = (more: object) => post<Verdict>('/api/v1/judge', { ...facts, ...more });
      const [own, other] = await Promise.all([judge({}), judge({ law_date: date })]);
      setAnswers({ own, other, date });
      setFailed(null);
    } catch (e) {
      setFailed(e);
    }
  };
  const select = (name: keyof Form, label: string, options: [string, string][]) => (
    <Field label={label}>
      {(p) => (
        <select {...p} {...bind(name)}>
          {options.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  const count = (name: (typeof NUMBERS)[number], label: string) => (
    <Field label={label}>{(p) => <input {...p} {...bind(name)} class="number" inputMode="numeric" autoComplete="off" />}</Field>
  );
  const tri: [string, string][] = [
    ['', say('unknown')],
    ['yes', say('yes')],
    ['no', say('no')],
  ];
  return (
    <Panel title={say('tab.judge')}>
      <p class="quiet">{say('judge.lead')}</p>
      <form class="form" onSubmit={(e) => void run(e)}>
        <div class="sandbox-fields">
          <Field label={`${t('judge.started')}(${t('common.jst')})`}>{(p) => <input {...p} {...bind('started_at')} type="datetime-local" />}</Field>
          <Field label={t('judge.ended')}>{(p) => <input {...p} {...bind('ended_at')} type="datetime-local" />}</Field>
          {select('service', t('judge.service'), SERVICE_IDS.map((id) => [id, t(`service.${id}`)]))}
          {count('affected_users', t('judge.users'))}
          {form.service === 'mail-messaging-free' && count('monthly_users', t('judge.monthly'))}
          {select('fault', say('judge.fault'), FAULTS.map((id) => [id, t(`fault.${id}`)]))}
          {select('equipment', say('judge.equipment'), EQUIPMENT.map((id) => [id, say(`equipment.${id}`)]))}
          {count('link_kbps', say('judge.link'))}
          {form.fault === 'important-facility' && select('all_traffic_lost', say('judge.lost'), tri)}
          {select('additional_function_only', say('judge.additional'), tri)}
          <Field label={say('judge.date')}>
            {(p) => <input {...p} type="date" name="law_date" min="2008-04-01" required value={date} onInput={(e) => setDate((e.target as HTMLInputElement).value)} />}
          </Field>
        </div>
        <button class="button" data-action="judge">
          {say('judge.run')}
        </button>
      </form>
      {failed !== null && (typeof failed === 'string' ? <p class="notice notice-error" role="alert">{failed}</p> : <Trouble error={failed} />)}
      {answers && (
        <div role="status">
          <p class={`notice ${answers.own.outcome === answers.other.outcome ? 'notice-good' : 'notice-warn'}`}>
            {say(answers.own.outcome === answers.other.outcome ? 'judge.same' : 'judge.differs')}
          </p>
          <div class="law-sides">
            <Answer title={say('judge.day')} verdict={answers.own} />
            <Answer title={say('judge.other', { date: dateText(day(answers.date)) })} verdict={answers.other} />
          </div>
        </div>
      )}
    </Panel>
  );
}
