// The facts of a near miss or a leak as a form: what is left unknown stays unknown, so that the verdict says what it waits for.

import { useResource } from '../lib/resource';
import { fromInput, instant, toInput } from '../lib/time';
import type { Text } from '../lib/types';
import { t, tx } from '../lib/ui';
import { say } from '../words/cases';
import { Field } from './ui';

export type Kind = 'near-miss' | 'leak';
export type Value = string | number | boolean | null;
/** Values as the inputs hold them: texts, with '' for nothing. */
export type Facts = Record<string, string>;

type Type = 'text' | 'long' | 'time' | 'count' | 'tri' | 'function' | 'event' | 'leak';
interface FieldOf {
  name: string;
  type: Type;
}
const basic: FieldOf[] = [
  { name: 'title', type: 'text' },
  { name: 'started_at', type: 'time' },
  { name: 'known_at', type: 'time' },
  { name: 'place', type: 'text' },
];
const conditions: Record<Kind, FieldOf[]> = {
  'near-miss': [
    { name: 'event', type: 'event' },
    { name: 'function', type: 'function' },
    { name: 'carrier_users', type: 'count' },
    { name: 'several_prefectures', type: 'tri' },
    { name: 'terminal_side', type: 'tri' },
    { name: 'noticed_promptly', type: 'tri' },
    { name: 'planned', type: 'tri' },
    { name: 'within_design', type: 'tri' },
    { name: 'natural_disaster', type: 'tri' },
    { name: 'important_facility_damage', type: 'tri' },
    { name: 'serious', type: 'tri' },
  ],
  leak: [
    { name: 'leak', type: 'leak' },
    { name: 'users', type: 'count' },
    { name: 'foreign_government', type: 'tri' },
    { name: 'designated', type: 'tri' },
  ],
};
const texts: Record<Kind, FieldOf[]> = {
  'near-miss': [
    { name: 'summary', type: 'long' },
    { name: 'cause', type: 'long' },
    { name: 'measures', type: 'long' },
    { name: 'prevention', type: 'long' },
    { name: 'user_notice', type: 'long' },
    { name: 'equipment', type: 'text' },
    { name: 'prefectures', type: 'text' },
    { name: 'general_manager', type: 'text' },
    { name: 'contact', type: 'text' },
    { name: 'remarks', type: 'long' },
  ],
  leak: [
    { name: 'summary', type: 'long' },
    { name: 'content', type: 'long' },
    { name: 'cause', type: 'long' },
    { name: 'measures', type: 'long' },
    { name: 'secondary', type: 'long' },
    { name: 'prevention', type: 'long' },
    { name: 'user_notice', type: 'long' },
    { name: 'prefectures', type: 'text' },
    { name: 'contact', type: 'text' },
    { name: 'remarks', type: 'long' },
  ],
};
const groups = (kind: Kind) => [
  { id: 'basic' as const, fields: basic },
  { id: 'conditions' as const, fields: conditions[kind] },
  { id: 'texts' as const, fields: texts[kind] },
];
const fieldsOf = (kind: Kind) => groups(kind).flatMap((g) => g.fields);

// ---- between the record and the inputs ----

export function inputOf(type: string, value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  if (type === 'time') return toInput(instant(String(value)));
  if (type === 'tri') return value ? 'yes' : 'no';
  return String(value);
}
export function factsOf(kind: Kind, record: Record<string, unknown>): Facts {
  return Object.fromEntries(fieldsOf(kind).map(({ name, type }) => [name, inputOf(type, record[name] as Value)]));
}
export interface Sent {
  fields: Record<string, Value>;
  errors: Record<string, string>;
}
/** The fields that differ from `before`, as the server takes them. */
export function toSend(kind: Kind, now: Facts, before: Facts): Sent {
  const sent: Sent = { fields: {}, errors: {} };
  for (const { name, type } of fieldsOf(kind)) {
    const text = now[name] ?? '';
    if (text === (before[name] ?? '')) continue;
    if (type === 'time') {
      const at = fromInput(text);
      if (text !== '' && at === null) sent.errors[name] = say('error.started');
      else if (text !== '') sent.fields[name] = at;
    } else if (type === 'count') {
      const digits = text.normalize('NFKC').replaceAll(',', '').trim();
      if (digits !== '' && !/^\d{1,11}$/.test(digits)) sent.errors[name] = say('error.count');
      else sent.fields[name] = digits === '' ? null : Number(digits);
    } else if (type === 'tri') {
      sent.fields[name] = text === '' ? null : text === 'yes';
    } else {
      sent.fields[name] = text === '' && (type === 'function' || type === 'event') ? null : text;
    }
  }
  return sent;
}

