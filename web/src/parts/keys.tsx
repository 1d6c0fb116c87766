// Letter keys (which can be switched off, WCAG 2.1.4) and the page that explains them.

import { useRef } from 'preact/hooks';
import { signal } from '@preact/signals';
import { go } from '../lib/router';
import { keys } from '../lib/store';
import { t } from '../lib/ui';
import { Dialog } from './ui';

export const helpOpen = signal(false);

function step(by: number): boolean {
  const links = [...document.querySelectorAll<HTMLElement>('[data-step]')];
  if (links.length === 0) return false;
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.max(0, Math.min(links.length - 1, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return true;
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target as HTMLElement;
  if (target.closest('input, textarea, select, [contenteditable]') || target.closest('dialog')) {
    return;
  }
  const onStep = target.hasAttribute('data-step');
  if (event.key === 'ArrowDown' && onStep) return step(1) ? event.preventDefault() : undefined;
  if (event.key === 'ArrowUp' && onStep) return step(-1) ? event.preventDefault() : undefined;
  if (keys.value === 'off') return;
  const acts: Record<string, () => void> = {
    j: () => step(1),
    k: () => step(-1),
    t: () => go('/'),
    b: () => go('/board'),
    r: () => go('/registers'),
    a: () => go('/accidents'),
    l: () => go('/law'),
    '?': () => (helpOpen.value = true),
  };
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

export function bindKeys(): () => void {
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

export function Help() {
  const close = useRef(() => (helpOpen.value = false));
  if (!helpOpen.value) return null;
  const rows: [string[], string][] = [
    [['j', '↓'], t('help.next')],
    [['k', '↑'], t('help.previous')],
    [['Enter'], t('help.enter')],
    [['t'], t('help.today')],
    [['b'], t('help.board')],
    [['a'], t('help.accidents')],
    [['r'], t('help.registers')],
    [['l'], t('help.law')],
    [['?'], t('help.help')],
  ];
  return (
    <Dialog title={t('help.title')} onClose={close.current} closeKey="?">
      <dl class="keys">
        {rows.map(([names, what]) => (
          <div key={what}>
            <dt>
              {names.map((n) => (
                <kbd key={n}>{n}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>{t('help.count')}</p>
      <p class="quiet">
        <a href="/licenses.txt" target="_blank" rel="noopener">
          {t('help.licences')}
        </a>
      </p>
    </Dialog>
  );
}
