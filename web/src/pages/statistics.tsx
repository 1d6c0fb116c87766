// Statistics: tables of the kind the ministry publishes, each with a chart that shows the same numbers.

import { useMemo, useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import { fiscalYear } from '../lib/period';
import { useResource } from '../lib/resource';
import { calendar, dark, lang, now } from '../lib/store';
import { tabbed, type Counted } from '../lib/table-text';
import { day, era } from '../lib/time';
import { errorText, t, tx } from '../lib/ui';
import type { Option } from '../parts/echart';
import { PrintButton } from '../parts/save';
import { INK, SvgChart } from '../parts/svg-chart';
import { toast } from '../parts/toast';
import { Empty, ErrorBox, Field, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/statistics';
import './statistics.css';

interface Statistics {
  from: string;
  to: string;
  accidents: number;
  drills: number;
  synthetic: boolean;
  tables: Counted[];
}

// ---- charts ----

/** A fiscal year's label in the calendar of the settings: 2026年度, 令和8年度. */
function label(table: Counted, row: Counted['rows'][number]): string {
  const year = /^\d{4}$/.test(row.id) && (table.id === 'year' || table.id === 'reports');
  if (!year || calendar.value !== 'wareki') return tx(row.label);
  return lang.value === 'ja' ? `${era(day(`${row.id}-04-01`), 'ja')}度` : `FY ${era(day(`${row.id}-04-01`), 'en')}`;
}

function base(isDark: boolean) {
  const ink = isDark ? '#e6e6e6' : '#1a1a1c';
  return {
    color: INK[isDark ? 'dark' : 'light'],
    textStyle: { color: ink, fontFamily: 'Noto Sans JP Variable, Noto Sans JP, sans-serif' },
    legend: { top: 0, textStyle: { color: ink }, itemWidth: 14, itemHeight: 10 },
    line: isDark ? '#5c5c5c' : '#c9c9c9',
    ink,
  };
}
function bars(table: Counted, columns: string[], isDark: boolean, stacked: boolean): Option {
  const { line, ink, ...rest } = base(isDark);
  const picked = columns.map((id) => table.columns.findIndex((c) => c.id === id)).filter((i) => i >= 0);
  return {
    ...rest,
    grid: { left: 8, right: 16, top: 56, bottom: 8, containLabel: true },
    xAxis: {
      type: 'category',
      data: table.rows.map((row) => label(table, row)),
      axisLabel: { color: ink, interval: 0, width: 110, overflow: 'break' },
      axisLine: { lineStyle: { color: line } },
    },
    yAxis: { type: 'value', minInterval: 1, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } },
    series: picked.map((i) => ({
      type: 'bar',
      name: tx(table.columns[i]!.label),
      stack: stacked ? 'all' : undefined,
      barMaxWidth: 44,
      data: table.rows.map((row) => row.values[i]),
    })),
  };
}
function heat(table: Counted, isDark: boolean): Option {
  const { line, ink, color: _, legend: __, ...rest } = base(isDark);
  const columns = table.columns.slice(0, -1); // not the sum
  const data = table.rows.flatMap((row, y) => columns.map((_c, x) => [x, y, row.values[x] ?? 0]));
  const most = Math.max(1, ...data.map((cell) => cell[2]!));
  return {
    ...rest,
    grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: 'category', data: columns.map((c) => tx(c.label)), axisLabel: { color: ink, interval: 0, width: 90, overflow: 'break' }, axisLine: { lineStyle: { color: line } } },
    yAxis: { type: 'category', inverse: true, data: table.rows.map((row) => tx(row.label)), axisLabel: { color: ink }, axisLine: { lineStyle: { color: line } } },
    visualMap: { show: false, min: 0, max: most, inRange: { color: isDark ? ['#1f1f22', '#7f2a2a'] : ['#ffffff', '#f2a3a3'] } },
    series: [{ type: 'heatmap', data, label: { show: true, color: ink }, itemStyle: { borderColor: line, borderWidth: 1 } }],
  };
}
const OUTCOMES = ['serious', 'periodic-detailed', 'periodic-simplified'];
function optionOf(table: Counted, isDark: boolean): Option {
  if (table.id === 'matrix') return heat(table, isDark);
  if (table.id === 'reports') return bars(table, ['serious', 'detailed', 'simplified'], isDark, false);
  return bars(table, OUTCOMES, isDark, true);
}

