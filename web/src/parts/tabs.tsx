// Tabs after the ARIA pattern: arrow keys move, one tab stop, only the chosen panel is in the document.

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface Tab<T extends string> {
  id: T;
  name: string;
}
interface TabsProps<T extends string> {
  label: string;
  tabs: Tab<T>[];
  value: T;
  onPick: (next: T) => void;
  children: ComponentChildren;
}
export function Tabs<T extends string>({ label, tabs, value, onPick, children }: TabsProps<T>) {
  const id = useId();
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const ends = { Home: 0, End: tabs.length - 1 }[event.key];
    if (by === undefined && ends === undefined) return;
    const at = tabs.findIndex((tab) => tab.id === value);
    const next = tabs[ends ?? (at + by! + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onPick(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKey}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            id={`${id}-${tab.id}`}
            type="button"
            role="tab"
            data-tab={tab.id}
            aria-selected={tab.id === value}
            aria-controls={`${id}-panel`}
            tabIndex={tab.id === value ? 0 : -1}
            onClick={() => onPick(tab.id)}
          >
            {tab.name}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} class="tab-panel" role="tabpanel" aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </>
  );
}
