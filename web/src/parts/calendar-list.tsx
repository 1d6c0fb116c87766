// The calendar by month, and a year at a glance.

import { hrefOf, monthOn, overdue, weeks, byMonth, lines, type Calendar, type Item, type Line } from '../lib/calendar';
import { registers } from '../lib/registers';
import { day } from '../lib/time';
import { dateText, plainDateText, tx } from '../lib/ui';
import { say } from '../words/calendar';
import { Reference } from './value';
import { Empty, Panel } from './ui';

const registerName = (id: string | undefined) => tx(registers.value?.find((r) => r.id === id)?.label) || (id ?? '');
export const monthName = (month: string) => say('month', { year: month.slice(0, 4), month: String(Number(month.slice(5, 7))) });
const BADGE = { open: 'outline', overdue: 'level-late', done: 'level-done' } as const;

function One({ item, today }: { item: Item; today: string }) {
  return (
    <li class={`calendar-item calendar-${item.state} calendar-from-${item.source.type}`}>
      <span class="calendar-day">
        {item.date ? (
          <time dateTime={item.date}>
            <b>{Number(item.date.slice(8))}</b>
            <span>{dateText(day(item.date)).replace(/^.*\((.)\)$/, '$1').slice(0, 3)}</span>
          </time>
        ) : null}
      </span>
      <span class="calendar-what">
        <a href={hrefOf(item)}>{tx(item.title)}</a>
        <span class="quiet">
          {item.article} {item.from && item.to && say('period', { from: plainDateText(day(item.from)), to: plainDateText(day(item.to)) })}
        </span>
      </span>
      <span class="calendar-who">{item.owner && <Reference register="persons" id={item.owner} plain />}</span>
      <span class="calendar-state">
        {item.voluntary && <span class="badge outline">{say('voluntary')}</span>}{' '}
        {item.date === today ? <span class="badge level-soon">{say('today')}</span> : item.state !== 'open' && <span class={`badge ${BADGE[item.state]}`}>{say(`state.${item.state}`)}</span>}
      </span>
    </li>
  );
}

function LineItem({ line, today }: { line: Line; today: string }) {
  const first = line.items[0]!;
  if (line.items.length === 1) return <One item={first} today={today} />;
  return (
    <li class="calendar-item calendar-together">
      <span class="calendar-day">
        <b>{Number((first.date ?? '').slice(8))}</b>
      </span>
      <details class="calendar-what">
        <summary>{say('reviews', { register: registerName(first.source.register), n: line.items.length })}</summary>
        <ul class="plain">
          {line.items.map((item) => (
            <li key={item.key}>
              <a href={hrefOf(item)}>{tx(item.title)}</a>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

export function CalendarList({ data, items, undated }: { data: Calendar; items: Item[]; undated: Item[] }) {
  const late = overdue(items);
  const rest = items.filter((i) => i.state !== 'overdue');
  return (
    <>
      {late.length > 0 && (
        <Panel title={`${say('late')} ${say('n', { n: late.length })}`} class="calendar-late">
          <ul class="plain calendar-lines">
            {lines(late).map((line) => (
              <LateLine key={line.key} line={line} today={data.today} />
            ))}
          </ul>
        </Panel>
      )}
      {undated.length > 0 && (
        <Panel title={say('at-once')}>
          <ul class="plain calendar-lines">
            {undated.map((item) => (
              <One key={item.key} item={item} today={data.today} />
            ))}
          </ul>
        </Panel>
      )}
      {byMonth(rest).map(([month, of]) => (
        <section key={month} class="panel calendar-month" id={`m${month.slice(0, 7)}`}>
          <h2>
            {monthName(month)} <span class="quiet">{say('n', { n: of.reduce((sum, line) => sum + line.items.length, 0) })}</span>
          </h2>
          <ul class="plain calendar-lines">
            {of.map((line) => (
              <LineItem key={line.key} line={line} today={data.today} />
            ))}
          </ul>
        </section>
      ))}
      {items.length + undated.length === 0 && <Empty title={say('none')} />}
    </>
  );
}
/** Late things come from many months: they say their whole day. */
function LateLine({ line, today }: { line: Line; today: string }) {
  return (
    <>
      <li class="calendar-late-day" aria-hidden="true">
        {line.date && plainDateText(day(line.date))}
      </li>
      <LineItem line={line} today={today} />
    </>
  );
}

function Month({ month, items, today, onPick }: { month: string; items: Item[]; today: string; onPick: (month: string) => void }) {
  const of = items.filter((i) => i.date?.startsWith(month.slice(0, 7)));
  const on = (date: string) => of.filter((i) => i.date === date);
  const lawful = of.filter((i) => i.source.type !== 'register');
  return (
    <section class="panel calendar-small">
      <h2>
        <button type="button" class="calendar-open" onClick={() => onPick(month)}>
          {monthName(month)}
        </button>{' '}
        <span class="quiet">{say('n', { n: of.length })}</span>
      </h2>
      <table class="calendar-grid">
        <thead>
          <tr>
            {[...say('week.days')].map((d, i) => (
              <th key={i} scope="col">
                {d}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks(month).map((week, w) => (
            <tr key={w}>
              {week.map((date, d) => {
                const here = date ? on(date) : [];
                const tone = here.some((i) => i.state === 'overdue') ? 'late' : here.some((i) => i.source.type !== 'register') ? 'law' : here.length > 0 ? 'some' : '';
                return (
                  <td key={d} class={`${tone && `calendar-has calendar-has-${tone}`} ${date === today ? 'calendar-today' : ''}`} title={here.length > 0 ? here.slice(0, 6).map((i) => tx(i.title)).join('\n') : undefined}>
                    {date && Number(date.slice(8))}
                    {here.length > 0 && <span class="visually-hidden">{say('day.items', { date: date ?? '', n: here.length })}</span>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <ul class="plain calendar-top">
        {lawful.slice(0, 3).map((i) => (
          <li key={i.key}>
            <b>{Number(i.date!.slice(8))}</b> <a href={hrefOf(i)}>{tx(i.title)}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function CalendarYear({ data, items, onPick }: { data: Calendar; items: Item[]; onPick: (month: string) => void }) {
  return (
    <div class="calendar-year">
      {Array.from({ length: 12 }, (_, i) => monthOn(data.from, i)).map((month) => (
        <Month key={month} month={month} items={items} today={data.today} onPick={onPick} />
      ))}
    </div>
  );
}
