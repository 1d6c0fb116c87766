// Somebody saved the record while this form was open: theirs beside mine, and a choice for each field that both changed.

import { useState } from 'preact/hooks';
import type { Merged, Values } from '../lib/merge';
import type { Register, RegisterRecord } from '../lib/registers';
import { fullWhen, tx } from '../lib/ui';
import { say } from '../words/registers';
import { Differences } from './diff';
import { Dialog } from './ui';
import { Value } from './value';

interface ConflictProps {
  register: Register;
  theirs: RegisterRecord;
  merged: Merged;
  onClose: () => void;
  onSave: (values: Values) => void;
}
export function Conflict({ register, theirs, merged, onClose, onSave }: ConflictProps) {
  const [keep, setKeep] = useState<Record<string, 'mine' | 'theirs'>>({});
  const field = (id: string) => register.fields.find((f) => f.id === id);
  const shown = (id: string, value: unknown) => {
    const f = field(id);
    return f && value !== null && value !== undefined ? <Value field={f} value={value} plain /> : null;
  };
  const name = (id: string) => tx(field(id)?.label) || id;
  const decided = merged.clashes.every((c) => keep[c.field]);
  const save = () => {
    const values = { ...merged.values };
    for (const clash of merged.clashes) {
      const value = keep[clash.field] === 'theirs' ? clash.theirs : clash.mine;
      if (value === null) delete values[clash.field];
      else values[clash.field] = value;
    }
    onSave(values);
  };
  return (
    <Dialog
      wide
      title={say('conflict.title')}
      onClose={onClose}
      actions={
        <button type="button" class="button" data-action="save-merged" disabled={!decided} onClick={save}>
          {say('conflict.act')}
        </button>
      }
    >
      <p>{say('conflict.body', { who: theirs.who, time: fullWhen(theirs.at), n: theirs.version })}</p>
      {merged.clashes.length === 0 ? (
        <p>{say('conflict.none')}</p>
      ) : (
        <Differences
          sideBySide
          changes={merged.clashes.map((c) => ({ id: c.field, label: name(c.field), from: shown(c.field, c.theirs), to: shown(c.field, c.mine) }))}
          from={say('conflict.theirs', { who: theirs.who })}
          to={say('conflict.mine')}
          asideName={say('conflict.keep')}
          aside={(change) => (
            <fieldset class="choice">
              <legend class="visually-hidden">
                {say('conflict.keep')} {change.label}
              </legend>
              {(['theirs', 'mine'] as const).map((who) => (
                <label key={who}>
                  <input
                    type="radio"
                    name={`keep-${change.id}`}
                    value={who}
                    checked={keep[change.id] === who}
                    onChange={() => setKeep({ ...keep, [change.id]: who })}
                  />
                  {say(`conflict.pick.${who}`)}
                </label>
              ))}
            </fieldset>
          )}
        />
      )}
      {merged.taken.length > 0 && (
        <>
          <h3 class="sub">{say('conflict.taken')}</h3>
          <Differences changes={merged.taken.map((c) => ({ id: c.field, label: name(c.field), from: shown(c.field, c.from), to: shown(c.field, c.to) }))} />
        </>
      )}
    </Dialog>
  );
}
