// The navigation, drawn from the table of pages: groups that open one at a time on a wide window (a disclosure, by
// click or keyboard), one menu with everything in it on a narrow one. A group with a single page is a plain link.

import { useEffect, useRef, useState } from 'preact/hooks';
import { inNavigation, mayOpen, place } from '../lib/pages';
import { path } from '../lib/router';
import { t, tx } from '../lib/ui';
import { GROUPS, PAGES, type Group, type Page } from '../pages/index';

function Item({ page }: { page: Page }) {
  return (
    <li>
      <a href={page.pattern} aria-current={inNavigation(place.value) === page.pattern ? 'page' : undefined}>
        {tx(page.name)}
      </a>
    </li>
  );
}

interface GroupProps {
  id: Group;
  name: string;
  pages: Page[];
  open: boolean;
  toggle: () => void;
}
function GroupItem({ id, name, pages, open, toggle }: GroupProps) {
  const here = pages.find((page) => page.pattern === inNavigation(place.value));
  if (pages.length === 1) return <Item page={pages[0]!} />;
  return (
    <li class={here ? 'nav-group here' : 'nav-group'}>
      <button type="button" class="nav-open" data-group={id} aria-expanded={open} aria-controls={`nav-${id}`} onClick={toggle}>
        {name}
      </button>
      <span class="nav-label" aria-hidden="true">
        {name}
      </span>
      <ul id={`nav-${id}`} class="nav-list" aria-label={name} hidden={!open}>
        {pages.map((page) => (
          <Item key={page.pattern} page={page} />
        ))}
      </ul>
    </li>
  );
}

export function Navigation() {
  const [open, setOpen] = useState<Group | 'all' | null>(null);
  const element = useRef<HTMLElement>(null);
  useEffect(() => setOpen(null), [path.value]);
  useEffect(() => {
    if (open === null) return;
    const outside = (event: Event) => {
      if (!element.current?.contains(event.target as Node)) setOpen(null);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(null);
      element.current?.querySelector<HTMLElement>(open === 'all' ? '.nav-menu' : `[data-group="${open}"]`)?.focus();
    };
    addEventListener('pointerdown', outside);
    addEventListener('focusin', outside);
    addEventListener('keydown', escape);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('focusin', outside);
      removeEventListener('keydown', escape);
    };
  }, [open]);
  const groups = GROUPS.map((group) => ({
    ...group,
    pages: PAGES.filter((page) => page.group === group.id && mayOpen(page)),
  })).filter((group) => group.pages.length > 0);
  return (
    <nav class="main-nav" aria-label={t('app.nav')} ref={element}>
      <button
        type="button"
        class="nav-menu"
        aria-expanded={open === 'all'}
        aria-controls="nav-all"
        onClick={() => setOpen(open === 'all' ? null : 'all')}
      >
        {t('app.menu')}
      </button>
      <ul id="nav-all" class={open === 'all' ? 'nav-groups all' : 'nav-groups'}>
        {groups.map((group) => (
          <GroupItem
            key={group.id}
            id={group.id}
            name={tx(group.name)}
            pages={group.pages}
            open={open === group.id || open === 'all'}
            toggle={() => setOpen(open === group.id ? null : group.id)}
          />
        ))}
      </ul>
    </nav>
  );
}
