// One's own account: password, one-time codes, API tokens.

import { useState } from 'preact/hooks';
import { call, post } from '../lib/api';
import { SCOPES, signOut, loadSession, type Token } from '../lib/account';
import { useResource } from '../lib/resource';
import { leave, session } from '../lib/session';
import { day } from '../lib/time';
import { dateText, errorText, t, tOr } from '../lib/ui';
import { PasskeysPanel } from '../parts/passkeys';
import { QrCode } from '../parts/qr';
import { ErrorBox, Field, Panel } from '../parts/ui';

const text = (e: Event) => (e.target as HTMLInputElement).value;

// Runs a call; its refusal is shown in words.
function useCall(): [string | null, (run: () => Promise<void>) => void] {
  const [failed, setFailed] = useState<string | null>(null);
  const act = (run: () => Promise<void>) => {
    setFailed(null);
    run().catch((e: unknown) => setFailed(errorText(e)));
  };
  return [failed, act];
}

export function PasswordPanel() {
  const [form, setForm] = useState({ old: '', password: '', again: '' });
  const [error, setError] = useState<string | null>(null);
  const [failed, act] = useCall();
  const submit = (event: Event) => {
    event.preventDefault();
    setError(null);
    if ([...form.password].length < 12) return setError(t('account.password.short'));
    if (form.password !== form.again) return setError(t('account.password.differs'));
    act(async () => {
      await post('/api/v1/session/password', { old: form.old, password: form.password });
      leave('password');
    });
  };
  const field = (name: keyof typeof form, complete: string, problem: string | null) => (
    <Field label={t(`account.password.${name}`)} error={problem}>
      {(p) => (
        <input
          {...p}
          name={name}
          type="password"
          autoComplete={complete}
          required
          value={form[name]}
          onInput={(e) => setForm({ ...form, [name]: text(e) })}
        />
      )}
    </Field>
  );
  return (
    <Panel title={t('account.password')}>
      <form class="form" onSubmit={submit}>
        {failed && <ErrorBox text={failed} />}
        <input hidden autoComplete="username" readOnly value={session.value?.account ?? ''} />
        {field('old', 'current-password', null)}
        {field('password', 'new-password', error)}
        {field('again', 'new-password', null)}
        <p class="quiet">{t('account.password.help')}</p>
        <button type="submit" class="button" data-action="change-password">
          {t('account.password.submit')}
        </button>
      </form>
    </Panel>
  );
}

function TotpSetUp({ uri }: { uri: string }) {
  const [code, setCode] = useState('');
  const [failed, act] = useCall();
  const submit = (event: Event) => {
    event.preventDefault();
    act(async () => {
      await post('/api/v1/session/totp/confirm', { code: code.trim() });
      await loadSession();
    });
  };
  return (
    <form class="form" onSubmit={submit}>
      <p>{t('account.totp.scan')}</p>
      <QrCode text={uri} label={t('account.totp.qr')} />
      <p class="quiet">
        {t('account.totp.secret')} <code data-secret>{new URL(uri).searchParams.get('secret')}</code>
      </p>
      {failed && <ErrorBox text={failed} />}
      <Field label={t('sign.code')}>
        {(p) => (
          <input
            {...p}
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={6}
            required
            value={code}
            onInput={(e) => setCode(text(e))}
          />
        )}
      </Field>
      <button type="submit" class="button" data-action="confirm-totp">
        {t('account.totp.confirm')}
      </button>
    </form>
  );
}

function TotpPanel() {
  const [uri, setUri] = useState<string | null>(null);
  const [password, setPassword] = useState('');
  const [failed, act] = useCall();
  const remove = (event: Event) => {
    event.preventDefault();
    act(async () => {
      await post('/api/v1/session/totp/remove', { password });
      leave('totp');
    });
  };
  if (session.value?.totp)
    return (
      <Panel title={t('account.totp')}>
        <form class="form" onSubmit={remove}>
          <p class="notice notice-good" role="status">
            {t('account.totp.on')}
          </p>
          {failed && <ErrorBox text={failed} />}
          <Field label={t('sign.password')} help={t('account.totp.remove.help')}>
            {(p) => (
              <input {...p} name="totp-password" type="password" autoComplete="current-password" required value={password} onInput={(e) => setPassword(text(e))} />
            )}
          </Field>
          <button type="submit" class="button secondary">
            {t('account.totp.remove')}
          </button>
        </form>
      </Panel>
    );
  return (
    <Panel title={t('account.totp')}>
      {failed && <ErrorBox text={failed} />}
      {uri ? (
        <TotpSetUp uri={uri} />
      ) : (
        <div class="form">
          <p>{t('account.totp.lead')}</p>
          <button
            type="button"
            class="button secondary"
            data-action="begin-totp"
            onClick={() => act(async () => setUri((await call<{ uri: string }>('POST', '/api/v1/session/totp')).uri))}
          >
            {t('account.totp.begin')}
          </button>
        </div>
      )}
    </Panel>
  );
}

