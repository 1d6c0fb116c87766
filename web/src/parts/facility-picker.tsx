// Choosing facilities of the topology: by part of a name or an id, kind and prefecture.

import { useEffect, useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import { kindName } from '../lib/kinds';
import { useResource } from '../lib/resource';
import { board } from '../lib/store';
import type { Facility } from '../lib/types';
import { errorText, tx } from '../lib/ui';
import { say } from '../words/what-if';
import { ErrorBox, Field } from './ui';

const SHOWN = 50;
interface Answer {
  total: number;
  items: Facility[];
  kinds: string[];
}
const value = (event: Event) => (event.target as HTMLInputElement).value;

/** The text after a pause in typing. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const soon = setTimeout(() => setSettled(text), 250);
    return () => clearTimeout(soon);
  }, [text]);
  return settled;
}

function Found({ read, chosen, add }: { read: Answer; chosen: string[]; add: (facility: Facility) => void }) {
  if (read.total === 0) return <p class="quiet">{say('found.none')}</p>;
  const counts = { n: number(read.total), shown: number(read.items.length) };
  return (
    <>
      <p class="quiet" role="status">
        {read.total > read.items.length ? say('found.first', counts) : say('found', { n: counts.n })}
      </p>
      <ul class="picker-list" tabIndex={0} aria-label={say('choose')}>
        {read.items.map((f) => (
          <li key={f.id}>
            <span class="picker-name">
              {f.name} <small>{[kindName(f.kind), f.id !== f.name ? f.id : ''].filter(Boolean).join(' · ')}</small>
            </span>
            {f.down && <span class="badge">{say('already')}</span>}
            <button
              type="button"
              class="button secondary small"
              data-add={f.id}
              disabled={chosen.includes(f.id)}
              aria-label={say('add.name', { name: f.name })}
              onClick={() => add(f)}
            >
              {say('add')}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

interface PickerProps {
  chosen: string[];
  names: Record<string, string>;
  down: Set<string>;
  add: (facility: Facility) => void;
  /** Null: all of them. */
  remove: (id: string | null) => void;
}
export function Picker({ chosen, names, down, add, remove }: PickerProps) {
  const [search, setSearch] = useState('');
  const [kind, setKind] = useState('');
  const [prefecture, setPrefecture] = useState('');
  const settled = useSettled(search.trim());
  const query = new URLSearchParams({ limit: String(SHOWN), search: settled, kind, prefecture });
  for (const name of ['search', 'kind', 'prefecture']) if (!query.get(name)) query.delete(name);
  const read = useResource<Answer>(`/api/v1/facilities?${query}`);
  return (
    <div class="picker">
      <div class="row">
        <Field label={say('search')}>
          {(p) => <input {...p} type="search" name="facility-search" value={search} onInput={(e) => setSearch(value(e))} />}
        </Field>
        <Field label={say('kind')}>
          {(p) => (
            <select {...p} name="facility-kind" value={kind} onChange={(e) => setKind(value(e))}>
              <option value="">{say('any')}</option>
              {(read.value?.kinds ?? []).map((k) => (
                <option key={k} value={k}>
                  {kindName(k)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={say('prefecture')}>
          {(p) => (
            <select {...p} name="facility-prefecture" value={prefecture} onChange={(e) => setPrefecture(value(e))}>
              <option value="">{say('any')}</option>
              {(board.value?.prefectures ?? []).map((x) => (
                <option key={x.code} value={x.code}>
                  {tx(x.name)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value && <Found read={read.value} chosen={chosen} add={add} />}
      <h3 class="sub">{say('chosen', { n: number(chosen.length) })}</h3>
      {chosen.length === 0 ? (
        <p class="quiet">{say('chosen.none')}</p>
      ) : (
        <ul class="picker-chosen">
          {chosen.map((id) => (
            <li key={id} data-chosen={id}>
              <span>{names[id] ?? id}</span>
              {down.has(id) && <span class="badge">{say('already')}</span>}
              <button type="button" class="tool" aria-label={say('remove.name', { name: names[id] ?? id })} onClick={() => remove(id)}>
                {say('remove')}
              </button>
            </li>
          ))}
          {chosen.length > 1 && (
            <li>
              <button type="button" class="tool" onClick={() => remove(null)}>
                {say('clear')}
              </button>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
