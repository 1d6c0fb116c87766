// One near miss or leak: its verdict with every condition the law asks, its facts, its reports and deadlines.

import { useEffect, useState } from 'preact/hooks';
import { ApiError, post } from '../lib/api';
import { useDraft } from '../lib/draft';
import { number } from '../lib/i18n';
import { heading } from '../lib/pages';
import { useResource } from '../lib/resource';
import { setGuard } from '../lib/router';
import { may } from '../lib/session';
import { now } from '../lib/store';
import { day, fromInput, toInput } from '../lib/time';
import type { Deadline, FrozenReport, HistoryEntry, Outcome, Text } from '../lib/types';
import { dateText, errorText, reasons, t, tx, when } from '../lib/ui';
import { CaseFields, factsOf, toSend, type Facts, type Kind } from '../parts/case-form';
import { When } from '../parts/date';
import { DeadlineTable } from '../parts/deadlines';
import { DraftNote } from '../parts/draft';
import { recordReports, Reports } from '../parts/reports';
import { toast } from '../parts/toast';
import { Dialog, ErrorBox, Field, OutcomeBadge, Panel, Trouble } from '../parts/ui';
import { say } from '../words/cases';
import './case.css';
import type { PageProps } from './index';

interface Condition {
  article: string;
  text: Text;
  met: boolean | null;
  value: number | null;
  needed: number | null;
}
export interface Case extends Record<string, unknown> {
  id: string;
  kind: Kind;
  version: number;
  state: 'open' | 'closed';
  title: string;
  started_at: string;
  known_at: string | null;
  closed_at?: string;
  outcome: Outcome | 'near-miss' | 'leak';
  article?: string;
  law?: string;
  why: string[];
  why_en?: string[];
  conditions?: Condition[];
  deadlines: Deadline[];
  reports: FrozenReport[];
  history: HistoryEntry[];
  synthetic: boolean;
}
const pathOf = (id: string) => `/api/v1/cases/${encodeURIComponent(id)}`;

export function CaseOutcome({ item }: { item: Case }) {
  if (item.outcome === 'near-miss' || item.outcome === 'leak')
    return <span class="badge outcome-serious">{say(`kind.${item.outcome}`)}</span>;
  return <OutcomeBadge outcome={item.outcome} />;
}
export function CaseState({ item }: { item: Case }) {
  return <span class={`badge outline state-${item.state === 'closed' ? 'closed' : 'confirmed'}`}>{say(`state.${item.state}`)}</span>;
}

// ---- the verdict ----

