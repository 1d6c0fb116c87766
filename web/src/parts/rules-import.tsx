// An existing document, taken apart by the server and looked at before anything is changed.

import { useState } from 'preact/hooks';
import { call } from '../lib/api';
import { RULES, type Check, type RulesText } from '../lib/rules';
import type { Text } from '../lib/types';
import { errorText, tx } from '../lib/ui';
import { say } from '../words/rules';
import { Dialog, ErrorBox, Field } from './ui';

const FILE_MAX = 8 * 1024 * 1024;
interface Imported {
  source: string;
  rules: RulesText;
  check: Check;
  notes: Text[];
}

function Preview({ of }: { of: Imported }) {
  const place = (id: string) => of.check.items.find((i) => i.item === id)?.place ?? id;
  const { covered, asked } = of.check.counts;
  return (
    <>
      <p>
        <b>{say('import.found', { n: of.rules.sections.length, covered, all: asked })}</b>
      </p>
      {of.notes.map((note) => (
        <p key={note.en} class="notice">
          {tx(note)}
        </p>
      ))}
      <div class="scroll tall" tabIndex={0} role="region" aria-label={say('table', { name: say('import.title') })}>
        <table class="data rules-preview">
          <thead>
            <tr>
              <th scope="col">{say('compare.section')}</th>
              <th scope="col">{say('edit.text')}</th>
              <th scope="col">{say('import.items')}</th>
            </tr>
          </thead>
          <tbody>
            {of.rules.sections.map((s) => (
              <tr key={s.id}>
                <th scope="row" class={`rules-level-${s.level}`}>
                  {s.heading}
                </th>
                <td>
                  {s.text.slice(0, 80)}
                  {s.text.length > 80 && '…'}
                </td>
                <td>{s.items.map(place).join('、')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface ImportProps {
  onClose: () => void;
  onTake: (rules: RulesText) => void;
}
export function RulesImport({ onClose, onTake }: ImportProps) {
  const [found, setFound] = useState<Imported | null>(null);
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const read = async (event: Event) => {
    const file = (event.target as HTMLInputElement).files?.[0];
    setFound(null);
    setWrong(file && file.size > FILE_MAX ? say('import.large') : '');
    if (!file || file.size > FILE_MAX) return;
    setBusy(true);
    try {
      setFound(await call<Imported>('POST', `${RULES}/import?name=${encodeURIComponent(file.name)}`, new Blob([file], { type: 'application/octet-stream' })));
    } catch (e) {
      setWrong(errorText(e));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      wide
      title={say('import.title')}
      onClose={onClose}
      actions={
        <button type="button" class="button" data-action="take-import" disabled={!found} onClick={() => found && onTake(found.rules)}>
          {say('import.apply')}
        </button>
      }
    >
      <p>{say('import.lead')}</p>
      <Field label={say('import.file')}>
        {(p) => <input {...p} type="file" name="rules-file" accept=".docx,.md,.markdown,.txt,.json" onChange={(e) => void read(e)} />}
      </Field>
      {busy && <p role="status">{say('import.reading')}</p>}
      {wrong && <ErrorBox text={wrong} />}
      {found && <Preview of={found} />}
    </Dialog>
  );
}
