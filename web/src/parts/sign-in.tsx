// Signing in: the whole page where nobody is, a dialog above the open page where a session has ended.

import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../lib/api';
import { signIn } from '../lib/account';
import { note, session } from '../lib/session';
import { lang } from '../lib/store';
import { errorText, t } from '../lib/ui';
import { SsoAgain, SsoButton, SsoOutcome } from './sso';
import { say as saySso } from '../words/sso';
import { ErrorBox, Field } from './ui';

// A passkey belongs to a name: not to an address, and not to a page that came unprotected.
const takesPasskeys = 'PublicKeyCredential' in window && !/^[\d.]+$|:/.test(location.hostname);

function refusal(e: unknown): string {
  if (e instanceof ApiError && e.status === 401) return t('sign.refused');
  if (e instanceof ApiError && e.status === 409) return `${saySso('no-role')} ${saySso('no-role.todo')}`; // the directory knows them
  if (e instanceof ApiError && e.status === 429) return t('sign.wait');
  return errorText(e);
}

function Form({ name: fixed }: { name?: string }) {
  const [name, setName] = useState(fixed ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const codeInput = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asksCode) codeInput.current?.focus();
  }, [asksCode]);

  const submit = async (event: Event) => {
    event.preventDefault();
    setFailed(null);
    setBusy(true);
    try {
      if (!(await signIn(name.trim(), password, code.trim()))) setAsksCode(true);
    } catch (e) {
      setFailed(refusal(e));
      setCode('');
    }
    setBusy(false);
  };
  const withPasskey = async () => {
    setFailed(null);
    setBusy(true);
    const passkeys = await import('../lib/passkey').catch(() => null);
    try {
      await passkeys?.signInWithPasskey(name.trim());
    } catch (e) {
      setFailed(passkeys?.passkeyTrouble(e) ?? refusal(e));
    }
    if (!passkeys) setFailed(t('app.piece-failed'));
    setBusy(false);
  };
  return (
    <form class="form" onSubmit={(e) => void submit(e)}>
      {failed && <ErrorBox text={failed} />}
      <Field label={t('sign.name')}>
        {(p) => (
          <input
            {...p}
            name="name"
            autoComplete="username"
            autoCapitalize="none"
            spellcheck={false}
            required
            readOnly={asksCode || fixed !== undefined}
            value={name}
            onInput={(e) => setName((e.target as HTMLInputElement).value)}
          />
        )}
      </Field>
      <Field label={t('sign.password')}>
        {(p) => (
          <input
            {...p}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            readOnly={asksCode}
            value={password}
            onInput={(e) => setPassword((e.target as HTMLInputElement).value)}
          />
        )}
      </Field>
      {asksCode && (
        <Field label={t('sign.code')} help={t('sign.code.help')}>
          {(p) => (
            <input
              {...p}
              ref={codeInput}
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              pattern="[0-9]{6}"
              maxLength={6}
              required
              value={code}
              onInput={(e) => setCode((e.target as HTMLInputElement).value)}
            />
          )}
        </Field>
      )}
      <button type="submit" class="button" disabled={busy} data-action="sign-in">
        {t('sign.submit')}
      </button>
      {!asksCode && takesPasskeys && (
        <button type="button" class="button secondary" disabled={busy} data-action="sign-in-passkey" onClick={() => void withPasskey()}>
          {t('sign.passkey')}
        </button>
      )}
    </form>
  );
}

export function SignInPage() {
  return (
    <>
      <header class="top">
        <div class="top-row">
          <span class="brand">
            <span class="brand-ja" lang="ja">
              統括
            </span>
            <span class="brand-en" lang="en">
              Tokatsu
            </span>
          </span>
          <span class="top-space" />
          <button
            type="button"
            class="tool"
            lang={lang.value === 'ja' ? 'en' : 'ja'}
            data-action="language"
            onClick={() => (lang.value = lang.value === 'ja' ? 'en' : 'ja')}
          >
            {lang.value === 'ja' ? 'English' : '日本語'}
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <div class="page narrow">
          <section class="panel" aria-labelledby="sign-in-title">
            <h1 id="sign-in-title" tabIndex={-1}>
              {t('sign.title')}
            </h1>
            {note.value && (
              <p class="notice notice-good" role="status">
                {t(`sign.note.${note.value}`)}
              </p>
            )}
            <SsoOutcome />
            <Form />
            <SsoButton />
          </section>
        </div>
      </main>
    </>
  );
}

// Closing it would leave a page that cannot save, so it has no way out but signing in as the same person.
export function SignInDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="sign-in-again" onCancel={(e) => e.preventDefault()}>
      <header>
        <h2 id="sign-in-again">{t('sign.again')}</h2>
      </header>
      <div class="dialog-body">
        <p>{t('sign.again.help')}</p>
        {session.value?.source === 'oidc' ? <SsoAgain /> : <Form name={session.value?.account ?? ''} />}
      </div>
    </dialog>
  );
}
