// What the views of controls share: states as badges, ways through crosswalks, evidence with its days.

import type { Check, ControlState, Coverage, Evidence, EvidenceState, Item, Relation, Way } from '../lib/controls';
import { controlPage, shares } from '../lib/controls';
import { recordPage } from '../lib/registers';
import { say } from '../words/controls';
import { Day } from './date';

export const relationText = (relation: Relation) => say.or(`relation.${relation}`, relation);

export function StateMark({ state }: { state: ControlState }) {
  return <span class={`badge controls-state controls-${state}`}>{say(`state.${state}`)}</span>;
}
export function EvidenceMark({ state }: { state: EvidenceState }) {
  return <span class={`controls-evidence controls-evidence-${state}`}>{say(`evidence.${state}`)}</span>;
}
export function CheckMark({ result }: { result: Check['result'] }) {
  return <span class={`badge controls-check controls-check-${result ?? 'none'}`}>{result ? say(`check.${result}`) : say('check.not-run')}</span>;
}

/** How an answer came: every hop, the weakest one marked. */
export function WayList({ way }: { way: Way }) {
  return (
    <ol class="controls-way">
      {way.path.map((hop, i) => (
        <li key={i} class={i === way.weakest ? 'controls-weakest' : undefined}>
          <a href={controlPage(hop.from_framework, hop.from)}>{hop.from}</a> <span class="quiet">{hop.from_framework}</span>{' '}
          <b>{relationText(hop.relation)}</b>{' '}
          <a href={controlPage(hop.to_framework, hop.to)}>{hop.to}</a> <span class="quiet">{hop.to_framework}</span>
          {!hop.verified && <span class="quiet">({say('unverified')})</span>}
          {i === way.weakest && <span class="controls-weak"> ← {say('weakest', { text: relationText(hop.relation) })}</span>}
        </li>
      ))}
    </ol>
  );
}

export function EvidenceList({ evidence, today }: { evidence: Evidence[]; today: string }) {
  if (evidence.length === 0) return <p class="quiet">{say('evidence.none')}</p>;
  return (
    <ul class="controls-list-plain">
      {evidence.map((one) => {
        const over = one.expires !== undefined && one.expires < today;
        return (
          <li key={one.record}>
            <a href={recordPage('documents', one.record)}>{one.title}</a>{' '}
            <span class={over ? 'controls-evidence-expired' : 'quiet'}>
              <Day value={one.effective} short />–{one.expires && <Day value={one.expires} short />}
              {over && ` ${say('evidence.over')}`}
            </span>
            {one.sha256 && <code class="controls-hash"> {one.sha256.slice(0, 12)}…</code>}
          </li>
        );
      })}
    </ul>
  );
}

/** Where a state comes from, in one line; the whole way is beside the list. */
export function Rests({ item }: { item: Item }) {
  if (item.record) return <>{say('own')}</>;
  if (!item.via) return null;
  const { via } = item;
  return (
    <span title={`${say('via', { framework: via.framework, item: via.item })}、${say('hops', { n: via.hops })}、${say('weakest', { text: relationText(via.weakest) })}`}>
      {via.item} <span class="quiet">{via.framework}</span> ({relationText(via.weakest)}
      {!via.verified && ' *'})
    </span>
  );
}

/** Coverage as one bar; the numbers are in its name and beside it. */
export function CoverageBar({ name, coverage, units }: { name: string; coverage: Coverage; units: number }) {
  const label = say('frameworks.bar', { name, i: coverage.implemented, p: coverage.partial, l: coverage.planned, a: coverage.not_applicable, o: coverage.open });
  return (
    <span class="controls-bar" role="img" aria-label={label} title={label}>
      {shares(coverage, units)
        .filter((part) => part.n > 0)
        .map((part) => (
          <span key={part.state} class={`controls-fill-${part.state}`} style={{ width: `${part.percent}%` }} />
        ))}
    </span>
  );
}
