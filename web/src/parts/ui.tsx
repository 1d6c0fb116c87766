// The few components everything is made of, on native elements.

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Level, Outcome, State } from '../lib/types';
import { errorText, fieldErrors, t, tOr } from '../lib/ui';

export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  return <span class={`badge outcome-${outcome}`}>{tOr(`outcome.${outcome}`, outcome)}</span>;
}
export function StateBadge({ state }: { state: State }) {
  return <span class={`badge outline state-${state}`}>{tOr(`state.${state}`, state)}</span>;
}
export function LevelBadge({ level, done }: { level: Level; done: boolean }) {
  if (done) return <span class="badge level-done">{t('deadline.done')}</span>;
  return <span class={`badge level-${level}`}>{tOr(`level.${level}`, level)}</span>;
}

interface DialogProps {
  title: string;
  onClose: () => void;
  closeKey?: string;
  children: ComponentChildren;
  actions?: ComponentChildren;
  wide?: boolean;
}
export function Dialog({ title, onClose, closeKey, children, actions, wide }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement as HTMLElement | null;
    dialog?.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog
      ref={element}
      class={wide ? 'wide' : ''}
      aria-labelledby={id}
      onClose={onClose}
      onKeyDown={(e) => {
        if (closeKey && e.key === closeKey && !(e.target as Element).closest('input, textarea')) onClose();
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
      </header>
      <div class="dialog-body">{children}</div>
      <footer>
        <button type="button" class="button secondary" onClick={onClose}>
          {actions ? t('common.cancel') : t('common.close')}
        </button>
        {actions}
      </footer>
    </dialog>
  );
}

interface FieldProps {
  label: string;
  help?: string;
  error?: string | null | undefined;
  class?: string;
  children: (props: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }) => JSX.Element;
}
// A label, a help line, the control and, when it has one, its error in words beside it.
export function Field({ label, help, error, children, class: more = '' }: FieldProps) {
  const id = useId();
  const notes = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class={`field${error ? ' invalid' : ''} ${more}`}>
      <label for={id}>{label}</label>
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {children({ id, 'aria-describedby': notes || undefined, 'aria-invalid': Boolean(error) })}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

export function ErrorBox({ text, onRetry }: { text: string; onRetry?: () => void }) {
  return (
    <div class="notice notice-error" role="alert">
      <p>{text}</p>
      {onRetry && (
        <button type="button" class="button secondary small" onClick={onRetry}>
          {t('common.retry')}
        </button>
      )}
    </div>
  );
}

/** Any error: its sentence, and the fields that the server names (`labels` are what the form calls them). */
export function Trouble({ error, onRetry, labels = {} }: { error: unknown; onRetry?: () => void; labels?: Record<string, string> }) {
  const fields = Object.entries(fieldErrors(error));
  return (
    <div class="notice notice-error" role="alert">
      <p>{errorText(error)}</p>
      {fields.length > 0 && (
        <ul class="why">
          {fields.map(([field, text]) => (
            <li key={field}>
              <b>{labels[field] ?? field}</b>: {text}
            </li>
          ))}
        </ul>
      )}
      {onRetry && (
        <button type="button" class="button secondary small" onClick={onRetry}>
          {t('common.retry')}
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

// A bar whose length is set through the style object of the element: the policy allows no style attributes.
export function Bar({ fraction, tone }: { fraction: number; tone: string }) {
  return (
    <span class={`bar ${tone}`} aria-hidden="true">
      <span style={{ width: `${(fraction * 100).toFixed(2)}%` }} />
    </span>
  );
}

export function Panel(props: { title: string; aside?: ComponentChildren; class?: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <section class={`panel ${props.class ?? ''}`} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}
