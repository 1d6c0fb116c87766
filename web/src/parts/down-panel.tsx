// The panel of what is down. Its tree is a piece of its own: a wall screen without an outage does not load it.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import type { Board } from '../lib/types';
import { say } from '../words/down';
import { Panel } from './ui';

type Piece = ComponentType<{ pulse: string }>;
let piece: Piece | null = null;

export function DownPanel({ data }: { data: Board }) {
  const [, redraw] = useState(0);
  const down = data.network.down;
  useEffect(() => {
    if (piece || down === 0) return;
    void import('./down-tree').then((module) => {
      piece = module.default;
      redraw((n) => n + 1);
    });
  }, [down > 0]);
  // The tree is asked again when the network's numbers have changed, not for every tick of the clock.
  const pulse = `${down}:${Object.values(data.network.affected).join()}`;
  const Tree = piece;
  return (
    <Panel title={say('title')} class="panel-down" aside={<span class="quiet">{say('total', { n: number(down) })}</span>}>
      {down === 0 ? <p class="quiet">{say('none')}</p> : <p class="quiet">{say('lead')}</p>}
      {down > 0 && Tree && <Tree pulse={pulse} />}
    </Panel>
  );
}
