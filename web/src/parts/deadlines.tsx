import { day } from '../lib/time';
import { lang } from '../lib/store';
import { shortDate } from '../lib/time';
import type { AccidentSummary, Deadline } from '../lib/types';
import { dateText, t, tx } from '../lib/ui';
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

export function DeadlineTable(props: { deadlines: Deadline[]; accidents?: AccidentSummary[] }) {
  const { deadlines, accidents } = props;
  return (
    <ul class="deadlines">
      {deadlines.map((d) => (
        <li key={`${d.accident}-${d.kind}`} class={d.done ? 'done' : ''}>
          <LevelBadge level={d.level} done={d.done} />
          <span class="deadline-what">
            <b>{tx(d.name)}</b>
            {accidents && (
              <a href={`/accidents/${d.accident}`}>
                {accidents.find((a) => a.id === d.accident)?.title ?? d.accident}
              </a>
            )}
          </span>
          <Due deadline={d} />
        </li>
      ))}
    </ul>
  );
}
