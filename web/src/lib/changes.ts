// What a new board says that the last one did not: read aloud politely, and the reason for a sound.

import type { AccidentSummary, Board } from './types';

export interface Change {
  kind: 'new' | 'serious' | 'recovered';
  accident: AccidentSummary;
}

export function changes(before: Board | null, after: Board): Change[] {
  if (!before) return [];
  const known = new Map(before.accidents.map((a) => [a.id, a]));
  const found: Change[] = [];
  for (const accident of after.accidents) {
    const old = known.get(accident.id);
    if (accident.outcome === 'serious' && old?.outcome !== 'serious') found.push({ kind: 'serious', accident });
    else if (!old) found.push({ kind: 'new', accident });
    else if (accident.recovered_at && !old.recovered_at) found.push({ kind: 'recovered', accident });
  }
  return found;
}
