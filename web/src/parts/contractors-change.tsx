// A country's answers changed: the score before and after and what is reached, first as a question, then for good.

import { useEffect, useState } from 'preact/hooks';
import { get, post } from '../lib/api';
import type { Country, Overview, Replay } from '../lib/contractors';
import { loadRegisters, recordApi, registers, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import { fullWhen, tx } from '../lib/ui';
import { say } from '../words/contractors';
import { CountryCode, Score } from './contractors-badges';
import { ReachView } from './contractors-reach';
import { RefInput } from './ref-picker';
import { toast } from './toast';
import { WeightsPanel } from './contractors-weights';
import { Field, Panel, Trouble } from './ui';

type Answers = Record<string, string>;
const text = (e: Event) => (e.target as HTMLInputElement).value;

/** The score's questions as the register's own fields. */
function Questions({ fields, before, answers, onChange }: { fields: string[]; before: Record<string, unknown>; answers: Answers; onChange: (next: Answers) => void }) {
  const schema = registers.value?.find((r) => r.id === 'countries');
  return (
    <div class="contractors-questions">
      {fields.map((id) => {
        const field = schema?.fields.find((f) => f.id === id);
        if (!field) return null;
        const set = (value: string) => {
          const next = { ...answers };
          if (value === '' || value === before[id]) delete next[id];
          else next[id] = value;
          onChange(next);
        };
        return (
          <Field key={id} label={tx(field.label)} help={tx(field.help)}>
            {(control) => (
              <select {...control} name={id} value={answers[id] ?? String(before[id] ?? '')} onChange={(e) => set(text(e))}>
                {before[id] === undefined && <option value="">{say('country.unknown')}</option>}
                {field.options?.map((o) => (
                  <option key={o.id} value={o.id}>
                    {tx(o.label)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        );
      })}
    </div>
  );
}

function Past({ country, grades }: { country: string; grades: Overview['grades'] }) {
  const read = useResource<{ items: { at: string; who: string; version: number; score: number | null; grade: string | null }[] }>(
    `/api/v1/contractors/countries/${encodeURIComponent(country)}/scores`,
  );
  if (!read.value || read.value.items.length === 0) return null;
  return (
    <Panel title={say('change.history')}>
      <ol class="plain contractors-past">
        {read.value.items.map((item) => (
          <li key={item.version}>
            {fullWhen(item.at)} <Score score={item.score} grade={item.grade} grades={grades} /> <small class="quiet">{item.who}</small>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

interface SaveProps {
  country: string;
  answers: Answers;
  record: RegisterRecord | null;
  onSaved: () => void;
}
function Save({ country, answers, record, onSaved }: SaveProps) {
  const [more, setMore] = useState<Answers>({});
  const [owner, setOwner] = useState<string[]>([]);
  const [deadline, setDeadline] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const today = new Date().toISOString().slice(0, 10);
  const set = (id: string) => (e: Event) => setMore({ ...more, [id]: text(e) });
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const extra = record ? { reviewed: today, ...more } : { state: 'current', reviewed: today, ...more };
      const done = await post<Replay>('/api/v1/contractors/countries/change', {
        country,
        values: { ...answers, ...extra },
        ...(record ? { version: record.version } : {}),
        ...(owner[0] ? { owner: owner[0] } : {}),
        ...(deadline ? { deadline } : {}),
      });
      toast(say('change.saved', { n: done.tasks?.length ?? 0 }));
      onSaved();
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="contractors-save no-print"
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <Field label={say('change.source')}>{(c) => <input {...c} type="url" name="source" value={more['source'] ?? String(record?.values['source'] ?? '')} onInput={set('source')} />}</Field>
      <Field label={say('change.reviewer')}>{(c) => <input {...c} name="reviewer" value={more['reviewer'] ?? String(record?.values['reviewer'] ?? '')} onInput={set('reviewer')} />}</Field>
      <Field label={say('change.next')}>{(c) => <input {...c} type="date" name="next_review" value={more['next_review'] ?? String(record?.values['next_review'] ?? '')} onInput={set('next_review')} />}</Field>
      <Field label={say('change.deadline')} help={say('change.deadline.help')}>
        {(c) => <input {...c} type="date" name="deadline" value={deadline} onInput={(e) => setDeadline(text(e))} />}
      </Field>
      <Field label={say('change.owner')}>{(c) => <RefInput register="persons" control={c} name="owner" value={owner} many={false} onChange={setOwner} />}</Field>
      {error !== null && <Trouble error={error} />}
      <button type="submit" class="button" disabled={busy}>
        {say('change.save')}
      </button>
    </form>
  );
}

export function CountryChange({ data, country, onPick, onSaved }: { data: Overview; country: string; onPick: (code: string) => void; onSaved: () => void }) {
  const known: Country | undefined = data.countries.find((c) => c.country === country);
  const [record, setRecord] = useState<RegisterRecord | null>(null);
  const [answers, setAnswers] = useState<Answers>({});
  const [replay, setReplay] = useState<Replay | null>(null);
  const [error, setError] = useState<unknown>(null);
  const weights = useResource<{ weights: { countries: { questions: { field: string }[] } } }>('/api/v1/contractors/weights');
  useEffect(() => {
    loadRegisters().catch(() => undefined);
  }, []);
  const recordId = known?.record ?? null;
  useEffect(() => {
    setRecord(null);
    setAnswers({});
    setReplay(null);
    if (recordId) get<RegisterRecord>(recordApi('countries', recordId)).then(setRecord, setError);
  }, [country, recordId]);
  const ask = () => {
    setError(null);
    post<Replay>('/api/v1/contractors/countries/what-if', { country, values: answers }).then(setReplay, setError);
  };
  const codes = data.countries.map((c) => c.country).filter((code) => code !== 'JP');
  const mayWrite = registers.value?.some((r) => r.id === 'countries' && r.may_write) ?? false;
  return (
    <>
      <p class="quiet">{say('change.lead')}</p>
      <Field label={say('change.country')}>
        {(control) => (
          <select {...control} name="country" value={country} onChange={(e) => onPick(text(e))}>
            <option value="" />
            {codes.map((code) => (
              <option key={code} value={code}>
                {data.countries.find((c) => c.country === code)?.label ?? code} ({code})
              </option>
            ))}
          </select>
        )}
      </Field>
      {country !== '' && weights.value && (
        <Questions fields={weights.value.weights.countries.questions.map((q) => q.field)} before={record?.values ?? {}} answers={answers} onChange={setAnswers} />
      )}
      {country !== '' && (
        <p class="no-print">
          <button type="button" class="button" onClick={ask}>
            {say('change.ask')}
          </button>
        </p>
      )}
      {error !== null && <Trouble error={error} />}
      {replay && (
        <section class="contractors-replay" aria-live="polite">
          <h3>
            <CountryCode code={replay.country} countries={data.countries} />
          </h3>
          <p class="contractors-scores">
            {say('change.before')} <Score score={replay.before?.score ?? null} grade={replay.before?.grade ?? null} grades={data.grades} /> → {say('change.after')}{' '}
            <Score score={replay.after.score} grade={replay.after.grade} grades={data.grades} />
          </p>
          {!replay.changed && <p class="quiet">{say('change.same')}</p>}
          <ReachView reach={replay.reach} start="country" />
          {mayWrite && <Save country={country} answers={answers} record={record} onSaved={onSaved} />}
        </section>
      )}
      {country !== '' && <Past key={`${country}-${record?.version ?? 0}`} country={country} grades={data.grades} />}
      <WeightsPanel onSaved={onSaved} />
    </>
  );
}
