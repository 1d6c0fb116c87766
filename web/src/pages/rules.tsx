// Management rules (管理規程): editions, the items of 施行規則29条, self-inspections and orders, each computed by the server
// from the registers.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { call, post } from '../lib/api';
import { useResource } from '../lib/resource';
import { go, query, setQuery } from '../lib/router';
import { recordPage, registerApi, type RegisterRecord } from '../lib/registers';
import { RULES, editionApi, editionPage, type Edition, type EditionAnswer, type RulesItem, type RulesOverview } from '../lib/rules';
import { dateText, plainDateText, tx } from '../lib/ui';
import { day } from '../lib/time';
import { Day } from '../parts/date';
import { Inspections } from '../parts/rules-inspections';
import { Tabs } from '../parts/tabs';
import { Dialog, Empty, Field, Panel, Trouble } from '../parts/ui';
import { say } from '../words/rules';
import './rules.css';

const value = (event: Event) => (event.target as HTMLInputElement).value;
const text = (date: string) => dateText(day(date));

// ---- what stands above the tabs ----

function Figure({ name, children, note, bad }: { name: string; children: ComponentChildren; note?: ComponentChildren; bad?: boolean }) {
  return (
    <div class={`rules-figure${bad ? ' rules-bad' : ''}`}>
      <dt>{name}</dt>
      <dd>
        <strong>{children}</strong>
        {note && <span class="rules-note">{note}</span>}
      </dd>
    </div>
  );
}
function Standing({ of }: { of: RulesOverview }) {
  const edition = of.editions.find((e) => e.id === of.in_force);
  const toFile = of.editions.filter((e) => e.to_file);
  const orders = of.orders.filter((o) => o.status === 'open');
  const counts = of.standing?.counts;
  return (
    <section class="panel">
      <p>
        {say(`status.applies.${of.applies}`)}{' '}
        {of.applies === 'cannot-tell' && <a href="/registers/profile">{say('status.profile')}</a>}
      </p>
      <dl class="rules-figures">
        <Figure name={say('status.in-force')} note={edition?.effective && <Day value={edition.effective} />}>
          {edition ? <a href={editionPage(edition.id)}>{edition.name}</a> : say('status.none')}
        </Figure>
        {counts && (
          <Figure
            name={say('status.covered')}
            bad={counts.missing > 0}
            note={counts.missing > 0 ? say('status.missing', { n: counts.missing }) : say('status.complete')}
          >
            {say('status.covered.of', { n: counts.covered, all: counts.asked })}
          </Figure>
        )}
        <Figure name={say('status.to-file')} bad={toFile.some((e) => e.overdue)} note={toFile.map((e) => e.name).join('、')}>
          {String(toFile.length)}
        </Figure>
        <Figure name={say('status.orders')} bad={orders.some((o) => o.overdue)} note={orders.map((o) => o.title).join('、')}>
          {String(orders.length)}
        </Figure>
      </dl>
    </section>
  );
}

// ---- editions ----

