// The words of the reports. Unsaved words survive a reload of the page and are never overwritten by a newer
// version of the record: they are sent against the version on the screen.

import { useEffect, useState } from 'preact/hooks';
import { setGuard } from '../lib/router';
import { EDITABLE, FIRST, LATER, type Accident, type Editable } from '../lib/types';
import { t } from '../lib/ui';
import type { Act } from './counts';
import { Field } from './ui';

type Edits = Partial<Record<Editable, string>>;

function load(id: string): Edits {
  try {
    return JSON.parse(sessionStorage.getItem(`tokatsu.edits.${id}`) ?? '{}') as Edits;
  } catch {
    return {};
  }
}
function keep(id: string, edits: Edits): void {
  try {
    if (Object.keys(edits).length === 0) sessionStorage.removeItem(`tokatsu.edits.${id}`);
    else sessionStorage.setItem(`tokatsu.edits.${id}`, JSON.stringify(edits));
  } catch {
    return;
  }
}

const LONG: Editable[] = ['summary', 'cause', 'measures', 'prevention', 'user_notice', 'redundancy', 'remarks'];
const CAUSES = ['equipment', 'human', 'external', 'other'] as const;

interface InputProps {
  name: Editable;
  value: string;
  set: (value: string) => void;
}
function TextField({ name, value, set }: InputProps) {
  const onInput = (e: Event) => set((e.target as HTMLInputElement).value);
  return (
    <Field label={t(`field.${name}`)} {...(name === 'place' ? { help: t('field.place.help') } : {})}>
      {(p) => {
        if (name === 'cause_class')
          return (
            <select {...p} name={name} value={value} onChange={onInput}>
              <option value="">—</option>
              {CAUSES.map((c) => (
                <option key={c} value={c}>
                  {t(`cause.${c}`)}
                </option>
              ))}
            </select>
          );
        if (LONG.includes(name)) return <textarea {...p} {...{ name, value, onInput }} rows={3} maxLength={8000} />;
        return <input {...p} {...{ name, value, onInput }} maxLength={500} />;
      }}
    </Field>
  );
}

export function Texts({ accident, act }: { accident: Accident; act: Act }) {
  const [edits, setEdits] = useState<Edits>(() => load(accident.id));
  const [saved, setSaved] = useState(false);
  const dirty = EDITABLE.filter((f) => edits[f] !== undefined && edits[f] !== accident[f]);

  useEffect(() => keep(accident.id, edits), [edits]);
  useEffect(() => {
    setGuard(dirty.length > 0 ? () => confirm(t('texts.leave')) : null);
    return () => setGuard(null);
  }, [dirty.length > 0]);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (dirty.length === 0) return;
    const fields = Object.fromEntries(dirty.map((f) => [f, edits[f]]));
    if (!(await act({ action: 'edit', fields }))) return;
    setEdits({});
    setSaved(true);
  };
  const field = (name: Editable) => (
    <TextField
      key={name}
      name={name}
      value={edits[name] ?? accident[name] ?? ''}
      set={(value) => {
        setSaved(false);
        setEdits({ ...edits, [name]: value });
      }}
    />
  );
  return (
    <form class="form" onSubmit={submit}>
      <p class="quiet">{t('texts.lead')}</p>
      {FIRST.map(field)}
      <details class="fold wide-fold">
        <summary>{t('texts.later')}</summary>
        <div class="form">{LATER.map(field)}</div>
      </details>
      <div class="form-end">
        <button class="button" disabled={dirty.length === 0}>
          {t('common.save')}
        </button>
        <p role="status" class={dirty.length > 0 ? 'unsaved' : 'quiet'}>
          {dirty.length > 0 ? t('texts.unsaved') : saved ? t('texts.saved') : ''}
        </p>
      </div>
    </form>
  );
}
