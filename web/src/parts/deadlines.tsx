import { grouped, type Group } from '../lib/deadlines';
import { lang } from '../lib/store';
import { day, shortDate } from '../lib/time';
import type { AccidentSummary, Deadline } from '../lib/types';
import { dateText, t, tx } from '../lib/ui';
import { DrillBadge } from './drill';
import { LevelBadge } from './ui';

// Statutory day and the safer day beside it; "without delay" where the law names no day.
export function Due({ deadline, short }: { deadline: Deadline; short?: boolean }) {
  const text = (d: string) => (short ? shortDate(day(d), lang.value) : dateText(day(d)));
  if (!deadline.due) return <span class="due">{t('deadline.at-once')}</span>;
  return (
    <span class="due">
      <time dateTime={deadline.due}>{text(deadline.due)}</time>
      {deadline.due_safe && deadline.due_safe !== deadline.due && (
        <span class="due-safe" title={t('deadline.safe.long')}>
          {t('deadline.safe')} <time dateTime={deadline.due_safe}>{text(deadline.due_safe)}</time>
        </span>
      )}
    </span>
  );
}

function What({ group, accidents }: { group: Group; accidents: AccidentSummary[] }) {
  const [id] = group.accidents;
  if (group.accidents.length > 1)
    return <a href="/accidents">{t('deadline.accidents', { n: group.accidents.length })}</a>;
  if (group.first.accident === null) return <span class="quiet">{id}</span>;
  return <a href={`/accidents/${id}`}>{accidents.find((a) => a.id === id)?.title ?? id}</a>;
}

export function DeadlineTable({ deadlines, accidents }: { deadlines: Deadline[]; accidents?: AccidentSummary[] }) {
  return (
    <ul class="deadlines">
      {grouped(deadlines).map((group) => {
        const d = group.first;
        return (
          <li key={`${d.accident ?? d.case}-${d.kind}`} class={d.done ? 'done' : ''}>
            <LevelBadge level={d.level} done={d.done} />
            <span class="deadline-what">
              <DrillBadge of={d} />
              <b>{tx(d.name)}</b>
              {accidents && <What group={group} accidents={accidents} />}
            </span>
            <Due deadline={d} />
          </li>
        );
      })}
    </ul>
  );
}
