// The law: what was in force on a day, what two days differ in, and facts judged by the law of another day.

import { useState } from 'preact/hooks';
import { useResource } from '../lib/resource';
import { now } from '../lib/store';
import { day, toInput } from '../lib/time';
import type { LawEntry } from '../lib/types';
import { dateText, errorText, t, tx } from '../lib/ui';
import { LawCompare } from '../parts/law-compare';
import { LawSandbox } from '../parts/law-sandbox';
import { Tabs } from '../parts/tabs';
import { Empty, ErrorBox, Field, Panel } from '../parts/ui';
import { say } from '../words/law-compare';
import './law.css';

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

function Browse() {
  const [date, setDate] = useState(toInput(now.peek()).slice(0, 10));
  const read = useResource<{ entries: LawEntry[] }>(/^\d{4}-\d\d-\d\d$/.test(date) ? `/api/v1/law?date=${date}` : null);
  const [filter, setFilter] = useState('');
  const word = filter.normalize('NFKC').trim();
  const entries = (read.value?.entries ?? []).filter(
    (e) => word === '' || `${e.article} ${e.text.ja} ${e.text.en}`.includes(word),
  );
  return (
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
  );
}

const TABS = ['browse', 'compare', 'judge'] as const;

export default function Law() {
  const [tab, setTab] = useState<(typeof TABS)[number]>('browse');
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
      </div>
      <Tabs label={say('title')} tabs={TABS.map((id) => ({ id, name: say(`tab.${id}`) }))} value={tab} onPick={setTab}>
        {tab === 'browse' && <Browse />}
        {tab === 'compare' && <LawCompare />}
        {tab === 'judge' && <LawSandbox />}
      </Tabs>
    </div>
  );
}
