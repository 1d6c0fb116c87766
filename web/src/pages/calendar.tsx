// The calendar (予定): everything that falls due, by month and by year, late things first; orders and guidance with their
// answers; deputies and drills; what was sent to remind whom; and an address to subscribe to.

import { useEffect, useMemo, useState } from 'preact/hooks';
import { lastOfMonth, monthOn, NO_FILTERS, passes, sourceOf, type Calendar as Answer, type Filters } from '../lib/calendar';
import { loadRegisters, registers } from '../lib/registers';
import { useResource } from '../lib/resource';
import { query, setQuery } from '../lib/router';
import { may } from '../lib/session';
import { now } from '../lib/store';
import { day, toInput } from '../lib/time';
import { errorText, plainDateText, t, tx } from '../lib/ui';
import { Delegations, Drills, Orders, Reminders } from '../parts/calendar-desk';
import { CalendarList, CalendarYear } from '../parts/calendar-list';
import { Subscribe } from '../parts/calendar-subscribe';
import { PrintButton } from '../parts/save';
import { Tabs } from '../parts/tabs';
import { ErrorBox, Field } from '../parts/ui';
import { Reference } from '../parts/value';
import { titles } from '../lib/registers';
import { say } from '../words/calendar';
import './calendar.css';

const TABS = ['list', 'year', 'orders', 'people', 'reminders'] as const;
type Tab = (typeof TABS)[number];
const typed = (e: Event) => (e.target as HTMLInputElement).value;
const MONTHS_BEFORE = 12; // what is late is looked for so far back
const STATES = ['overdue', 'open', 'done'] as const;

function FilterRow({ data, filters, change }: { data: Answer; filters: Filters; change: (next: Filters) => void }) {
  const all = [...data.items, ...data.undated];
  const sources = [...new Set(all.map(sourceOf))].sort();
  const owners = [...new Set(all.map((i) => i.owner).filter((o) => o !== undefined))].sort();
  const name = (id: string) => say.or(`source.${id}`, tx(registers.value?.find((r) => r.id === id)?.label) || id);
  const select = (field: 'source' | 'owner' | 'state', options: readonly string[], label: (id: string) => string) => (
    <Field label={say(field)}>
      {(p) => (
        <select {...p} name={field} value={filters[field]} onChange={(e) => change({ ...filters, [field]: typed(e) })}>
          <option value="">{say('all')}</option>
          {options.map((o) => (
            <option key={o} value={o}>
              {label(o)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <div class="row calendar-filters no-print">
      {/* names of owners are asked for by drawing them once, out of sight */}
      <span hidden>
        {owners.map((o) => (
          <Reference key={o} register="persons" id={o} plain />
        ))}
      </span>
      {select('source', sources, name)}
      {select('owner', owners, (id) => titles.value.get(`persons/${id}`) ?? id)}
      {select('state', STATES, (id) => say.or(`state.${id}`, id))}
      <Field label={say('word')}>{(p) => <input {...p} type="search" name="word" value={filters.word} onInput={(e) => change({ ...filters, word: typed(e) })} />}</Field>
      {filters !== NO_FILTERS && (
        <button type="button" class="tool" onClick={() => change(NO_FILTERS)}>
          {say('clear')}
        </button>
      )}
    </div>
  );
}

interface DatedProps {
  tab: 'list' | 'year';
  today: string;
  pick: (tab: Tab) => void;
}
function Dated({ tab, today, pick }: DatedProps) {
  const [start, setStart] = useState(() => monthOn(today, 0));
  const [filters, setFilters] = useState(NO_FILTERS);
  const here = start === monthOn(today, 0);
  const from = here && tab === 'list' ? monthOn(today, -MONTHS_BEFORE) : start;
  const to = lastOfMonth(monthOn(start, 11));
  const read = useResource<Answer>(`/api/v1/calendar?from=${from}&to=${to}`);
  const data = read.value;
  // Behind the first of this month only what is late matters; the rest is the past.
  const items = useMemo(() => (data?.items ?? []).filter((i) => passes(i, filters) && (tab === 'year' || (i.date ?? '') >= start || i.state === 'overdue')), [data, filters, tab, start]);
  const undated = (data?.undated ?? []).filter((i) => passes(i, filters));
  const open = (month: string) => {
    pick('list');
    setStart(month);
  };
  return (
    <>
      <div class="calendar-span">
        <button type="button" class="tool no-print" onClick={() => setStart(monthOn(start, -12))}>
          ← {say('earlier')}
        </button>
        <b>{say('span', { from: plainDateText(day(start)), to: plainDateText(day(to)) })}</b>
        <button type="button" class="tool no-print" onClick={() => setStart(monthOn(start, 12))}>
          {say('later')} →
        </button>
        {!here && (
          <button type="button" class="tool no-print" onClick={() => setStart(monthOn(today, 0))}>
            {say('now')}
          </button>
        )}
      </div>
      {data && <FilterRow data={data} filters={filters} change={setFilters} />}
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!data && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {data && tab === 'list' && <CalendarList data={data} items={items} undated={here ? undated : []} />}
      {data && tab === 'year' && <CalendarYear data={{ ...data, from: start }} items={items} onPick={open} />}
      {data?.synthetic && <p class="synthetic-note">{t('demo.synthetic.long')}</p>}
    </>
  );
}

export default function Calendar() {
  const [subscribing, setSubscribing] = useState(false);
  const asked = new URLSearchParams(query.value).get('tab');
  const tabs = TABS.filter((id) => id !== 'reminders' || may('see-accounts'));
  const tab = tabs.find((x) => x === asked) ?? 'list';
  const today = toInput(now.value).slice(0, 10);
  useEffect(() => {
    loadRegisters().catch(() => undefined);
  }, []);
  const pick = (next: Tab) => setQuery(new URLSearchParams(next === 'list' ? {} : { tab: next }));
  return (
    <div class="page calendar">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <span class="files no-print">
          <button type="button" class="button secondary small" data-action="subscribe" onClick={() => setSubscribing(true)}>
            {say('subscribe')}
          </button>
          <PrintButton />
        </span>
      </div>
      <p class="quiet">{say('lead')}</p>
      <Tabs label={say('title')} tabs={tabs.map((id) => ({ id, name: say(`tab.${id}`) }))} value={tab} onPick={pick}>
        {(tab === 'list' || tab === 'year') && <Dated tab={tab} today={today} pick={pick} />}
        {tab === 'orders' && <Orders today={today} />}
        {tab === 'people' && (
          <div class="calendar-two">
            <Delegations today={today} />
            <Drills />
          </div>
        )}
        {tab === 'reminders' && <Reminders />}
      </Tabs>
      {subscribing && <Subscribe onClose={() => setSubscribing(false)} />}
    </div>
  );
}
