import { useState } from 'preact/hooks';
import { ApiError, post } from '../lib/api';
import { go } from '../lib/router';
import { now } from '../lib/store';
import { fromInput, instant, toInput } from '../lib/time';
import type { Accident } from '../lib/types';
import { errorText, t } from '../lib/ui';
import { wholeNumber } from './counts';
import { say as sayDrill } from '../words/drill';
import { Dialog, ErrorBox, Field } from './ui';

export const SERVICE_IDS = [
  'voice-emergency',
  'voice',
  'lpwa',
  'mail-messaging-free',
  'internet-free',
  'internet-access',
  'other',
] as const;
const FAULTS = ['telecom-equipment', 'other-equipment', 'important-facility'] as const;

interface Row {
  service: string;
  users: string;
}

export function NewAccident({ onClose }: { onClose: () => void }) {
  const [title, setTitle] = useState('');
  const [started, setStarted] = useState(toInput(now.peek()).slice(0, 16));
  const [fault, setFault] = useState<string>(FAULTS[0]);
  const [drill, setDrill] = useState(false);
  const [rows, setRows] = useState<Row[]>([{ service: '', users: '' }]);
  const [texts, setTexts] = useState({ place: '', summary: '', cause: '' });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failed, setFailed] = useState<string | null>(null);

  const check = (): Record<string, string> => {
    const found: Record<string, string> = {};
    const at = fromInput(started);
    if (!title.trim()) found['title'] = t('new.error.title');
    if (!at) found['started_at'] = t('new.error.started');
    else if (instant(at) > now.peek()) found['started_at'] = t('new.error.future');
    rows.forEach((row, i) => {
      if (!row.service) found[`service${i}`] = t('new.error.service');
      else if (rows.findIndex((r) => r.service === row.service) < i) found[`service${i}`] = t('new.error.twice');
      if (wholeNumber(row.users) === null) found[`users${i}`] = t('new.error.users');
    });
    return found;
  };
  const submit = async () => {
    const found = check();
    setErrors(found);
    setFailed(null);
    if (Object.keys(found).length > 0) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>('dialog [aria-invalid="true"]')?.focus());
      return;
    }
    const services = Object.fromEntries(rows.map((r) => [r.service, wholeNumber(r.users)]));
    try {
      const body = { title: title.trim(), started_at: fromInput(started), services, fault, ...texts, ...(drill ? { drill } : {}) };
      const made = await post<Accident>('/api/v1/accidents', body);
      go(`/accidents/${made.id}`);
    } catch (e) {
      if (e instanceof ApiError && e.field) setErrors({ [e.field]: e.message });
      setFailed(errorText(e));
    }
  };
  const setRow = (i: number, change: Partial<Row>) => setRows(rows.map((r, k) => (k === i ? { ...r, ...change } : r)));

  return (
    <Dialog
      title={t('new.title')}
      onClose={onClose}
      actions={
        <button type="button" class="button" data-action="open" onClick={() => void submit()}>
          {t('new.submit')}
        </button>
      }
    >
      <p class="quiet">{t('new.lead')}</p>
      {failed && <ErrorBox text={failed} />}
      <Field label={t('new.name')} help={t('new.name.help')} error={errors['title']}>
        {(p) => (
          <input {...p} name="title" maxLength={200} value={title} onInput={(e) => setTitle((e.target as HTMLInputElement).value)} />
        )}
      </Field>
      <Field label={`${t('new.started')}(${t('common.jst')})`} error={errors['started_at']}>
        {(p) => (
          <input
            {...p}
            type="datetime-local"
            value={started}
            onInput={(e) => setStarted((e.target as HTMLInputElement).value)}
          />
        )}
      </Field>
      {rows.map((row, i) => (
        <div class="pair" key={i}>
          <Field label={t('new.service')} error={errors[`service${i}`]}>
            {(p) => (
              <select
                {...p}
                name={`service${i}`}
                value={row.service}
                onChange={(e) => setRow(i, { service: (e.target as HTMLSelectElement).value })}
              >
                <option value="">—</option>
                {SERVICE_IDS.map((id) => (
                  <option key={id} value={id}>
                    {t(`service.${id}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('new.users')} error={errors[`users${i}`]}>
            {(p) => (
              <input
                {...p}
                class="number"
                inputMode="numeric"
                autoComplete="off"
                name={`users${i}`}
                value={row.users}
                onInput={(e) => setRow(i, { users: (e.target as HTMLInputElement).value })}
              />
            )}
          </Field>
          {rows.length > 1 && (
            <button type="button" class="tool" onClick={() => setRows(rows.filter((_, k) => k !== i))}>
              {t('new.service.remove')}
            </button>
          )}
        </div>
      ))}
      {rows.length < SERVICE_IDS.length && (
        <p>
          <button type="button" class="button secondary small" onClick={() => setRows([...rows, { service: '', users: '' }])}>
            {t('new.service.add')}
          </button>
        </p>
      )}
      <Field label={t('new.fault')}>
        {(p) => (
          <select {...p} value={fault} onChange={(e) => setFault((e.target as HTMLSelectElement).value)}>
            {FAULTS.map((id) => (
              <option key={id} value={id}>
                {t(`fault.${id}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <label class="check">
        <input type="checkbox" name="drill" checked={drill} onChange={(e) => setDrill((e.target as HTMLInputElement).checked)} />
        {sayDrill('open')}
      </label>
      {(['place', 'summary', 'cause'] as const).map((name) => (
        <Field key={name} label={t(`field.${name}`)} error={errors[name]}>
          {(p) => (
            <input
              {...p}
              name={name}
              maxLength={2000}
              value={texts[name]}
              onInput={(e) => setTexts({ ...texts, [name]: (e.target as HTMLInputElement).value })}
            />
          )}
        </Field>
      ))}
    </Dialog>
  );
}
