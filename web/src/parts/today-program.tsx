// What the governance programme brings to the first page: decisions that wait for me, orders that are open, and what the
// law asks by a day. Each is fetched by itself, beside the board, and is not there where there is nothing to say.

import { lastOfMonth, monthOn, type Calendar, type Item, hrefOf } from '../lib/calendar';
import { recordPage, registerApi, registers, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';
import { now } from '../lib/store';
import { toInput } from '../lib/time';
import { tx } from '../lib/ui';
import { say } from '../words/today';
import { Day, When } from './date';
import { Panel } from './ui';

interface Waiting {
  register: string;
  id: string;
  title: string;
  state: string;
  asked_by: string;
  asked_at: string;
}
const registerName = (id: string) => tx(registers.value?.find((r) => r.id === id)?.label) || id;

/** Records that somebody else asked to have decided, which my role decides. */
export function TodayWaiting() {
  const read = useResource<{ items: Waiting[] }>(may('read-registers') ? '/api/v1/registers/waiting' : null);
  const items = read.value?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title={say('waiting')} class="panel-waiting">
      <ul class="tasks">
        {items.map((w) => (
          <li key={`${w.register}/${w.id}`}>
            <span class="task-what">
              <a href={recordPage(w.register, w.id)} data-step>
                {w.title}
              </a>
              <span class="quiet">
                {registerName(w.register)} · {say('waiting.by', { who: w.asked_by })}
              </span>
            </span>
            <span class="task-when quiet">
              <When value={w.asked_at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function TodayOrders() {
  const read = useResource<{ items: RegisterRecord[]; total: number }>(may('read-registers') ? `${registerApi('orders')}?status=open&order=deadline&limit=5` : null);
  const today = toInput(now.value).slice(0, 10);
  const items = read.value?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title={say('orders')} aside={<a href="/calendar?tab=orders">{say('orders.all')}</a>}>
      <ul class="tasks">
        {items.map((r) => {
          const deadline = typeof r.values['deadline'] === 'string' ? r.values['deadline'] : null;
          return (
            <li key={r.id}>
              <span class="task-what">
                <a href={recordPage('orders', r.id)} data-step>
                  {r.title}
                </a>
              </span>
              <span class="task-when">
                {deadline !== null && deadline < today && <span class="badge level-late">{say('reviews.overdue')}</span>} <Day value={deadline} short />
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

const SHOWN = 6;
const lawful = (item: Item) => item.source.type === 'law' && item.state !== 'done';

/** The law's own days of this month and the two that follow, and those of the two before that were missed. */
export function TodayLaw() {
  const today = toInput(now.value).slice(0, 10);
  const read = useResource<Calendar>(may('read') ? `/api/v1/calendar?from=${monthOn(today, -2)}&to=${lastOfMonth(monthOn(today, 2))}` : null);
  const items = (read.value?.items ?? []).filter(lawful);
  if (items.length === 0) return null;
  return (
    <Panel title={say('law')} aside={<a href="/calendar">{say('law.all')}</a>}>
      <ul class="tasks">
        {items.slice(0, SHOWN).map((item) => (
          <li key={item.key}>
            <span class="task-what">
              <a href={hrefOf(item)} data-step>
                {tx(item.title)}
              </a>
              <span class="quiet">{item.article}</span>
            </span>
            <span class="task-when">
              {item.state === 'overdue' && <span class="badge level-late">{say('reviews.overdue')}</span>} <Day value={item.date} short />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
