// What the calendar's days are about beside the law: orders of the minister and their answers, deputies, drills, and what
// was sent to remind whom.

import { useState } from 'preact/hooks';
import { post } from '../lib/api';
import { registerApi, recordPage, registers, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import type { AccidentSummary, Text } from '../lib/types';
import { errorText, t, tx } from '../lib/ui';
import { say } from '../words/calendar';
import { Day, When } from './date';
import { RefInput } from './ref-picker';
import { toast } from './toast';
import { Empty, ErrorBox, Field, Panel, StateBadge, Trouble } from './ui';
import { Reference } from './value';

type Records = { items: RegisterRecord[]; total: number };
const text = (r: RegisterRecord, field: string) => (typeof r.values[field] === 'string' ? String(r.values[field]) : '');
const writes = (id: string) => registers.value?.some((r) => r.id === id && r.may_write) ?? false;
const optionName = (register: string, field: string, id: string) =>
  tx(registers.value?.find((r) => r.id === register)?.fields.find((f) => f.id === field)?.options?.find((o) => o.id === id)?.label) || id;

function Order({ order, today }: { order: RegisterRecord; today: string }) {
  const status = text(order, 'status');
  const late = status === 'open' && text(order, 'deadline') !== '' && text(order, 'deadline') < today;
  return (
    <li class={`calendar-order ${late ? 'calendar-order-late' : ''}`}>
      <p class="calendar-order-head">
        <a href={recordPage('orders', order.id)}>
          <b>{order.title}</b>
        </a>
        <span class={`badge ${late ? 'level-late' : status === 'open' ? 'level-half' : 'level-done'}`}>{late ? say('orders.late') : say.or(`orders.status.${status}`, status)}</span>
      </p>
      <p class="quiet">
        {optionName('orders', 'kind', text(order, 'kind'))} {text(order, 'reference')} {text(order, 'article')}
      </p>
      <p>{text(order, 'content')}</p>
      <dl class="calendar-facts">
        <div>
          <dt>{say('orders.received')}</dt>
          <dd>
            <Day value={text(order, 'received')} short />
          </dd>
        </div>
        <div>
          <dt>{say('orders.deadline')}</dt>
          <dd>
            <Day value={text(order, 'deadline') || null} short />
          </dd>
        </div>
        <div>
          <dt>{say('owner')}</dt>
          <dd>{text(order, 'owner') && <Reference register="persons" id={text(order, 'owner')} />}</dd>
        </div>
      </dl>
      {text(order, 'answer') || text(order, 'answered') ? (
        <p class="calendar-answer">
          <b>
            {say('orders.answered')} <Day value={text(order, 'answered') || null} short />
          </b>{' '}
          {text(order, 'answer')}
        </p>
      ) : (
        <p class="quiet">
          {say('orders.no-answer')}{' '}
          {writes('orders') && (
            <a class="no-print" href={recordPage('orders', order.id)}>
              {say('orders.answer')}
            </a>
          )}
        </p>
      )}
    </li>
  );
}

export function Orders({ today }: { today: string }) {
  const read = useResource<Records>(`${registerApi('orders')}?order=received&descending=1&limit=200`);
  const open = (r: RegisterRecord) => (text(r, 'status') === 'open' ? 0 : 1);
  const items = [...(read.value?.items ?? [])].sort((a, b) => open(a) - open(b) || (open(a) === 0 ? text(a, 'deadline').localeCompare(text(b, 'deadline')) : 0));
  return (
    <Panel
      title={say('tab.orders')}
      aside={
        writes('orders') && (
          <a class="tool no-print" href="/registers/orders/+new">
            {say('orders.add')}
          </a>
        )
      }
    >
      <p class="quiet">{say('orders.lead')}</p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value && items.length === 0 && <Empty title={say('orders.none')} />}
      <ul class="plain">
        {items.map((order) => (
          <Order key={order.id} order={order} today={today} />
        ))}
      </ul>
    </Panel>
  );
}

