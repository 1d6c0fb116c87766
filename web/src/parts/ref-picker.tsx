// Picks a record of another register by name or id: an ARIA combobox with a list of suggestions from the server.

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { get } from '../lib/api';
import { learnTitles, registerApi, type RegisterRecord } from '../lib/registers';
import { say } from '../words/registers';
import { Reference } from './value';

const SHOWN = 8;
type Control = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean };

interface PickerProps {
  register: string;
  control: Control;
  name: string;
  onPick: (id: string) => void;
  not: string[];
}
function Picker({ register, control, name, onPick, not }: PickerProps) {
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<RegisterRecord[] | null>(null);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const list = useId();
  const round = useRef(0);
  useEffect(() => {
    if (!open) return;
    const mine = ++round.current;
    const words = typed.trim();
    const timer = setTimeout(() => {
      const query = words.length >= 2 ? `search=${encodeURIComponent(words)}&` : '';
      get<{ items: RegisterRecord[] }>(`${registerApi(register)}?${query}limit=${SHOWN + not.length}`).then(
        (answer) => {
          if (mine !== round.current) return;
          learnTitles(register, answer.items);
          setFound(answer.items.filter((r) => !not.includes(r.id)).slice(0, SHOWN));
          setAt(0);
        },
        () => mine === round.current && setFound([]),
      );
    }, 120);
    return () => clearTimeout(timer);
  }, [typed, open]);
  const pick = (record: RegisterRecord | undefined) => {
    if (!record) return;
    setOpen(false);
    setTyped('');
    onPick(record.id);
  };
  const onKey = (event: KeyboardEvent) => {
    const n = found?.length ?? 0;
    if (event.key === 'ArrowDown' && !open) setOpen(true);
    else if (event.key === 'ArrowDown') setAt((at + 1) % Math.max(1, n));
    else if (event.key === 'ArrowUp') setAt((at - 1 + n) % Math.max(1, n));
    else if (event.key === 'Enter' && open) pick(found?.[at]);
    else if (event.key === 'Escape' && open) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span class="picker">
      <input
        {...control}
        role="combobox"
        autoComplete="off"
        name={name}
        placeholder={say('ref.pick')}
        aria-expanded={open && found !== null}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open && found?.[at] ? `${list}-${at}` : undefined}
        value={typed}
        onInput={(e) => (setTyped((e.target as HTMLInputElement).value), setOpen(true))}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKey}
      />
      <ul id={list} role="listbox" aria-label={say('ref.list')} class="options" hidden={!open || found === null}>
        {found?.map((record, i) => (
          <li
            key={record.id}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === at}
            onPointerDown={(e) => (e.preventDefault(), pick(record))}
          >
            {record.title} <span class="quiet">{record.id}</span>
          </li>
        ))}
        {found?.length === 0 && (
          <li class="quiet" role="option" aria-disabled="true" aria-selected={false}>
            {say('ref.none')}
          </li>
        )}
      </ul>
    </span>
  );
}

interface RefInputProps {
  register: string;
  control: Control;
  name: string;
  /** Ids; one at most unless `many`. */
  value: string[];
  many: boolean;
  onChange: (next: string[]) => void;
}
export function RefInput({ register, control, name, value, many, onChange }: RefInputProps) {
  return (
    <span class="refs">
      {value.map((id) => (
        <span class="chip" key={id}>
          <Reference register={register} id={id} />
          <button type="button" class="chip-x" aria-label={say('ref.clear', { name: id })} onClick={() => onChange(value.filter((v) => v !== id))}>
            ×
          </button>
        </span>
      ))}
      {(many || value.length === 0) && (
        <Picker register={register} control={control} name={name} not={value} onPick={(id) => onChange(many ? [...value, id] : [id])} />
      )}
    </span>
  );
}
