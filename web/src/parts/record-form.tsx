// The form of a record, made from its register's file: types, help, units, what is required now, references with a
// picker, evidence files, sealed fields that stay sealed unless a new value is written.

import { useState } from 'preact/hooks';
import { call } from '../lib/api';
import { day } from '../lib/time';
import { isClassified, isFile, isRequired, isSealed, type FileValue, type Mistake, type RegisterField } from '../lib/registers';
import type { Values } from '../lib/merge';
import { calendar } from '../lib/store';
import { dateText, errorText, tx } from '../lib/ui';
import { say } from '../words/registers';
import { RefInput } from './ref-picker';
import { Field } from './ui';

type Control = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean };
interface InputProps {
  field: RegisterField;
  control: Control;
  value: unknown;
  onChange: (next: unknown) => void;
}
const typedIn = (e: Event) => (e.target as HTMLInputElement).value;
const LONG = 200; // texts that may be longer get several lines
const FILE_MAX = 32 * 1024 * 1024;

function FileInput({ control, field, value, onChange }: InputProps) {
  const [state, setState] = useState<'idle' | 'sending' | string>('idle');
  const send = async (file: File) => {
    if (file.size > FILE_MAX) return setState(say('file.large'));
    setState('sending');
    try {
      const bytes = new Blob([file], { type: 'application/octet-stream' });
      const kept = await call<FileValue>('POST', '/api/v1/register-files', bytes);
      onChange({ sha256: kept.sha256, name: file.name });
      setState('idle');
    } catch (e) {
      setState(errorText(e));
    }
  };
  if (isFile(value))
    return (
      <span class="chip">
        <a href={`/api/v1/register-files/${value.sha256}`} download={value.name}>
          {value.name}
        </a>
        <button type="button" class="chip-x" aria-label={say('file.remove', { name: value.name })} onClick={() => onChange(null)}>
          ×
        </button>
      </span>
    );
  return (
    <>
      <input
        {...control}
        type="file"
        name={field.id}
        disabled={state === 'sending'}
        onChange={(e) => {
          const file = (e.target as HTMLInputElement).files?.[0];
          if (file) void send(file);
        }}
      />
      {state === 'sending' && <p class="help" role="status">{say('file.sending')}</p>}
      {state !== 'sending' && state !== 'idle' && <p class="error" role="alert">{state}</p>}
    </>
  );
}

function Choice({ control, field, value, onChange }: InputProps) {
  const options =
    field.type === 'boolean'
      ? [{ id: 'true', text: say('yes') }, { id: 'false', text: say('no') }]
      : (field.options ?? []).map((o) => ({ id: o.id, text: tx(o.label) }));
  const pick = (text: string) => onChange(text === '' ? null : field.type === 'boolean' ? text === 'true' : text);
  return (
    <select {...control} name={field.id} value={value === null || value === undefined ? '' : String(value)} onChange={(e) => pick(typedIn(e))}>
      <option value=""></option>
      {options.map((o) => (
        <option key={o.id} value={o.id}>
          {o.text}
        </option>
      ))}
    </select>
  );
}

function Choices({ control, field, value, onChange }: InputProps) {
  const picked = Array.isArray(value) ? (value as string[]) : [];
  const set = (id: string, on: boolean) => {
    const next = (field.options ?? []).map((o) => o.id).filter((o) => (o === id ? on : picked.includes(o)));
    onChange(next.length > 0 ? next : null);
  };
  return (
    <div id={control.id} aria-describedby={control['aria-describedby']} role="group" aria-label={tx(field.label)} class="choices">
      {(field.options ?? []).map((o) => (
        <label key={o.id} class="check">
          <input type="checkbox" name={`${field.id}.${o.id}`} checked={picked.includes(o.id)} onChange={(e) => set(o.id, (e.target as HTMLInputElement).checked)} />
          {tx(o.label)}
        </label>
      ))}
    </div>
  );
}

