// A respondent's page: no account, no navigation, made for a phone. What is typed is saved as it goes; the bar at the foot
// always says whether it is.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ask, forgetSecret, isAnswered, progress, takeSecret, tidy, type Answer, type Answers, type Sheet } from '../lib/answer-sheet';
import { ApiError } from '../lib/api';
import { setGuard } from '../lib/router';
import { lang } from '../lib/store';
import { linkOf, type Question } from '../lib/survey';
import { clock, instant } from '../lib/time';
import { errorText, fieldErrors, t, tx } from '../lib/ui';
import { Confirm } from '../parts/confirm';
import { Day } from '../parts/date';
import { Dialog, Empty, ErrorBox, Field, Trouble } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/answer';
import './answer.css';

const REST_MS = 1200; // of quiet before a draft is saved
type Saving = { state: 'nothing' | 'unsaved' | 'saving' | 'saved' | 'failed'; at: string | null; why: string };

function Language() {
  const other = lang.value === 'ja' ? 'en' : 'ja';
  return (
    <button type="button" class="button secondary small no-print" lang={other} data-action="language" onClick={() => (lang.value = other)}>
      {other === 'en' ? 'English' : '日本語'}
    </button>
  );
}

interface InputProps {
  question: Question;
  answer: Answer;
  disabled: boolean;
  onChange: (next: Answer) => void;
}
function Choices({ question, answer, disabled, onChange }: InputProps) {
  const options: [string, string, string | number | boolean][] =
    question.type === 'yes-no'
      ? [
          ['yes', say('yes'), true],
          ['no', say('no'), false],
        ]
      : question.type === 'scale'
        ? [0, 1, 2, 3, 4].map((n) => [String(n), String(n), n])
        : (question.options ?? []).map((o) => [o.id, tx(o.label), o.id]);
  return (
    <div class={question.type === 'choice' ? 'answer-options' : 'answer-options answer-row'}>
      {options.map(([id, label, value]) => (
        <label key={id}>
          <input
            type="radio"
            name={question.id}
            value={id}
            disabled={disabled}
            checked={!answer.na && answer.value === value}
            onChange={() => onChange({ ...answer, na: false, value })}
          />
          <span>{label}</span>
        </label>
      ))}
    </div>
  );
}
function Input(props: InputProps) {
  const { question, answer, disabled, onChange } = props;
  const name = question.id;
  const label = tx(question.text);
  if (['choice', 'yes-no', 'scale'].includes(question.type)) return <Choices {...props} />;
  const text = answer.na || answer.value === undefined ? '' : String(answer.value);
  const take = (value: string) => onChange({ ...answer, na: false, value: question.type === 'number' && value !== '' ? Number(value) : value });
  if (question.type === 'text')
    return <textarea name={name} aria-label={label} rows={4} maxLength={1300} disabled={disabled} value={text} onInput={(e) => take((e.target as HTMLTextAreaElement).value)} />;
  return (
    <input
      name={name}
      aria-label={label}
      type={question.type === 'number' ? 'number' : 'date'}
      step="any"
      disabled={disabled}
      value={text}
      onInput={(e) => take((e.target as HTMLInputElement).value)}
    />
  );
}

