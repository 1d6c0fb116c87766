// For what cannot be undone: the person types the name of the thing.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { errorText } from '../lib/ui';
import { say } from '../words/common';
import { Dialog, ErrorBox, Field } from './ui';

interface ConfirmProps {
  title: string;
  /** What has to be typed; without one a click is enough (for what can be undone). */
  name?: string;
  /** The word on the button, a verb: 削除する. */
  act: string;
  children: ComponentChildren;
  onClose: () => void;
  /** Does it; the dialog stays open and shows the error where it throws. */
  onConfirm: () => Promise<void>;
}
export function Confirm({ title, name, act, children, onClose, onConfirm }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const run = (event: Event) => {
    event.preventDefault();
    if (name !== undefined && typed.normalize('NFKC').trim() !== name.normalize('NFKC').trim()) return setWrong(true);
    setBusy(true);
    onConfirm()
      .catch(setFailed)
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <button type="submit" form="confirm" class="button danger" data-action="confirm-it" disabled={busy}>
          {act}
        </button>
      }
    >
      <form id="confirm" class="form" onSubmit={run}>
        {children}
        {name !== undefined && (
          <Field label={say('confirm.type', { name })} error={wrong ? say('confirm.differs', { name }) : null}>
            {(p) => (
              <input
                {...p}
                name="confirm-name"
                autoComplete="off"
                value={typed}
                onInput={(e) => (setTyped((e.target as HTMLInputElement).value), setWrong(false))}
              />
            )}
          </Field>
        )}
        {failed !== null && <ErrorBox text={errorText(failed)} />}
      </form>
    </Dialog>
  );
}
