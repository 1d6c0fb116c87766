import { useEffect, useState } from 'preact/hooks';
import { heading, load, mayOpen, place, prefetch, ready, type Place } from './lib/pages';
import { path } from './lib/router';
import { board, lastChanges, sound } from './lib/store';
import { t, tx } from './lib/ui';
import { Header } from './parts/header';
import { bindKeys, Help } from './parts/keys';
import { PAGES, type Page as PageRow } from './pages/index';
import type { Change } from './lib/changes';
import { session, signedOut } from './lib/session';
import { say as sayDrill } from './words/drill';
import { SignInDialog, SignInPage } from './parts/sign-in';
import { Toasts } from './parts/toast';
import { Empty, ErrorBox } from './parts/ui';

const ANSWER = PAGES.find((page) => page.pattern === '/answer')!;
const ACCOUNT = PAGES.find((page) => page.pattern === '/account')!;

function NotFound() {
  return (
    <div class="page">
      <h1 tabIndex={-1}>{t('app.missing')}</h1>
      <Empty title={t('app.missing.title', { path: path.value })}>
        <p>{t('app.missing.body')}</p>
        <p>
          <a class="button" href="/">
            {t('app.missing.home')}
          </a>
        </p>
      </Empty>
    </div>
  );
}

// For a role that may not open this page: what it may.
function NoRight() {
  const others = PAGES.filter((page) => page.group && mayOpen(page));
  return (
    <div class="page">
      <h1 tabIndex={-1}>{t('app.no-right')}</h1>
      <Empty title={t('app.no-rights')}>
        <ul class="plain">
          {others.map((page) => (
            <li key={page.pattern}>
              <a href={page.pattern}>{tx(page.name)}</a>
            </li>
          ))}
        </ul>
      </Empty>
    </div>
  );
}

// A page's piece on its way. Shown only where it takes longer than a blink, so that nothing flickers.
function Waiting() {
  return (
    <p class="loading waiting" role="status">
      {t('common.loading')}
    </p>
  );
}

function Piece({ page, params }: Place) {
  const [state, setState] = useState<'waiting' | 'there' | 'failed'>(ready.has(page) ? 'there' : 'waiting');
  useEffect(() => {
    let wanted = true;
    load(page).then(
      () => wanted && setState('there'),
      () => wanted && setState('failed'),
    );
    return () => {
      wanted = false;
    };
  }, []);
  const Component = page.here ?? ready.get(page);
  if (Component) return <Component params={params} />;
  if (state === 'waiting') return <Waiting />;
  return (
    <div class="page">
      <ErrorBox text={t('app.piece-failed')} onRetry={() => location.reload()} />
    </div>
  );
}

function Page() {
  const at = place.value;
  const who = session.value;
  const shown = who?.sign_in && who.must_change ? { page: ACCOUNT, params: {} } : at;
  if (!shown) return <NotFound />;
  if (!mayOpen(shown.page)) return <NoRight />;
  return <Piece key={pieceKey(shown.page)} {...shown} />;
}
// A page with parameters starts anew for each address; the others keep their state.
const pieceKey = (page: PageRow) => (page.pattern.includes(':') ? path.value : page.pattern);

function useTitle(): void {
  const serious = board.value?.accidents.filter((a) => a.outcome === 'serious' && !a.recovered_at && !a.drill).length ?? 0;
  const name = heading.value ?? (place.value ? tx(place.value.page.name) : t('app.missing'));
  const title = `${serious > 0 ? `(${serious}) ` : ''}${name} — 統括 Tokatsu`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}

// What is pointed at is fetched; the rest of what this person may open, once the browser has nothing else to do.
function usePrefetch(): void {
  useEffect(() => {
    const near = (event: Event) => {
      const link = (event.target as Element | null)?.closest?.('a[href^="/"]');
      if (link) prefetch(new URL((link as HTMLAnchorElement).href).pathname);
    };
    addEventListener('pointerover', near, { passive: true });
    addEventListener('focusin', near);
    return () => {
      removeEventListener('pointerover', near);
      removeEventListener('focusin', near);
    };
  }, []);
  const known = session.value !== null;
  useEffect(() => {
    if (!known) return;
    const later = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 2000));
    later(() => {
      for (const page of PAGES) if (mayOpen(page)) load(page).catch(() => undefined);
    });
  }, [known]);
}

function spoken(change: Change): string {
  const text = t(`board.announce.${change.kind}`, { title: change.accident.title });
  return change.accident.drill ? sayDrill('announce', { text }) : text;
}

// What changed is told to screen readers without interrupting them.
function Announcer() {
  const said = lastChanges.value.map((c) => spoken(c));
  useEffect(() => {
    if (sound.value === 'on' && lastChanges.value.some((c) => c.kind === 'serious' && !c.accident.drill)) void chime();
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

// Somebody who answers a questionnaire by a link: no account, and nothing else of ours around it.
function Respondent() {
  return (
    <>
      <main id="main" tabIndex={-1}>
        <Piece page={ANSWER} params={{}} />
      </main>
      <Toasts />
    </>
  );
}

export function App() {
  useEffect(bindKeys, []);
  useTitle();
  usePrefetch();
  if (path.value === ANSWER.pattern) return <Respondent />;
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
      <Toasts />
      <Help />
      {signedOut.value && <SignInDialog />}
    </>
  );
}
