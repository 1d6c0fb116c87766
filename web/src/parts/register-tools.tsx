// What stands above a register's list: search, filters, saved views, columns. All of it is the address's query.

import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../lib/api';
import { activeFilters, filtersOf, listQuery, type Filter, type View } from '../lib/register-query';
import { columnsOf, registerApi, type Register } from '../lib/registers';
import { useResource } from '../lib/resource';
import { query, setQuery } from '../lib/router';
import { errorText, tx } from '../lib/ui';
import { say } from '../words/registers';
import { RefInput } from './ref-picker';
import { toast } from './toast';
import { Dialog, Field, Trouble } from './ui';

const typedIn = (e: Event) => (e.target as HTMLInputElement).value;
const asked = () => new URLSearchParams(query.value);
function change(name: string, value: string): void {
  const next = asked();
  if (value === '') next.delete(name);
  else next.set(name, value);
  setQuery(next);
}

export function SearchBox() {
  const [typed, setTyped] = useState(asked().get('search') ?? '');
  const before = useRef(query.value);
  // The address may have another search by now: a saved view, or "back".
  useEffect(() => {
    if (before.current !== query.value) setTyped(asked().get('search') ?? '');
    before.current = query.value;
  }, [query.value]);
  useEffect(() => {
    const timer = setTimeout(() => {
      before.current = '';
      change('search', typed.trim());
      before.current = query.value;
    }, 200);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Field label={say('search')}>
      {(p) => <input {...p} type="search" name="search" placeholder={say('search.help')} maxLength={100} value={typed} onInput={(e) => setTyped(typedIn(e))} />}
    </Field>
  );
}

function OneFilter({ filter }: { filter: Filter }) {
  const { field, key, end } = filter;
  const value = asked().get(key) ?? '';
  const name = tx(field.label);
  const label = end === 'is' ? name : say(end === 'from' ? 'filter.from' : 'filter.to', { name });
  return (
    <Field label={label}>
      {(p) => {
        if (field.type === 'ref')
          return <RefInput register={field.ref ?? ''} control={p} name={key} value={value ? [value] : []} many={false} onChange={(next) => change(key, next[0] ?? '')} />;
        if (end !== 'is') {
          const rest = { name: key, value, onChange: (e: Event) => change(key, typedIn(e)) };
          return field.type === 'date' ? <input {...p} {...rest} type="date" /> : <input {...p} {...rest} inputMode="decimal" />;
        }
        const options = field.type === 'boolean' ? [['true', say('yes')], ['false', say('no')]] : (field.options ?? []).map((o) => [o.id, tx(o.label)]);
        return (
          <select {...p} name={key} value={value} onChange={(e) => change(key, typedIn(e))}>
            <option value="">{say('filter.any')}</option>
            {options.map(([id, text]) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </select>
        );
      }}
    </Field>
  );
}

export function Filters({ register }: { register: Register }) {
  const active = activeFilters(register, asked());
  return (
    <details class="fold filters" open={active.length > 0 && innerWidth > 768}>
      <summary>{active.length > 0 ? say('filter.n', { n: active.length }) : say('filter')}</summary>
      <div class="filter-grid">
        {register.kind !== 'view' && (
          <label class="check filter-due">
            <input type="checkbox" name="due" checked={asked().get('due') === '1'} onChange={(e) => change('due', (e.target as HTMLInputElement).checked ? '1' : '')} />
            {say('filter.due')}
          </label>
        )}
        {filtersOf(register).map((filter) => (
          <OneFilter key={filter.key} filter={filter} />
        ))}
      </div>
      {active.length > 0 && (
        <button type="button" class="tool" data-action="clear-filters" onClick={() => setQuery(new URLSearchParams())}>
          {say('filter.clear')}
        </button>
      )}
    </details>
  );
}

interface ColumnsProps {
  register: Register;
  value: string[];
  onChange: (next: string[]) => void;
}
export function ColumnChoice({ register, value, onChange }: ColumnsProps) {
  const all = [...columnsOf(register).map((f) => ({ id: f.id, name: tx(f.label) })), ...OWN_COLUMNS.map((id) => ({ id, name: say(`col.${id}`) }))];
  return (
    <>
      <button type="button" class="button secondary small" popovertarget="columns">
        {say('columns')}
      </button>
      <div id="columns" popover="auto" class="popover columns" role="group" aria-label={say('columns.pick')}>
        {all.map((column) => (
          <label class="check" key={column.id}>
            <input
              type="checkbox"
              checked={value.includes(column.id)}
              onChange={() => onChange(all.map((c) => c.id).filter((id) => (id === column.id ? !value.includes(id) : value.includes(id))))}
            />
            {column.name}
          </label>
        ))}
      </div>
    </>
  );
}
export const OWN_COLUMNS = ['id', 'review', 'changed'] as const;

function SaveView({ register, onClose, onSaved }: { register: Register; onClose: () => void; onSaved: (name: string) => void }) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [wrong, setWrong] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const save = (event: Event) => {
    event.preventDefault();
    const plain = name.trim().replaceAll('/', '・');
    if (plain === '') return setWrong(true);
    const body = { query: Object.fromEntries(listQuery(register, asked())), shared };
    call('PUT', `${registerApi(register.id)}/views/${encodeURIComponent(plain)}`, body).then(() => onSaved(plain), setFailed);
  };
  return (
    <Dialog
      title={say('view.save')}
      onClose={onClose}
      actions={
        <button type="submit" form="save-view" class="button">
          {say('save')}
        </button>
      }
    >
      <form id="save-view" class="form" onSubmit={save}>
        {failed !== null && <Trouble error={failed} />}
        <Field label={say('view.name')} help={say('view.help')} error={wrong ? say('view.name.error') : null}>
          {(p) => <input {...p} name="view-name" maxLength={60} autoComplete="off" value={name} onInput={(e) => (setName(typedIn(e)), setWrong(false))} />}
        </Field>
        <label class="check">
          <input type="checkbox" checked={shared} onChange={() => setShared(!shared)} />
          {say('view.shared')}
        </label>
      </form>
    </Dialog>
  );
}

export function Views({ register }: { register: Register }) {
  const list = useResource<{ items: View[] }>(`${registerApi(register.id)}/views`);
  const [saving, setSaving] = useState(false);
  const views = list.value?.items ?? [];
  const now = listQuery(register, asked());
  now.sort();
  const same = (view: View) => {
    const its = new URLSearchParams(view.query);
    its.sort();
    return its.toString() === now.toString();
  };
  const current = views.find(same);
  const keyOf = (view: View) => `${view.own ? '' : view.owner}/${view.name}`;
  const remove = (view: View) => {
    const address = `${registerApi(register.id)}/views/${encodeURIComponent(view.name)}`;
    const back = () => call('PUT', address, { query: view.query, shared: view.shared }).then(list.reload);
    call('DELETE', address).then(
      () => (list.reload(), toast(say('view.removed', { name: view.name }), back)),
      (e: unknown) => toast(errorText(e)),
    );
  };
  if (list.error !== null) return null;
  return (
    <>
      <Field label={say('view')}>
        {(p) => (
          <select
            {...p}
            name="view"
            value={current ? keyOf(current) : ''}
            onChange={(e) => setQuery(new URLSearchParams(views.find((v) => keyOf(v) === typedIn(e))?.query ?? {}))}
          >
            <option value="">{say('view.none')}</option>
            {views.map((v) => (
              <option key={keyOf(v)} value={keyOf(v)}>
                {v.own ? v.name : say('view.of', { name: v.name, owner: v.owner })}
              </option>
            ))}
          </select>
        )}
      </Field>
      {now.size > 0 && !current && (
        <button type="button" class="button secondary small" data-action="save-view" onClick={() => setSaving(true)}>
          {say('view.save')}
        </button>
      )}
      {current?.own && (
        <button type="button" class="tool" onClick={() => remove(current)}>
          {say('view.remove', { name: current.name })}
        </button>
      )}
      {saving && (
        <SaveView
          register={register}
          onClose={() => setSaving(false)}
          onSaved={(name) => {
            setSaving(false);
            list.reload();
            toast(say('view.saved', { name }));
          }}
        />
      )}
    </>
  );
}
