// The report for the board of directors (経営会議): a quarter on one page; every number is a link to its evidence.

import { useMemo, useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import { quarters } from '../lib/period';
import { useResource } from '../lib/resource';
import { calendar, now } from '../lib/store';
import { durationText, errorText, fullWhen, t, tx } from '../lib/ui';
import type { Text } from '../lib/types';
import { Day, When } from '../parts/date';
import { Downloads, PrintButton } from '../parts/save';
import { ErrorBox, Field, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/board-report';
import './board-report.css';

interface Figure {
  group: 'accidents' | 'deadlines' | 'registers' | 'ledger';
  id: string;
  label: Text;
  value: number | string | null;
  before: number | null;
  level: 'plain' | 'good' | 'warn' | 'bad';
  evidence: string;
}
interface Row {
  area: string;
  area_name: Text;
  id: string;
  label: Text;
  values: (number | string | null)[];
  level: Figure['level'];
  evidence: string;
}
interface Programme {
  quarters: { end: string; at: string }[];
  rows: Row[];
}
interface Report {
  from: string;
  to: string;
  at: string;
  carrier: Text;
  synthetic: boolean;
  figures: Figure[];
  programme: Programme;
  serious: { id: string; title: string; started_at: string; duration_s: number; users: number }[];
}
const GROUPS = ['accidents', 'deadlines', 'registers', 'ledger'] as const;

function Number({ figure }: { figure: Figure }) {
  if (figure.value === null) return <span class="quiet">{say('hidden')}</span>;
  const text = typeof figure.value === 'number' ? number(figure.value) : figure.value;
  return (
    <a href={figure.evidence} class="report-value" aria-label={`${text} ${say('evidence', { label: tx(figure.label) })}`}>
      {text}
    </a>
  );
}

function Group({ id, figures }: { id: Figure['group']; figures: Figure[] }) {
  return (
    <Panel title={say(`group.${id}`)} class="report-figures">
      <dl>
        {figures.map((figure) => (
          <div key={figure.id} class={`report-figure report-figure-${figure.level}`}>
            <dt>{tx(figure.label)}</dt>
            <dd>
              {figure.level !== 'plain' && <span class="report-level">{say(`level.${figure.level}`)}</span>}
              <Number figure={figure} />
              {figure.before !== null && <small class="quiet">{say('before', { n: number(figure.before) })}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const shown = (value: number | string | null | undefined) => (value === null || value === undefined ? '—' : typeof value === 'number' ? number(value) : value);

/** How the last number stands to the one before: told by a sign, and in words for those who hear it. */
function Trend({ values }: { values: Row['values'] }) {
  const [before, now] = values.slice(-2);
  if (typeof before !== 'number' || typeof now !== 'number' || before === now) return null;
  return (
    <span class="report-trend">
      <span aria-hidden="true">{now > before ? '▲' : '▼'}</span>
      <span class="visually-hidden">{say(now > before ? 'more' : 'fewer')}</span>
    </span>
  );
}

function Quarters({ programme }: { programme: Programme }) {
  const areas = [...new Set(programme.rows.map((r) => r.area))];
  const last = programme.quarters.length - 1;
  return (
    <div class="scroll report-scroll" tabIndex={0} role="group" aria-label={say('programme')}>
      <table class="data report-programme">
        <thead>
          <tr>
            <th scope="col">{say('col.area')}</th>
            <th scope="col">{say('col.counted')}</th>
            {programme.quarters.map((q) => (
              <th scope="col" class="num" key={q.end}>
                <Day value={q.at} short />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {areas.map((area) =>
            programme.rows
              .filter((r) => r.area === area)
              .map((row, i, all) => (
                <tr key={row.id} class={i === 0 ? 'report-first' : ''}>
                  {i === 0 && (
                    <th scope="rowgroup" rowSpan={all.length}>
                      {tx(row.area_name)}
                    </th>
                  )}
                  <td>{tx(row.label)}</td>
                  {row.values.map((value, at) => (
                    <td key={at} class={`num ${at === last ? `report-now report-figure-${row.level}` : 'quiet'}`}>
                      {at === last && value !== null ? (
                        <>
                          {row.level !== 'plain' && <span class="report-level">{say(`level.${row.level}`)} </span>}
                          <Trend values={row.values} />{' '}
                          <a href={row.evidence} aria-label={`${shown(value)} ${say('evidence', { label: `${tx(row.area_name)} ${tx(row.label)}` })}`}>
                            {shown(value)}
                          </a>
                        </>
                      ) : (
                        shown(value)
                      )}
                    </td>
                  ))}
                </tr>
              )),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Serious({ report }: { report: Report }) {
  if (report.serious.length === 0) return <p class="quiet">{say('serious.none')}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say('table')}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{say('col.title')}</th>
            <th scope="col">{say('col.started')}</th>
            <th scope="col" class="num">
              {say('col.duration')}
            </th>
            <th scope="col" class="num">
              {say('col.users')}
            </th>
          </tr>
        </thead>
        <tbody>
          {report.serious.map((a) => (
            <tr key={a.id}>
              <th scope="row">
                <a href={`/accidents/${a.id}`}>{a.title}</a>
                <small>{a.id}</small>
              </th>
              <td class="nowrap">
                <When value={a.started_at} />
              </td>
              <td class="num">{durationText(a.duration_s)}</td>
              <td class="num">{number(a.users)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default function BoardReport() {
  const list = useMemo(() => quarters(now.peek(), 12), []);
  const [chosen, setChosen] = useState(0);
  const { from, to } = list[chosen]!;
  const query = `from=${from}&to=${to}`;
  const read = useResource<Report>(`/api/v1/board-report?${query}`);
  const report = read.value;
  return (
    <div class="page board-report">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <span class="files no-print">
          <Downloads name={say('title')} files={[{ format: 'pdf', href: `/api/v1/board-report.pdf?${query}${calendar.value === 'wareki' ? '&wareki=1' : ''}` }]} />
          <PrintButton />
        </span>
      </div>
      <p class="quiet no-print">{say('lead')}</p>
      <div class="row no-print">
        <Field label={say('period')}>
          {(p) => (
            <select {...p} name="quarter" value={chosen} onChange={(e) => setChosen(+(e.target as HTMLSelectElement).value)}>
              {list.map((q, i) => (
                <option key={q.from} value={i}>
                  {say('quarter', { year: q.year, q: q.quarter ?? 0 })}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!report && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {report && (
        <>
          <p>
            <b>{tx(report.carrier)}</b> <Day value={report.from} /> – <Day value={report.to} />{' '}
            <span class="quiet">{say('at', { time: fullWhen(report.at) })}</span>
          </p>
          {report.synthetic && <Synthetic />}
          <div class="report-groups">
            {GROUPS.map((id) => (
              <Group key={id} id={id} figures={report.figures.filter((f) => f.group === id)} />
            ))}
          </div>
          <Panel title={say('programme')} class="report-quarters">
            <p class="quiet no-print">{say('programme.lead')}</p>
            <Quarters programme={report.programme} />
          </Panel>
          <Panel title={say('serious')}>
            <Serious report={report} />
          </Panel>
        </>
      )}
    </div>
  );
}