function TokenForm({ onMade }: { onMade: (token: string) => void }) {
  const [form, setForm] = useState({ label: '', scope: 'read', days: '90' });
  const [failed, act] = useCall();
  const submit = (event: Event) => {
    event.preventDefault();
    act(async () => {
      const body = { label: form.label.trim(), scope: form.scope, days: Number(form.days) };
      onMade((await post<{ token: string }>('/api/v1/tokens', body)).token);
      setForm({ ...form, label: '' });
    });
  };
  return (
    <form class="row" onSubmit={submit}>
      {failed && <ErrorBox text={failed} />}
      <Field label={t('account.tokens.label')}>
        {(p) => <input {...p} name="label" maxLength={60} required value={form.label} onInput={(e) => setForm({ ...form, label: text(e) })} />}
      </Field>
      <Field label={t('account.tokens.scope')}>
        {(p) => (
          <select {...p} name="scope" value={form.scope} onChange={(e) => setForm({ ...form, scope: text(e) })}>
            {SCOPES.map((scope) => (
              <option key={scope} value={scope}>
                {t(`scope.${scope}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('account.tokens.days')}>
        {(p) => (
          <input {...p} name="days" type="number" min={1} max={400} required value={form.days} onInput={(e) => setForm({ ...form, days: text(e) })} />
        )}
      </Field>
      <button type="submit" class="button" data-action="add-token">
        {t('account.tokens.add')}
      </button>
    </form>
  );
}

function TokensPanel() {
  const list = useResource<{ items: Token[] }>('/api/v1/tokens');
  const [made, setMade] = useState<string | null>(null);
  const [failed, act] = useCall();
  const items = list.value?.items ?? [];
  return (
    <Panel title={t('account.tokens')}>
      <p class="quiet">{t('account.tokens.lead')}</p>
      {made && (
        <div class="notice notice-warn" role="status">
          <p>{t('account.tokens.once')}</p>
          <code data-token>{made}</code>
        </div>
      )}
      {failed && <ErrorBox text={failed} />}
      {items.length > 0 && (
        <div class="scroll" tabIndex={0}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{t('account.tokens.label')}</th>
                <th scope="col">{t('account.tokens.scope')}</th>
                <th scope="col">{t('account.tokens.until')}</th>
                <th scope="col">
                  <span class="visually-hidden">{t('accounts.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((token) => (
                <tr key={token.id}>
                  <th scope="row">{token.label}</th>
                  <td>{tOr(`scope.${token.scope}`, token.scope)}</td>
                  <td class="nowrap">{dateText(day(token.expires_at.slice(0, 10)))}</td>
                  <td>
                    <button
                      type="button"
                      class="tool"
                      onClick={() =>
                        act(async () => {
                          await call('DELETE', `/api/v1/tokens/${token.id}`);
                          list.reload();
                        })
                      }
                    >
                      {t('account.tokens.revoke')}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <TokenForm
        onMade={(token) => {
          setMade(token);
          list.reload();
        }}
      />
    </Panel>
  );
}

export default function AccountPage() {
  const who = session.value;
  const [failed, act] = useCall();
  if (!who) return null;
  return (
    <div class="page narrow">
      <div class="page-head">
        <h1 tabIndex={-1}>{t('account.title')}</h1>
        <button type="button" class="button secondary" data-action="sign-out" onClick={() => act(signOut)}>
          {t('account.sign-out')}
        </button>
      </div>
      {failed && <ErrorBox text={failed} />}
      <p>
        <b>{who.display}</b> <span class="quiet">{who.account}</span> <span class="badge outline">{tOr(`role.${who.role}`, who.role)}</span>
      </p>
      {who.must_change && (
        <p class="notice notice-warn" role="status">
          {t('account.must-change')}
        </p>
      )}
      <PasswordPanel />
      {!who.must_change && <PasskeysPanel />}
      {!who.must_change && <TotpPanel />}
      {!who.must_change && <TokensPanel />}
    </div>
  );
}
