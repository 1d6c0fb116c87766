// The page of the present address, what this person may open, and fetching a page's piece once.

import { computed, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { PAGES, type Page } from '../pages/index';
import { match, type Params } from './routes';
import { path } from './router';
import { session } from './session';

export interface Place {
  page: Page;
  params: Params;
}
/** Null: an address that no page has. */
export const place = computed<Place | null>(() => {
  for (const page of PAGES) {
    const params = match(page.pattern, path.value);
    if (params) return { page, params };
  }
  return null;
});

export function mayOpen(page: Page): boolean {
  const who = session.value;
  if (page.right === null) return true;
  if (page.right === 'sign-in') return who?.sign_in === true;
  // Before the session is known nothing is refused; the server decides in any case.
  return who === null || (who.may.includes(page.right) && (page.pattern !== '/accounts' || who.sign_in));
}
/** The page of the navigation that the present one is, or belongs to. */
export function inNavigation(at: Place | null): string | null {
  return at?.page.under ?? at?.page.pattern ?? null;
}

type Component = ComponentType<{ params: Params }>;
const loaded = new Map<Page, Promise<Component>>();
export const ready = new Map<Page, Component>();

/** The page's component. A fetch that failed is tried again the next time. */
export function load(page: Page): Promise<Component> {
  const known = loaded.get(page);
  if (known) return known;
  const fetching = page.load().then((module) => {
    const component = module.default as Component;
    ready.set(page, component);
    return component;
  });
  loaded.set(page, fetching);
  fetching.catch(() => loaded.delete(page));
  return fetching;
}
/** Whether there is a page at this address that this person may open: for a link that is made from data. */
export function opens(href: string): boolean {
  return PAGES.some((page) => match(page.pattern, href) !== null && mayOpen(page));
}
/** Fetches the piece behind a link before it is clicked. */
export function prefetch(href: string): void {
  const page = PAGES.find((p) => match(p.pattern, href));
  if (page) load(page).catch(() => undefined);
}
/** What the page calls itself in the window's title, where its name in the table is too general; null: the table's. */
export const heading = signal<string | null>(null);
