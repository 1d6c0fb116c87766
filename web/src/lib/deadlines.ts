// Periodic lists are one report for many accidents: on the board they are one line with a count.

import type { Deadline } from './types';

export interface Group {
  first: Deadline;
  accidents: string[]; // ids of what is reported: accidents, or one case
}

export function grouped(deadlines: Deadline[]): Group[] {
  const groups = new Map<string, Group>();
  for (const d of deadlines) {
    const id = d.accident ?? d.case ?? '';
    const shared = d.kind.startsWith('periodic') ? `${d.kind} ${d.due} ${d.level} ${d.done} ${d.drill ?? false}` : `${d.kind} ${id}`;
    const group = groups.get(shared);
    if (group) group.accidents.push(id);
    else groups.set(shared, { first: d, accidents: [id] });
  }
  return [...groups.values()];
}
