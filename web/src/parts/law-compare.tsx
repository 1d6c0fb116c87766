// The law of two days side by side: what entered, what left, what changed, and in which values.

import { useState } from 'preact/hooks';
import { useResource } from '../lib/resource';
import { now } from '../lib/store';
import { day, toInput } from '../lib/time';
import type { LawEntry } from '../lib/types';
import { dateText, errorText, t, tx } from '../lib/ui';
import { say } from '../words/law-compare';
import { Differences } from './diff';
import { Empty, ErrorBox, Field, Panel } from './ui';

interface Entry extends LawEntry {
  data: Record<string, unknown>;
}
interface Change {
  change: 'entered' | 'left' | 'changed';
  before: Entry | null;
  after: Entry | null;
}

function Side({ entry, name }: { entry: Entry | null; name: string }) {
  if (!entry)
    return (
      <div class="law-side">
        <p class="quiet">
          {name}: {say('none')}
        </p>
      </div>
    );
  const from = dateText(day(entry.from));
  return (
    <div class="law-side">
      <p class="quiet">
        {name} · {entry.to ? say('span.to', { from, to: dateText(day(entry.to)) }) : say('span', { from })}
      </p>
      <p class="law-head">
        <b>{entry.article}</b>
        {!entry.verified && <span class="badge level-soon">{say('unverified')}</span>}
      </p>
      <p>{tx(entry.text)}</p>
      {!entry.verified && entry.note && <p class="unverified">{tx(entry.note)}</p>}
      <p class="quiet source">
        {say('source')}: {entry.source}
      </p>
    </div>
  );
}

// What the page shows in words already, or what only says where an entry comes from.
const TOLD = ['id', 'family', 'article', 'effective', 'source', 'verified', 'text', 'note'];
const shown = (value: unknown) => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 1));
function values(before: Entry, after: Entry) {
  const keys = [...new Set([...Object.keys(before.data), ...Object.keys(after.data)])].filter((key) => !TOLD.includes(key));
  return keys
    .map((key) => ({ id: key, label: key, from: shown(before.data[key]), to: shown(after.data[key]) }))
    .filter((one) => one.from !== one.to);
}

function ChangeItem({ change }: { change: Change }) {
  const either = (change.after ?? change.before)!;
  const differing = change.before && change.after ? values(change.before, change.after) : [];
  return (
    <li class="law-change">
      <h3>
        <span class={`badge outline change-${change.change}`}>{say(change.change)}</span> {either.article}
      </h3>
      <div class="law-sides">
        <Side entry={change.before} name={say('before')} />
        <Side entry={change.after} name={say('after')} />
      </div>
      {differing.length > 0 && (
        <details class="fold">
          <summary>{say('data')}</summary>
          <div class="law-values">
            <Differences changes={differing} from={say('before')} to={say('after')} />
          </div>
        </details>
      )}
    </li>
  );
}

const DATE = /^\d{4}-\d\d-\d\d$/;

export function LawCompare() {
  const [before, setBefore] = useState('2026-03-31');
  const [after, setAfter] = useState(toInput(now.peek()).slice(0, 10));
  const ready = DATE.test(before) && DATE.test(after);
  const read = useResource<{ changes: Change[] }>(ready ? `/api/v1/law-changes?before=${before}&after=${after}` : null);
  const changes = read.value?.changes;
  const count = (kind: Change['change']) => changes?.filter((c) => c.change === kind).length ?? 0;
  const input = (name: 'before' | 'after', value: string, set: (text: string) => void) => (
    <Field label={say(name)}>
      {(p) => <input {...p} type="date" name={name} min="2000-01-01" value={value} onInput={(e) => set((e.target as HTMLInputElement).value)} />}
    </Field>
  );
  return (
    <Panel title={say('tab.compare')}>
      <p class="quiet">{say('compare.lead')}</p>
      <div class="row">
        {input('before', before, setBefore)}
        {input('after', after, setAfter)}
        <button type="button" class="button secondary" onClick={() => (setBefore(after), setAfter(before))}>
          {say('swap')}
        </button>
      </div>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!changes && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {changes?.length === 0 && (
        <Empty title={say('same')}>
          <p>{say('same.how')}</p>
        </Empty>
      )}
      {changes && changes.length > 0 && (
        <>
          <p role="status">{say('summary', { entered: count('entered'), left: count('left'), changed: count('changed') })}</p>
          <ul class="plain">
            {changes.map((change) => (
              <ChangeItem key={`${change.before?.id}-${change.after?.id}`} change={change} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
