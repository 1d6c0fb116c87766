import { tx, t, dateText, fullWhen } from '../lib/ui';
import { clock, instant } from '../lib/time';
import { path } from '../lib/router';
import { board, calendar, connection, keys, lang, now, sound, theme } from '../lib/store';
import { session } from '../lib/session';
import { helpOpen } from './keys';
import { Navigation } from './nav';

function Connection() {
  const c = connection.value;
  const last = board.value ? instant(board.value.now) : null; // a demo's clock is not the wall's
  const text =
    c.state === 'live'
      ? t('conn.live')
      : c.state === 'lost'
        ? t('conn.lost', { time: clock(last ?? c.sinceMs) })
        : t('conn.connecting');
  return (
    <span class={`connection ${c.state}`} data-connection={c.state}>
      <span class="dot" aria-hidden="true" />
      {text}
    </span>
  );
}

function Clock() {
  const b = board.value;
  if (!b) return null;
  return (
    <span class="now">
      <span class="now-date">{dateText(now.value)}</span>
      <span class="now-time">{clock(now.value)}</span>
      {b.speed !== 1 && <span class="now-speed">{t('demo.speed', { n: b.speed })}</span>}
    </span>
  );
}

interface ChoiceProps<T extends string> {
  name: string;
  label: string;
  value: T;
  options: [T, string][];
  set: (value: T) => void;
}
function Choice<T extends string>({ name, label, value, options, set }: ChoiceProps<T>) {
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      {options.map(([option, text]) => (
        <label key={option}>
          <input type="radio" name={name} value={option} checked={value === option} onChange={() => set(option)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

function Settings() {
  return (
    <div id="settings" popover="auto" class="popover">
      <Choice
        name="theme"
        label={t('settings.theme')}
        value={theme.value}
        options={[
          ['auto', t('settings.theme.auto')],
          ['light', t('settings.theme.light')],
          ['dark', t('settings.theme.dark')],
        ]}
        set={(v) => (theme.value = v)}
      />
      <Choice
        name="calendar"
        label={t('settings.calendar')}
        value={calendar.value}
        options={[
          ['seireki', t('settings.calendar.seireki')],
          ['wareki', t('settings.calendar.wareki')],
        ]}
        set={(v) => (calendar.value = v)}
      />
      <Choice
        name="sound"
        label={t('settings.sound')}
        value={sound.value}
        options={[
          ['off', t('settings.sound.off')],
          ['on', t('settings.sound.on')],
        ]}
        set={(v) => (sound.value = v)}
      />
      <Choice
        name="keys"
        label={t('settings.keys')}
        value={keys.value}
        options={[
          ['on', t('settings.keys.on')],
          ['off', t('settings.keys.off')],
        ]}
        set={(v) => (keys.value = v)}
      />
    </div>
  );
}

export function Header() {
  const b = board.value;
  const c = connection.value;
  const who = session.value?.sign_in ? session.value : null;
  return (
    <>
      <header class="top">
        <div class="top-row">
          <a class="brand" href="/">
            <span class="brand-ja" lang="ja">
              統括
            </span>
            <span class="brand-en" lang="en">
              Tokatsu
            </span>
          </a>
          {b && <span class="carrier">{tx(b.carrier)}</span>}
          {b?.synthetic && <span class="badge synthetic">{t('demo.synthetic')}</span>}
          <span class="top-space" />
          <Clock />
          <Connection />
        </div>
        <div class="nav-row">
          <Navigation />
        <span class="tools">
          {who && (
            <a class="tool who" href="/account" aria-current={path.value === '/account' ? 'page' : undefined}>
              {who.display}
            </a>
          )}
          <button
            type="button"
            class="tool"
            lang={lang.value === 'ja' ? 'en' : 'ja'}
            data-action="language"
            onClick={() => (lang.value = lang.value === 'ja' ? 'en' : 'ja')}
          >
            {lang.value === 'ja' ? 'English' : '日本語'}
          </button>
          <button type="button" class="tool" popovertarget="settings">
            {t('settings.open')}
          </button>
          <button
            type="button"
            class="tool round"
            aria-label={t('help.open')}
            title={t('help.open')}
            onClick={() => (helpOpen.value = true)}
          >
            ?
          </button>
        </span>
        </div>
        <Settings />
      </header>
      {c.state === 'lost' && b && (
        <p class="stale" role="alert">
          {t('conn.stale', { time: fullWhen(b.now) })}
        </p>
      )}
      {b && b.network.lost_sources.length > 0 && (
        <p class="stale" role="status">
          {t('board.lost', { list: b.network.lost_sources.join('、') })}
        </p>
      )}
    </>
  );
}
