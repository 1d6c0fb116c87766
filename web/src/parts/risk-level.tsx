// A level of the carrier's own criteria: its colour, its symbol, its name. The colour is theirs, so that it only tints
// the ground and edges; the ink stays the page's.

import type { Level, Position } from '../lib/risks';
import { tx } from '../lib/ui';
import './risk-level.css';

export function LevelMark({ level }: { level: Level }) {
  return (
    <span class="risk-level" style={{ '--risk-level': level.colour }}>
      <span aria-hidden="true">{level.symbol}</span> {tx(level.label)}
    </span>
  );
}
/** Level and steps, 高 4×5; a dash where nothing is said. */
export function PositionMark({ position }: { position: Position | null }) {
  if (!position) return <span class="quiet">—</span>;
  return (
    <span class="risk-position">
      {position.level && <LevelMark level={position.level} />}{' '}
      <span class="num quiet">
        {position.likelihood}×{position.consequence}
      </span>
    </span>
  );
}
