// The periods of 報告規則7条の3: quarters for accidents until March 2025, fiscal years (1 April – 31 March) since.

export interface Period {
  from: string;
  to: string;
  year: number;
  quarter: number | null;
}

const QUARTERS = [
  ['04-01', '06-30'],
  ['07-01', '09-30'],
  ['10-01', '12-31'],
  ['01-01', '03-31'],
] as const;

export function fiscalYear(ms: number): number {
  const d = new Date(ms + 9 * 3600_000);
  return d.getUTCMonth() >= 3 ? d.getUTCFullYear() : d.getUTCFullYear() - 1;
}

/** The quarter of a fiscal year: 1 is April to June. */
function quarterOf(year: number, q: number): Period {
  const [from, to] = QUARTERS[q - 1]!;
  const y = q === 4 ? year + 1 : year;
  return { from: `${y}-${from}`, to: `${y}-${to}`, year, quarter: q };
}
/** The present quarter and those before it, newest first, whatever the law reports by. */
export function quarters(nowMs: number, count: number): Period[] {
  const month = new Date(nowMs + 9 * 3600_000).getUTCMonth();
  let [year, q] = [fiscalYear(nowMs), Math.floor(month / 3) || 4];
  return Array.from({ length: count }, () => {
    const one = quarterOf(year, q);
    [year, q] = q === 1 ? [year - 1, 4] : [year, q - 1];
    return one;
  });
}

// Newest first, back to the first quarter of fiscal `oldest`.
export function periods(nowMs: number, oldest = 2023): Period[] {
  const list: Period[] = [];
  for (let year = fiscalYear(nowMs); year >= oldest; year--) {
    if (year >= 2025) {
      list.push({ from: `${year}-04-01`, to: `${year + 1}-03-31`, year, quarter: null });
      continue;
    }
    for (let q = 4; q >= 1; q--) list.push(quarterOf(year, q));
  }
  return list;
}
