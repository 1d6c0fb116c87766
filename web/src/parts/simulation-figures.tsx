// Figures of a simulation: a mean with its interval, and the curve of what a year brings or more.

import { useMemo } from 'preact/hooks';
import { dark, lang } from '../lib/store';
import { figure as figureIn, type Curve, type Estimate } from '../lib/simulation';
import { say } from '../words/simulation';
import { INK, SvgChart } from './svg-chart';

/** In the language of the page. */
export const figure = (n: number) => figureIn(n, lang.value);

export function RangeText({ of, unit = '' }: { of: Estimate; unit?: string }) {
  return (
    <span class="simulation-range">
      <b>
        {figure(of.mean)}
        {unit}
      </b>{' '}
      <small>{say('interval', { low: figure(of.low), high: figure(of.high) })}</small>
    </span>
  );
}

interface CurveProps {
  name: string;
  file: string;
  unit: string;
  before: Curve;
  after?: Curve | undefined;
}
/** The exceedance curve as a picture, and under it the same as a table. */
export function Exceedance({ name, file, unit, before, after }: CurveProps) {
  const isDark = dark.value;
  const language = lang.value;
  const option = useMemo(() => {
    const ink = isDark ? '#e6e6e6' : '#1a1a1c';
    const line = isDark ? '#5c5c5c' : '#c9c9c9';
    const series = (label: string, curve: Curve, dash: boolean) => ({
      type: 'line',
      name: label,
      symbolSize: 5,
      lineStyle: dash ? { type: 'dashed' } : {},
      data: curve.map((p) => [p.value, p.probability * 100]),
    });
    return {
      color: INK[isDark ? 'dark' : 'light'],
      textStyle: { color: ink, fontFamily: 'Noto Sans JP Variable, Noto Sans JP, sans-serif' },
      legend: { top: 0, textStyle: { color: ink } },
      grid: { left: 16, right: 24, top: 40, bottom: 36, containLabel: true },
      xAxis: {
        type: 'value',
        scale: true,
        name: unit,
        nameLocation: 'middle',
        nameGap: 28,
        axisLabel: { color: ink, hideOverlap: true, formatter: (n: number) => figureIn(n, language) },
        splitLine: { lineStyle: { color: line } },
      },
      yAxis: { type: 'log', min: 0.1, max: 100, axisLabel: { color: ink, formatter: (n: number) => `${n}%` }, splitLine: { lineStyle: { color: line } } },
      series: [series(say('before'), before, false), ...(after ? [series(say('after'), after, true)] : [])],
    };
  }, [before, after, isDark, language, unit]);
  return (
    <>
      <SvgChart option={option} name={name} file={file} />
      <details class="simulation-table">
        <summary>{say('curve.table')}</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={say('table.of', { name })}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{say('curve.probability')}</th>
                <th scope="col" class="num">{`${after ? say('before') : name} (${unit})`}</th>
                {after && <th scope="col" class="num">{`${say('after')} (${unit})`}</th>}
              </tr>
            </thead>
            <tbody>
              {before.map((p, i) => (
                <tr key={p.probability}>
                  <th scope="row">{`${figure(p.probability * 100)}%`}</th>
                  <td class="num">{figure(p.value)}</td>
                  {after && <td class="num">{after[i] ? figure(after[i]!.value) : ''}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
