// The whole log, checked in this browser: every entry fetched and hashed by a worker, the signature by the key the person
// pinned, and the head against the one this browser saw last. What it finds wrong is said in red and is not remembered.

import { useEffect, useRef, useState } from 'preact/hooks';
import { judge, keepSeen, pinKey, pinnedKey, remember, seenBefore, type Judged, type Seen } from '../lib/ledger';
import type { Answer, Task } from '../lib/ledger.worker';
import { number } from '../lib/i18n';
import { type Hash } from '../lib/merkle';
import { canCheck, LOG_KEY, readCheckpoint, readKey, signedBy, type Checkpoint, type Key } from '../lib/note';
import { now } from '../lib/store';
import { fromInput, toInput } from '../lib/time';
import { say } from '../words/ledger';
import { Confirm } from './confirm';
import { When } from './date';
import { Progress } from './job';
import { Field, Panel } from './ui';

// ---- the pinned key ----

export function KeyPanel({ offered, onChange }: { offered: string[]; onChange: () => void }) {
  const [pinned, setPinned] = useState(pinnedKey);
  const [editing, setEditing] = useState(false);
  const [text, setText] = useState('');
  const [fromServer, setFromServer] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const pin = async (event: Event) => {
    event.preventDefault();
    const key = await readKey(text);
    if (!key) return setWrong(say('key.bad'));
    if (key.type !== LOG_KEY) return setWrong(say('key.witness'));
    pinKey(text.trim());
    setPinned(text.trim());
    setEditing(false);
    onChange();
  };
  if (pinned && !editing)
    return (
      <Panel title={say('key')}>
        <p>
          <code class="sha" data-pinned>
            {pinned}
          </code>
        </p>
        <button type="button" class="button secondary small" onClick={() => setEditing(true)}>
          {say('key.change')}
        </button>
      </Panel>
    );
  return (
    <Panel title={say('key')}>
      {!pinned && <p class="notice notice-warn">{say('key.none')}</p>}
      <p>{say('key.how')}</p>
      <form class="form" onSubmit={(e) => void pin(e)}>
        <Field label={say('key.paste')} error={wrong}>
          {(p) => (
            <textarea
              {...p}
              name="key"
              rows={3}
              class="mono"
              autoComplete="off"
              spellcheck={false}
              value={text}
              onInput={(e) => (setText((e.target as HTMLTextAreaElement).value), setWrong(null), setFromServer(false))}
            />
          )}
        </Field>
        {fromServer && <p class="notice notice-warn">{say('key.offered.warn')}</p>}
        <div class="actions">
          <button class="button" data-action="pin" disabled={text.trim() === ''}>
            {say('key.pin')}
          </button>
          {offered[0] && (
            <button type="button" class="button secondary" data-action="offered" onClick={() => (setText(offered[0]!), setFromServer(true))}>
              {say('key.offered')}
            </button>
          )}
        </div>
      </form>
    </Panel>
  );
}

// ---- the check ----

type State =
  | { at: 'idle' }
  | { at: 'running'; done: number; total: number }
  | { at: 'cancelled' }
  | { at: 'failed'; why: string }
  | { at: 'done'; checkpoint: Checkpoint; judged: Judged; before: Seen | null; seconds: number };

async function pinned(): Promise<Key | null> {
  const text = pinnedKey();
  return text === null ? null : readKey(text);
}
async function head(): Promise<Checkpoint> {
  const response = await fetch('/ledger/checkpoint', { cache: 'no-store' });
  const checkpoint = response.ok ? readCheckpoint(await response.text()) : null;
  if (!checkpoint) throw new Error(`checkpoint: ${response.status}`);
  return checkpoint;
}
function rootOf(task: Task, worker: Worker, onProgress: (done: number) => void): Promise<{ root: Hash; oldRoot: Hash | null }> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.kind === 'progress') onProgress(data.done);
      else if (data.kind === 'done') resolve(data);
      else reject(new Error(data.message));
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(task);
  });
}

