// What every page shares: the board, kept fresh by server-sent events, the running clock and the settings.
// The stream reconnects by itself; a page that missed messages gets the whole board first, so nothing has
// to be replayed and an old state can never be mistaken for the present one: the header says since when.

import { computed, effect, signal } from '@preact/signals';
import { changed, type BoardChange } from './board-change';
import { changes, type Change } from './changes';
import { serverNow, type Anchor } from './countdown';
import { checkSession } from './account';
import type { Lang } from './i18n';
import { whenSignedIn } from './session';
import { instant } from './time';
import type { Board } from './types';

export const board = signal<Board | null>(null);
export const lastChanges = signal<Change[]>([]);
export type Connection = { state: 'connecting' } | { state: 'live' } | { state: 'lost'; sinceMs: number };
export const connection = signal<Connection>({ state: 'connecting' });

const anchor = signal<Anchor>({ serverMs: Date.now(), localMs: performance.now(), speed: 1 });
const tick = signal(performance.now());
// The server's time, once a second (and at each message).
export const now = computed(() => serverNow(anchor.value, Math.max(tick.value, anchor.value.localMs)));

function receive(next: Board): void {
  anchor.value = { serverMs: instant(next.now), localMs: performance.now(), speed: next.speed || 1 };
  lastChanges.value = changes(board.value, next);
  board.value = next;
  connection.value = { state: 'live' };
}

const RETRY_MS = [500, 1000, 2000, 5000];
let attempts = 0;

export function connect(): void {
  const source = new EventSource('/api/v1/events?changes=1');
  source.addEventListener('board', (event) => {
    attempts = 0;
    receive(JSON.parse((event as MessageEvent<string>).data) as Board);
  });
  source.addEventListener('change', (event) => {
    const next = changed(board.peek(), JSON.parse((event as MessageEvent<string>).data) as BoardChange);
    if (next) receive(next);
    else source.dispatchEvent(new Event('error')); // made for a board that is not this one: begin with a whole one
  });
  source.onerror = () => {
    if (connection.value.state !== 'lost') connection.value = { state: 'lost', sinceMs: Date.now() };
    // The browser gives up on an answer that is no event stream, and waits long on some systems: we do not.
    source.close();
    checkSession(); // a stream that was refused does not say why
    setTimeout(() => whenSignedIn(connect), RETRY_MS[Math.min(attempts++, RETRY_MS.length - 1)]);
  };
}
// One redraw of the clocks a second; four where a demo's seconds run faster than real ones.
function beat(): void {
  tick.value = performance.now();
  setTimeout(beat, anchor.peek().speed > 1 ? 250 : 1000);
}
beat();

// Settings, kept in this browser.
function kept<T extends string>(key: string, values: readonly T[], first: T) {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(`tokatsu.${key}`);
  } catch {
    stored = null; // a browser that forbids storage still gets a working page
  }
  const value = signal<T>(values.includes(stored as T) ? (stored as T) : first);
  effect(() => {
    try {
      localStorage.setItem(`tokatsu.${key}`, value.value);
    } catch {
      return;
    }
  });
  return value;
}
export const lang = kept<Lang>('lang', ['ja', 'en'], 'ja');
export const theme = kept('theme', ['auto', 'light', 'dark'] as const, 'auto');
export const calendar = kept('calendar', ['seireki', 'wareki'] as const, 'seireki');
export const sound = kept('sound', ['off', 'on'] as const, 'off');
export const keys = kept('keys', ['on', 'off'] as const, 'on');
export const mapMode = kept('map', ['map', 'shape', 'list'] as const, 'map');

const systemDark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null;
const systemIsDark = signal(systemDark?.matches ?? false);
systemDark?.addEventListener('change', (e) => (systemIsDark.value = e.matches));
export const dark = computed(() => (theme.value === 'auto' ? systemIsDark.value : theme.value === 'dark'));
