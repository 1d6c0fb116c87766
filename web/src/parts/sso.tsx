// Single sign-on on the sign-in page: the way to the provider, and what came of it.

import { useEffect, useState } from 'preact/hooks';
import { get } from '../lib/api';
import { loadSession } from '../lib/account';
import { signedOut } from '../lib/session';
import { lang } from '../lib/store';
import { say } from '../words/sso';
import { ErrorBox } from './ui';

interface Provider {
  ja: string;
  en: string;
  start: string;
}

function useProvider(): Provider | null {
  const [provider, setProvider] = useState<Provider | null>(null);
  useEffect(() => {
    get<{ sso: Provider | null }>('/api/v1/session/methods').then(
      (methods) => setProvider(methods.sso),
      () => undefined, // then there is the password
    );
  }, []);
  return provider;
}

// A link, not a call: the browser itself goes to the provider and comes back to the page that was asked for. Its target
// keeps the page's own router off it.
export function SsoButton() {
  const provider = useProvider();
  if (!provider) return null;
  const here = location.pathname === '/' ? '/' : location.pathname;
  return (
    <div class="sso">
      <p class="sso-or">{say('or')}</p>
      <a class="button secondary" data-action="sso" target="_self" href={`${provider.start}?to=${encodeURIComponent(here)}`}>
        {say('button', { label: provider[lang.value] })}
      </a>
    </div>
  );
}

const OUTCOMES = ['expired', 'state', 'provider', 'token', 'denied', 'shut'] as const;

// Why the provider's answer did not open a session; the address carries one word.
export function SsoOutcome() {
  const [why] = useState(() => new URLSearchParams(location.search).get('sso'));
  useEffect(() => {
    if (why) history.replaceState(null, '', location.pathname);
  }, []);
  if (why === 'no-role')
    return (
      <div class="notice notice-warn" role="alert" data-sso="no-role">
        <h2>{say('no-role.title')}</h2>
        <p>{say('no-role')}</p>
        <p>{say('no-role.todo')}</p>
      </div>
    );
  const known = OUTCOMES.find((word) => word === why);
  return known ? <ErrorBox text={say(known)} /> : null;
}

// A session has ended above an open page: signing in happens elsewhere, so that this page stays as it is.
export function SsoAgain() {
  const provider = useProvider();
  const [waits, setWaits] = useState(false);
  if (!provider) return null;
  const goOn = async () => {
    await loadSession();
    setWaits(signedOut.value);
  };
  return (
    <div class="form">
      <p>{say('again', { label: provider[lang.value] })}</p>
      {waits && <ErrorBox text={say('again.not-yet')} />}
      <a class="button" href={provider.start} target="_blank" rel="noopener" data-action="sso">
        {say('again.open')}
      </a>
      <button type="button" class="button secondary" data-action="sso-go-on" onClick={() => void goOn()}>
        {say('again.go-on')}
      </button>
    </div>
  );
}
