// All accounts: seen by administrators and auditors, changed by administrators.

import { useState } from 'preact/hooks';
import { call, post } from '../lib/api';
import { ROLES, type Account } from '../lib/account';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';
import { errorText, t, tOr } from '../lib/ui';
import { ContractorSelect } from '../parts/contractor';
import { ResetPassword } from '../parts/reset-password';
import { PasskeysDialog } from '../parts/passkeys';
import { Dialog, ErrorBox, Field, Panel } from '../parts/ui';
import { say as sayReset } from '../words/reset-password';
import { say as sayPasskeys } from '../words/passkeys';
import { say as saySso } from '../words/sso';

const text = (e: Event) => (e.target as HTMLInputElement).value;
const accountPath = (name: string) => `/api/v1/accounts/${encodeURIComponent(name)}`;

function RoleSelect({ value, onPick, label }: { value: string; onPick: (role: string) => void; label?: string }) {
  return (
    <select name="role" aria-label={label} value={value} onChange={(e) => onPick(text(e))}>
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {t(`role.${role}`)}
        </option>
      ))}
    </select>
  );
}

function Adding({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const [form, setForm] = useState({ name: '', display: '', role: 'noc-operator', password: '' });
  const [failed, setFailed] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setFailed(null);
    try {
      const display = form.display.trim() || form.name.trim();
      await post('/api/v1/accounts', { ...form, name: form.name.trim(), display, one_time: true });
      onDone();
    } catch (e) {
      setFailed(errorText(e));
    }
  };
  return (
    <Dialog
      title={t('accounts.add')}
      onClose={onClose}
      actions={
        <button type="submit" form="add-account" class="button" data-action="save-account">
          {t('accounts.add.submit')}
        </button>
      }
    >
      <form id="add-account" class="form" onSubmit={(e) => void submit(e)}>
        {failed && <ErrorBox text={failed} />}
        <Field label={t('accounts.name')} help={t('accounts.name.help')}>
          {(p) => (
            <input {...p} name="name" pattern="[a-z0-9._@\-]{1,64}" autoComplete="off" autoCapitalize="none" required value={form.name} onInput={(e) => setForm({ ...form, name: text(e) })} />
          )}
        </Field>
        <Field label={t('accounts.display')}>
          {(p) => <input {...p} name="display" maxLength={60} autoComplete="off" value={form.display} onInput={(e) => setForm({ ...form, display: text(e) })} />}
        </Field>
        <Field label={t('accounts.role')}>
          {(p) => (
            <select {...p} name="role" value={form.role} onChange={(e) => setForm({ ...form, role: text(e) })}>
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {t(`role.${role}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('accounts.password')} help={t('accounts.password.help')}>
          {(p) => (
            <input {...p} name="password" type="password" autoComplete="new-password" minLength={12} required value={form.password} onInput={(e) => setForm({ ...form, password: text(e) })} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

interface RowProps {
  account: Account;
  change: (run: () => Promise<unknown>) => void;
  onPasskeys: () => void;
  onReset: () => void;
}
function Row({ account, change, onPasskeys, onReset }: RowProps) {
  const manages = may('manage-accounts');
  const edit = (body: object) =>
    change(() => call('PATCH', accountPath(account.name), { ...body, version: account.version }));
  return (
    <tr>
      <th scope="row">
        {account.display}
        <small>{account.name}</small>
        {account.source !== 'local' && <small>{saySso(`source.${account.source}`)}</small>}
      </th>
      <td>
        {manages && account.source === 'local' ? (
          <RoleSelect value={account.role} label={t('accounts.role.of', { name: account.name })} onPick={(role) => edit({ role })} />
        ) : (
          tOr(`role.${account.role}`, account.role)
        )}
        {account.role === 'contractor' && (
          <ContractorSelect account={account} manages={manages} onPick={(contractor) => edit({ contractor })} />
        )}
      </td>
      <td>{t(account.totp ? 'accounts.totp.on' : 'accounts.totp.off')}</td>
      <td>
        {account.disabled ? t('accounts.shut') : account.one_time ? t('accounts.one-time') : t('accounts.open')}
      </td>
      <td>
        <button type="button" class="tool" data-action="passkeys" onClick={onPasskeys}>
          {sayPasskeys('show')}
          <span class="visually-hidden"> {sayPasskeys('of', { name: account.name })}</span>
        </button>
      </td>
      {manages && (
        <td class="nowrap">
          <button type="button" class="tool" onClick={() => edit({ disabled: !account.disabled })}>
            {t(account.disabled ? 'accounts.do.open' : 'accounts.do.shut')}
            <span class="visually-hidden"> {account.name}</span>
          </button>
          <button type="button" class="tool" data-reset={account.name} onClick={onReset}>
            {sayReset('do')}
            <span class="visually-hidden"> {account.name}</span>
          </button>
          {account.totp && (
            <button type="button" class="tool" onClick={() => change(() => call('DELETE', `${accountPath(account.name)}/totp`))}>
              {t('accounts.do.totp')}
              <span class="visually-hidden"> {account.name}</span>
            </button>
          )}
        </td>
      )}
    </tr>
  );
}

export default function AccountsPage() {
  const list = useResource<{ items: Account[] }>('/api/v1/accounts');
  const [adding, setAdding] = useState(false);
  const [passkeysOf, setPasskeysOf] = useState<string | null>(null);
  const [resetting, setResetting] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const change = (run: () => Promise<unknown>) => {
    setFailed(null);
    run()
      .catch((e: unknown) => setFailed(errorText(e)))
      .finally(list.reload);
  };
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{t('accounts.title')}</h1>
        {may('manage-accounts') && (
          <button type="button" class="button" data-action="add-account" onClick={() => setAdding(true)}>
            {t('accounts.add')}
          </button>
        )}
      </div>
      {failed && <ErrorBox text={failed} />}
      {list.error !== null && <ErrorBox text={errorText(list.error)} onRetry={list.reload} />}
      <Panel title={t('accounts.all')}>
        <div class="scroll" tabIndex={0}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{t('accounts.name')}</th>
                <th scope="col">{t('accounts.role')}</th>
                <th scope="col">{t('account.totp')}</th>
                <th scope="col">{t('accounts.state')}</th>
                <th scope="col">{sayPasskeys('title')}</th>
                {may('manage-accounts') && (
                  <th scope="col">
                    <span class="visually-hidden">{t('accounts.actions')}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {(list.value?.items ?? []).map((account) => (
                <Row key={account.name} account={account} change={change} onPasskeys={() => setPasskeysOf(account.name)} onReset={() => setResetting(account.name)} />
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      {passkeysOf !== null && <PasskeysDialog name={passkeysOf} manages={may('manage-accounts')} onClose={() => setPasskeysOf(null)} />}
      {resetting !== null && (
        <ResetPassword
          name={resetting}
          onClose={() => setResetting(null)}
          onDone={() => {
            setResetting(null);
            list.reload();
          }}
        />
      )}
      {adding && (
        <Adding
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            list.reload();
          }}
        />
      )}
    </div>
  );
}