// ---- the form ----

interface Choice {
  id: string;
  name: Text;
}
interface Lists {
  functions?: Choice[];
  events?: Choice[];
}
/** Functions and events are the law's of that day. */
function useLists(kind: Kind, started: string): Lists {
  const day = /^\d{4}-\d\d-\d\d/.exec(started)?.[0];
  const article = encodeURIComponent('施行規則58条の2第1号');
  const read = useResource<{ entries: { data: Lists }[] }>(kind === 'near-miss' ? `/api/v1/law/${article}${day ? `?date=${day}` : ''}` : null);
  return read.value?.entries[0]?.data ?? {};
}

interface InputProps {
  field: FieldOf;
  value: string;
  set: (value: string) => void;
  error: string | undefined;
  lists: Lists;
}
function Input({ field: { name, type }, value, set, error, lists }: InputProps) {
  const onInput = (e: Event) => set((e.target as HTMLInputElement).value);
  const key = `f.${name}` as Parameters<typeof say>[0];
  const label = type === 'time' ? `${say(key)}(${t('common.jst')})` : say(key);
  const help = name === 'known_at' ? { help: say('f.known_at.help') } : {};
  return (
    <Field label={label} error={error} {...help}>
      {(p) => {
        const common = { ...p, name, value };
        if (type === 'long') return <textarea {...common} rows={3} maxLength={8000} onInput={onInput} />;
        if (type === 'time') return <input {...common} type="datetime-local" onInput={onInput} />;
        if (type === 'count') return <input {...common} class="number" inputMode="numeric" autoComplete="off" onInput={onInput} />;
        if (type === 'text') return <input {...common} maxLength={500} onInput={onInput} />;
        return (
          <select {...common} onChange={onInput}>
            {type !== 'leak' && <option value="">{say('tri.unknown')}</option>}
            {type === 'tri' && (
              <>
                <option value="yes">{say('tri.yes')}</option>
                <option value="no">{say('tri.no')}</option>
              </>
            )}
            {type === 'leak' && (
              <>
                <option value="secrecy">{say('leak.secrecy')}</option>
                <option value="specified-user-info">{say('leak.specified-user-info')}</option>
              </>
            )}
            {(type === 'function' ? lists.functions : type === 'event' ? lists.events : [])?.map((one) => (
              <option key={one.id} value={one.id}>
                {tx(one.name)}
              </option>
            ))}
            {(type === 'function' || type === 'event') && <option value="none">{say('f.none')}</option>}
          </select>
        );
      }}
    </Field>
  );
}

interface CaseFieldsProps {
  kind: Kind;
  facts: Facts;
  set: (facts: Facts) => void;
  errors: Record<string, string>;
  disabled?: boolean;
}
export function CaseFields({ kind, facts, set, errors, disabled }: CaseFieldsProps) {
  const lists = useLists(kind, facts['started_at'] ?? '');
  return (
    <>
      {groups(kind).map((group) => (
        <fieldset key={group.id} class="case-group" disabled={disabled}>
          <legend>{say(`group.${group.id}`)}</legend>
          <div class="case-fields">
            {group.fields.map((field) => (
              <Input
                key={field.name}
                field={field}
                value={facts[field.name] ?? ''}
                set={(value) => set({ ...facts, [field.name]: value })}
                error={errors[field.name]}
                lists={lists}
              />
            ))}
          </div>
        </fieldset>
      ))}
    </>
  );
}