function Result({ state }: { state: Extract<State, { at: 'done' }> }) {
  const { judged, checkpoint, before, seconds } = state;
  const speed = <p class="quiet">{say('speed', { n: number(checkpoint.size), s: seconds.toFixed(1) })}</p>;
  if (judged.trouble.length > 0)
    return (
      <div class="notice notice-error alarm" role="alert" data-verdict="alarm">
        <p class="alarm-title">{say('alarm')}</p>
        <ul>
          {judged.trouble.map((what) => (
            <li key={what} data-trouble={what}>
              {say(`bad.${what}`)}
            </li>
          ))}
        </ul>
        <p>{say('alarm.what')}</p>
        {speed}
      </div>
    );
  return (
    <div class={`notice ${judged.signed ? 'notice-good' : 'notice-warn'}`} role="status" data-verdict={judged.signed ? 'good' : 'unsigned'}>
      {judged.signed && <p class="alarm-title">{say('ok')}</p>}
      <ul>
        <li>{say('ok.root', { n: number(checkpoint.size) })}</li>
        <li>{judged.signed ? say('ok.signature') : say('unsigned')}</li>
        <li>{judged.continues && before ? say('ok.continues', { n: number(before.size) }) : say('first')}</li>
      </ul>
      {speed}
    </div>
  );
}

function SeenLine({ seen, onForget }: { seen: Seen | null; onForget: () => void }) {
  const [asking, setAsking] = useState(false);
  if (!seen) return <p class="quiet">{say('seen.none')}</p>;
  return (
    <div class="seen">
      <p>
        {say('seen')}: <b>{number(seen.size)}</b> <code class="sha">{seen.root}</code> <When value={seen.at} />
      </p>
      <button type="button" class="button secondary small" data-action="forget" onClick={() => setAsking(true)}>
        {say('seen.forget')}
      </button>
      {asking && (
        <Confirm
          title={say('seen.forget')}
          name={seen.origin}
          act={say('seen.forget')}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            keepSeen(null);
            setAsking(false);
            onForget();
          }}
        >
          <p>{say('seen.forget.body')}</p>
        </Confirm>
      )}
    </div>
  );
}

export function Verify({ round }: { round: number }) {
  const [state, setState] = useState<State>({ at: 'idle' });
  const [seen, setSeen] = useState(seenBefore);
  const [able, setAble] = useState(true);
  const worker = useRef<Worker | null>(null);
  useEffect(() => {
    void canCheck().then(setAble);
    return () => worker.current?.terminate();
  }, []);
  useEffect(() => setState({ at: 'idle' }), [round]); // another key: what was found belongs to the old one
  const run = async () => {
    const began = performance.now();
    setState({ at: 'running', done: 0, total: 1 });
    try {
      const [checkpoint, key] = [await head(), able ? await pinned() : null];
      const before = seenBefore();
      const signed = key === null ? null : (await signedBy(checkpoint, key)) !== null;
      const oldSize = before && before.origin === checkpoint.origin && before.size <= checkpoint.size ? before.size : null;
      setState({ at: 'running', done: 0, total: checkpoint.size });
      worker.current = new Worker(new URL('../lib/ledger.worker.ts', import.meta.url), { type: 'module' });
      const roots = await rootOf({ size: checkpoint.size, oldSize }, worker.current, (done) =>
        setState({ at: 'running', done, total: checkpoint.size }),
      );
      const facts = { checkpoint, signed, ...roots, seen: before };
      const judged = judge(facts);
      const next = remember(facts, judged, fromInput(toInput(now.peek())) ?? '');
      keepSeen(next);
      setSeen(next);
      setState({ at: 'done', checkpoint, judged, before, seconds: (performance.now() - began) / 1000 });
    } catch (error) {
      setState({ at: 'failed', why: error instanceof Error ? error.message : String(error) });
    } finally {
      worker.current?.terminate();
      worker.current = null;
    }
  };
  const cancel = () => {
    worker.current?.terminate();
    setState({ at: 'cancelled' });
  };
  return (
    <Panel title={say('tab.verify')}>
      <p>{say('verify.lead')}</p>
      {!able && <p class="notice notice-warn">{say('key.unsupported')}</p>}
      <SeenLine seen={seen} onForget={() => setSeen(null)} />
      {state.at === 'running' ? (
        <Progress label={say('verifying')} done={state.done} total={state.total} onCancel={cancel} />
      ) : (
        <p>
          <button type="button" class="button" data-action="verify" onClick={() => void run()}>
            {say('verify')}
          </button>
        </p>
      )}
      {state.at === 'cancelled' && <p class="notice notice-warn">{say('cancelled')}</p>}
      {state.at === 'failed' && (
        <p class="notice notice-error" role="alert">
          {say('failed', { why: state.why })}
        </p>
      )}
      {state.at === 'done' && <Result state={state} />}
    </Panel>
  );
}

