// Somebody saved the edition meanwhile: what both changed in one section is decided here, everything else is kept of both.

import { useState } from 'preact/hooks';
import type { Joined, Section } from '../lib/rules';
import { say } from '../words/rules';
import { Differences } from './diff';
import { Dialog } from './ui';

const shown = (section: Section | null) => (section ? <span class="rules-lines">{`${section.heading}\n${section.text}`}</span> : say('conflict.gone'));

interface ClashProps {
  joined: Joined;
  who: string;
  onClose: () => void;
  onSave: (keep: Record<string, 'mine' | 'theirs'>) => void;
}
export function RulesClash({ joined, who, onClose, onSave }: ClashProps) {
  const [keep, setKeep] = useState<Record<string, 'mine' | 'theirs'>>({});
  const decided = joined.clashes.every((c) => keep[c.id]);
  return (
    <Dialog
      wide
      title={say('conflict.title')}
      onClose={onClose}
      actions={
        <button type="button" class="button" data-action="save-joined" disabled={!decided} onClick={() => onSave(keep)}>
          {say('conflict.save')}
        </button>
      }
    >
      <p>{say('conflict.body', { who })}</p>
      {joined.clashes.length > 0 && (
        <>
          <p>{say('conflict.clashes')}</p>
          <Differences
            sideBySide
            from={say('conflict.theirs', { who })}
            to={say('conflict.mine')}
            asideName={say('conflict.keep')}
            changes={joined.clashes.map((c) => ({ id: c.id, label: (c.mine ?? c.theirs)?.heading ?? c.id, from: shown(c.theirs), to: shown(c.mine) }))}
            aside={(change) => (
              <fieldset class="choice">
                <legend class="visually-hidden">
                  {say('conflict.keep')} {change.label}
                </legend>
                {(['theirs', 'mine'] as const).map((side) => (
                  <label key={side}>
                    <input type="radio" name={`keep-${change.id}`} value={side} checked={keep[change.id] === side} onChange={() => setKeep({ ...keep, [change.id]: side })} />
                    {say(`conflict.${side}`, { who })}
                  </label>
                ))}
              </fieldset>
            )}
          />
        </>
      )}
    </Dialog>
  );
}
