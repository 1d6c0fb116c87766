// Contractors (委託先): who is entrusted with what, which countries stand behind them, what hangs on whom, what a country's
// change reaches, and what users are told. As they are, or as they stood on a day.

import type { Overview } from '../lib/contractors';
import { useResource } from '../lib/resource';
import { query, setQuery } from '../lib/router';
import { errorText } from '../lib/ui';
import { AbroadList } from '../parts/contractors-abroad';
import { Concentration } from '../parts/contractors-share';
import { CountryChange } from '../parts/contractors-change';
import { CountryMatrix } from '../parts/contractors-countries';
import { ContractorList } from '../parts/contractors-list';
import { PrintButton } from '../parts/save';
import { Tabs } from '../parts/tabs';
import { Empty, ErrorBox, Field } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/contractors';
import './contractors.css';

const VIEWS = ['list', 'countries', 'share', 'change', 'abroad'] as const;
type View = (typeof VIEWS)[number];

export default function Contractors() {
  const asked = new URLSearchParams(query.value);
  const picked = asked.get('view');
  const view: View = VIEWS.find((one) => one === picked) ?? 'list';
  const country = asked.get('country') ?? '';
  const day = asked.get('day') ?? '';
  const set = (changes: Record<string, string>) => {
    const next = new URLSearchParams(query.value);
    for (const [key, value] of Object.entries(changes)) {
      if (value === '') next.delete(key);
      else next.set(key, value);
    }
    setQuery(next);
  };
  const asOf = /^\d{4}-\d\d-\d\d$/.test(day) ? `?as_of=${encodeURIComponent(`${day}T23:59:59+09:00`)}` : '';
  const read = useResource<Overview>(`/api/v1/contractors${asOf}`);
  const data = read.value;
  return (
    <div class="page contractors">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <PrintButton />
      </div>
      <p class="quiet">{say('lead')}</p>
      {data?.synthetic && <Synthetic text={say('synthetic')} />}
      <div class="row">
        <Field label={say('as-of')} help={day === '' ? say('now') : ''}>
          {(control) => <input {...control} type="date" name="day" value={day} onInput={(e) => set({ day: (e.target as HTMLInputElement).value })} />}
        </Field>
        <a class="button secondary small no-print" href="/registers/contractors/+new">
          {say('add')}
        </a>
      </div>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {data && data.withheld.length > 0 && <p class="notice">{say('withheld', { names: data.withheld.join('、') })}</p>}
      {data && (
        <Tabs label={say('tabs')} tabs={VIEWS.map((id) => ({ id, name: say(`tab.${id}`) }))} value={view} onPick={(next) => set({ view: next === 'list' ? '' : next })}>
          {view === 'list' &&
            (data.contractors.length === 0 ? (
              <Empty title={say('none')}>
                <a href="/registers/contractors/+new">{say('none.add')}</a>
              </Empty>
            ) : (
              <ContractorList data={data} />
            ))}
          {view === 'countries' && <CountryMatrix data={data} onChange={(code) => set({ view: 'change', country: code })} />}
          {view === 'share' && <Concentration asOf={asOf} />}
          {view === 'change' && <CountryChange data={data} country={country} onPick={(code) => set({ country: code })} onSaved={read.reload} />}
          {view === 'abroad' && <AbroadList asOf={asOf} countries={data.countries} />}
        </Tabs>
      )}
    </div>
  );
}
