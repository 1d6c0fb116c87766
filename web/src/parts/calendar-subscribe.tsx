// An address of one's own for a calendar program: made once, shown once, revoked like any API token.

import { useState } from 'preact/hooks';
import { call, post } from '../lib/api';
import { useResource } from '../lib/resource';
import { session } from '../lib/session';
import { day } from '../lib/time';
import { plainDateText } from '../lib/ui';
import { say } from '../words/calendar';
import { QrCode } from './qr';
import { toast } from './toast';
import { Dialog, Field, Trouble } from './ui';

interface Token {
  id: string;
  label: string;
  scope: string;
  expires_at: string;
}
const typed = (e: Event) => (e.target as HTMLInputElement).value;

function Made({ url }: { url: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url);
      toast(say('sub.copied'));
    } catch {
      toast(say('sub.shown', { url })); // without a secure context there is no clipboard
    }
  };
  return (
    <div class="calendar-made" role="status">
      <p class="notice notice-warn">{say('sub.once')}</p>
      <p>
        <code data-feed>{url}</code>
      </p>
      <p>
        <button type="button" class="button secondary small" data-action="copy-feed" onClick={() => void copy()}>
          {say('sub.copy')}
        </button>
      </p>
      <QrCode text={url} label={say('sub.qr')} />
    </div>
  );
}

export function Subscribe({ onClose }: { onClose: () => void }) {
  const signsIn = session.value?.sign_in ?? false;
  const list = useResource<{ items: Token[] }>(signsIn ? '/api/v1/tokens' : null);
  const [label, setLabel] = useState(say('sub.label.default'));
  const [days, setDays] = useState('365');
  const [url, setUrl] = useState<string | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const make = async (event: Event) => {
    event.preventDefault();
    try {
      const made = await post<{ token: string }>('/api/v1/tokens', { label: label.trim(), scope: 'calendar', days: Number(days) });
      setUrl(`${location.origin}/calendar/${made.token}.ics`);
      setFailed(null);
      list.reload();
    } catch (e) {
      setFailed(e);
    }
  };
  const revoke = (token: Token) =>
    call('DELETE', `/api/v1/tokens/${token.id}`).then(() => {
      toast(say('sub.revoked', { name: token.label }));
      list.reload();
    }, setFailed);
  const mine = (list.value?.items ?? []).filter((token) => token.scope === 'calendar');
  return (
    <Dialog
      title={say('sub.title')}
      onClose={onClose}
      actions={
        signsIn &&
        !url && (
          <button type="submit" form="subscribe" class="button" data-action="make-feed">
            {say('sub.make')}
          </button>
        )
      }
    >
      <p>{say('sub.lead')}</p>
      {!signsIn && <p class="notice">{say('sub.demo')}</p>}
      {failed !== null && <Trouble error={failed} />}
      {url && <Made url={url} />}
      {signsIn && !url && (
        <form id="subscribe" class="row" onSubmit={(e) => void make(e)}>
          <Field label={say('sub.label')}>{(p) => <input {...p} name="feed-label" required maxLength={60} value={label} onInput={(e) => setLabel(typed(e))} />}</Field>
          <Field label={say('sub.days')}>{(p) => <input {...p} name="feed-days" type="number" min={1} max={400} required value={days} onInput={(e) => setDays(typed(e))} />}</Field>
        </form>
      )}
      {signsIn && (
        <>
          <h3 class="sub">{say('sub.mine')}</h3>
          {mine.length === 0 && <p class="quiet">{say('sub.none')}</p>}
          <ul class="plain">
            {mine.map((token) => (
              <li key={token.id} class="row-tools">
                <b>{token.label}</b> <span class="quiet">{say('sub.until', { date: plainDateText(day(token.expires_at.slice(0, 10))) })}</span>
                <button type="button" class="tool" data-action="revoke-feed" onClick={() => void revoke(token)}>
                  {say('sub.revoke')}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
