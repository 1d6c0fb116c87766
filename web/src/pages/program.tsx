// Obligations (義務): what the Act asks of the carrier on a day, why, by when, who answers for it, and what was done; and
// what another fact or another day would bring.

import { useEffect, useMemo } from 'preact/hooks';
import { number } from '../lib/i18n';
import { byTopic, filtered, readFilters, standingOf, STANDINGS, TOPICS, writeFilters, type Fact, type Filters, type Program as Answer, type Standing } from '../lib/program';
import { loadRegisters } from '../lib/registers';
import { useResource } from '../lib/resource';
import { query, setQuery } from '../lib/router';
import { now } from '../lib/store';
import { toInput } from '../lib/time';
import { errorText, t, tx } from '../lib/ui';
import { ProgramClasses } from '../parts/program-classes';
import { DutyRow } from '../parts/program-duty';
import { ProgramProfile } from '../parts/program-profile';
import { ProgramWhatIf } from '../parts/program-what-if';
import { PrintButton } from '../parts/save';
import { Tabs } from '../parts/tabs';
import { Empty, ErrorBox, Field } from '../parts/ui';
import { say } from '../words/program';
import '../parts/accident.css';
import './program.css';

const TABS = ['obligations', 'what-if', 'classes', 'profile'] as const;
type Tab = (typeof TABS)[number];
const KINDS = ['duty', 'recommended', 'option', 'criterion'] as const;
const typed = (e: Event) => (e.target as HTMLInputElement).value;

interface ListProps {
  program: Answer;
  facts: Fact[];
  filters: Filters;
  change: (part: Partial<Filters>) => void;
  reload: () => void;
}

/** The numbers at the top are the filter of where an obligation stands. */
function Standings({ program, filters, change }: Pick<ListProps, 'program' | 'filters' | 'change'>) {
  const counts = new Map<Standing, number>();
  for (const duty of program.obligations) counts.set(standingOf(duty), (counts.get(standingOf(duty)) ?? 0) + 1);
  return (
    <div class="program-standings" role="group" aria-label={say('all')}>
      {STANDINGS.filter((s) => (counts.get(s) ?? 0) > 0 || s === filters.standing).map((s) => (
        <button
          key={s}
          type="button"
          data-standing={s}
          class={`program-standing program-is-${s}`}
          aria-pressed={filters.standing === s}
          onClick={() => change({ standing: filters.standing === s ? '' : s })}
        >
          <b>{number(counts.get(s) ?? 0)}</b>
          <span>{say(`standing.${s}`)}</span>
        </button>
      ))}
    </div>
  );
}

function Selects({ filters, change }: Pick<ListProps, 'filters' | 'change'>) {
  const select = (name: 'topic' | 'kind', options: readonly string[]) => (
    <Field label={say(name)}>
      {(p) => (
        <select {...p} name={name} value={filters[name]} onChange={(e) => change({ [name]: typed(e) })}>
          <option value="">{say('all')}</option>
          {options.map((o) => (
            <option key={o} value={o}>
              {say.or(`${name}.${o}`, o)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <>
      {select('topic', TOPICS)}
      {select('kind', KINDS)}
      <Field label={say('word')}>{(p) => <input {...p} type="search" name="word" value={filters.word} onInput={(e) => change({ word: typed(e) })} />}</Field>
    </>
  );
}

function List({ program, facts, filters, change, reload }: ListProps) {
  const shown = filtered(program.obligations, filters);
  const names = useMemo(() => new Map(facts.map((f) => [f.fact, tx(f.name)])), [facts]);
  return (
    <>
      <Standings {...{ program, filters, change }} />
      <div class="row program-filters no-print">
        <Selects {...{ filters, change }} />
        {shown.length < program.obligations.length && (
          <button type="button" class="tool" data-action="clear" onClick={() => change({ topic: '', kind: '', standing: '', word: '' })}>
            {say('clear')}
          </button>
        )}
      </div>
      <p class="quiet program-shown" role="status">
        {shown.length < program.obligations.length && say('shown', { n: shown.length, all: program.obligations.length })}
      </p>
      {shown.length === 0 && <Empty title={say('none')} />}
      {byTopic(shown).map(([topic, duties]) => (
        <section key={topic} class="panel program-topic">
          <h2>
            {say.or(`topic.${topic}`, topic)} <span class="quiet">{say('n', { n: duties.length })}</span>
          </h2>
          <ul class="plain program-list">
            {duties.map((duty) => (
              <DutyRow key={duty.id} duty={duty} duties={program.obligations} date={program.date} facts={names} reload={reload} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

export default function Program() {
  const filters = readFilters(query.value);
  const asked = new URLSearchParams(query.value).get('tab');
  const tab = TABS.find((x) => x === asked) ?? 'obligations';
  const today = toInput(now.value).slice(0, 10);
  const date = filters.date || today;
  const read = useResource<Answer>(`/api/v1/program?date=${date}`);
  const facts = useResource<{ items: Fact[] }>('/api/v1/program/facts');
  useEffect(() => {
    loadRegisters().catch(() => undefined);
  }, []);
  const change = (part: Partial<Filters>) => setQuery(writeFilters({ ...filters, ...part }, tab === 'obligations' ? {} : { tab }));
  const pick = (next: Tab) => setQuery(writeFilters(filters, next === 'obligations' ? {} : { tab: next }));
  const program = read.value;
  const known = facts.value?.items ?? [];
  const failed = read.error ?? facts.error;
  return (
    <div class="page program">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <PrintButton />
      </div>
      <p class="quiet program-lead">{say('lead')}</p>
      {(tab === 'obligations' || tab === 'profile') && (
        <div class="row">
          <Field label={say('date')} help={say('date.help')}>
            {(p) => <input {...p} type="date" name="date" min="2021-04-01" value={date} onInput={(e) => change({ date: typed(e) })} />}
          </Field>
          {filters.date !== '' && (
            <button type="button" class="tool no-print" onClick={() => change({ date: '' })}>
              {say('today')}
            </button>
          )}
        </div>
      )}
      {failed !== null && <ErrorBox text={errorText(failed)} onRetry={() => (read.reload(), facts.reload())} />}
      {(!program || !facts.value) && failed === null && <p class="loading">{t('common.loading')}</p>}
      {program && facts.value && (
        <Tabs label={say('title')} tabs={TABS.map((id) => ({ id, name: say(`tab.${id}`) }))} value={tab} onPick={pick}>
          {tab === 'obligations' && <List program={program} facts={known} filters={filters} change={change} reload={read.reload} />}
          {tab === 'what-if' && <ProgramWhatIf profile={program.profile} facts={known} today={today} />}
          {tab === 'classes' && <ProgramClasses program={program} />}
          {tab === 'profile' && <ProgramProfile program={program} facts={known} />}
        </Tabs>
      )}
      {program?.synthetic && <p class="synthetic-note">{t('demo.synthetic.long')}</p>}
    </div>
  );
}