function Conditions({ conditions }: { conditions: Condition[] }) {
  const met = conditions.filter((c) => c.met === true).length;
  const unknown = conditions.filter((c) => c.met === null).length;
  const answer = (c: Condition) => (c.met === null ? 'unknown' : c.met ? 'yes' : 'no');
  return (
    <>
      <p>{say('near', { total: conditions.length, met, unknown })}</p>
      {unknown === 1 && met === conditions.length - 1 && <p class="notice notice-warn">{say('near.one')}</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label={say('conditions')}>
        <table class="data conditions">
          <thead>
            <tr>
              <th scope="col">{say('condition')}</th>
              <th scope="col">{say('condition.answer')}</th>
              <th scope="col">{say('condition.article')}</th>
            </tr>
          </thead>
          <tbody>
            {conditions.map((c, i) => (
              <tr key={i}>
                <th scope="row">
                  {tx(c.text)}
                  {c.needed !== null && (
                    <small>{say('value', { value: c.value === null ? '?' : number(c.value), needed: number(c.needed) })}</small>
                  )}
                </th>
                <td>
                  <span class={`condition-met condition-met-${answer(c)}`}>{say(`met.${answer(c)}`)}</span>
                </td>
                <td class="quiet">{c.article}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Verdict({ item }: { item: Case }) {
  return (
    <Panel
      title={say('judge')}
      aside={item.law ? <span class="quiet">{say('judge.law', { date: dateText(day(item.law)) })}</span> : undefined}
    >
      <p>
        <CaseOutcome item={item} /> <b class="article">{item.article}</b>
      </p>
      {item.conditions && item.conditions.length > 0 && <Conditions conditions={item.conditions} />}
      <details class="fold" open={!item.conditions}>
        <summary>{say('judge.why')}</summary>
        <ul class="why">
          {reasons(item).map((line, i) => (
            <li key={i}>{line}</li>
          ))}
        </ul>
      </details>
    </Panel>
  );
}

// ---- facts ----

function FactsForm({ item, onSaved }: { item: Case; onSaved: (next: Case) => void }) {
  const before = factsOf(item.kind, item);
  const draft = useDraft<Facts>(`case.${item.id}`, before, String(item.version));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failed, setFailed] = useState<unknown>(null);
  const closed = item.state === 'closed' || !may('handle-accident');
  const sent = toSend(item.kind, draft.value, before);
  const dirty = Object.keys(sent.fields).length + Object.keys(sent.errors).length > 0;
  useEffect(() => {
    setGuard(dirty ? () => confirm(say('leave')) : null);
    return () => setGuard(null);
  }, [dirty]);
  const submit = async (event: Event) => {
    event.preventDefault();
    setErrors(sent.errors);
    if (!dirty || Object.keys(sent.errors).length > 0) return;
    try {
      const next = await post<Case>(pathOf(item.id), { version: item.version, fields: sent.fields });
      draft.done();
      setFailed(null);
      toast(say('saved'));
      onSaved(next);
    } catch (e) {
      setFailed(e);
    }
  };
  return (
    <form class="form" onSubmit={submit} noValidate>
      <p class="quiet">{say(item.state === 'closed' ? 'facts.closed' : 'facts.lead')}</p>
      <DraftNote draft={draft} />
      {failed !== null && <Trouble error={failed} />}
      <CaseFields kind={item.kind} facts={draft.value} set={draft.set} errors={errors} disabled={closed} />
      {!closed && (
        <div class="form-end">
          <button class="button" data-action="save-case" disabled={!dirty}>
            {say('save')}
          </button>
          <p role="status" class={dirty ? 'unsaved' : 'quiet'}>
            {dirty ? say('unsaved') : ''}
          </p>
        </div>
      )}
    </form>
  );
}

// ---- what is done to it ----

type Act = (body: Record<string, unknown>) => Promise<void>;

function CloseDialog({ item, act, onClose }: { item: Case; act: Act; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const open = item.deadlines.filter((d) => !d.done).length;
  const run = () => {
    if (open > 0 && !reason.trim()) return setWrong(say('error.reason'));
    act({ action: 'close', ...(reason.trim() ? { reason } : {}) }).then(onClose, setFailed);
  };
  return (
    <Dialog
      title={say('close.title', { id: item.id })}
      onClose={onClose}
      actions={
        <button type="button" class="button" data-action="close-it" onClick={run}>
          {say('close')}
        </button>
      }
    >
      <p>{say('close.body')}</p>
      {open > 0 && <p class="notice notice-warn">{say('close.open', { n: open })}</p>}
      {failed !== null && <Trouble error={failed} />}
      <Field label={say('close.reason')} error={wrong}>
        {(p) => <input {...p} name="reason" maxLength={400} value={reason} onInput={(e) => setReason((e.target as HTMLInputElement).value)} />}
      </Field>
    </Dialog>
  );
}

function ReportedDialog({ item, act, onClose }: { item: Case; act: Act; onClose: () => void }) {
  const open = item.deadlines.filter((d) => !d.done);
  const [kind, setKind] = useState(open[0]?.kind ?? '');
  const [how, setHow] = useState('');
  const [at, setAt] = useState(toInput(now.peek()));
  const [wrong, setWrong] = useState<string | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const run = () => {
    if (!how.trim()) return setWrong(say('error.how'));
    act({ action: 'reported', kind, how, at: fromInput(at) }).then(onClose, setFailed);
  };
  return (
    <Dialog
      title={say('reported.title')}
      onClose={onClose}
      actions={
        <button type="button" class="button" data-action="reported-it" onClick={run}>
          {say('reported.submit')}
        </button>
      }
    >
      <p>{say('reported.body')}</p>
      {failed !== null && <Trouble error={failed} />}
      <Field label={say('reported.kind')}>
        {(p) => (
          <select {...p} name="kind" value={kind} onChange={(e) => setKind((e.target as HTMLSelectElement).value)}>
            {open.map((d) => (
              <option key={d.kind} value={d.kind}>
                {tx(d.name)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={say('reported.how')} help={say('reported.how.help')} error={wrong}>
        {(p) => <input {...p} name="how" maxLength={400} value={how} onInput={(e) => setHow((e.target as HTMLInputElement).value)} />}
      </Field>
      <Field label={`${say('reported.at')}(${t('common.jst')})`}>
        {(p) => <input {...p} name="at" type="datetime-local" value={at} onInput={(e) => setAt((e.target as HTMLInputElement).value)} />}
      </Field>
    </Dialog>
  );
}

function Buttons({ item, act }: { item: Case; act: Act }) {
  const [dialog, setDialog] = useState<'close' | 'reported' | null>(null);
  const open = item.deadlines.some((d) => !d.done);
  const shut = () => setDialog(null);
  return (
    <div class="actions" role="group" aria-label={item.id}>
      {open && may('freeze-report') && (
        <button type="button" class="button secondary" data-action="reported" onClick={() => setDialog('reported')}>
          {say('reported')}
        </button>
      )}
      {may('close-accident') && item.state === 'open' && (
        <button type="button" class="button secondary" data-action="close-case" onClick={() => setDialog('close')}>
          {say('close')}
        </button>
      )}
      {may('close-accident') && item.state === 'closed' && (
        <button
          type="button"
          class="button secondary"
          data-action="reopen-case"
          onClick={() => void act({ action: 'reopen' }).catch((e: unknown) => toast(errorText(e)))}
        >
          {say('reopen')}
        </button>
      )}
      {dialog === 'close' && <CloseDialog item={item} act={act} onClose={shut} />}
      {dialog === 'reported' && <ReportedDialog item={item} act={act} onClose={shut} />}
    </div>
  );
}

// ---- the page ----

const done = { close: 'close.done', reopen: 'reopen.done', reported: 'reported.done' } as const;

/** The kinds of report this case is reported with, by what it is. */
function kindsOf(item: Case): { kind: string; name: string }[] {
  const family = item.kind === 'near-miss' ? 'near-miss' : item['leak'] === 'secrecy' ? 'leak-secrecy' : 'leak-specified';
  return ['initial', 'detailed'].map((stage) => {
    const kind = `${family}-${stage}`;
    const deadline = item.deadlines.find((d) => d.kind === kind);
    return { kind, name: deadline ? tx(deadline.name) : t(stage === 'initial' ? 'kind.initial' : 'kind.detailed') };
  });
}

export default function CasePage({ params: { id } }: PageProps<'id'>) {
  const read = useResource<Case>(pathOf(id));
  const item = read.value;
  useEffect(() => {
    heading.value = item ? `${item.id} ${item.title}` : id;
    return () => void (heading.value = null);
  }, [item?.title]);
  if (!item) {
    if (read.error instanceof ApiError && read.error.status === 404)
      return (
        <div class="page">
          <h1 tabIndex={-1}>{id}</h1>
          <ErrorBox text={say('missing')} />
          <p>
            <a href="/cases">{say('back')}</a>
          </p>
        </div>
      );
    if (read.error) return <ErrorBox text={errorText(read.error)} onRetry={read.reload} />;
    return <p class="loading">{t('common.loading')}</p>;
  }
  const act: Act = async (body) => {
    const next = await post<Case>(`${pathOf(id)}/actions`, { ...body, version: item.version });
    read.set(next);
    toast(say(done[body['action'] as keyof typeof done], { id }));
  };
  return (
    <div class="page detail">
      <header class="detail-head">
        <p>
          <a href={`/cases?kind=${item.kind}`}>{say('back')}</a>
        </p>
        <div class="card-badges">
          <CaseOutcome item={item} />
          <CaseState item={item} />
          <span class="card-id">{item.id}</span>
        </div>
        <h1 tabIndex={-1}>{item.title}</h1>
        <p class="card-facts">
          <span>
            {say('f.started_at')} <When value={item.started_at} />
          </span>
          <span>
            {say('f.known_at')} <When value={item.known_at} />
          </span>
        </p>
        {item.synthetic && <p class="quiet">{say('synthetic')}</p>}
      </header>
      <Buttons item={item} act={act} />
      <div class="detail-main">
        <Verdict item={item} />
        <Panel title={say('facts')}>
          <FactsForm key={item.version} item={item} onSaved={read.set} />
        </Panel>
      </div>
      <div class="detail-side">
        <Panel title={say('deadlines')}>
          {item.deadlines.length === 0 ? <p class="quiet">{say('deadlines.none')}</p> : <DeadlineTable deadlines={item.deadlines} />}
        </Panel>
        <Panel title={say('reports')}>
          <Reports of={{ ...recordReports(pathOf(id), item.version), kinds: kindsOf(item), reports: item.reports }} reload={read.reload} />
        </Panel>
        <Panel title={say('history')}>
          <ol class="log history">
            {[...item.history].reverse().map((e) => (
              <li key={e.version}>
                <time dateTime={e.at}>{when(e.at, now.peek())}</time>
                <span>
                  {tx(e.text) || e.action} <span class="quiet">{e.who}</span>
                </span>
              </li>
            ))}
          </ol>
        </Panel>
      </div>
    </div>
  );
}