function Input(props: InputProps) {
  const { field, control, value, onChange } = props;
  const text = value === null || value === undefined ? '' : String(value);
  const plain = { ...control, name: field.id, value: text, onInput: (e: Event) => onChange(typedIn(e)) };
  switch (field.type) {
    case 'boolean':
    case 'enum':
      return <Choice {...props} />;
    case 'list-of-enum':
      return <Choices {...props} />;
    case 'list-of-country':
      return <input {...plain} value={Array.isArray(value) ? value.join(' ') : text} maxLength={900} placeholder="JP XA" autoCapitalize="characters" autoComplete="off" />;
    case 'file':
      return <FileInput {...props} />;
    case 'ref':
    case 'list-of-ref': {
      const ids = Array.isArray(value) ? (value as string[]) : text ? [text] : [];
      const many = field.type === 'list-of-ref';
      return <RefInput register={field.ref ?? ''} control={control} name={field.id} value={ids} many={many} onChange={(next) => onChange(many ? next : (next[0] ?? null))} />;
    }
    case 'integer':
    case 'number':
      return (
        <span class="with-unit">
          <input {...plain} class="number" inputMode={field.type === 'integer' ? 'numeric' : 'decimal'} autoComplete="off" />
          {field.unit && <span>{field.unit}</span>}
        </span>
      );
    case 'date':
      return (
        <span class="with-unit">
          <input {...plain} type="date" class="day" />
          {calendar.value === 'wareki' && /^\d{4}-\d\d-\d\d$/.test(text) && <span class="quiet">{dateText(day(text))}</span>}
        </span>
      );
    case 'time':
      return <input {...plain} type="datetime-local" class="day" step={1} />;
    case 'url':
      return <input {...plain} type="url" autoComplete="off" />;
    case 'email':
      return <input {...plain} type="email" autoComplete="off" />;
    case 'country':
      return <input {...plain} class="short" maxLength={2} autoCapitalize="characters" autoComplete="off" onInput={(e) => onChange(typedIn(e).toUpperCase())} />;
    default:
      if (isLong(field)) return <textarea {...plain} rows={3} maxLength={field.max} />;
      return <input {...plain} maxLength={field.max} autoComplete="off" />;
  }
}

function Sealed({ field, control, value, onChange }: InputProps) {
  if (isSealed(value))
    return (
      <span class="with-unit">
        <span class="sealed">{say('sealed.keep')}</span>
        <button type="button" id={control.id} class="button secondary small" onClick={() => onChange('')}>
          {say('sealed.write')}
        </button>
      </span>
    );
  return (
    <>
      <Input {...{ field, control, value, onChange }} />
      <p>
        <button type="button" class="tool" onClick={() => onChange({ sealed: true })}>
          {say('sealed.back')}
        </button>
      </p>
    </>
  );
}

const isLong = (field: RegisterField) => field.type === 'text' && (field.max ?? 0) > LONG;

export function mistakeText(mistake: Mistake, field: RegisterField): string {
  if (mistake === 'below') return say('below', { n: field.min ?? '' });
  if (mistake === 'above') return say('above', { n: field.max ?? '' });
  return say(mistake);
}

interface RecordFieldsProps {
  fields: RegisterField[];
  form: Values;
  /** The values as they are on the server: a sealed one can be left alone. */
  before: Values;
  errors: Record<string, string>;
  onChange: (next: Values) => void;
}
export function RecordFields({ fields, form, before, errors, onChange }: RecordFieldsProps) {
  return (
    <>
      {fields.map((field) => {
        const marks = [
          isRequired(field, form) ? say('required') : '',
          isClassified(field) ? say(`class.${field.class as 'secrecy'}`) : '',
          field.personal ? say('personal') : '',
        ].filter(Boolean);
        const label = tx(field.label) + (marks.length > 0 ? `(${marks.join('・')})` : '');
        const change = (next: unknown) => {
          const all = { ...form };
          if (next === null) delete all[field.id];
          else all[field.id] = next;
          onChange(all);
        };
        const Control = isSealed(before[field.id]) ? Sealed : Input;
        return (
          <Field key={field.id} label={label} help={tx(field.help)} error={errors[field.id]} class={isLong(field) ? 'long' : ''}>
            {(control) => <Control field={field} control={control} value={form[field.id]} onChange={change} />}
          </Field>
        );
      })}
    </>
  );
}
