// How far a branch of the criteria ("2 hours and 30,000 users") is from being met, at any moment between
// two messages of the server. The server decides; this only lets its clock run on.

import { instant } from './time';
import type { AccidentSummary, AccidentService, Branch } from './types';

// met: the law's condition is fulfilled. due: its moment has passed but the server has not said so yet.
// counting: it will be met at serious_at if the count stays. users-short: too few users so far.
// ended: the accident is over and this branch was not met.
export type Phase = 'met' | 'due' | 'counting' | 'users-short' | 'ended';

export interface Progress {
  phase: Phase;
  remainingS: number | null;
  timeFraction: number;
  usersFraction: number;
}

const clamp = (x: number) => Math.max(0, Math.min(1, x));

export function branchProgress(
  accident: Pick<AccidentSummary, 'started_at' | 'recovered_at'>,
  service: Pick<AccidentService, 'users' | 'outcome' | 'started_at' | 'recovered_at'>,
  branch: Branch,
  nowMs: number,
): Progress {
  // A service may fail later and come back earlier than the accident as a whole.
  const over = service.recovered_at ?? accident.recovered_at;
  const end = over ? instant(over) : nowMs;
  const elapsedS = Math.max(0, (end - instant(service.started_at ?? accident.started_at)) / 1000);
  const timeFraction = clamp(elapsedS / (branch.hours * 3600));
  const usersFraction = branch.users_met ? 1 : clamp(Math.max(0, service.users) / branch.users);
  const at = branch.serious_at ? instant(branch.serious_at) : null;

  let phase: Phase;
  if (at !== null && at <= end) phase = service.outcome === 'serious' ? 'met' : 'due';
  else if (over) phase = 'ended';
  else phase = at === null ? 'users-short' : 'counting';

  const remainingS = phase === 'counting' && at !== null ? (at - nowMs) / 1000 : null;
  return { phase, remainingS, timeFraction, usersFraction };
}

// The branch to look at first: one that is met, then the one that comes soonest, then the fewest users short.
export function nearestBranch(
  accident: Pick<AccidentSummary, 'started_at' | 'recovered_at'>,
  service: AccidentService,
  nowMs: number,
): Branch | null {
  const rank: Record<Phase, number> = { met: 0, due: 1, counting: 2, 'users-short': 3, ended: 4 };
  let best: { branch: Branch; p: Progress } | null = null;
  for (const branch of service.branches) {
    const p = branchProgress(accident, service, branch, nowMs);
    if (!best) best = { branch, p };
    else {
      const byPhase = rank[p.phase] - rank[best.p.phase];
      const byTime = (p.remainingS ?? 0) - (best.p.remainingS ?? 0);
      const byUsers = branch.users_short - best.branch.users_short;
      if (byPhase < 0 || (byPhase === 0 && (byTime < 0 || (byTime === 0 && byUsers < 0)))) best = { branch, p };
    }
  }
  return best?.branch ?? null;
}

// The branches worth a line on the board: those met; else those that count down; else the nearest one.
export function branchesToShow(
  accident: Pick<AccidentSummary, 'started_at' | 'recovered_at'>,
  service: AccidentService,
  nowMs: number,
): Branch[] {
  const phase = (b: Branch) => branchProgress(accident, service, b, nowMs).phase;
  const met = service.branches.filter((b) => phase(b) === 'met' || phase(b) === 'due');
  if (met.length > 0) return met;
  const counting = service.branches.filter((b) => phase(b) === 'counting');
  if (counting.length > 0) return counting;
  const nearest = nearestBranch(accident, service, nowMs);
  return nearest ? [nearest] : [];
}

// The next moment at which anything on the board becomes serious, for the line at the top.
export function nextThreshold(
  accidents: AccidentSummary[],
  nowMs: number,
): { accident: AccidentSummary; service: AccidentService; branch: Branch; at: number } | null {
  let best: ReturnType<typeof nextThreshold> = null;
  for (const accident of accidents) {
    if (accident.recovered_at) continue;
    for (const service of accident.services) {
      if (service.outcome === 'serious' || service.recovered_at) continue;
      for (const branch of service.branches) {
        if (!branch.serious_at) continue;
        const at = instant(branch.serious_at);
        if (at > nowMs && (!best || at < best.at)) best = { accident, service, branch, at };
      }
    }
  }
  return best;
}

// The server's clock, run on locally between messages (a demo runs faster than real time).
export interface Anchor {
  serverMs: number;
  localMs: number;
  speed: number;
}
export function serverNow(anchor: Anchor, localMs: number): number {
  return anchor.serverMs + Math.max(0, localMs - anchor.localMs) * anchor.speed;
}
