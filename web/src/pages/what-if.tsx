// What if (もしも): facilities are supposed to fail; the server thinks it through and nothing is written.

import { useEffect, useRef, useState } from 'preact/hooks';
import { post } from '../lib/api';
import { number } from '../lib/i18n';
import { go } from '../lib/router';
import { may } from '../lib/session';
import type { Accident, WhatIf } from '../lib/types';
import { errorText } from '../lib/ui';
import { body, goodMinutes, goodStart, readQuestion, writeQuestion, type Question } from '../lib/what-if';
import { Picker } from '../parts/facility-picker';
import { toast } from '../parts/toast';
import { Dialog, ErrorBox, Field, Panel } from '../parts/ui';
import { Result } from '../parts/what-if-result';
import { say } from '../words/what-if';
import '../parts/what-if.css';

const value = (event: Event) => (event.target as HTMLInputElement).value;

interface TimesProps {
  question: Question;
  change: (part: Partial<Question>) => void;
}
function Times({ question, change }: TimesProps) {
  return (
    <div class="row">
      <Field label={say('when')} help={say('when.now')} error={goodStart(question.start) ? null : say('error.when')}>
        {(p) => (
          <input {...p} type="datetime-local" name="start" value={question.start} onInput={(e) => change({ start: value(e) })} />
        )}
      </Field>
      <Field label={say('minutes')} help={say('minutes.help')} error={goodMinutes(question.minutes) ? null : say('error.minutes')}>
        {(p) => (
          <input
            {...p}
            class="number"
            inputMode="numeric"
            autoComplete="off"
            name="minutes"
            value={question.minutes}
            onInput={(e) => change({ minutes: value(e).trim() })}
          />
        )}
      </Field>
    </div>
  );
}

function BeginDrill({ question, proposed, close }: { question: Question; proposed: string; close: () => void }) {
  const [title, setTitle] = useState(proposed);
  const [failed, setFailed] = useState<string | null>(null);
  const begin = async () => {
    try {
      const { started_at: _ignored, ...rest } = body(question) ?? {};
      const made = await post<Accident>('/api/v1/drills', { ...rest, ...(title.trim() ? { title: title.trim() } : {}) });
      go(`/accidents/${made.id}`);
    } catch (e) {
      setFailed(errorText(e));
    }
  };
  return (
    <Dialog
      title={say('drill.title')}
      onClose={close}
      actions={
        <button type="button" class="button" data-action="begin-drill" onClick={() => void begin()}>
          {say('drill.begin')}
        </button>
      }
    >
      <p>{say('drill.body')}</p>
      <p class="quiet">{question.minutes ? say('drill.until', { minutes: question.minutes }) : say('drill.open')}</p>
      {failed && <ErrorBox text={failed} />}
      <Field label={say('drill.name')}>
        {(p) => <input {...p} name="drill-title" maxLength={200} value={title} onInput={(e) => setTitle(value(e))} />}
      </Field>
    </Dialog>
  );
}

/** The answer to the question as it stands; the one before stays while the next is on its way. */
function useAnswer(question: Question) {
  const [state, setState] = useState<{ answer: WhatIf | null; error: unknown }>({ answer: null, error: null });
  const latest = useRef(0);
  const asked = JSON.stringify(body(question));
  const ask = () => {
    const mine = ++latest.current;
    const request: unknown = JSON.parse(asked);
    if (request === null) return setState({ answer: null, error: null });
    post<WhatIf>('/api/v1/what-if', request).then(
      (answer) => mine === latest.current && setState({ answer, error: null }),
      (error: unknown) => mine === latest.current && setState({ answer: null, error }),
    );
  };
  useEffect(() => {
    const soon = setTimeout(ask, state.answer ? 250 : 0);
    return () => clearTimeout(soon);
  }, [asked]);
  return { ...state, ask };
}

export default function WhatIfPage() {
  const [question, setQuestion] = useState(() => readQuestion(location.search));
  const [drilling, setDrilling] = useState(false);
  const [names, setNames] = useState<Record<string, string>>({});
  const { answer, error, ask } = useAnswer(question);
  const change = (part: Partial<Question>) => {
    const next = { ...question, ...part };
    setQuestion(next);
    history.replaceState(null, '', location.pathname + writeQuestion(next));
  };
  const share = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      toast(say('link.done'));
    } catch {
      toast(say('link.shown', { url: location.href })); // without a secure context there is no clipboard
    }
  };
  const known = { ...names, ...Object.fromEntries((answer?.fail ?? []).map((f) => [f.id, f.name])) };
  return (
    <div class="page what-if">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
      </div>
      <p>{say('lead')}</p>
      <p class="notice notice-warn trial">{say('trial')}</p>
      <div class="what-if-parts">
        <Panel title={say('choose')}>
          <Picker
            chosen={question.fail}
            names={known}
            down={new Set((answer?.fail ?? []).filter((f) => f.down).map((f) => f.id))}
            add={(facility) => {
              setNames({ ...names, [facility.id]: facility.name });
              change({ fail: [...question.fail, facility.id] });
            }}
            remove={(id) => change({ fail: id === null ? [] : question.fail.filter((x) => x !== id) })}
          />
          <Times {...{ question, change }} />
        </Panel>
        <Panel
          title={say('result')}
          class="what-if-result"
          aside={
            answer ? (
              <span class="row-tools">
                <button type="button" class="button secondary small" data-action="share" onClick={() => void share()}>
                  {say('link')}
                </button>
                {may('handle-accident') && answer.services.length > 0 && (
                  <button type="button" class="button secondary small" data-action="drill" onClick={() => setDrilling(true)}>
                    {say('drill')}
                  </button>
                )}
              </span>
            ) : undefined
          }
        >
          {error !== null && <ErrorBox text={errorText(error)} onRetry={ask} />}
          <div role="status">{answer ? <Result answer={answer} /> : error === null && <p class="quiet">{say('result.none')}</p>}</div>
        </Panel>
      </div>
      {drilling && answer && <BeginDrill question={question} proposed={answer.title} close={() => setDrilling(false)} />}
      {question.fail.length > 0 && <p class="visually-hidden">{say('chosen', { n: number(question.fail.length) })}</p>}
    </div>
  );
}
