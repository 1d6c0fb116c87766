// Users affected per service over the last minutes. uPlot draws on one canvas; the legend is a table in
// HTML, so that the numbers are there for everyone.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import { number, people, shortNumber } from '../lib/i18n';
import { dark, lang } from '../lib/store';
import { minute } from '../lib/time';
import type { Board } from '../lib/types';
import { serviceName, t } from '../lib/ui';
import { plotted, thresholds } from './series';
import { Panel } from './ui';

function css(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function options(ids: string[], order: string[], lines: () => number[], width: number, height: number): uPlot.Options {
  const ink = css('--ink-2');
  const rule = css('--line');
  const font = '12px "Noto Sans JP Variable", sans-serif';
  return {
    width,
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    padding: [14, 12, 0, 0],
    scales: { y: { range: (_u, _min, max) => [0, Math.max(10, max * 1.1)] } },
    axes: [
      { stroke: ink, font, grid: { show: false }, ticks: { stroke: rule }, values: (_u, s) => s.map((x) => minute(x * 1000)) },
      {
        stroke: ink,
        font,
        size: 58,
        grid: { stroke: rule, width: 1 },
        ticks: { show: false },
        values: (_u, s) => s.map((n) => shortNumber(n, lang.peek())),
      },
    ],
    series: [
      {},
      ...ids.map((id) => {
        const colour = css(`--series-${(order.indexOf(id) % 7) + 1}`);
        return { stroke: colour, width: 2, fill: `${colour}1f`, points: { show: false } };
      }),
    ],
    hooks: {
      draw: [
        (u) => {
          const { ctx, bbox } = u;
          ctx.save();
          ctx.strokeStyle = ctx.fillStyle = css('--serious-ink');
          ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
          ctx.font = `${12 * devicePixelRatio}px "Noto Sans JP Variable", sans-serif`;
          ctx.textAlign = 'left';
          ctx.textBaseline = 'alphabetic';
          // Lines too close to be told apart on this scale are left out, from the top down.
          let above = -Infinity;
          for (const users of lines().reverse()) {
            if (users > (u.scales['y']?.max ?? 0)) continue;
            const y = Math.round(u.valToPos(users, 'y', true));
            if (y - above < 18 * devicePixelRatio || y > bbox.top + bbox.height - 4 * devicePixelRatio) continue;
            above = y;
            ctx.beginPath();
            ctx.moveTo(bbox.left, y);
            ctx.lineTo(bbox.left + bbox.width, y);
            ctx.stroke();
            ctx.fillText(people(users, lang.peek()), bbox.left + 6, y - 5 * devicePixelRatio);
          }
          ctx.restore();
        },
      ],
    },
  };
}

function Plot({ board }: { board: Board }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const order = board.services.map((s) => s.id);
  const { ids, data } = plotted(board.series, order);
  const lines = useRef<number[]>([]);
  lines.current = thresholds(board);
  const latest = useRef(data);
  latest.current = data;
  const shape = `${ids.join()}|${dark.value}|${lang.value}`;

  useEffect(() => {
    const host = box.current;
    if (!host) return;
    const size = () => ({ width: Math.max(200, host.clientWidth), height: Math.max(140, host.clientHeight) });
    const { width, height } = size();
    const made = new uPlot(options(ids, order, () => [...lines.current], width, height), latest.current, host);
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize(size()));
    watch.observe(host);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);
  useEffect(() => {
    plot.current?.setData(data);
  }, [board]);

  return <div class="plot" ref={box} aria-hidden="true" />;
}

export function SeriesPanel({ board }: { board: Board }) {
  const order = board.services.map((s) => s.id);
  const { ids, data } = plotted(board.series, order);
  const minutes = Math.round(((data[0]?.length ?? 0) * board.series.step_s) / 60);
  return (
    <Panel
      title={t('board.series')}
      class="panel-series"
      aside={<span class="quiet">{t('board.series.range', { minutes: number(minutes) })}</span>}
    >
      {ids.length === 0 ? (
        <p class="quiet">{t('board.series.empty')}</p>
      ) : (
        <>
          <Plot board={board} />
          <ul class="series-legend">
            {ids.map((id) => (
              <li key={id}>
                <span class={`swatch series-${(order.indexOf(id) % 7) + 1}`} aria-hidden="true" />
                <span>{serviceName(id, board.services.find((s) => s.id === id)?.name)}</span>
                <b class="num">{number(board.network.affected[id] ?? 0)}</b>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
