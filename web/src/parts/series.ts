// What the chart of users over time is drawn from; pure, so that it can be tested without a canvas.

import type { AlignedData } from 'uplot';
import { instant } from '../lib/time';
import type { Board } from '../lib/types';

type Series = Board['series'];

export interface Plotted {
  ids: string[];
  data: AlignedData;
}
// Services that were never affected in the window would be lines on the floor: they are left out.
export function plotted(series: Series, order: string[]): Plotted {
  const ids = order.filter((id) => series.services[id]?.some((n) => n > 0));
  const steps = Math.max(0, ...Object.values(series.services).map((s) => s.length));
  const from = instant(series.from) / 1000;
  const xs = Array.from({ length: steps }, (_, i) => from + i * series.step_s);
  return { ids, data: [xs, ...ids.map((id) => series.services[id] ?? [])] as AlignedData };
}
// The criteria's user counts that matter on this scale.
export function thresholds(board: Pick<Board, 'accidents'>): number[] {
  const found = new Set<number>();
  for (const accident of board.accidents)
    for (const service of accident.services) for (const branch of service.branches) found.add(branch.users);
  return [...found].sort((a, b) => a - b);
}
