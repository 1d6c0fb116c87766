// Periodic lists are one report for many accidents: on the board they are one line with a count.

import type { Deadline } from './types';

export interface Group {
  first: Deadline;
  accidents: string[];
}

export function grouped(deadlines: Deadline[]): Group[] {
  const groups = new Map<string, Group>();
  for (const d of deadlines) {
    const shared = d.kind.startsWith('periodic') ? `${d.kind} ${d.due} ${d.level} ${d.done}` : `${d.kind} ${d.accident}`;
    const group = groups.get(shared);
    if (group) group.accidents.push(d.accident);
    else groups.set(shared, { first: d, accidents: [d.accident] });
  }
  return [...groups.values()];
}
