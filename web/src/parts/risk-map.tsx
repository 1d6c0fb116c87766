// The heat map: cells of a matrix in the carrier's colours, risks as numbered dots, movements as arrows. A picture with
// links; the list beside it says the same in words.

import { dotPlace, shortId, type Criteria, type Position, type Risk } from '../lib/risks';
import { tx } from '../lib/ui';
import { say } from '../words/risks';
import './risk-map.css';

export type Mode = 'now' | 'plan' | 'since';
const CELL = { width: 118, height: 82 };
const LEFT = 118;
const BOTTOM = 52;
const RADIUS = 13;
const LABEL = 20; // of a cell, below its dots
const SHOWN = 9; // dots of a cell; more are counted

interface Place {
  x: number;
  y: number;
}
interface Dot extends Place {
  risk: Risk;
  kind: 'from' | 'now' | 'goal';
}

/** What a mode shows of a risk: each kind of dot with its position. */
function positions(risk: Risk, mode: Mode): [Dot['kind'], Position | null][] {
  if (mode === 'plan') return [['from', risk.inherent], ['now', risk.current], ['goal', risk.target]];
  return mode === 'since' ? [['from', risk.before], ['now', risk.current]] : [['now', risk.current]];
}
const same = (a: Position | null, b: Position | null) => a?.likelihood === b?.likelihood && a?.consequence === b?.consequence;

function place(criteria: Criteria, risks: Risk[], mode: Mode): { dots: Dot[]; more: (Place & { n: number })[] } {
  const rows = criteria.matrix.likelihood.length;
  const cells = new Map<string, { risk: Risk; kind: Dot['kind']; at: Position }[]>();
  for (const risk of risks)
    for (const [kind, at] of positions(risk, mode)) {
      if (!at || (kind !== 'now' && same(at, risk.current))) continue;
      const key = `${at.likelihood},${at.consequence}`;
      cells.set(key, [...(cells.get(key) ?? []), { risk, kind, at }]);
    }
  const dots: Dot[] = [];
  const more: (Place & { n: number })[] = [];
  for (const list of cells.values()) {
    const at = list[0]!.at;
    const middle = { x: LEFT + (at.consequence - 0.5) * CELL.width, y: (rows - at.likelihood + 0.5) * CELL.height + 6 };
    const shown = list.slice(0, SHOWN);
    shown.forEach(({ risk, kind }, n) => {
      const p = dotPlace(n, shown.length);
      dots.push({ risk, kind, x: middle.x + p.x * (CELL.width - 12), y: middle.y - LABEL / 2 + p.y * (CELL.height - LABEL) });
    });
    if (list.length > SHOWN) more.push({ ...middle, n: list.length - SHOWN });
  }
  return { dots, more };
}

function Arrow({ from, to, kind }: { from: Place; to: Place; kind: string }) {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length < 2 * RADIUS) return null;
  const cut = (length - RADIUS - 5) / length;
  const start = RADIUS / length;
  const d = { x: to.x - from.x, y: to.y - from.y };
  return (
    <line
      class={`risk-map-arrow ${kind}`}
      x1={from.x + d.x * start}
      y1={from.y + d.y * start}
      x2={from.x + d.x * cut}
      y2={from.y + d.y * cut}
      marker-end={`url(#risk-map-${kind})`}
    />
  );
}

export function RiskMap({ criteria, risks, mode }: { criteria: Criteria; risks: Risk[]; mode: Mode }) {
  const { matrix } = criteria;
  const [rows, columns] = [matrix.likelihood.length, matrix.consequence.length];
  const width = LEFT + columns * CELL.width + 8;
  const height = rows * CELL.height + BOTTOM + 8;
  const { dots, more } = place(criteria, risks, mode);
  const dotOf = (risk: Risk, kind: Dot['kind']) => dots.find((d) => d.risk === risk && d.kind === kind);
  const level = (id: string) => matrix.levels.find((l) => l.id === id)!;
  return (
    <div class="risk-map-scroll" tabIndex={0} role="region" aria-label={`${say('tab.map')}: ${criteria.name}`}>
      <svg class="risk-map" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="group" aria-label={say('map.name', { name: criteria.name })}>
        <defs>
          {['worse', 'better'].map((kind) => (
            <marker key={kind} id={`risk-map-${kind}`} class={`risk-map-head ${kind}`} viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0 0L8 4L0 8z" />
            </marker>
          ))}
        </defs>
        {matrix.cells.map((row, l) =>
          row.map((id, c) => {
            const it = level(id);
            const [x, y] = [LEFT + c * CELL.width, (rows - 1 - l) * CELL.height + 6];
            return (
              <g key={`${l},${c}`}>
                <rect x={x + 1} y={y + 1} width={CELL.width - 2} height={CELL.height - 2} class="risk-map-cell" style={{ '--risk-level': it.colour }} />
                <text x={x + 7} y={y + CELL.height - 8} class="risk-map-symbol">
                  {it.symbol} {tx(it.label)}
                </text>
              </g>
            );
          }),
        )}
        {matrix.likelihood.map((step, l) => (
          <text key={l} x={LEFT - 8} y={(rows - 1 - l) * CELL.height + CELL.height / 2 + 10} text-anchor="end" class="risk-map-step">
            <title>{step.meaning}</title>
            {l + 1} {tx(step.label)}
          </text>
        ))}
        {matrix.consequence.map((step, c) => (
          <text key={c} x={LEFT + (c + 0.5) * CELL.width} y={rows * CELL.height + 26} text-anchor="middle" class="risk-map-step">
            <title>{step.meaning}</title>
            {c + 1} {tx(step.label)}
          </text>
        ))}
        <text x={LEFT + (columns * CELL.width) / 2} y={height - 8} text-anchor="middle" class="risk-map-axis">
          {say('map.consequence')} →
        </text>
        <text transform={`translate(14 ${(rows * CELL.height) / 2}) rotate(-90)`} text-anchor="middle" class="risk-map-axis">
          {say('map.likelihood')} →
        </text>
        {risks.map((risk) => {
          const [from, here, goal] = [dotOf(risk, 'from'), dotOf(risk, 'now'), dotOf(risk, 'goal')];
          const way = (a: Dot, b: Dot) => (b.y - a.y - (b.x - a.x) < 0 ? 'worse' : 'better');
          return (
            <g key={risk.id}>
              {from && here && <Arrow from={from} to={here} kind={way(from, here)} />}
              {here && goal && <Arrow from={here} to={goal} kind={way(here, goal)} />}
            </g>
          );
        })}
        {dots.map((dot) => (
          <a key={`${dot.risk.id}-${dot.kind}`} href={`/risks/${encodeURIComponent(dot.risk.id)}`} class={`risk-map-dot ${dot.kind}`} aria-label={`${shortId(dot.risk.id)}: ${dot.risk.id} ${dot.risk.title}`}>
            <title>
              {dot.risk.id} {dot.risk.title}
            </title>
            <circle cx={dot.x} cy={dot.y} r={RADIUS} />
            <text x={dot.x} y={dot.y + 4} text-anchor="middle">
              {shortId(dot.risk.id)}
            </text>
          </a>
        ))}
        {more.map((m) => (
          <text key={`${m.x},${m.y}`} x={m.x + CELL.width / 2 - 6} y={m.y - CELL.height / 2 + 14} text-anchor="end" class="risk-map-step">
            {say('map.more', { n: m.n })}
          </text>
        ))}
      </svg>
    </div>
  );
}