function NewDelegation({ today, onMade }: { today: string; onMade: () => void }) {
  const [form, setForm] = useState({ person: [] as string[], deputy: [] as string[], from: today, to: '' });
  const [failed, setFailed] = useState<unknown>(null);
  const save = async (event: Event) => {
    event.preventDefault();
    if (!form.person[0] || !form.deputy[0] || !form.from) return setFailed(say('delegations.missing'));
    try {
      await post(registerApi('delegations'), { values: { person: form.person[0], deputy: form.deputy[0], from: form.from, ...(form.to ? { to: form.to } : {}) } });
      setForm({ person: [], deputy: [], from: today, to: '' });
      setFailed(null);
      toast(say('delegations.made'));
      onMade();
    } catch (e) {
      setFailed(e);
    }
  };
  const person = (name: 'person' | 'deputy') => (
    <Field label={say(`delegations.${name}`)}>
      {(p) => <RefInput register="persons" control={p} name={`delegation-${name}`} many={false} value={form[name]} onChange={(next) => setForm({ ...form, [name]: next })} />}
    </Field>
  );
  const date = (name: 'from' | 'to') => (
    <Field label={say(`delegations.${name}`)}>
      {(p) => <input {...p} type="date" name={`delegation-${name}`} value={form[name]} onInput={(e) => setForm({ ...form, [name]: (e.target as HTMLInputElement).value })} />}
    </Field>
  );
  return (
    <form class="calendar-delegate no-print" onSubmit={(e) => void save(e)}>
      {person('person')}
      {person('deputy')}
      {date('from')}
      {date('to')}
      <button class="button" data-action="delegate">
        {say('delegations.add')}
      </button>
      {failed !== null && (typeof failed === 'string' ? <p class="notice notice-error" role="alert">{failed}</p> : <Trouble error={failed} />)}
    </form>
  );
}

export function Delegations({ today }: { today: string }) {
  const read = useResource<Records>(`${registerApi('delegations')}?order=from&limit=200`);
  const items = (read.value?.items ?? []).filter((r) => text(r, 'to') === '' || text(r, 'to') >= today);
  return (
    <Panel
      title={say('delegations')}
      aside={
        <a class="tool no-print" href="/registers/delegations">
          {say('delegations.all')}
        </a>
      }
    >
      <p class="quiet">{say('delegations.lead')}</p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value && items.length === 0 && <p class="quiet">{say('delegations.none')}</p>}
      <ul class="plain calendar-people">
        {items.map((r) => (
          <li key={r.id}>
            <span>
              <Reference register="persons" id={text(r, 'person')} /> → <Reference register="persons" id={text(r, 'deputy')} />
            </span>
            <span class="calendar-when">
              {text(r, 'from') <= today && <span class="badge level-half">{say('delegations.now')}</span>} <Day value={text(r, 'from')} short /> – <Day value={text(r, 'to') || null} short />
            </span>
          </li>
        ))}
      </ul>
      {writes('delegations') && <NewDelegation today={today} onMade={read.reload} />}
    </Panel>
  );
}

export function Drills() {
  const read = useResource<{ items: AccidentSummary[]; total: number }>('/api/v1/accidents?drill=1&limit=20');
  return (
    <Panel
      title={say('drills')}
      aside={
        <a class="tool no-print" href="/what-if">
          {say('drills.begin')}
        </a>
      }
    >
      <p class="quiet">{say('drills.lead')}</p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value?.items.length === 0 && <p class="quiet">{say('drills.none')}</p>}
      <ul class="plain calendar-people">
        {read.value?.items.map((a) => (
          <li key={a.id}>
            <a href={`/accidents/${encodeURIComponent(a.id)}`}>{a.title}</a>
            <span class="calendar-when">
              <StateBadge state={a.state} /> <When value={a.started_at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

interface Reminder {
  id: string;
  stage: string;
  title: Text;
  date: string | null;
  to: string;
  channel: string;
  state: string;
  tries: number;
  at?: string;
  next_try: string | null;
  error: string | null;
}
const stageText = (stage: string) => (stage.startsWith('before-') ? say('stage.before', { n: stage.slice(7) }) : say.or(`stage.${stage}`, stage));

export function Reminders() {
  const read = useResource<{ on: boolean; items: Reminder[]; total: number }>('/api/v1/reminders');
  return (
    <Panel title={say('tab.reminders')}>
      <p class="quiet">{say('reminders.lead')}</p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!read.value && read.error === null && <p class="quiet">{t('common.loading')}</p>}
      {read.value && !read.value.on && <p class="notice">{say('reminders.off')}</p>}
      {read.value?.items.length === 0 && <p class="quiet">{say('reminders.none')}</p>}
      {(read.value?.items.length ?? 0) > 0 && (
        <div class="scroll" tabIndex={0} role="group" aria-label={say('tab.reminders')}>
          <table class="data">
            <thead>
              <tr>
                {(['what', 'stage', 'to', 'sent', 'at'] as const).map((c) => (
                  <th key={c} scope="col">
                    {say(`reminders.${c}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {read.value!.items.map((r) => (
                <tr key={`${r.id}-${r.stage}-${r.to}`}>
                  <th scope="row">
                    {tx(r.title)} <small class="quiet">{r.date}</small>
                  </th>
                  <td>{stageText(r.stage)}</td>
                  <td>{r.to}</td>
                  <td>
                    {say.or(`sent.${r.state}`, r.state)} {r.error && <small class="quiet">{r.error}</small>}
                  </td>
                  <td class="nowrap">
                    <When value={r.at ?? r.next_try} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
