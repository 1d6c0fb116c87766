import { useEffect } from 'preact/hooks';
import { t } from './lib/ui';
import { path } from './lib/router';
import { board, lastChanges, sound } from './lib/store';
import { Header } from './parts/header';
import { bindKeys, Help } from './parts/keys';
import { Board } from './pages/board';
import { Accidents } from './pages/accidents';
import { AccidentPage } from './pages/accident';
import { Law } from './pages/law';
import { AccountPage } from './pages/account';
import { AccountsPage } from './pages/accounts';
import { may, session, signedOut } from './lib/session';
import { SignInDialog, SignInPage } from './parts/sign-in';
import { Empty } from './parts/ui';

function Page() {
  const at = path.value;
  const who = session.value;
  if (who?.sign_in && (at === '/account' || who.must_change)) return <AccountPage />;
  if (who?.sign_in && at === '/accounts') return <AccountsPage />;
  if (who && !may('read')) return <Empty title={t('app.no-rights')} />;
  const accident = /^\/accidents\/([^/]+)$/.exec(at);
  if (accident?.[1]) return <AccidentPage key={at} id={decodeURIComponent(accident[1])} />;
  if (at === '/accidents') return <Accidents />;
  if (at === '/law') return <Law />;
  return <Board />;
}

function useTitle(): void {
  const at = path.value;
  const serious = board.value?.accidents.filter((a) => a.outcome === 'serious' && !a.recovered_at).length ?? 0;
  const id = /^\/accidents\/([^/]+)$/.exec(at)?.[1];
  const name = id ?? t(at === '/account' ? 'account.title' : at === '/accounts' ? 'accounts.title' : at === '/accidents' ? 'nav.accidents' : at === '/law' ? 'nav.law' : 'board.title');
  const title = `${serious > 0 ? `(${serious}) ` : ''}${name} — 統括 Tokatsu`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}

// What changed is told to screen readers without interrupting them.
function Announcer() {
  const said = lastChanges.value.map((c) => t(`board.announce.${c.kind}`, { title: c.accident.title }));
  useEffect(() => {
    if (sound.value === 'on' && lastChanges.value.some((c) => c.kind === 'serious')) void chime();
  }, [lastChanges.value]);
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {said.join(' ')}
    </div>
  );
}

async function chime(): Promise<void> {
  const audio = new AudioContext();
  const gain = audio.createGain();
  gain.gain.value = 0.08;
  gain.connect(audio.destination);
  [880, 660, 880].forEach((hz, i) => {
    const tone = audio.createOscillator();
    tone.frequency.value = hz;
    tone.connect(gain);
    tone.start(audio.currentTime + i * 0.25);
    tone.stop(audio.currentTime + i * 0.25 + 0.2);
  });
  setTimeout(() => void audio.close(), 1500);
}

export function App() {
  useEffect(bindKeys, []);
  useTitle();
  if (signedOut.value && !session.value) return <SignInPage />;
  return (
    <>
      <a class="skip" href="#main">
        {t('app.skip')}
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <Page />
      </main>
      <Announcer />
      <Help />
      {signedOut.value && <SignInDialog />}
    </>
  );
}
