// One control beside the list: its state and what that rests on, the answer's form with what saving would change
// everywhere, and what assessments and checks say.

import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, call, get, post } from '../lib/api';
import { controlApi, STATES, type Control, type ControlState, type Effect } from '../lib/controls';
import type { Values } from '../lib/merge';
import { learnTitles, recordApi, recordPage, registerApi, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import { errorText, fieldErrors, tx } from '../lib/ui';
import { say } from '../words/controls';
import { EvidenceList, EvidenceMark, StateMark, WayList } from './control-bits';
import { Day } from './date';
import { RefInput } from './ref-picker';
import { toast } from './toast';
import { ErrorBox, Field } from './ui';
import { Reference } from './value';

const REGISTER = 'control-answers';
const LIST_MAX = 40;
const typed = (e: Event) => (e.target as HTMLInputElement).value;

interface Draft {
  state: ControlState | '';
  text: string;
  owner: string[];
  evidence: string[];
  review: string;
}
const draftOf = (control: Control): Draft => ({
  state: control.answer?.state ?? '',
  text: control.answer?.note ?? '',
  owner: control.answer?.owner ? [control.answer.owner] : [],
  evidence: control.answer?.evidence.map((one) => one.record) ?? [],
  review: control.answer?.review ?? '',
});

// ---- effect ----

function EffectList({ effect, control }: { effect: Effect; control: Control }) {
  const others = effect.changes.filter((one) => one.framework !== control.framework || one.item !== control.id);
  if (others.length === 0) return <p class="quiet">{say('effect.none')}</p>;
  const frameworks = new Set(others.map((one) => one.framework)).size;
  return (
    <>
      <p>
        <b>{say('effect.count', { f: frameworks, n: others.length })}</b>
      </p>
      <ul class="controls-list-plain">
        {others.slice(0, LIST_MAX).map((one) => (
          <li key={`${one.framework}:${one.item}`}>
            <span class="quiet">{one.framework}</span> {one.item} {tx(one.title)}: <StateMark state={one.before.state} /> → <StateMark state={one.after.state} />{' '}
            {one.way && one.way.path.length > 0 && (
              <span class="quiet">
                {say('hops', { n: one.way.path.length })}
                {!one.way.verified && `、${say('unverified')}`}
              </span>
            )}
          </li>
        ))}
      </ul>
      {others.length > LIST_MAX && <p class="quiet">{say('effect.more', { n: others.length - LIST_MAX })}</p>}
    </>
  );
}

/** Asked a moment after the last change of the form. */
function useEffectOf(control: Control, draft: Draft): { effect: Effect | null; error: unknown } {
  const [answer, setAnswer] = useState<{ effect: Effect | null; error: unknown }>({ effect: null, error: null });
  const question = JSON.stringify({ state: draft.state || 'open', evidence: draft.evidence });
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      post<Effect>(`${controlApi(control.framework, control.id)}/effect`, JSON.parse(question)).then(
        (effect) => wanted && setAnswer({ effect, error: null }),
        (error: unknown) => wanted && setAnswer({ effect: null, error }),
      );
    }, 150);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [control.framework, control.id, question]);
  return answer;
}

// ---- form ----

function valuesOf(control: Control, draft: Draft, before: Values): Values {
  const out = draft.state === 'not-applicable';
  const rest: Values = { ...before };
  for (const key of ['text', 'reason', 'owner', 'evidence', 'review']) delete rest[key];
  return {
    ...rest,
    framework: control.framework,
    item: control.id,
    state: draft.state,
    ...(draft.text.trim() && { [out ? 'reason' : 'text']: draft.text.trim() }),
    ...(draft.owner[0] && { owner: draft.owner[0] }),
    ...(draft.evidence.length > 0 && { evidence: draft.evidence }),
    ...(draft.review && { review: draft.review }),
  };
}

