// What was in force on a day, and a sandbox that judges facts by it without recording anything.

import { useState } from 'preact/hooks';
import { post } from '../lib/api';
import { useResource } from '../lib/resource';
import { now } from '../lib/store';
import { day, fromInput, toInput } from '../lib/time';
import type { LawEntry, Verdict } from '../lib/types';
import { dateText, durationText, errorText, reasons, t, tOr, tx } from '../lib/ui';
import { wholeNumber } from '../parts/counts';
import { SERVICE_IDS } from '../parts/new-accident';
import { Empty, ErrorBox, Field, OutcomeBadge, Panel } from '../parts/ui';

function Entry({ entry }: { entry: LawEntry }) {
  return (
    <li class="law-entry">
      <p class="law-head">
        <b>{entry.article}</b>
        <span class={`badge ${entry.verified ? 'level-done' : 'level-soon'}`}>
          {t(entry.verified ? 'law.verified' : 'law.unverified')}
        </span>
        <span class="quiet">
          {t('law.from', { date: dateText(day(entry.from)) })}
          {entry.to && ` ${t('law.to', { date: dateText(day(entry.to)) })}`}
        </span>
      </p>
      <p>{tx(entry.text)}</p>
      {!entry.verified && <p class="unverified">{tx(entry.note) || t('law.unverified.note')}</p>}
      <p class="quiet source">
        {t('law.source')}: {entry.source}
      </p>
    </li>
  );
}

function Sandbox({ date }: { date: string }) {
  const [form, setForm] = useState({
    started_at: `${date}T09:00`,
    ended_at: '',
    service: 'internet-access',
    affected_users: '',
    monthly_users: '',
  });
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [error, setError] = useState<string | null>(null);
  const bind = (name: keyof typeof form) => ({
    name,
    value: form[name],
    onInput: (e: Event) => setForm({ ...form, [name]: (e.target as HTMLInputElement).value }),
  });
  const run = async (event: Event) => {
    event.preventDefault();
    setError(null);
    setVerdict(null);
    const facts: Record<string, unknown> = { id: 'what-if', service: form.service, fault: 'telecom-equipment' };
    facts['started_at'] = fromInput(form.started_at);
    if (!facts['started_at']) return setError(t('new.error.started'));
    if (form.ended_at) facts['ended_at'] = fromInput(form.ended_at);
    for (const name of ['affected_users', 'monthly_users'] as const) {
      if (!form[name]) continue;
      const n = wholeNumber(form[name]);
      if (n === null) return setError(t('new.error.users'));
      facts[name] = n;
    }
    try {
      setVerdict(await post<Verdict>('/api/v1/judge', facts));
    } catch (e) {
      setError(errorText(e));
    }
  };
  return (
    <Panel title={t('judge.title')}>
      <p class="quiet">{t('judge.lead')}</p>
      <form class="form" onSubmit={run}>
        <Field label={`${t('judge.started')}(${t('common.jst')})`}>
          {(p) => <input {...p} {...bind('started_at')} type="datetime-local" />}
        </Field>
        <Field label={t('judge.ended')}>{(p) => <input {...p} {...bind('ended_at')} type="datetime-local" />}</Field>
        <Field label={t('judge.service')}>
          {(p) => (
            <select {...p} {...bind('service')}>
              {SERVICE_IDS.map((id) => (
                <option key={id} value={id}>
                  {t(`service.${id}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('judge.users')}>
          {(p) => <input {...p} {...bind('affected_users')} class="number" inputMode="numeric" autoComplete="off" />}
        </Field>
        {form.service === 'mail-messaging-free' && (
          <Field label={t('judge.monthly')}>
            {(p) => <input {...p} {...bind('monthly_users')} class="number" inputMode="numeric" autoComplete="off" />}
          </Field>
        )}
        <button class="button" data-action="judge">
          {t('judge.run')}
        </button>
      </form>
      {error && <ErrorBox text={error} />}
      {verdict && (
        <div class="verdict" role="status">
          <h3 class="sub">{t('judge.result')}</h3>
          <p>
            <OutcomeBadge outcome={verdict.outcome} /> <b>{verdict.article}</b>
          </p>
          <p class="quiet">
            {t('detail.judge.law', { date: dateText(day(verdict.law)) })} · {t('judge.duration')}{' '}
            {durationText(verdict.duration_s)}
          </p>
          <ul class="why">
            {reasons(verdict).map((line, i) => (
              <li key={i}>{line}</li>
            ))}
          </ul>
          <h3 class="sub">{t('judge.reports')}</h3>
          {verdict.reports.length === 0 ? (
            <p class="quiet">{t('judge.reports.none')}</p>
          ) : (
            <ul class="plain">
              {verdict.reports.map((r) => (
                <li key={r.kind}>
                  {tOr(`kind.${r.kind}`, r.kind)} {r.form && <span class="quiet">{r.form}</span>}{' '}
                  <b>{r.due ? dateText(day(r.due)) : t('deadline.at-once')}</b>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Panel>
  );
}

export default function Law() {
  const [date, setDate] = useState(toInput(now.peek()).slice(0, 10));
  const read = useResource<{ entries: LawEntry[] }>(/^\d{4}-\d\d-\d\d$/.test(date) ? `/api/v1/law?date=${date}` : null);
  const [filter, setFilter] = useState('');
  const word = filter.normalize('NFKC').trim();
  const entries = (read.value?.entries ?? []).filter(
    (e) => word === '' || `${e.article} ${e.text.ja} ${e.text.en}`.includes(word),
  );
  return (
    <div class="page detail">
      <div class="page-head">
        <h1 tabIndex={-1}>{t('law.title')}</h1>
      </div>
      <div class="detail-main">
        <Panel title={t('law.title')}>
          <p class="quiet">{t('law.lead')}</p>
          <div class="row">
            <Field label={t('law.date')}>
              {(p) => (
                <input
                  {...p}
                  type="date"
                  name="date"
                  min="2008-04-01"
                  value={date}
                  onInput={(e) => setDate((e.target as HTMLInputElement).value)}
                />
              )}
            </Field>
            <Field label={t('law.filter')}>
              {(p) => (
                <input
                  {...p}
                  type="search"
                  value={filter}
                  onInput={(e) => setFilter((e.target as HTMLInputElement).value)}
                />
              )}
            </Field>
          </div>
          {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
          {read.value?.entries.length === 0 && <Empty title={t('law.empty')} />}
          <ul class="law-list">
            {entries.map((e, i) => (
              <Entry key={`${e.id}${i}`} entry={e} />
            ))}
          </ul>
        </Panel>
      </div>
      <div class="detail-side">
        <Sandbox date={date} />
      </div>
    </div>
  );
}
