// Editing a record: drafts, mistakes at their fields, saving against the version that was read, and the conflict when
// somebody else was faster.

import { useRef, useState } from 'preact/hooks';
import { ApiError, call, get } from '../lib/api';
import { useDraft } from '../lib/draft';
import { merge, type Merged, type Values } from '../lib/merge';
import { fieldsToEdit, fromForm, isClassified, offered, recordApi, registerApi, toForm, type Register, type RegisterRecord } from '../lib/registers';
import { fieldErrors } from '../lib/ui';
import { say } from '../words/registers';
import { Conflict } from './record-conflict';
import { DraftNote } from './draft';
import { mistakeText, RecordFields } from './record-form';
import { ErrorBox, Field, Panel, Trouble } from './ui';
import { t } from '../lib/ui';

const isConflict = (e: unknown) => e instanceof ApiError && (e.status === 409 || e.status === 412);

interface EditorProps {
  register: Register;
  /** Null: a new one. */
  record: RegisterRecord | null;
  /** What the form begins with, where it is not the record (a version brought back). */
  begin?: Values;
  /** Tells drafts of new records apart that begin for different things. */
  about?: string;
  onSaved: (record: RegisterRecord) => void;
  onCancel: () => void;
}
export function RecordEditor({ register, record, begin, about = '', onSaved, onCancel }: EditorProps) {
  const before = record?.values ?? {};
  const fields = fieldsToEdit(register, before).map((field) => offered(register, field, before));
  const initial = toForm(fields, begin ?? before);
  const withoutSealed = (form: Values) => {
    const kept = { ...form };
    for (const field of fields.filter(isClassified)) {
      if (initial[field.id] === undefined) delete kept[field.id];
      else kept[field.id] = { sealed: true };
    }
    return kept;
  };
  const draft = useDraft<Values>(`record.${register.id}.${record?.id ?? `+new${about}`}`, initial, String(record?.version ?? 0), withoutSealed);
  const [id, setId] = useState('');
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failed, setFailed] = useState<unknown>(null);
  const [clash, setClash] = useState<{ theirs: RegisterRecord; merged: Merged } | null>(null);
  const [gone, setGone] = useState(false);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  // What the form does not offer stays as it is.
  const withheld = (all: Values): Values =>
    Object.fromEntries(Object.entries(all).filter(([id]) => !fields.some((field) => field.id === id)));
  const showErrors = (next: Record<string, string>) => {
    setErrors(next);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"], .invalid button')?.focus());
  };
  const saved = (answer: RegisterRecord) => {
    draft.done();
    onSaved(answer);
  };
  const meet = async (values: Values) => {
    if (!record) return;
    try {
      const theirs = await get<RegisterRecord>(recordApi(register.id, record.id));
      setClash({ theirs, merged: merge(before, values, theirs.values) });
    } catch (e) {
      if (e instanceof ApiError && e.status === 404) setGone(true);
      else setFailed(e);
    }
  };
  const send = async (values: Values, version: number) => {
    setBusy(true);
    setFailed(null);
    setClash(null);
    try {
      if (!record) saved(await call<RegisterRecord>('POST', registerApi(register.id), { ...(id.trim() && { id: id.trim() }), values }));
      else saved(await call<RegisterRecord>('PUT', recordApi(register.id, record.id), { values }, { 'If-Match': `"${version}"` }));
    } catch (e) {
      const named = fieldErrors(e);
      if (Object.keys(named).length > 0) showErrors(named);
      else if (record && isConflict(e)) await meet(values);
      else setFailed(e);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const { values: typed, mistakes } = fromForm(fields, draft.value);
    const values = { ...withheld(before), ...typed };
    const texts: Record<string, string> = {};
    for (const field of fields) {
      const mistake = mistakes[field.id];
      if (mistake) texts[field.id] = mistakeText(mistake, field);
    }
    showErrors(texts);
    if (Object.keys(texts).length === 0) void send(values, record?.version ?? 0);
  };
  const wrong = Object.keys(errors).length;
  return (
    <Panel title={record ? say('edit') : say('tab.record')}>
      <form class="form record-form" noValidate ref={form} onSubmit={submit}>
        <DraftNote draft={draft} />
        {wrong > 0 && <ErrorBox text={say('save.wrong', { n: wrong })} />}
        {failed !== null && <Trouble error={failed} />}
        {gone && <ErrorBox text={say('conflict.gone')} />}
        {!record && (
          <Field label={say('new.id')}>
            {(p) => <input {...p} name="+id" class="day" autoComplete="off" value={id} onInput={(e) => setId((e.target as HTMLInputElement).value)} />}
          </Field>
        )}
        <RecordFields fields={fields} form={draft.value} before={record?.values ?? {}} errors={errors} onChange={draft.set} />
        <div class="form-end">
          <button class="button" data-action="save-record" disabled={busy}>
            {say('save')}
          </button>
          <button
            type="button"
            class="button secondary"
            onClick={() => {
              draft.done();
              onCancel();
            }}
          >
            {t('common.cancel')}
          </button>
        </div>
      </form>
      {clash && (
        <Conflict
          register={register}
          theirs={clash.theirs}
          merged={clash.merged}
          onClose={() => setClash(null)}
          onSave={(values) => void send(values, clash.theirs.version)}
        />
      )}
    </Panel>
  );
}
