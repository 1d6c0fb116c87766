// The record at any of its versions: a slider through time, who changed what in each, and the way back to one of them.

import { useEffect, useState } from 'preact/hooks';
import { recordApi, type HistoryItem, type Register, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import { fullWhen, tx } from '../lib/ui';
import type { Values } from '../lib/merge';
import { say } from '../words/registers';
import { When } from './date';
import { Differences } from './diff';
import { RecordValues } from './record-values';
import { Panel, Trouble } from './ui';
import { Value } from './value';

interface HistoryProps {
  register: Register;
  id: string;
  /** Changes when the record has been saved: the history is read again. */
  version: number;
  onRestore: ((version: number, values: Values) => void) | null;
}
export function RecordHistory({ register, id, version, onRestore }: HistoryProps) {
  const read = useResource<{ items: HistoryItem[] }>(`${recordApi(register.id, id)}/history`);
  useEffect(() => {
    if (read.value) read.reload();
  }, [version]);
  const items = read.value?.items ?? [];
  const [chosen, setChosen] = useState<number | null>(null);
  const at = Math.min(chosen ?? items.length - 1, items.length - 1);
  const item = items[at];
  const then = useResource<RegisterRecord>(
    item && !item.deleted ? `${recordApi(register.id, id)}?as_of=${encodeURIComponent(item.at)}` : null,
  );
  if (read.error !== null) return <Trouble error={read.error} onRetry={read.reload} />;
  if (!item) return null;
  const field = (name: string) => register.fields.find((f) => f.id === name);
  const shown = (name: string, value: unknown) => {
    const f = field(name);
    return f && value !== null ? <Value field={f} value={value} plain /> : null;
  };
  const record = then.value?.version === item.version ? then.value : null;
  return (
    <div class="history">
      <Panel title={say('history.slider')} class="history-time no-print">
        <p class="quiet">{say('history.lead')}</p>
        <div class="slider">
          <button type="button" class="button secondary small" disabled={at === 0} onClick={() => setChosen(at - 1)}>
            {say('history.older')}
          </button>
          <input
            type="range"
            min={0}
            max={items.length - 1}
            value={at}
            disabled={items.length === 1}
            aria-label={say('history.slider')}
            aria-valuetext={`${say('history.at', { n: item.version, total: items.length })} ${fullWhen(item.at)}`}
            onInput={(e) => setChosen(Number((e.target as HTMLInputElement).value))}
          />
          <button type="button" class="button secondary small" disabled={at === items.length - 1} onClick={() => setChosen(at + 1)}>
            {say('history.newer')}
          </button>
        </div>
        <p aria-live="polite">
          <b>{say('history.at', { n: item.version, total: items.length })}</b> <When value={item.at} /> {item.who}
          {' · '}
          {say.or(`action.${item.action}`, item.action)} <span class="quiet">{say('history.leaf', { n: item.leaf })}</span>
        </p>
      </Panel>
      <Panel title={say('history.change')}>
        {item.deleted ? (
          <p>{say('history.deleted')}</p>
        ) : (
          <Differences
            changes={item.changes.map((c) => ({ id: c.field, label: tx(field(c.field)?.label) || c.field, from: shown(c.field, c.from), to: shown(c.field, c.to) }))}
          />
        )}
      </Panel>
      {!item.deleted && (
        <Panel
          title={say('history.was')}
          aside={
            onRestore && record && at < items.length - 1 ? (
              <button type="button" class="button secondary small" data-action="restore-version" onClick={() => onRestore(item.version, record.values)}>
                {say('history.restore')}
              </button>
            ) : null
          }
        >
          {then.error !== null && <Trouble error={then.error} onRetry={then.reload} />}
          {record && <RecordValues register={register} values={record.values} marked={item.changes.map((c) => c.field)} />}
        </Panel>
      )}
    </div>
  );
}
