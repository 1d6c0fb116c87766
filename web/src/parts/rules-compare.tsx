// Two editions of the management rules beside each other, word by word (新旧対照), and the way to the printed one.

import { useState } from 'preact/hooks';
import { useResource } from '../lib/resource';
import { RULES, editionApi, type Comparison, type RulesOverview, type Span } from '../lib/rules';
import { say } from '../words/rules';
import { Panel, Trouble, Field } from './ui';

/** One side of a text: what is the same, and what is only on this side. */
function Side({ spans, after }: { spans: Span[]; after: boolean }) {
  return (
    <>
      {spans.map((s, i) =>
        s.same !== undefined ? <span key={i}>{s.same}</span> : after ? s.to && <ins key={i}>{s.to}</ins> : s.from && <del key={i}>{s.from}</del>,
      )}
    </>
  );
}
const isEmpty = (spans: Span[], after: boolean) => spans.every((s) => !s.same && !(after ? s.to : s.from));

function Rows({ sections }: { sections: Comparison['sections'] }) {
  return (
    <>
      {sections.map((s, i) => (
        <tr key={`${s.section}.${i}`} data-change={s.change}>
          <th scope="row">
            <span class="badge outline">{say(`compare.${s.change}`)}</span> {s.moved && s.change !== 'moved' && <span class="badge outline">{say('compare.moved')}</span>}
          </th>
          {[true, false].map((after) => (
            <td key={String(after)} class="rules-lines">
              {!isEmpty(s.heading, after) && (
                <b>
                  <Side spans={s.heading} after={after} />
                </b>
              )}
              {'\n'}
              <Side spans={s.text} after={after} />
            </td>
          ))}
        </tr>
      ))}
    </>
  );
}

interface CompareProps {
  id: string;
  previous: string | null;
  /** An instant: this edition as it was then, instead of another edition. */
  asOf: string | null;
}
export function RulesCompare({ id, previous, asOf }: CompareProps) {
  const all = useResource<RulesOverview>(RULES);
  const others = (all.value?.editions ?? []).filter((e) => e.id !== id);
  const [picked, setPicked] = useState<string | null>(null);
  const [only, setOnly] = useState(true);
  const other = picked ?? (asOf ? id : null) ?? previous ?? others[0]?.id ?? null;
  const query = asOf && other === id ? `?before_as_of=${encodeURIComponent(asOf)}` : '';
  const path = other ? `${editionApi(other)}/compare/${encodeURIComponent(id)}` : null;
  const read = useResource<Comparison>(path && `${path}${query}`);
  const of = read.value;
  const shown = of?.sections.filter((s) => !only || s.change !== 'same') ?? [];
  return (
    <Panel
      title={say('tab.compare')}
      aside={
        path && (
          <a class="button secondary small" href={`${path}.pdf${query}`} download data-action="compare-pdf">
            {say('compare.pdf')}
          </a>
        )
      }
    >
      <div class="row">
        {others.length > 0 && (
          <Field label={say('compare.with')}>
            {(p) => (
              <select {...p} name="compare-with" value={other ?? ''} onChange={(e) => setPicked((e.target as HTMLSelectElement).value)}>
                {asOf && <option value={id}>{say('history.compare')}</option>}
                {others.map((e) => (
                  <option key={e.id} value={e.id}>
                    {e.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <label class="check">
          <input type="checkbox" name="only-changed" checked={only} onChange={() => setOnly(!only)} /> {say('compare.only')}
        </label>
      </div>
      {!other && all.value && <p class="quiet">{say('compare.none')}</p>}
      {read.error !== null && <Trouble error={read.error} onRetry={read.reload} />}
      {of && <p>{say('compare.counts', of.counts)}</p>}
      {of && shown.length === 0 && <p class="quiet">{say('compare.equal')}</p>}
      {of && shown.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={say('table', { name: say('tab.compare') })}>
          <table class="data rules-compare">
            <thead>
              <tr>
                <th scope="col">{say('compare.section')}</th>
                <th scope="col">{say('compare.after', { name: of.after.name })}</th>
                <th scope="col">{say('compare.before', { name: of.before.name })}</th>
              </tr>
            </thead>
            <tbody>
              <Rows sections={shown} />
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
