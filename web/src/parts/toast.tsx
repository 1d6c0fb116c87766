// A line that says what was done, with a way back. It stays until it is closed, undone, or a page further on; one that
// offers nothing leaves by itself after eight seconds, unless it is pointed at.

import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '../lib/ui';
import { say } from '../words/common';

interface Toast {
  id: number;
  text: string;
  undo: (() => Promise<void>) | null;
}
const toasts = signal<Toast[]>([]);
const STAY_MS = 8000;
const UNDO_STAY_MS = 60_000;
let next = 1;

export function toast(text: string, undo: (() => Promise<void>) | null = null): void {
  toasts.value = [...toasts.value.slice(-2), { id: next++, text, undo }];
}
function close(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

function Line({ one }: { one: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => close(one.id), one.undo ? UNDO_STAY_MS : STAY_MS);
    return () => clearTimeout(timer);
  }, [held]);
  const undo = async () => {
    close(one.id);
    try {
      await one.undo?.();
      toast(say('toast.undone'));
    } catch (e) {
      toast(errorText(e));
    }
  };
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false), onFocusIn: () => setHeld(true), onFocusOut: () => setHeld(false) };
  return (
    <li class="toast" {...hold}>
      <span>{one.text}</span>
      {one.undo && (
        <button type="button" class="toast-act" data-action="toast-undo" onClick={() => void undo()}>
          {say('toast.undo')}
        </button>
      )}
      <button type="button" class="toast-close" aria-label={say('toast.close')} onClick={() => close(one.id)}>
        ×
      </button>
    </li>
  );
}
/** Drawn once, by the application. */
export function Toasts() {
  return (
    <div role="status" aria-live="polite">
      <ul class="toasts">
        {toasts.value.map((one) => (
          <Line key={one.id} one={one} />
        ))}
      </ul>
    </div>
  );
}
