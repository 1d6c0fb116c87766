// Risks as the server tells them, and the small arithmetic of the map. Draws nothing.

import type { Text } from './types';

export interface Level {
  id: string;
  label: Text;
  rank: number;
  colour: string;
  symbol: string;
  appetite: 'take' | 'treat' | 'never';
}
export interface Position {
  likelihood: number;
  consequence: number;
  level: Level | null;
}
export interface Step {
  label: Text;
  meaning: string;
}
export interface Matrix {
  likelihood: Step[];
  consequence: Step[];
  levels: Level[];
  cells: string[][];
}
export interface Criteria {
  id: string;
  name: string;
  family: string;
  from: string | null;
  matrix: Matrix;
}
export interface Named {
  id: string;
  title: string;
}
export interface Attention extends Text {
  code: string;
}
export interface Measure extends Named {
  status?: string;
  deadline?: string | null;
  overdue?: boolean;
}
export interface Acceptance {
  id: string;
  state: string;
  reason: string | null;
  expires: string | null;
  approver: string | null;
  approved_at: string | null;
  expired: boolean;
  covers: boolean;
}
export interface Indicator {
  id: string;
  name: string;
  value: number | null;
  unit: string | null;
  state: 'green' | 'amber' | 'red' | 'unknown';
  measured: string | null;
  next: string | null;
  overdue: boolean;
}
export interface Risk {
  id: string;
  version: number;
  title: string;
  status: string;
  category: string;
  source: string | null;
  event: string | null;
  consequence: string | null;
  treatment: string | null;
  treatment_plan: string | null;
  method: string | null;
  review: string | null;
  assessed: string | null;
  target_by: string | null;
  owner: Named | null;
  criteria: string | null;
  inherent: Position | null;
  current: Position | null;
  target: Position | null;
  before: Position | null;
  measures: Measure[];
  acceptance: Acceptance | null;
  indicators: Indicator[];
  communications: number;
  attention: Attention[];
}
export interface Risks {
  date: string;
  since: string;
  synthetic: boolean;
  criteria: Criteria[];
  refused: { id: string; name: string; findings: (Text & { field: string })[] }[];
  items: Risk[];
  summary: { total: number; open: number; above: number; accepted: number; attention: number; overdue: number; worse: number; better: number; levels: Record<string, number> };
}

export const isOpen = (risk: Risk): boolean => risk.status !== 'closed';
/** 12 of RSK-0012; what is no such number stays as it is. */
export const shortId = (id: string): string => /(\d+)$/.exec(id)?.[1]?.replace(/^0+(?=\d)/, '') ?? id;

export type Movement = 'criteria' | 'worse' | 'better' | 'same' | 'new' | 'unknown';
/** From the position at the quarter's end to now, by rank, and within a level by the steps. A level that changed while the
    steps did not is the criteria's doing. */
export function movement(risk: Risk): Movement {
  const [a, b] = [risk.before, risk.current];
  if (!b) return 'unknown';
  if (!a) return 'new';
  if (a.likelihood === b.likelihood && a.consequence === b.consequence) return a.level?.id === b.level?.id ? 'same' : 'criteria';
  const by = (b.level?.rank ?? 0) - (a.level?.rank ?? 0) || b.likelihood + b.consequence - a.likelihood - a.consequence;
  return by > 0 ? 'worse' : by < 0 ? 'better' : 'same';
}

/** Where the n-th of `count` dots stands in its cell, from −0.5 to 0.5 either way. */
export function dotPlace(n: number, count: number): { x: number; y: number } {
  const columns = count <= 1 ? 1 : count <= 4 ? 2 : 3;
  const rows = Math.ceil(count / columns);
  return { x: ((n % columns) + 0.5) / columns - 0.5, y: (Math.floor(n / columns) + 0.5) / rows - 0.5 };
}

export interface Filter {
  search: string;
  level: string;
  category: string;
  attention: boolean;
  closed: boolean;
}
export function matches(risk: Risk, filter: Filter): boolean {
  const text = `${risk.id} ${risk.title} ${risk.owner?.title ?? ''} ${risk.source ?? ''} ${risk.event ?? ''}`.toLowerCase();
  return (
    (filter.closed || isOpen(risk)) &&
    (filter.search === '' || text.includes(filter.search.trim().toLowerCase())) &&
    (filter.level === '' || risk.current?.level?.id === filter.level) &&
    (filter.category === '' || risk.category === filter.category) &&
    (!filter.attention || risk.attention.length > 0)
  );
}
