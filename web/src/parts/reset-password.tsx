// An administrator sets somebody's one-time password, which also lets in an account that waits after failed tries.

import { useState } from 'preact/hooks';
import { post } from '../lib/api';
import { say } from '../words/reset-password';
import { toast } from './toast';
import { Dialog, Field, Trouble } from './ui';

// Letters that are not mistaken for each other when read out: no l, o, 0, 1.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
export function made(): string {
  const random = crypto.getRandomValues(new Uint8Array(20));
  return Array.from(random, (byte, i) => (i > 0 && i % 5 === 0 ? '-' : '') + LETTERS[byte % LETTERS.length]).join('');
}

export function ResetPassword({ name, onDone, onClose }: { name: string; onDone: () => void; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    if (password.length < 12) return setWrong(say('short'));
    post(`/api/v1/accounts/${encodeURIComponent(name)}/password`, { password, one_time: true }).then(() => {
      toast(say('done', { name }));
      onDone();
    }, setFailed);
  };
  return (
    <Dialog
      title={say('title', { name })}
      onClose={onClose}
      actions={
        <button type="submit" form="reset-password" class="button" data-action="reset-it">
          {say('submit')}
        </button>
      }
    >
      <form id="reset-password" class="form" onSubmit={submit} noValidate>
        <p>{say('body')}</p>
        {failed !== null && <Trouble error={failed} />}
        <Field label={say('password')} error={wrong}>
          {(p) => (
            <input {...p} name="password" class="mono" autoComplete="off" spellcheck={false} value={password} onInput={(e) => (setPassword((e.target as HTMLInputElement).value), setWrong(null))} />
          )}
        </Field>
        <button type="button" class="button secondary small" data-action="make" onClick={() => setPassword(made())}>
          {say('make')}
        </button>
      </form>
    </Dialog>
  );
}
