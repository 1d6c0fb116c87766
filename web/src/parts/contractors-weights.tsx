// The weights by which answers become scores: the carrier's own to change, with a history in the ledger.

import { useState } from 'preact/hooks';
import { call } from '../lib/api';
import { registers } from '../lib/registers';
import { useResource } from '../lib/resource';
import { errorText, tx } from '../lib/ui';
import type { Text } from '../lib/types';
import { say } from '../words/contractors';
import { toast } from './toast';
import { ErrorBox, Panel, Trouble } from './ui';

interface Question {
  field: string;
  weight: number;
  points: Record<string, number | null>;
  missing: number;
}
interface Weights {
  version: number;
  weights: { note?: Text; countries: { questions: Question[] }; selection: { questions: Question[]; pass: number } };
}
const SETS = ['countries', 'selection'] as const;
const REGISTER = { countries: 'countries', selection: 'assessments-of-contractors' };

/** The document with one question's weight changed; the rest is the same. */
function changed(weights: Weights['weights'], set: (typeof SETS)[number], field: string, weight: number): Weights['weights'] {
  const questions = weights[set].questions.map((q) => (q.field === field ? { ...q, weight } : q));
  return { ...weights, [set]: { ...weights[set], questions } };
}

export function WeightsPanel({ onSaved }: { onSaved: () => void }) {
  const read = useResource<Weights>('/api/v1/contractors/weights');
  const [draft, setDraft] = useState<Weights['weights'] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const weights = draft ?? read.value?.weights;
  const may = registers.value?.some((r) => r.id === 'countries' && r.may_write) ?? false;
  const label = (set: (typeof SETS)[number], id: string) => tx(registers.value?.find((r) => r.id === REGISTER[set])?.fields.find((f) => f.id === id)?.label) || id;
  const save = async () => {
    setError(null);
    try {
      read.set(await call<Weights>('PUT', '/api/v1/contractors/weights', { version: read.value?.version ?? 0, weights: draft }));
      setDraft(null);
      toast(say('weights.saved'));
      onSaved();
    } catch (e) {
      setError(e);
    }
  };
  return (
    <Panel title={say('weights')} class="contractors-panel contractors-weights">
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {weights && (
        <>
          <p class="quiet">{tx(weights.note)}</p>
          {SETS.map((set) => (
            <details key={set}>
              <summary>{say(`weights.${set}`)}</summary>
              <ul class="plain">
                {weights[set].questions.map((q) => (
                  <li key={q.field}>
                    <label>
                      <input
                        type="number"
                        class="number short"
                        name={`weight.${q.field}`}
                        min={0}
                        max={1000}
                        step="any"
                        disabled={!may}
                        value={q.weight}
                        onInput={(e) => setDraft(changed(weights, set, q.field, Math.max(0, Number((e.target as HTMLInputElement).value) || 0)))}
                      />{' '}
                      {label(set, q.field)}
                    </label>
                  </li>
                ))}
              </ul>
            </details>
          ))}
          {error !== null && <Trouble error={error} />}
          {draft && (
            <p class="no-print">
              <button type="button" class="button" onClick={() => void save()}>
                {say('weights.save')}
              </button>{' '}
              <button type="button" class="button secondary" onClick={() => setDraft(null)}>
                {say('weights.undo')}
              </button>
            </p>
          )}
        </>
      )}
    </Panel>
  );
}