function NewEdition({ of, onClose }: { of: RulesOverview; onClose: () => void }) {
  const base = of.editions.find((e) => e.id === of.in_force) ?? of.editions[0];
  const [name, setName] = useState('');
  const [effective, setEffective] = useState('');
  const [kind, setKind] = useState<Edition['kind']>(of.editions.some((e) => e.filing === 'filed') ? 'change' : 'new');
  const [from, setFrom] = useState(base?.id ?? '');
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const make = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFailed(null);
    try {
      const values = { name: name.trim(), kind, state: 'draft', ...(effective && { effective }), ...(from && { previous: from }) };
      const made = await post<RegisterRecord>(registerApi('rule-editions'), { values });
      const old = from ? await call<EditionAnswer>('GET', editionApi(from)) : null;
      if (old && old.rules.sections.length > 0) await call('PUT', editionApi(made.id), { rules: old.rules }, { 'If-Match': `"${made.version}"` });
      go(editionPage(made.id));
    } catch (e) {
      setFailed(e);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={say('edition.new')}
      onClose={onClose}
      actions={
        <button type="submit" form="rules-new" class="button" data-action="make-edition" disabled={busy || name.trim() === ''}>
          {say('edition.make')}
        </button>
      }
    >
      <form id="rules-new" class="form" onSubmit={(e) => void make(e)}>
        {failed !== null && <Trouble error={failed} />}
        <Field label={say('edition.name')}>{(p) => <input {...p} name="edition-name" required maxLength={100} value={name} onInput={(e) => setName(value(e))} />}</Field>
        <Field label={say('edition.effective')}>
          {(p) => <input {...p} type="date" name="edition-effective" value={effective} onInput={(e) => setEffective(value(e))} />}
        </Field>
        <Field label={say('edition.kind')}>
          {(p) => (
            <select {...p} name="edition-kind" value={kind} onChange={(e) => setKind(value(e) as Edition['kind'])}>
              {(['new', 'designated', 'change'] as const).map((k) => (
                <option key={k} value={k}>
                  {say(`kind.${k}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={say('edition.base')}>
          {(p) => (
            <select {...p} name="edition-base" value={from} onChange={(e) => setFrom(value(e))}>
              <option value="">{say('edition.base.none')}</option>
              {of.editions.map((e) => (
                <option key={e.id} value={e.id}>
                  {e.name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </form>
    </Dialog>
  );
}

function Filing({ edition }: { edition: Edition }) {
  if (edition.state !== 'approved') return <span class="quiet">—</span>;
  if (!edition.to_file) return <span>{say(`filing.${edition.filing ?? 'not-needed'}`)} {edition.filed_on && <Day value={edition.filed_on} short />}</span>;
  const due = edition.filing_due ?? edition.lawful_due;
  return (
    <span class={edition.overdue ? 'rules-bad' : ''}>
      {say('filing.to-file')} {due ? say('filing.due', { date: plainDateText(day(due)) }) : say('filing.without-delay')}
      {edition.overdue && ` (${say('filing.late')})`}
    </span>
  );
}
function Editions({ of }: { of: RulesOverview }) {
  const [making, setMaking] = useState(false);
  return (
    <Panel
      title={say('tab.editions')}
      aside={
        of.may_write && (
          <button type="button" class="button" data-action="new-edition" onClick={() => setMaking(true)}>
            {say('edition.new')}
          </button>
        )
      }
    >
      {of.editions.length === 0 ? (
        <Empty title={say('editions.none')}>
          <p>{say('editions.none.how')}</p>
        </Empty>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={say('table', { name: say('tab.editions') })}>
          <table class="data rules-editions">
            <thead>
              <tr>
                {(['edition.name', 'edition.effective', 'edition.state', 'edition.kind', 'edition.filing'] as const).map((k) => (
                  <th key={k} scope="col">
                    {say(k)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {of.editions.map((e) => (
                <tr key={e.id} data-edition={e.id}>
                  <th scope="row">
                    <a href={editionPage(e.id)} data-step>
                      {e.name}
                    </a>{' '}
                    {e.in_force && <span class="badge level-done">{say('in-force')}</span>}
                  </th>
                  <td>
                    <Day value={e.effective} short />
                  </td>
                  <td>{say(`state.${e.state}`)}</td>
                  <td>{say(`kind.${e.kind}`)}</td>
                  <td>
                    <Filing edition={e} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {making && <NewEdition of={of} onClose={() => setMaking(false)} />}
    </Panel>
  );
}

// ---- the article ----

function Item({ item }: { item: RulesItem }) {
  return (
    <tr>
      <th scope="row" class="rules-place">
        {item.place}
      </th>
      <td>
        {tx(item.name)} {!item.verified && <span class="badge outline" title={say('unverified.why')}>{say('unverified')}</span>}
        <p class="quiet rules-guide">{tx(item.guidance)}</p>
      </td>
      <td>
        {item.since <= '2021-04-01' ? say('since.before') : <Day value={item.since} short />}
        {item.until && <p class="quiet">{say('transition', { date: plainDateText(day(item.until)) })}{!item.until_verified && ` (${say('unverified')})`}</p>}
      </td>
      <td>
        {say(`asked.${item.applies}`)}
        {item.missing.length > 0 && <p class="quiet">{item.missing.join('、')}</p>}
      </td>
    </tr>
  );
}
function Items({ of }: { of: RulesOverview }) {
  return (
    <Panel title={say('tab.items')}>
      <p class="quiet">{say('items.lead', { date: text(of.date) })}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={say('table', { name: say('tab.items') })}>
        <table class="data">
          <thead>
            <tr>
              {(['items.place', 'items.name', 'items.since', 'items.asked'] as const).map((k) => (
                <th key={k} scope="col">
                  {say(k)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.items.map((item) => (
              <Item key={item.item} item={item} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

// ---- orders ----

function Orders({ of }: { of: RulesOverview }) {
  return (
    <Panel title={say('tab.orders')}>
      {of.orders.length === 0 ? (
        <Empty title={say('orders.none')}>
          <p>{say('orders.none.how')}</p>
        </Empty>
      ) : (
        <ul class="rules-orders">
          {of.orders.map((o) => (
            <li key={o.id} class="rules-order">
              <h3>
                <a href={recordPage('orders', o.id)} data-step>
                  {o.title}
                </a>{' '}
                {o.overdue && <span class="badge level-late">{say('overdue')}</span>}
              </h3>
              <p class="quiet">
                {o.basis} ・ <Day value={o.received} />
              </p>
              <dl class="rules-pairs">
                <dt>{say('orders.asks')}</dt>
                <dd>{tx(o.asks)}</dd>
                <dt>{say('orders.content')}</dt>
                <dd class="rules-lines">{o.content}</dd>
                <dt>{say('orders.deadline')}</dt>
                <dd>
                  <Day value={o.deadline} />
                </dd>
                {o.answer && (
                  <>
                    <dt>{say('orders.answer')}</dt>
                    <dd class="rules-lines">{o.answer}</dd>
                  </>
                )}
              </dl>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

// ---- the page ----

const TABS = ['editions', 'items', 'inspections', 'orders'] as const;
type Which = (typeof TABS)[number];
export default function Rules() {
  const asked = new URLSearchParams(query.value);
  const date = asked.get('date') ?? '';
  const tab = (TABS.find((t) => t === asked.get('tab')) ?? 'editions') as Which;
  const read = useResource<RulesOverview>(`${RULES}${date ? `?date=${date}` : ''}`);
  const change = (part: Record<string, string>) => {
    const next = new URLSearchParams(query.value);
    for (const [key, v] of Object.entries(part)) v ? next.set(key, v) : next.delete(key);
    setQuery(next);
  };
  const of = read.value;
  return (
    <div class="page rules-page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        {of?.synthetic && <span class="badge synthetic">{say('synthetic')}</span>}
        <Field label={say('date.label')} class="rules-date">
          {(p) => <input {...p} type="date" name="rules-date" min="2021-04-01" value={date || (of?.date ?? '')} onChange={(e) => change({ date: value(e) })} />}
        </Field>
      </div>
      <p class="quiet">{say('lead')}</p>
      {read.error !== null && <Trouble error={read.error} onRetry={read.reload} />}
      {of && (
        <>
          <Standing of={of} />
          <Tabs label={say('title')} tabs={TABS.map((id) => ({ id, name: say(`tab.${id}`) }))} value={tab} onPick={(next) => change({ tab: next === 'editions' ? '' : next })}>
            {tab === 'editions' && <Editions of={of} />}
            {tab === 'items' && <Items of={of} />}
            {tab === 'inspections' && <Inspections of={of} onChange={read.reload} />}
            {tab === 'orders' && <Orders of={of} />}
          </Tabs>
        </>
      )}
    </div>
  );
}
