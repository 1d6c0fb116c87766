// Passkeys: one's own on the account page, somebody else's in a dialog for administrators.

import { useState } from 'preact/hooks';
import { call } from '../lib/api';
import { addPasskey, passkeyTrouble, type Passkey } from '../lib/passkey';
import { useResource } from '../lib/resource';
import { day } from '../lib/time';
import { dateText, errorText, fullWhen } from '../lib/ui';
import { say } from '../words/passkeys';
import { Confirm } from './confirm';
import { Dialog, ErrorBox, Field, Panel } from './ui';
import './passkeys.css';

const words = (e: unknown) => passkeyTrouble(e) ?? errorText(e);

interface ListProps {
  items: Passkey[];
  onRemove: ((passkey: Passkey) => void) | null;
}
function List({ items, onRemove }: ListProps) {
  if (items.length === 0) return <p class="quiet">{say('none')}</p>;
  return (
    <ul class="passkeys">
      {items.map((passkey) => (
        <li key={passkey.id}>
          <div>
            <b>{passkey.label}</b>
            <small>
              {passkey.rp_id}
              {passkey.synced && ` · ${say('synced')}`}
            </small>
            <small>{say('created', { day: dateText(day(passkey.created_at.slice(0, 10))) })}</small>
            <small>{passkey.used_at ? say('used', { time: fullWhen(passkey.used_at) }) : say('never')}</small>
            {passkey.copied_at && <span class="badge level-late">{say('copied')}</span>}
          </div>
          {onRemove && (
            <button type="button" class="tool" data-action="remove-passkey" onClick={() => onRemove(passkey)}>
              {say('remove')}
              <span class="visually-hidden"> {passkey.label}</span>
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

interface RemovingProps {
  passkey: Passkey;
  path: string;
  others: boolean;
  onClose: () => void;
  onDone: () => void;
}
function Removing({ passkey, path, others, onClose, onDone }: RemovingProps) {
  return (
    <Confirm
      title={say('remove.title')}
      act={say('remove.do')}
      onClose={onClose}
      onConfirm={async () => {
        await call('DELETE', `${path}/${passkey.id}`);
        onDone();
      }}
    >
      <p>{say('remove.body', { label: passkey.label })}</p>
      {others && <p>{say('remove.other')}</p>}
    </Confirm>
  );
}

function Adding({ onDone }: { onDone: () => void }) {
  const [label, setLabel] = useState('');
  const [failed, setFailed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setFailed(null);
    setBusy(true);
    try {
      await addPasskey(label.trim());
      setLabel('');
      onDone();
    } catch (e) {
      setFailed(words(e));
    }
    setBusy(false);
  };
  return (
    <form class="form" onSubmit={(e) => void submit(e)}>
      {failed && <ErrorBox text={failed} />}
      <Field label={say('label')} help={say('label.example')}>
        {(p) => (
          <input
            {...p}
            name="passkey-label"
            maxLength={60}
            autoComplete="off"
            required
            value={label}
            onInput={(e) => setLabel((e.target as HTMLInputElement).value)}
          />
        )}
      </Field>
      <button type="submit" class="button secondary" disabled={busy} data-action="add-passkey">
        {say('add')}
      </button>
    </form>
  );
}

// Why one cannot be made here, or null.
function hindrance(): string | null {
  if (/^[\d.]+$|:/.test(location.hostname)) return say('address');
  return 'PublicKeyCredential' in window ? null : say('unsupported');
}

const MINE = '/api/v1/session/passkeys';

export function PasskeysPanel() {
  const list = useResource<{ items: Passkey[] }>(MINE);
  const [removing, setRemoving] = useState<Passkey | null>(null);
  const [added, setAdded] = useState(false);
  const hindered = hindrance();
  return (
    <Panel title={say('title')}>
      <p class="quiet">{say('lead')}</p>
      {added && (
        <p class="notice notice-good" role="status">
          {say('added')}
        </p>
      )}
      {list.error !== null && <ErrorBox text={errorText(list.error)} onRetry={list.reload} />}
      {list.value && <List items={list.value.items} onRemove={setRemoving} />}
      {hindered ? (
        <p class="notice" role="note">
          {hindered}
        </p>
      ) : (
        <Adding
          onDone={() => {
            setAdded(true);
            list.reload();
          }}
        />
      )}
      {removing && (
        <Removing
          passkey={removing}
          path={MINE}
          others={false}
          onClose={() => setRemoving(null)}
          onDone={() => {
            setRemoving(null);
            setAdded(false);
            list.reload();
          }}
        />
      )}
    </Panel>
  );
}

/** Somebody's passkeys; removed by whoever manages accounts. */
export function PasskeysDialog({ name, manages, onClose }: { name: string; manages: boolean; onClose: () => void }) {
  const path = `/api/v1/accounts/${encodeURIComponent(name)}/passkeys`;
  const list = useResource<{ items: Passkey[] }>(path);
  const [removing, setRemoving] = useState<Passkey | null>(null);
  if (removing)
    return (
      <Removing
        passkey={removing}
        path={path}
        others
        onClose={() => setRemoving(null)}
        onDone={() => {
          setRemoving(null);
          list.reload();
        }}
      />
    );
  return (
    <Dialog title={say('of', { name })} onClose={onClose}>
      {list.error !== null && <ErrorBox text={errorText(list.error)} onRetry={list.reload} />}
      {list.value && <List items={list.value.items} onRemove={manages ? setRemoving : null} />}
    </Dialog>
  );
}