async function save(control: Control, draft: Draft): Promise<() => Promise<void>> {
  const own = control.answer;
  if (!own) {
    const made = await call<RegisterRecord>('POST', registerApi(REGISTER), { id: `${control.framework}:${control.id}`, values: valuesOf(control, draft, {}) });
    return async () => void (await call('DELETE', recordApi(REGISTER, made.id), undefined, { 'If-Match': `"${made.version}"` }));
  }
  const before = await get<RegisterRecord>(recordApi(REGISTER, own.record));
  if (before.version !== own.version) throw new ApiError(409, 'conflict', say('answer.conflict'), null, null);
  const path = recordApi(REGISTER, own.record);
  const saved = await call<RegisterRecord>('PUT', path, { values: valuesOf(control, draft, before.values) }, { 'If-Match': `"${before.version}"` });
  return async () => void (await call('PUT', path, { values: before.values }, { 'If-Match': `"${saved.version}"` }));
}

interface FormProps {
  control: Control;
  onSaved: () => void;
}
function AnswerForm({ control, onSaved }: FormProps) {
  const [draft, setDraft] = useState(() => draftOf(control));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failed, setFailed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { effect, error } = useEffectOf(control, draft);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const out = draft.state === 'not-applicable';
  const submit = async (event: Event) => {
    event.preventDefault();
    if ((out || draft.state === 'implemented') && !draft.text.trim()) return setErrors({ text: say(out ? 'answer.need.reason' : 'answer.need.text') });
    setBusy(true);
    setErrors({});
    setFailed(null);
    try {
      const undo = await save(control, draft);
      toast(say('answer.saved', { item: control.id }), async () => {
        await undo();
        onSaved();
      });
      onSaved();
    } catch (e) {
      const named = fieldErrors(e);
      setErrors({ ...named, ...(named['reason'] && { text: named['reason'] }) });
      if (Object.keys(named).length === 0) setFailed(e instanceof ApiError && e.status === 412 ? say('answer.conflict') : errorText(e));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="form controls-form" noValidate onSubmit={(e) => void submit(e)}>
      <Field label={say('answer.state')} error={errors['state']}>
        {(p) => (
          <select {...p} name="state" value={draft.state} onChange={(e) => change({ state: typed(e) as Draft['state'] })}>
            <option value=""></option>
            {STATES.filter((state) => state !== 'open').map((state) => (
              <option key={state} value={state}>
                {say(`state.${state}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={say(out ? 'answer.reason' : 'answer.text')} error={errors['text']}>
        {(p) => <textarea {...p} name="text" rows={4} value={draft.text} onInput={(e) => change({ text: typed(e) })} />}
      </Field>
      <Field label={say('answer.owner')} error={errors['owner']}>
        {(p) => <RefInput register="persons" control={p} name="owner" value={draft.owner} many={false} onChange={(owner) => change({ owner })} />}
      </Field>
      <Field label={say('answer.evidence')} error={errors['evidence']}>
        {(p) => <RefInput register="documents" control={p} name="evidence" value={draft.evidence} many onChange={(evidence) => change({ evidence })} />}
      </Field>
      <Field label={say('answer.review')} error={errors['review']}>
        {(p) => <input {...p} type="date" name="review" value={draft.review} onInput={(e) => change({ review: typed(e) })} />}
      </Field>
      <section class="controls-effect" aria-live="polite">
        <h3>{say('effect')}</h3>
        {error !== null && <p class="error">{errorText(error)}</p>}
        {effect && <EffectList effect={effect} control={control} />}
      </section>
      {failed && <ErrorBox text={failed} />}
      <div class="form-end">
        <button class="button" data-action="save-answer" disabled={busy || draft.state === ''}>
          {say('answer.save')}
        </button>
        {control.answer && <a href={recordPage(REGISTER, control.answer.record)}>{say('answer.record')}</a>}
      </div>
    </form>
  );
}

function ReadOnly({ control, today }: { control: Control; today: string }) {
  if (!control.answer) return <p class="quiet">{say('answer.none')}</p>;
  return (
    <>
      {control.answer.note && <p class="controls-note">{control.answer.note}</p>}
      {control.answer.owner && (
        <p>
          {say('answer.owner')}: <Reference register="persons" id={control.answer.owner} />
        </p>
      )}
      <EvidenceList evidence={control.answer.evidence} today={today} />
    </>
  );
}

// ---- the panel ----

function Rests({ control, today }: { control: Control; today: string }) {
  const rests = control.rests_on;
  if (!rests) return <p class="quiet">{say('rests.none')}</p>;
  if (rests.way.path.length === 0) return <EvidenceList evidence={rests.answer?.evidence ?? []} today={today} />;
  return (
    <>
      <p>
        {say('via', { framework: rests.framework, item: rests.item })} {tx(rests.title)}
      </p>
      <WayList way={rests.way} />
      <EvidenceList evidence={rests.answer?.evidence ?? []} today={today} />
    </>
  );
}

function Results({ control }: { control: Control }) {
  if (control.results.length === 0) return <p class="quiet">{say('results.none')}</p>;
  return (
    <ul class="controls-list-plain">
      {control.results.map((one) => (
        <li key={one.record}>
          <a href={recordPage('assessment-results', one.record)}>{say.or(`assess.result.${one.result}`, one.result)}</a> <Day value={one.assessed} short /> {one.title}
          <span class="quiet"> {one.observed}</span>
        </li>
      ))}
    </ul>
  );
}

interface PanelProps {
  framework: string;
  item: string;
  today: string;
  mayWrite: boolean;
  onClose: () => void;
  onSaved: () => void;
}
export function ControlPanel({ framework, item, today, mayWrite, onClose, onSaved }: PanelProps) {
  const read = useResource<Control>(controlApi(framework, item));
  const head = useRef<HTMLHeadingElement>(null);
  const control = read.value && read.value.id === item && read.value.framework === framework ? read.value : null;
  useEffect(() => head.current?.focus(), [framework, item, control !== null]);
  useEffect(() => {
    const ids = control?.answer?.evidence.map((one) => ({ id: one.record, title: one.title }));
    if (ids) learnTitles('documents', ids as RegisterRecord[]);
  }, [control]);
  const saved = () => {
    read.reload();
    onSaved();
  };
  return (
    <section class="panel controls-panel" aria-label={item} onKeyDown={(e) => e.key === 'Escape' && onClose()}>
      <header class="panel-head">
        <h2 tabIndex={-1} ref={head}>
          {item} {control && tx(control.title)}
        </h2>
        <button type="button" class="button secondary small no-print" data-action="close-control" onClick={onClose}>
          {say('close')}
        </button>
      </header>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {control && (
        <div class="controls-panel-body">
          <p>
            <StateMark state={control.state} /> <EvidenceMark state={control.evidence} /> <span class="quiet">{framework}</span>
          </p>
          {!control.verified && <p class="quiet">* {say('unverified.what')}</p>}
          {control.attention.length > 0 && <p class="notice notice-warn">{say('attention.says', { checks: control.attention.map((one) => tx(one.title)).join('、') })}</p>}
          <h3>{say('rests')}</h3>
          <Rests control={control} today={today} />
          {control.answerable && (
            <>
              <h3>{say('answer')}</h3>
              {mayWrite ? <AnswerForm key={`${framework}:${item}:${control.answer?.version ?? 0}`} control={control} onSaved={saved} /> : <ReadOnly control={control} today={today} />}
            </>
          )}
          {control.checks.length > 0 && (
            <p>
              {say('checks.of')}: <a href="/controls?tab=checks">{control.checks.map((one) => tx(one.title)).join('、')}</a>
            </p>
          )}
          <h3>{say('results')}</h3>
          <Results control={control} />
          <details>
            <summary>
              {say('reaches')} ({control.reaches.length})
            </summary>
            {control.reaches.length === 0 && <p class="quiet">{say('reaches.none')}</p>}
            {control.reaches.map((one) => (
              <div key={`${one.framework}:${one.item}`} class="controls-reach">
                <p>
                  <span class="quiet">{one.framework}</span> {one.item} {tx(one.title)}
                </p>
                <WayList way={one.way} />
              </div>
            ))}
          </details>
        </div>
      )}
    </section>
  );
}
