// Administration: what runs here, from which files, with which settings, and who cosigns for whom. Settings are shown and
// not changed: they are arguments of the program.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { call, post } from '../lib/api';
import { number } from '../lib/i18n';
import { useResource } from '../lib/resource';
import { may, session } from '../lib/session';
import { errorText, fullWhen, t } from '../lib/ui';
import { Confirm } from '../parts/confirm';
import { Day } from '../parts/date';
import { toast } from '../parts/toast';
import { Empty, ErrorBox, Field, Panel, Trouble } from '../parts/ui';
import { say } from '../words/administration';
import './administration.css';
import type { LedgerStatus } from './ledger';

interface Files {
  from: string | null;
  files: { name: string; bytes: number; sha256: string }[];
}
interface System {
  version: string;
  at: string;
  store: { ok: boolean; engine: string; schema: number; schema_known: number; problem: string; ledger_size: number };
  law: Files & { version: string; entries: number; unverified: number };
  registers: Files;
  settings: Record<'data' | 'database' | 'topology', string | null> & Record<'sign_in' | 'publish_ledger' | 'witness' | 'demo', boolean>;
  door: Record<'tls' | 'behind_proxy' | 'elsewhere', boolean> & { port: number; hosts: string[] };
}

function Pairs({ pairs }: { pairs: [string, ComponentChildren][] }) {
  return (
    <dl class="admin-pairs">
      {pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
const yes = (value: boolean) => say(value ? 'yes' : 'no');
const given = (value: string | null) => (value ? <code>{value}</code> : <span class="quiet">{say('unset')}</span>);

function FileList({ of, label }: { of: Files; label: string }) {
  return (
    <>
      <Pairs pairs={[[say('from'), of.from ? <code>{of.from}</code> : say('built-in')]]} />
      <details class="fold">
        <summary>{say('files', { n: of.files.length })}</summary>
        {of.files.length === 0 ? (
          <p class="quiet">{say('files.none')}</p>
        ) : (
          <div class="scroll" tabIndex={0} role="region" aria-label={`${label}: ${say('files', { n: of.files.length })}`}>
            <table class="data">
              <thead>
                <tr>
                  <th scope="col">{say('file')}</th>
                  <th scope="col" class="num">
                    {say('bytes')}
                  </th>
                  <th scope="col">{say('hash')}</th>
                </tr>
              </thead>
              <tbody>
                {of.files.map((file) => (
                  <tr key={file.name}>
                    <th scope="row">{file.name}</th>
                    <td class="num">{number(file.bytes)}</td>
                    <td>
                      <code class="hash">{file.sha256}</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </details>
    </>
  );
}

// ---- witnesses ----

function AddWitness({ onDone }: { onDone: () => void }) {
  const [form, setForm] = useState({ url: '', key: '', every: '60' });
  const [failed, setFailed] = useState<unknown>(null);
  const bind = (name: keyof typeof form) => ({
    name,
    value: form[name],
    autoComplete: 'off',
    onInput: (e: Event) => setForm({ ...form, [name]: (e.target as HTMLInputElement).value }),
  });
  const submit = (event: Event) => {
    event.preventDefault();
    post('/api/v1/ledger/witnesses', { url: form.url.trim(), key: form.key.trim(), every_s: Number(form.every) }).then(() => {
      toast(say('witness.added', { url: form.url.trim() }));
      setForm({ url: '', key: '', every: '60' });
      setFailed(null);
      onDone();
    }, setFailed);
  };
  return (
    <details class="fold">
      <summary>{say('witness.add')}</summary>
      <form class="form" onSubmit={submit}>
        {failed !== null && <Trouble error={failed} />}
        <Field label={say('witness.url')} help={say('witness.url.help')}>
          {(p) => <input {...p} {...bind('url')} required />}
        </Field>
        <Field label={say('witness.key')}>{(p) => <input {...p} {...bind('key')} required />}</Field>
        <Field label={say('witness.every')}>{(p) => <input {...p} {...bind('every')} class="number" inputMode="numeric" required />}</Field>
        <button class="button" data-action="add-witness">
          {say('witness.add')}
        </button>
      </form>
    </details>
  );
}

function Witnesses({ status, reload }: { status: LedgerStatus; reload: () => void }) {
  const [removing, setRemoving] = useState<LedgerStatus['witnesses'][number] | null>(null);
  const manages = may('manage-witnesses');
  const remove = async () => {
    await call('DELETE', `/api/v1/ledger/witnesses/${encodeURIComponent(removing!.id)}`);
    toast(say('witness.removed', { url: removing!.url }));
    setRemoving(null);
    reload();
  };
  return (
    <Panel title={say('witnesses')}>
      {status.witnesses.length === 0 && (
        <Empty title={say('witnesses.none')}>
          <p>{say('witnesses.how')}</p>
        </Empty>
      )}
      <ul class="plain">
        {status.witnesses.map((w) => (
          <li key={w.id} class="admin-witness">
            <span>
              <b>{w.url}</b>
              <br />
              {w.cosigned_at ? `${say('witness.state', { n: number(w.size) })} ${fullWhen(w.cosigned_at)}` : say('witness.never')}
              {w.trouble && <span class="unverified"> {say('witness.trouble', { why: w.trouble })}</span>}
            </span>
            {manages && (
              <button type="button" class="button secondary small" data-remove={w.id} onClick={() => setRemoving(w)}>
                {say('witness.remove')}
                <span class="visually-hidden"> {w.url}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      {manages && <AddWitness onDone={reload} />}
      {removing && (
        <Confirm title={say('witness.remove.title')} name={removing.id} act={say('witness.remove')} onClose={() => setRemoving(null)} onConfirm={remove}>
          <p>{removing.url}</p>
          <p>{say('witness.remove.body')}</p>
        </Confirm>
      )}
    </Panel>
  );
}

function Witnessed({ status, reload }: { status: LedgerStatus; reload: () => void }) {
  const [key, setKey] = useState('');
  const [failed, setFailed] = useState<unknown>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    post('/api/v1/ledger/witnessed', { key: key.trim() }).then(() => {
      toast(say('witnessed.added'));
      setKey('');
      setFailed(null);
      reload();
    }, setFailed);
  };
  return (
    <Panel title={say('witnessed')}>
      <p class="quiet">{say('witnessed.lead')}</p>
      {status.witnessed.length === 0 && <p>{say('witnessed.none')}</p>}
      <ul class="plain">
        {status.witnessed.map((log) => (
          <li key={log.origin}>
            <b>{log.origin}</b> {log.cosigned_at ? say('witness.state', { n: number(log.size) }) : say('witness.never')}
          </li>
        ))}
      </ul>
      {may('manage-witnesses') && (
        <form class="form" onSubmit={submit}>
          {failed !== null && <Trouble error={failed} />}
          <Field label={say('witnessed.key')}>
            {(p) => <input {...p} name="log-key" autoComplete="off" required value={key} onInput={(e) => setKey((e.target as HTMLInputElement).value)} />}
          </Field>
          <button class="button secondary" data-action="trust-log">
            {say('witnessed.add')}
          </button>
        </form>
      )}
    </Panel>
  );
}

// ---- the page ----

function Overview({ system }: { system: System }) {
  const { store, law, settings, door } = system;
  return (
    <>
      <Panel title={say('store')}>
        <p class={store.ok ? 'notice notice-good' : 'notice notice-error'} role={store.ok ? undefined : 'alert'}>
          {store.ok ? say('store.ok') : say('store.bad', { why: store.problem })}
        </p>
        <Pairs
          pairs={[
            [say('version'), system.version],
            [say('engine'), store.engine],
            [say('schema'), say('schema.value', { now: store.schema, known: store.schema_known })],
            [say('size'), number(store.ledger_size)],
          ]}
        />
      </Panel>
      <Panel title={say('law')}>
        <Pairs
          pairs={[
            [say('law.version'), <Day value={law.version} />],
            [say('law.entries'), say('law.unverified', { n: law.entries, unverified: law.unverified })],
          ]}
        />
        <FileList of={law} label={say('law')} />
      </Panel>
      <Panel title={say('registers')}>
        <FileList of={system.registers} label={say('registers')} />
      </Panel>
      <Panel title={say('settings')}>
        <Pairs
          pairs={[
            [say('s.data'), given(settings.data)],
            [say('s.database'), given(settings.database)],
            [say('s.topology'), given(settings.topology)],
            [say('s.sign_in'), yes(settings.sign_in)],
            [say('s.publish_ledger'), yes(settings.publish_ledger)],
            [say('s.witness'), yes(settings.witness)],
            [say('s.demo'), yes(settings.demo)],
            [say('s.port'), String(door.port)],
            [say('s.tls'), yes(door.tls)],
            [say('s.behind_proxy'), yes(door.behind_proxy)],
            [say('s.elsewhere'), yes(door.elsewhere)],
            [say('s.hosts'), door.hosts.length > 0 ? door.hosts.join(', ') : given(null)],
          ]}
        />
      </Panel>
    </>
  );
}

export default function Administration() {
  const system = useResource<System>('/api/v1/system');
  const ledger = useResource<LedgerStatus>('/api/v1/ledger');
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        {system.value && <span class="quiet">{say('at', { time: fullWhen(system.value.at) })}</span>}
      </div>
      <p class="quiet">{say('lead')}</p>
      {system.error !== null && <ErrorBox text={errorText(system.error)} onRetry={system.reload} />}
      {!system.value && system.error === null && <p class="loading">{t('common.loading')}</p>}
      <div class="admin-panels">
        {system.value && <Overview system={system.value} />}
        {ledger.value && <Witnesses status={ledger.value} reload={ledger.reload} />}
        {ledger.value && <Witnessed status={ledger.value} reload={ledger.reload} />}
        {session.value?.sign_in && (
          <Panel title={say('people')}>
            <p>
              <a href="/accounts">{say('people.accounts')}</a>
            </p>
            <p>
              <a href="/account">{say('people.own')}</a>
            </p>
          </Panel>
        )}
      </div>
    </div>
  );
}
