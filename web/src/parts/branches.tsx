// One branch of the criteria as two bars, time and users, because both have to be full: "2 hours AND 30,000".

import { branchProgress } from '../lib/countdown';
import { number, people } from '../lib/i18n';
import { lang, now } from '../lib/store';
import type { AccidentService, AccidentSummary, Branch } from '../lib/types';
import { durationText, t, when } from '../lib/ui';
import { Bar } from './ui';

function Statement({ accident, service, branch }: { accident: AccidentSummary; service: AccidentService; branch: Branch }) {
  const p = branchProgress(accident, service, branch, now.value);
  const time = when(branch.serious_at, now.value);
  if (p.phase === 'met') return <span class="branch-say met">{t('branch.met', { time })}</span>;
  if (p.phase === 'due') return <span class="branch-say met">{t('branch.due', { time })}</span>;
  if (p.phase === 'counting')
    return (
      <span class="branch-say counting">
        <span>{t(service.outcome === 'serious' ? 'branch.also' : 'branch.counting', { time })}</span>
        <b class="remaining">{t('branch.remaining', { time: durationText(p.remainingS ?? 0) })}</b>
      </span>
    );
  if (p.phase === 'users-short')
    return <span class="branch-say">{t('branch.short', { users: number(branch.users_short) })}</span>;
  const shortS = branch.hours * 3600 - accident.duration_s;
  return (
    <span class="branch-say">
      {branch.users_met
        ? t('branch.ended.time', { time: durationText(shortS) })
        : t('branch.ended.users', { users: number(branch.users_short) })}
    </span>
  );
}

export function BranchRow(props: { accident: AccidentSummary; service: AccidentService; branch: Branch }) {
  const { accident, service, branch } = props;
  const p = branchProgress(accident, service, branch, now.value);
  const time = Math.floor(p.timeFraction * 100);
  const people100 = Math.floor(p.usersFraction * 100);
  const tone = p.phase === 'met' || p.phase === 'due' ? 'serious' : p.phase === 'counting' ? 'near' : 'far';
  const criterion = t('branch.criterion', { hours: branch.hours, users: people(branch.users, lang.value) });
  return (
    <div class={`branch ${p.phase}`}>
      <span class="branch-name">{criterion}</span>
      <span
        class="branch-bars"
        role="img"
        aria-label={t('branch.meter', { hours: branch.hours, users: number(branch.users), time, people: people100 })}
      >
        <span class="bar-row">
          <span class="bar-name" aria-hidden="true">
            {t('branch.time')}
          </span>
          <Bar fraction={p.timeFraction} tone={tone} />
        </span>
        <span class="bar-row">
          <span class="bar-name" aria-hidden="true">
            {t('branch.users')}
          </span>
          <Bar fraction={p.usersFraction} tone={tone} />
        </span>
      </span>
      <Statement {...props} />
      {branch.certain === false && <span class="branch-note">{t('branch.uncertain')}</span>}
    </div>
  );
}