function Chart({ table, name }: { table: Counted; name: string }) {
  const isDark = dark.value;
  const language = lang.value;
  const years = calendar.value;
  const option = useMemo(() => optionOf(table, isDark), [table, isDark, language, years]);
  return <SvgChart option={option} name={name} file={`tokatsu-${table.id}`} />;
}

// ---- tables ----

function Numbers({ table }: { table: Counted }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say('table', { name: tx(table.title) })}>
      <table class="data numbers">
        <thead>
          <tr>
            <th scope="col">{tx(table.rows_are)}</th>
            {table.columns.map((c) => (
              <th key={c.id} scope="col" class="num">
                {tx(c.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">{label(table, row)}</th>
              {row.values.map((n, i) => (
                <td key={i} class={n === 0 ? 'num zero' : 'num'}>
                  {number(n)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {table.total && (
          <tfoot>
            <tr>
              <th scope="row">{say('total')}</th>
              {table.total.map((n, i) => (
                <td key={i} class="num">
                  {number(n)}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

const NOTES: Record<string, 'note.reports' | 'note.service' | undefined> = { reports: 'note.reports', service: 'note.service' };

function TablePanel({ table }: { table: Counted }) {
  const name = tx(table.title);
  const note = NOTES[table.id];
  const copy = () => {
    navigator.clipboard.writeText(tabbed(table, lang.value, say('total'))).then(
      () => toast(say('copied')),
      () => toast(say('copy.failed')),
    );
  };
  return (
    <Panel
      title={name}
      class="statistics-panel"
      aside={
        <button type="button" class="button secondary small no-print" data-copy={table.id} onClick={copy}>
          {say('copy')}
        </button>
      }
    >
      {note && <p class="quiet">{say(note)}</p>}
      <div class="statistics-pair">
        <div>
          <Chart table={table} name={name} />
        </div>
        <Numbers table={table} />
      </div>
    </Panel>
  );
}

export default function StatisticsPage() {
  const last = fiscalYear(now.peek());
  const [from, setFrom] = useState(last - 4);
  const [to, setTo] = useState(last);
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const read = useResource<Statistics>(`/api/v1/statistics?from=${low}-04-01&to=${high + 1}-03-31`);
  const years = Array.from({ length: last - 2008 + 1 }, (_, i) => last - i);
  const choose = (name: 'from' | 'to', value: number, set: (year: number) => void) => (
    <Field label={say(name)}>
      {(p) => (
        <select {...p} name={name} value={value} onChange={(e) => set(Number((e.target as HTMLSelectElement).value))}>
          {years.map((year) => (
            <option key={year} value={year}>
              {say('year', { year })}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  const data = read.value;
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <PrintButton />
      </div>
      <p class="quiet">{say('lead')}</p>
      {data?.synthetic && <Synthetic text={say('synthetic')} />}
      <div class="row no-print">
        {choose('from', from, setFrom)}
        {choose('to', to, setTo)}
      </div>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {data && (
        <p role="status">
          {say('accidents', { n: number(data.accidents) })}
          {data.drills > 0 && ` · ${say('drills', { n: number(data.drills) })}`}
        </p>
      )}
      {!data && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {data?.accidents === 0 && (
        <Empty title={say('empty')}>
          <p>{say('empty.how')}</p>
        </Empty>
      )}
      {data && data.accidents > 0 && data.tables.map((table) => <TablePanel key={table.id} table={table} />)}
    </div>
  );
}
