// Paths and history, no more than this page needs. A form with unsaved changes can ask before it is left.

import { signal } from '@preact/signals';

export const path = signal(location.pathname);
export const query = signal(location.search); // filters and places within a page
let guard: (() => boolean) | null = null; // set while something is unsaved; asks, and true means leave
let current = location.href;

export function setGuard(next: (() => boolean) | null): void {
  guard = next;
}
export function go(to: string): void {
  if (guard && !guard()) return;
  guard = null;
  history.pushState(null, '', to);
  arrived();
}
/** Another filter of the same page: the address follows (it can be kept and sent), the place on the page stays. */
export function setQuery(next: URLSearchParams): void {
  const text = next.size === 0 ? '' : `?${next}`;
  if (text === query.value) return;
  history.replaceState(null, '', location.pathname + text);
  current = location.href;
  query.value = text;
}
function arrived(): void {
  current = location.href;
  path.value = location.pathname;
  query.value = location.search;
  scrollTo(0, 0);
  // A new page is announced by its heading, as a full load would be.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }));
}
addEventListener('popstate', () => {
  if (guard && !guard()) {
    history.pushState(null, '', current);
    return;
  }
  guard = null;
  arrived();
});
// When the whole page is left the browser asks in its own words.
addEventListener('beforeunload', (event) => {
  if (guard) event.preventDefault();
});
// Plain links stay links (new tabs work); ordinary clicks stay in the page.
addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = (event.target as Element | null)?.closest?.('a[href]');
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return;
  if (link.origin !== location.origin || link.pathname.startsWith('/api/') || link.hash) return;
  event.preventDefault();
  go(link.pathname + link.search);
});