interface QuestionProps extends InputProps {
  number: number;
  sheet: Sheet;
  missing: boolean;
  onAttach: (file: File) => void;
  onDetach: (hash: string) => void;
}
function Files({ question, sheet, disabled, onAttach, onDetach }: QuestionProps) {
  if (!question.evidence || question.evidence === 'none') return null;
  const mine = sheet.evidence.filter((file) => file.question === question.id);
  const help = say('evidence.help', { mb: Math.round(sheet.limits.file_bytes / 1048576), files: sheet.limits.files });
  return (
    <div class="answer-files">
      <Field label={say(question.evidence === 'required' ? 'evidence.required' : 'evidence')} help={help}>
        {(p) => (
          <input
            {...p}
            type="file"
            disabled={disabled}
            data-evidence={question.id}
            onChange={(e) => {
              const input = e.target as HTMLInputElement;
              const file = input.files?.[0];
              if (file) onAttach(file);
              input.value = '';
            }}
          />
        )}
      </Field>
      {mine.length > 0 && (
        <ul class="plain">
          {mine.map((file) => (
            <li key={file.sha256}>
              <span>{file.name}</span>
              <button type="button" class="button secondary small" disabled={disabled} aria-label={say('evidence.remove', { name: file.name })} onClick={() => onDetach(file.sha256)}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
function Ask(props: QuestionProps) {
  const { question, answer, number, missing, disabled, onChange } = props;
  const [open, setOpen] = useState(Boolean(answer.comment));
  return (
    <fieldset class={`answer-question${missing ? ' answer-missing' : ''}`} id={`q-${question.id}`}>
      <legend>
        {number}. {tx(question.text)} {question.required !== false && <span class="badge outline">{say('required')}</span>}
      </legend>
      {question.help && <p class="help">{tx(question.help)}</p>}
      <Input {...props} />
      {question.na && (
        <label class="answer-na">
          <input
            type="checkbox"
            disabled={disabled}
            checked={Boolean(answer.na)}
            onChange={(e) => {
              const { value: _, ...rest } = answer;
              onChange({ ...rest, na: (e.target as HTMLInputElement).checked });
            }}
          />
          <span>{say('na')}</span>
        </label>
      )}
      <Files {...props} />
      {open ? (
        <Field label={say('comment')}>
          {(p) => <textarea {...p} rows={2} maxLength={1300} disabled={disabled} value={answer.comment ?? ''} onInput={(e) => onChange({ ...answer, comment: (e.target as HTMLTextAreaElement).value })} />}
        </Field>
      ) : (
        <p>
          <button type="button" class="button secondary small no-print" disabled={disabled} onClick={() => setOpen(true)}>
            {say('comment.add')}
          </button>
        </p>
      )}
    </fieldset>
  );
}

interface DelegateProps {
  onClose: () => void;
  onSend: (body: Record<string, string>) => Promise<void>;
}
function Delegate({ onClose, onSend }: DelegateProps) {
  const [body, setBody] = useState({ name: '', department: '', email: '', note: '' });
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const send = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    onSend(body)
      .catch(setFailed)
      .finally(() => setBusy(false));
  };
  const fields = ['name', 'department', 'email', 'note'] as const;
  return (
    <Dialog
      title={say('delegate.title')}
      onClose={onClose}
      actions={
        <button type="submit" form="delegate" class="button" data-action="delegate-it" disabled={busy || body.name.trim() === ''}>
          {say('delegate')}
        </button>
      }
    >
      <form id="delegate" class="form" onSubmit={send}>
        <p>{say('delegate.body')}</p>
        {fields.map((field) => (
          <Field key={field} label={say(`delegate.${field}`)}>
            {(p) => (
              <input
                {...p}
                name={field}
                inputMode={field === 'email' ? 'email' : 'text'}
                required={field === 'name'}
                maxLength={60}
                value={body[field]}
                onInput={(e) => setBody({ ...body, [field]: (e.target as HTMLInputElement).value })}
              />
            )}
          </Field>
        ))}
        {failed !== null && <ErrorBox text={errorText(failed)} />}
      </form>
    </Dialog>
  );
}

interface Delegated {
  to: string;
  token: string;
  mailed: boolean;
}
interface Submitted {
  receipt: string;
  submitted_at: string;
}
function End({ delegated, submitted }: { delegated: Delegated | null; submitted: Submitted | null }) {
  const [copied, setCopied] = useState(false);
  return (
    <div class="page answer">
      <div class="answer-top">
        <h1 tabIndex={-1}>{delegated ? say('delegated', { name: delegated.to }) : say('done')}</h1>
        <Language />
      </div>
      {submitted && (
        <div class="notice notice-good" role="status">
          <p>{say('done.body')}</p>
          <p>
            {say('receipt')}: <code class="answer-link">{submitted.receipt}</code>
          </p>
          <button type="button" class="button secondary small no-print" onClick={() => print()}>
            {say('print')}
          </button>
        </div>
      )}
      {delegated && (
        <div class="notice notice-good" role="status">
          <p>{delegated.mailed ? say('delegated.mailed') : say('delegated.link')}</p>
          <p class="answer-link">{linkOf(delegated.token)}</p>
          <button type="button" class="button secondary small" onClick={() => void navigator.clipboard?.writeText(linkOf(delegated.token)).then(() => setCopied(true))}>
            {copied ? say('copied') : say('copy')}
          </button>
        </div>
      )}
    </div>
  );
}

function savingText({ state, at, why }: Saving): string {
  if (state === 'saved') return say('saved', { time: at ? clock(instant(at)) : '' });
  return state === 'failed' ? say('failed', { why }) : say(state);
}

interface SheetProps {
  first: Sheet;
  secret: string;
  onEnd: (delegated: Delegated | null, submitted: Submitted | null) => void;
}
function Filling({ first, secret, onEnd }: SheetProps) {
  const [sheet, setSheet] = useState(first);
  const [answers, setAnswers] = useState<Answers>(first.answers);
  const [saving, setSaving] = useState<Saving>({ state: 'nothing', at: null, why: '' });
  const [asking, setAsking] = useState<'submit' | 'delegate' | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [shown, setShown] = useState(false);
  const kept = useRef({ version: first.version, answers: first.answers, dirty: false, line: Promise.resolve() });
  const k = kept.current;
  const counts = useMemo(() => progress(sheet.document, answers), [answers]);
  const failed = (e: unknown) => {
    const stale = e instanceof ApiError && e.status === 409;
    setSaving({ state: 'failed', at: null, why: stale ? say('stale') : errorText(e) });
  };
  // One write after another: each carries the version that the one before it made.
  const queue = (work: () => Promise<void>) => {
    k.line = k.line.then(work).catch(failed);
    return k.line;
  };
  const save = () =>
    queue(async () => {
      if (!k.dirty) return;
      setSaving({ state: 'saving', at: null, why: '' });
      k.dirty = false;
      try {
        const done = await ask<{ version: number; saved_at: string }>(secret, 'PUT', '', { version: k.version, answers: tidy(k.answers) });
        k.version = done.version;
        setSaving({ state: k.dirty ? 'unsaved' : 'saved', at: done.saved_at, why: '' });
      } catch (e) {
        k.dirty = true;
        throw e;
      }
    });
  const change = (id: string, next: Answer) => {
    k.answers = { ...k.answers, [id]: next };
    k.dirty = true;
    setAnswers(k.answers);
    setSaving({ state: 'unsaved', at: null, why: '' });
  };
  useEffect(() => {
    if (!k.dirty) return;
    const timer = setTimeout(() => void save(), REST_MS);
    return () => clearTimeout(timer);
  }, [answers]);
  const open = saving.state === 'unsaved' || saving.state === 'saving' || saving.state === 'failed';
  useEffect(() => {
    setGuard(open ? () => false : null);
    return () => setGuard(null);
  }, [open]);
  const files = (method: string, path: string, body?: Blob) =>
    queue(async () => {
      setSaving({ state: 'saving', at: null, why: '' });
      const done = await ask<{ version: number; evidence: Sheet['evidence']; saved_at: string }>(secret, method, path, body);
      k.version = done.version;
      setSheet((s) => ({ ...s, evidence: done.evidence }));
      setSaving({ state: k.dirty ? 'unsaved' : 'saved', at: done.saved_at, why: '' });
    });
  const attach = (question: string, file: File) =>
    files('POST', `/files?question=${encodeURIComponent(question)}&name=${encodeURIComponent(file.name.slice(0, 60))}`, new Blob([file], { type: 'application/octet-stream' }));
  const goTo = (id: string) => {
    const element = document.getElementById(`q-${id}`);
    element?.scrollIntoView({ block: 'center' });
    element?.querySelector<HTMLElement>('input, textarea')?.focus();
  };
  const wantSubmit = () => {
    setShown(true);
    const next = counts.missing[0];
    if (next) goTo(next.id);
    else setAsking('submit');
  };
  const submit = async () => {
    await k.line;
    try {
      const done = await ask<Submitted>(secret, 'POST', '/submission', { version: k.version, answers: tidy(k.answers) });
      onEnd(null, done);
    } catch (e) {
      setAsking(null);
      setTrouble(e);
      const fields = Object.keys(fieldErrors(e));
      if (fields[0]) goTo(fields[0]);
    }
  };
  const delegate = async (body: Record<string, string>) => {
    if (k.dirty) await save();
    await k.line;
    onEnd(await ask<Delegated>(secret, 'POST', '/handover', { version: k.version, ...body }), null);
  };
  let number = 0;
  const labels = Object.fromEntries(sheet.document.areas.flatMap((area) => area.questions.map((q) => [q.id, tx(q.text)])));
  const wrong = fieldErrors(trouble);
  return (
    <div class="page answer">
      <div class="answer-top">
        <small>{tx(sheet.campaign.carrier)}</small>
        <Language />
      </div>
      <h1 tabIndex={-1}>{sheet.campaign.title}</h1>
      <p>
        {say('for', { name: [sheet.department, sheet.name].filter(Boolean).join(' ') })} · {say('due')} <b><Day value={sheet.campaign.to} /></b>
      </p>
      {sheet.synthetic && <Synthetic />}
      {sheet.document.purpose && <p class="quiet">{tx(sheet.document.purpose)}</p>}
      {sheet.campaign.note && <p>{sheet.campaign.note}</p>}
      {sheet.document.wording === 'own' && <p class="quiet">{say('own')}</p>}
      {!sheet.on && sheet.why_not && <ErrorBox text={tx(sheet.why_not)} />}
      {sheet.document.areas.map((area) => (
        <section key={area.id} class="answer-area" aria-label={tx(area.title)}>
          <h2>{tx(area.title)}</h2>
          {area.questions.map((question) => (
            <Ask
              key={question.id}
              number={++number}
              question={question}
              sheet={sheet}
              answer={answers[question.id] ?? {}}
              disabled={!sheet.on}
              missing={question.id in wrong || (shown && question.required !== false && !isAnswered(answers[question.id]))}
              onChange={(next) => change(question.id, next)}
              onAttach={(file) => void attach(question.id, file)}
              onDetach={(hash) => void files('DELETE', `/files/${hash}`)}
            />
          ))}
        </section>
      ))}
      {trouble !== null && <Trouble error={trouble} labels={labels} />}
      <div class="answer-bar no-print">
        <span>
          <b>{say('progress', { done: counts.done, total: counts.total })}</b>
          <br />
          <span role="status" data-saving={saving.state} class={saving.state === 'failed' ? 'error' : 'quiet'}>
            {savingText(saving)}
          </span>
        </span>
        {saving.state === 'failed' && (
          <button type="button" class="button secondary" data-action="reload" onClick={() => (setGuard(null), location.reload())}>
            {say('reload')}
          </button>
        )}
        <button type="button" class="button secondary" data-action="delegate" disabled={!sheet.on} onClick={() => setAsking('delegate')}>
          {say('delegate')}
        </button>
        <button type="button" class="button" data-action="submit" disabled={!sheet.on} onClick={wantSubmit}>
          {say('submit')}
        </button>
        {shown && counts.missing.length > 0 && <small role="status">{say('missing', { n: counts.missing.length })}</small>}
      </div>
      {asking === 'submit' && (
        <Confirm title={say('submit.ask')} act={say('submit')} onClose={() => setAsking(null)} onConfirm={submit}>
          <p>{say('submit.body')}</p>
        </Confirm>
      )}
      {asking === 'delegate' && <Delegate onClose={() => setAsking(null)} onSend={delegate} />}
    </div>
  );
}

export default function AnswerPage() {
  const [secret] = useState(takeSecret);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [error, setError] = useState<unknown>(secret ? null : 'none');
  const [end, setEnd] = useState<{ delegated: Delegated | null; submitted: Submitted | null } | null>(null);
  const load = () => {
    if (!secret) return;
    setError(null);
    ask<Sheet>(secret, 'GET').then(setSheet, setError);
  };
  useEffect(load, []);
  if (end) return <End {...end} />;
  if (sheet && secret)
    return (
      <Filling
        first={sheet}
        secret={secret}
        onEnd={(delegated, submitted) => {
          forgetSecret();
          setGuard(null);
          setEnd({ delegated, submitted });
        }}
      />
    );
  const gone = error === 'none' || (error instanceof ApiError && error.status === 404);
  return (
    <div class="page answer">
      <div class="answer-top">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <Language />
      </div>
      {error === null && <p class="loading">{t('common.loading')}</p>}
      {gone && (
        <Empty title={say('none')}>
          <p>{say('none.why')}</p>
        </Empty>
      )}
      {error !== null && !gone && <ErrorBox text={errorText(error)} onRetry={load} />}
    </div>
  );
}
