// Files that belong to an accident, what is done so that it does not happen again, and the proof that all this was
// recorded as it is.

import { useId, useState } from 'preact/hooks';
import { accidentPath, ApiError, call, post } from '../lib/api';
import { number } from '../lib/i18n';
import { recordPage, registerApi, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';
import { now } from '../lib/store';
import { day, toInput } from '../lib/time';
import type { Accident, EvidenceFile } from '../lib/types';
import { dateText, errorText, fieldErrors, fullWhen, tx } from '../lib/ui';
import { say } from '../words/accident';
import { RefInput } from './ref-picker';
import { Dialog, ErrorBox, Field, Panel } from './ui';
import './accident.css';

const FILE_MAX = 32 * 1024 * 1024;

export function EvidencePanel({ accident, set }: { accident: Accident; set: (next: Accident) => void }) {
  const [error, setError] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const id = useId();
  const attach = async (event: Event) => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (!file) return;
    setError(file.size > FILE_MAX ? say('files.large') : null);
    if (file.size > FILE_MAX) return;
    setSending(true);
    try {
      const bytes = new Blob([file], { type: 'application/octet-stream' });
      set(await call<Accident>('POST', `${accidentPath(accident.id)}/files?name=${encodeURIComponent(file.name)}`, bytes));
    } catch (e) {
      setError(errorText(e));
    }
    setSending(false);
    input.value = '';
  };
  return (
    <Panel title={say('files.title')} class="panel-evidence">
      {error && <ErrorBox text={error} />}
      {accident.files.length === 0 && <p class="quiet">{say('files.none')}</p>}
      <ul class="evidence">
        {accident.files.map((f: EvidenceFile) => (
          <li key={f.sha256}>
            <a href={`${accidentPath(accident.id)}/files/${f.sha256}`} download>
              {f.name}
            </a>
            <span class="quiet">{number(Math.ceil(f.size / 1024))} KiB</span>
            <span class="quiet">{say('files.by', { time: fullWhen(f.at), who: f.who })}</span>
          </li>
        ))}
      </ul>
      {may('handle-accident') && (
        <div class="field">
          <label for={id}>{sending ? say('files.sending') : say('files.add')}</label>
          <input id={id} type="file" name="evidence" disabled={sending} onChange={(e) => void attach(e)} />
        </div>
      )}
    </Panel>
  );
}

// ---- countermeasures ----

const REGISTER = 'countermeasures';
const STATUS = ['open', 'doing', 'done', 'dropped'];
type Draft = { title: string; measure: string; owner: string[]; deadline: string };

function AddMeasure({ accident, close, done }: { accident: Accident; close: () => void; done: () => void }) {
  const [draft, setDraft] = useState<Draft>({ title: accident.title, measure: '', owner: [], deadline: '' });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failed, setFailed] = useState<string | null>(null);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const typed = (name: 'title' | 'measure' | 'deadline') => (e: Event) => change({ [name]: (e.target as HTMLInputElement).value });
  const save = async () => {
    const missing = Object.entries(draft).filter(([, v]) => v.length === 0).map(([k]) => [k, say('measures.missing')] as const);
    setErrors(Object.fromEntries(missing));
    if (missing.length > 0) return;
    const values = { ...draft, owner: draft.owner[0], source: 'accident', source_id: accident.id, status: 'open', ...(accident.cause ? { cause: accident.cause } : {}) };
    try {
      await post(registerApi(REGISTER), { values });
      done();
    } catch (e) {
      setErrors(fieldErrors(e));
      setFailed(errorText(e));
    }
  };
  return (
    <Dialog
      title={say('measures.add')}
      onClose={close}
      actions={
        <button type="button" class="button" data-action="save-measure" onClick={() => void save()}>
          {say('measures.save')}
        </button>
      }
    >
      {failed && <ErrorBox text={failed} />}
      <Field label={say('measures.item')} error={errors['title']}>
        {(p) => <input {...p} name="measure-title" maxLength={200} value={draft.title} onInput={typed('title')} />}
      </Field>
      <Field label={say('measures.measure')} error={errors['measure']}>
        {(p) => <textarea {...p} name="measure" rows={3} maxLength={4000} value={draft.measure} onInput={typed('measure')} />}
      </Field>
      <Field label={say('measures.owner')} error={errors['owner']}>
        {(p) => <RefInput register="persons" control={p} name="owner" value={draft.owner} many={false} onChange={(owner) => change({ owner })} />}
      </Field>
      <Field label={say('measures.deadline')} error={errors['deadline']}>
        {(p) => (
          <input {...p} type="date" name="deadline" min={toInput(now.peek()).slice(0, 10)} value={draft.deadline} onInput={typed('deadline')} />
        )}
      </Field>
    </Dialog>
  );
}

export function MeasuresPanel({ accident }: { accident: Accident }) {
  const [adding, setAdding] = useState(false);
  const read = useResource<{ items: RegisterRecord[] }>(`${registerApi(REGISTER)}?search=${encodeURIComponent(accident.id)}&limit=100`);
  const mine = (read.value?.items ?? []).filter((r) => r.values['source_id'] === accident.id);
  if (read.error instanceof ApiError && read.error.status === 403) return null; // who may not read the register sees no panel of it
  return (
    <Panel title={say('measures.title')} class="panel-measures">
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value && mine.length === 0 && <p class="quiet">{say('measures.none')}</p>}
      <ul class="measures">
        {mine.map((r) => {
          const status = String(r.values['status']);
          return (
            <li key={r.id}>
              <a href={recordPage(REGISTER, r.id)}>{r.title}</a>
              <span class="badge outline">{STATUS.includes(status) ? say(`status.${status}` as 'status.open') : status}</span>
              <span class="quiet">{say('measures.due', { date: dateText(day(String(r.values['deadline']))) })}</span>
            </li>
          );
        })}
      </ul>
      {may('handle-accident') && (
        <p>
          <button type="button" class="button secondary small" data-action="add-measure" onClick={() => setAdding(true)}>
            {say('measures.add')}
          </button>
        </p>
      )}
      {adding && (
        <AddMeasure
          accident={accident}
          close={() => setAdding(false)}
          done={() => {
            setAdding(false);
            read.reload();
          }}
        />
      )}
    </Panel>
  );
}

// ---- proof ----

export function ProofPanel({ accident }: { accident: Accident }) {
  const path = `${accidentPath(accident.id)}/proof`;
  return (
    <Panel title={say('proof.title')} class="panel-proof">
      <p class="quiet">{say('proof.lead')}</p>
      <ul class="plain">
        <li>
          <a href={path} download={`${accident.id}-receipt.json`}>
            {say('proof.last')}
          </a>
        </li>
        {accident.reports.map((r) => (
          <li key={r.number}>
            <a href={`${path}?report=${r.number}`} download={`${accident.id}-${r.number}-receipt.json`}>
              {say('proof.report.name', { name: tx(r.name) })}
            </a>
          </li>
        ))}
      </ul>
      <details class="fold">
        <summary>{say('proof.how')}</summary>
        <code class="sha">tokatsu ledger check-proof {accident.id}-receipt.json --key key.pub</code>
      </details>
    </Panel>
  );
}
