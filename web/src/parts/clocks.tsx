// The course of an accident with the law's clocks drawn on it: one lane for the outage, one for each branch
// of the criteria, and the days of each report below, on their own scale.

import { branchProgress } from '../lib/countdown';
import { people } from '../lib/i18n';
import { lang, now } from '../lib/store';
import { clock, day, instant } from '../lib/time';
import type { Accident, AccidentService } from '../lib/types';
import { durationText, serviceName, t, tx, when } from '../lib/ui';
import { Due } from './deadlines';
import { LevelBadge } from './ui';

const at = (fraction: number) => `${(Math.max(0, Math.min(1, fraction)) * 100).toFixed(2)}%`;

interface Mark {
  key: string;
  ms: number;
  name: string;
}
function marks(accident: Accident): Mark[] {
  // Before it comes true, serious_at says when it would at the present count.
  const expected = accident.outcome !== 'serious';
  const list: [string, string | null, string][] = [
    ['detected', accident.detected_at, t('mark.detected')],
    ['known', accident.known_at, t('mark.known')],
    ['serious', accident.serious_at, t(expected ? 'mark.serious.expected' : 'mark.serious')],
    ['recovered', accident.recovered_at, t('mark.recovered')],
  ];
  return list.filter(([, text]) => text).map(([key, text, name]) => ({ key, ms: instant(text!), name }));
}

interface LaneProps {
  accident: Accident;
  service: AccidentService;
  start: number;
  span: number;
}
// One service: its time without service, and a mark at each moment the criteria name.
function ServiceLane({ accident, service, start, span }: LaneProps) {
  const from = service.started_at ? instant(service.started_at) : start;
  const over = service.recovered_at ?? accident.recovered_at;
  const end = over ? instant(over) : now.value;
  const limits = service.branches.map((branch) => ({
    branch,
    ms: from + branch.hours * 3600_000,
    phase: branchProgress(accident, service, branch, now.value).phase,
  }));
  const some = (...phases: string[]) => limits.some((l) => phases.includes(l.phase));
  const tone = some('met', 'due') ? 'serious' : some('counting') ? 'near' : 'far';
  return (
    <div class={`lane ${tone}`}>
      <span class="lane-name">{serviceName(service.service, service.name)}</span>
      <span class="lane-track" aria-hidden="true">
        <span class="lane-clock" style={{ left: at((from - start) / span), width: at((end - from) / span) }} />
        {limits
          .filter((l) => l.ms <= start + span)
          .map((l) => (
            <span key={l.ms} class={`lane-mark limit ${l.phase}`} style={{ left: at((l.ms - start) / span) }} />
          ))}
      </span>
      <span class="lane-say num">
        {limits.map((l) => (
          <span key={l.ms} class={`lane-limit ${l.phase}`}>
            {t('clock.limit', { hours: l.branch.hours, users: people(l.branch.users, lang.value) })}{' '}
            <b>{when(new Date(l.ms).toISOString(), start)}</b>
          </span>
        ))}
      </span>
    </div>
  );
}

export function Clocks({ accident }: { accident: Accident }) {
  const start = instant(accident.started_at);
  const end = accident.recovered_at ? instant(accident.recovered_at) : now.value;
  const hours = accident.services.flatMap((s) => s.branches.map((b) => b.hours * 3600_000));
  const near = hours.filter((h) => h <= Math.max(2 * (end - start), 2 * 3600_000));
  const span = Math.max(end - start, ...near, 60_000) * 1.04;
  const shown = marks(accident).filter((m) => m.ms <= start + span);
  return (
    <div class="clocks">
      <div class="lane outage">
        <span class="lane-name">{accident.recovered_at ? t('accident.lasted') : t('accident.elapsed')}</span>
        <span class="lane-track">
          <span class="lane-fill" style={{ width: at((end - start) / span) }} />
          {shown.map((m) => (
            <span key={m.key} class={`lane-mark ${m.key}`} style={{ left: at((m.ms - start) / span) }} />
          ))}
        </span>
        <span class="lane-say num">{durationText((end - start) / 1000)}</span>
      </div>
      {accident.services.map((service) => (
        <ServiceLane key={service.service} {...{ accident, service, start, span }} />
      ))}
      <ul class="clock-marks">
        <li>
          <span class="key-mark started" aria-hidden="true" />
          {t('mark.started')} <time>{clock(start)}</time>
        </li>
        {marks(accident).map((m) => (
          <li key={m.key}>
            <span class={`key-mark ${m.key}`} aria-hidden="true" />
            {m.name} <time>{when(new Date(m.ms).toISOString(), start)}</time>
          </li>
        ))}
      </ul>
      {accident.deadlines.map((d) => {
        const due = d.due ? day(d.due) + 86400_000 : null;
        return (
          <div key={d.kind} class={`lane report ${d.level === 'late' ? 'serious' : ''}`}>
            <span class="lane-name">
              {tx(d.name)}
              {d.form && <small>{d.form}</small>}
            </span>
            <span class="lane-track" aria-hidden="true">
              {due && <span class="lane-fill" style={{ width: at((now.value - start) / (due - start)) }} />}
            </span>
            <span class="lane-say">
              <Due deadline={d} short /> <LevelBadge level={d.level} done={d.done} />
            </span>
          </div>
        );
      })}
    </div>
  );
}
