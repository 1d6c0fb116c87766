// A drill must never be taken for an accident, on any page and by nobody who only glances.

import type { AccidentSummary } from '../lib/types';
import { say } from '../words/drill';

export function DrillBadge({ of }: { of: { drill?: boolean } }) {
  return of.drill ? <span class="badge drill">{say('badge')}</span> : null;
}
/** At the top of a page on which drills stand among other things. */
export function DrillBanner({ accidents }: { accidents: AccidentSummary[] }) {
  const n = accidents.filter((a) => a.drill).length;
  return n === 0 ? null : (
    <p class="drill-banner" role="status">
      {say('banner', { n })}
    </p>
  );
}
/** At the top of the page of one. */
export function DrillNotice({ of }: { of: { drill?: boolean } }) {
  return of.drill ? (
    <p class="drill-banner" role="status">
      {say('page')}
    </p>
  ) : null;
}
