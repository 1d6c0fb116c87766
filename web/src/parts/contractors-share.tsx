// Concentration: how much hangs on whom, and what would be if one of them were gone.

import { useState } from 'preact/hooks';
import { post } from '../lib/api';
import { MEASURES, type Dimension, type Node, type Reach } from '../lib/contractors';
import { number, percent } from '../lib/i18n';
import { useResource } from '../lib/resource';
import { errorText } from '../lib/ui';
import type { Outcome } from '../lib/types';
import { say } from '../words/contractors';
import { ReachView } from './contractors-reach';
import { countryName } from './value';
import { Bar, Dialog, ErrorBox, OutcomeBadge, Panel } from './ui';

/** Japan has no record of the carrier's own: its name is everybody's. */
const nodeName = (node: Node) => (node.kind === 'country' && node.name === node.id ? countryName(node.id) : node.name);

interface Gone {
  reach: Reach;
  trial: { outcome: Outcome; serious_at: string | null; then: { down: number } } | null;
  trial_partial: boolean;
}
function GoneDialog({ node, onClose }: { node: Node; onClose: () => void }) {
  const [answer, setAnswer] = useState<Gone | string | null>(null);
  const [asked, setAsked] = useState(false);
  if (!asked) {
    setAsked(true);
    post<Gone>('/api/v1/contractors/vanish', { kind: node.kind, id: node.id }).then(setAnswer, (e: unknown) => setAnswer(errorText(e)));
  }
  return (
    <Dialog title={say('gone.title', { name: nodeName(node) })} onClose={onClose} wide>
      {answer === null && <p role="status">…</p>}
      {typeof answer === 'string' && <ErrorBox text={answer} />}
      {answer !== null && typeof answer !== 'string' && (
        <>
          {answer.trial && (
            <p>
              {say('gone.law')}: <OutcomeBadge outcome={answer.trial.outcome} />{' '}
              {say(answer.trial.outcome === 'serious' || answer.trial.serious_at !== null ? 'gone.serious' : 'gone.not')}
            </p>
          )}
          {answer.trial_partial && <p class="quiet">{say('gone.partial')}</p>}
          <ReachView reach={answer.reach} start={node.kind} />
        </>
      )}
    </Dialog>
  );
}

function DimensionTable({ dimension, onGone }: { dimension: Dimension; onGone: (node: Node) => void }) {
  const top = Math.max(1, ...dimension.items.map((item) => item.users));
  return (
    <Panel title={say.or(`by.${dimension.by}`, dimension.by)} class="contractors-share">
      {dimension.items.length === 0 ? (
        <p class="quiet">{say('share.none')}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={`${say.or(`by.${dimension.by}`, dimension.by)} · ${say('table')}`}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{say.or(`by.${dimension.by}`, dimension.by)}</th>
                {MEASURES.map((measure) => (
                  <th scope="col" key={measure} class="num">
                    {say(`measure.${measure}`)}
                  </th>
                ))}
                <td class="no-print" />
              </tr>
            </thead>
            <tbody>
              {dimension.items.slice(0, 20).map((item) => (
                <tr key={item.id}>
                  <th scope="row">
                    {nodeName(item)}
                    <Bar fraction={item.users / top} tone="" />
                  </th>
                  {MEASURES.map((measure) => (
                    <td key={measure} class="num">
                      {number(item[measure])}
                    </td>
                  ))}
                  <td class="no-print">
                    <button type="button" class="button secondary small" data-gone={item.id} onClick={() => onGone(item)}>
                      {say('gone')}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">HHI</th>
                {MEASURES.map((measure) => {
                  const one = dimension.measures[measure];
                  return (
                    <td key={measure} class="num">
                      {number(one?.hhi ?? 0)}
                      {one?.largest && <small class="quiet contractors-largest">{say('largest', { name: nodeName(one.largest), share: percent(one.share) })}</small>}
                    </td>
                  );
                })}
                <td class="no-print" />
              </tr>
            </tfoot>
          </table>
        </div>
      )}
    </Panel>
  );
}

export function Concentration({ asOf }: { asOf: string }) {
  const read = useResource<{ dimensions: Dimension[] }>(`/api/v1/contractors/concentration${asOf}`);
  const [gone, setGone] = useState<Node | null>(null);
  return (
    <>
      <p class="quiet">{say('share.lead')}</p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value?.dimensions.map((dimension) => <DimensionTable key={dimension.by} dimension={dimension} onGone={setGone} />)}
      {gone && <GoneDialog node={gone} onClose={() => setGone(null)} />}
    </>
  );
}
