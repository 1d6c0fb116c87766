// Technical standards (技術基準): confirmations with what each still lacks, measures by category with the carrier's own
// assessments, maintenance checks, and the sets of documents. Records are written in the registers' own form.

import { useEffect, useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import { isDay } from '../lib/program';
import { loadRegisters, recordPage } from '../lib/registers';
import { useResource } from '../lib/resource';
import { cellOf, columnsOf, type Cell, type Check, type Column, type Confirmation, type DocumentLine, type Matrix, type Measure, type Standards as Answer } from '../lib/standards';
import { lang, now } from '../lib/store';
import { day, toInput } from '../lib/time';
import { errorText, plainDateText, t, tx } from '../lib/ui';
import { Day } from '../parts/date';
import RecordDialog, { mayWrite } from '../parts/record-dialog';
import { Downloads, PrintButton } from '../parts/save';
import { Tabs } from '../parts/tabs';
import { Bar, Empty, ErrorBox, Panel } from '../parts/ui';
import { LawDay } from '../parts/law-day';
import { say } from '../words/standards';
import './standards.css';

type View = 'confirmations' | 'matrix' | 'checks' | 'categories';
const VIEWS: View[] = ['confirmations', 'matrix', 'checks', 'categories'];
/** What is being written: a record, or a new one that begins with what the page knows. */
interface Writing {
  register: string;
  id: string | null;
  begin?: Record<string, unknown>;
  title: string;
}
type Write = (what: Writing) => void;

const LOOK: Record<string, string> = {
  'missing': 'level-late',
  'open': 'level-soon',
  'done': 'level-done',
  'not-applicable': 'outline',
  'expired': 'level-late',
  'empty': 'level-late',
};
const STATE: Record<string, string> = { draft: 'level-soon', ready: 'level-half', filed: 'level-done', superseded: 'outline' };
const RESULT: Record<string, string> = { planned: 'outline', meets: 'level-done', fails: 'level-late', fixed: 'level-half', ended: 'outline' };
const ASSESSED: Record<string, string> = { 'meets': 'level-done', 'partly': 'level-soon', 'fails': 'level-late', 'not-applicable': 'outline' };

function Figures({ data }: { data: Answer }) {
  const open = data.confirmations.filter((c) => c.state !== 'filed' && c.state !== 'superseded');
  const sum = (list: Confirmation[]) => list.reduce((n, c) => n + c.documents_lacking, 0);
  const late = open.filter((c) => c.overdue).length;
  const checks = data.checks.filter((c) => c.overdue).length;
  const figures: [string, number, boolean][] = [
    [say('fig.filed'), data.confirmations.filter((c) => c.state === 'filed').length, false],
    [say('fig.lacking'), sum(open), false],
    [say('fig.overdue'), late, late > 0],
    [say('fig.waiting'), data.waiting.length, false],
    [say('fig.checks'), checks, checks > 0],
  ];
  return (
    <dl class="figures standards-figures">
      {figures.map(([name, n, alarm]) => (
        <div key={name} class={alarm ? 'figure standards-alarm' : 'figure'}>
          <dt>{name}</dt>
          <dd>
            <b>{say('n', { n: number(n) })}</b>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function DocumentRow({ line, confirmation, onWrite }: { line: DocumentLine; confirmation: string; onWrite: Write }) {
  const write = mayWrite('confirmation-documents');
  const title = say('doc.title', { name: tx(line.name) });
  const optional = line.state === 'missing' && !line.lacking;
  return (
    <tr>
      <td class="standards-letter">{line.letter ?? '—'}</td>
      <th scope="row">
        {tx(line.name)}
        {line.condition && <small class="quiet">{tx(line.condition)}</small>}
        {line.reason && <small class="quiet">{line.reason}</small>}
        {line.file && (
          <small>
            <a href={`/api/v1/register-files/${line.file.sha256}`} download={line.file.name}>
              {line.file.name}
            </a>
          </small>
        )}
      </th>
      <td>
        <span class={`badge ${optional ? 'outline' : (LOOK[line.state] ?? 'outline')}`}>{optional ? say('doc.optional') : say(`doc.${line.state}`)}</span>
      </td>
      <td>{line.author_name ?? '—'}</td>
      <td>
        <Day value={line.due} short />
      </td>
      <td>
        <Day value={line.valid_until} short />
      </td>
      <td class="no-print">
        {write ? (
          <button
            type="button"
            class="tool"
            data-document={line.document}
            aria-label={`${say(line.record ? 'doc.edit' : 'doc.add')}: ${tx(line.name)}`}
            onClick={() =>
              onWrite({ register: 'confirmation-documents', id: line.record, begin: { confirmation, document: line.document, state: 'drafting' }, title })
            }
          >
            {say(line.record ? 'doc.edit' : 'doc.add')}
          </button>
        ) : (
          line.record && <a href={recordPage('confirmation-documents', line.record)}>{say('doc.edit')}</a>
        )}
      </td>
    </tr>
  );
}

function ConfirmationPanel({ confirmation: c, onWrite }: { confirmation: Confirmation; onWrite: Write }) {
  const settled = c.documents_done + c.documents_not_applicable;
  const [open, setOpen] = useState(c.state !== 'filed' && c.state !== 'superseded');
  return (
    <section class="panel standards-confirmation" data-confirmation={c.record} aria-label={c.title ?? c.record}>
      <header class="standards-head">
        <h2>
          <a href={recordPage('confirmations', c.record)}>{c.title ?? c.record}</a>
        </h2>
        <span class={`badge ${STATE[c.state ?? ''] ?? 'outline'}`}>{say.or(`state.${c.state}`, c.state ?? '')}</span>
        {c.overdue && <span class="badge level-late">{say('late')}</span>}
        {c.category_known && (
          <Downloads name={say('package')} files={[{ format: 'pdf', href: `/api/v1/program/standards/confirmations/${c.record}/package.pdf?lang=${lang.value}` }]} />
        )}
      </header>
      <p class="standards-line">
        {c.basis && <span>{say.or(`basis.${c.basis}`, c.basis)}</span>}
        {c.due && (
          <span>
            {say('due')} <Day value={c.due} short />
          </span>
        )}
        {c.filed && (
          <span>
            {say('filed', { date: plainDateText(day(c.filed)) })} {c.filed_ref}
          </span>
        )}
        <span>{say('judged', { date: plainDateText(day(c.judged)) })}</span>
        {c.confirmer_name && <span>{c.confirmer_name}</span>}
      </p>
      {!c.category_known ? (
        <ErrorBox text={say('unknown')} />
      ) : (
        <>
          <p class="standards-progress">
            <Bar fraction={c.documents_asked === 0 ? 0 : settled / c.documents_asked} tone={c.complete ? '' : 'near'} />
            <span>
              {say('documents', { done: number(settled), asked: number(c.documents_asked) })} · {c.complete ? say('complete') : say('lacking', { n: number(c.documents_lacking) })}
            </span>
          </p>
          <p class="standards-line">
            <b>{say('equipment')}</b>
            {c.facilities.length === 0 && <span class="quiet">{say('equipment.none')}</span>}
            {c.facilities.map((f) => (
              <a key={f.record} href={recordPage('facilities', f.record)}>
                {f.name ?? f.record}
              </a>
            ))}
          </p>
          <details open={open} onToggle={(e) => setOpen((e.target as HTMLDetailsElement).open)}>
            <summary>{say('col.document')}</summary>
            <div class="scroll" tabIndex={0}>
              <table class="data standards-documents">
                <thead>
                  <tr>
                    {(['letter', 'document', 'state', 'author', 'due', 'until'] as const).map((column) => (
                      <th key={column} scope="col">
                        {say(`col.${column}`)}
                      </th>
                    ))}
                    <th scope="col" class="no-print">
                      {say('col.act')}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {c.documents.map((line) => (
                    <DocumentRow key={line.document} line={line} confirmation={c.record} onWrite={onWrite} />
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
    </section>
  );
}

function Confirmations({ data, onWrite }: { data: Answer; onWrite: Write }) {
  const order = (c: Confirmation) => `${c.state === 'filed' ? 1 : c.state === 'superseded' ? 2 : 0}${c.due ?? '9'}`;
  const list = [...data.confirmations].sort((a, b) => order(a).localeCompare(order(b)));
  const begin = () => onWrite({ register: 'confirmations', id: null, begin: { state: 'draft' }, title: say('add') });
  return (
    <>
      {mayWrite('confirmations') && (
        <p class="row no-print">
          <button type="button" class="button secondary small" data-action="add-confirmation" onClick={begin}>
            {say('add')}
          </button>
        </p>
      )}
      {list.length === 0 && (
        <Empty title={say('none')}>
          <p>{say('none.how')}</p>
        </Empty>
      )}
      {list.map((c) => (
        <ConfirmationPanel key={c.record} confirmation={c} onWrite={onWrite} />
      ))}
      <div class="standards-pair">
        <Panel title={say('waiting')}>
          <p class="quiet">{say('waiting.lead')}</p>
          {data.waiting.length === 0 ? (
            <p>{say('waiting.none')}</p>
          ) : (
            <ul class="plain">
              {data.waiting.map((f) => (
                <li key={f.record}>
                  <a href={recordPage('facilities', f.record)}>{f.name ?? f.record}</a>{' '}
                  <small class="quiet">{tx(data.categories.find((c) => c.category === f.category)?.name)}</small>
                </li>
              ))}
            </ul>
          )}
        </Panel>
        <Panel title={say('orders')}>
          {data.orders.length === 0 ? (
            <p class="quiet">{say('orders.none')}</p>
          ) : (
            <ul class="plain">
              {data.orders.map((o) => (
                <li key={o.record}>
                  <a href={recordPage('orders', o.record)}>{String(o.values['title'] ?? o.record)}</a> <Day value={o.values['deadline'] as string | undefined} short />
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
    </>
  );
}

function MatrixCell({ cell, measure, column, onWrite }: { cell: Cell | undefined; measure: Measure; column: Column; onWrite: Write }) {
  if (!cell) return <td class="standards-cell" />;
  const own = cell.assessment;
  const state = own?.state ?? null;
  const words = state ? say.or(`as.${state}`, state) : say('as.none');
  const name = say('assess', { measure: tx(measure.name), category: tx(column.category.name) });
  const begin = { category: column.category.category, measure: measure.measure, state: 'meets' };
  return (
    <td class={`standards-cell standards-${cell.level}`} title={[cell.article, tx(cell.condition), own?.ground].filter(Boolean).join(' / ')}>
      <span aria-hidden="true">{cell.level === 'must' ? '●' : '△'}</span>
      <span class="visually-hidden">
        {say(`level.${cell.level}`)} {cell.article}
      </span>
      {own !== undefined &&
        (mayWrite('measure-assessments') ? (
          <button
            type="button"
            class={`badge ${ASSESSED[state ?? ''] ?? 'outline'} standards-assess`}
            aria-label={`${name}: ${words}`}
            onClick={() => onWrite({ register: 'measure-assessments', id: own?.record ?? null, begin, title: name })}
          >
            {words}
          </button>
        ) : (
          <span class={`badge ${ASSESSED[state ?? ''] ?? 'outline'}`}>{words}</span>
        ))}
      {own?.overdue && <small class="standards-late">{say('late')}</small>}
    </td>
  );
}

function MatrixView({ date, round, onWrite }: { date: string; round: number; onWrite: Write }) {
  const read = useResource<Matrix>(`/api/v1/program/standards/matrix?date=${date}`);
  const [all, setAll] = useState(false);
  useEffect(() => {
    if (round > 0) read.reload();
  }, [round]);
  const matrix = read.value;
  if (read.error !== null) return <ErrorBox text={errorText(read.error)} onRetry={read.reload} />;
  if (!matrix) return <p class="loading">{t('common.loading')}</p>;
  const columns = columnsOf(matrix, all);
  const goals = [...new Set(matrix.measures.map((m) => m.goal))];
  return (
    <Panel
      title={say('tab.matrix')}
      aside={
        <div class="switch no-print" role="group" aria-label={say('tab.matrix')}>
          {[false, true].map((every) => (
            <button key={String(every)} type="button" aria-pressed={all === every} data-all={String(every)} onClick={() => setAll(every)}>
              {say(every ? 'matrix.all' : 'matrix.used')}
            </button>
          ))}
        </div>
      }
    >
      <p class="quiet">{say('matrix.lead')}</p>
      {columns.length === 0 ? (
        <p>{say('matrix.none')}</p>
      ) : (
        <div class="scroll standards-matrix-scroll" tabIndex={0}>
          <table class="data standards-matrix">
            <thead>
              <tr>
                <th scope="col">{say('matrix.measure')}</th>
                {columns.map((c) => (
                  <th key={`${c.category.category}-${c.basis}`} scope="col">
                    {c.category.number} {tx(c.category.name)}
                    <small class="quiet">{say.or(`basis.${c.basis}`, c.basis)}</small>
                  </th>
                ))}
              </tr>
            </thead>
            {goals.map((goal) => (
              <tbody key={goal}>
                <tr class="standards-goal">
                  <th scope="colgroup" colSpan={columns.length + 1}>
                    {say.or(`goal.${goal}`, '')}
                  </th>
                </tr>
                {matrix.measures
                  .filter((m) => m.goal === goal)
                  .map((m) => (
                    <tr key={m.measure}>
                      <th scope="row">
                        {tx(m.name)}
                        {m.since > '2021-04-01' && <small class="quiet">{say('since', { date: plainDateText(day(m.since)) })}</small>}
                        {!m.verified && <small class="quiet">{say('unverified')}</small>}
                      </th>
                      {columns.map((c) => (
                        <MatrixCell key={`${c.category.category}-${c.basis}`} cell={cellOf(m, c)} measure={m} column={c} onWrite={onWrite} />
                      ))}
                    </tr>
                  ))}
              </tbody>
            ))}
          </table>
        </div>
      )}
    </Panel>
  );
}

function Checks({ data, onWrite }: { data: Answer; onWrite: Write }) {
  const order = (c: Check) => c.next ?? '9';
  const list = [...data.checks].sort((a, b) => order(a).localeCompare(order(b)));
  return (
    <Panel
      title={say('tab.checks')}
      aside={
        mayWrite('maintenance-checks') && (
          <button type="button" class="tool no-print" onClick={() => onWrite({ register: 'maintenance-checks', id: null, begin: { result: 'planned' }, title: say('add.check') })}>
            {say('add.check')}
          </button>
        )
      }
    >
      {list.length === 0 && (
        <Empty title={say('checks.none')}>
          <p>{say('checks.how')}</p>
        </Empty>
      )}
      <ul class="plain standards-checks">
        {list.map((c) => (
          <li key={c.record}>
            <span>
              <a href={recordPage('maintenance-checks', c.record)}>{c.title ?? c.record}</a>
              <small class="quiet">{tx(data.categories.find((one) => one.category === c.category)?.name)}</small>
            </span>
            <span class={`badge ${RESULT[c.result ?? ''] ?? 'outline'}`}>{say.or(`result.${c.result}`, c.result ?? '')}</span>
            <span class="quiet">
              {say('check.done')} <Day value={c.done} short />
            </span>
            <span class="quiet">
              {say('check.next')} <Day value={c.next} short /> {c.overdue && <span class="badge level-late">{say('late')}</span>}
            </span>
            <span class="quiet">
              {say('check.owner')} {c.owner_name ?? '—'}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Categories({ data }: { data: Answer }) {
  return (
    <>
      {data.categories.map((c) => (
        <details key={c.category} class="panel standards-category">
          <summary>
            <b>
              {c.number} {tx(c.name)}
            </b>
            <small class="quiet">{tx(c.equipment)}</small>
            <span class="badge outline">{say('cat.count', { n: c.documents.length })}</span>
            {!c.verified && <span class="badge level-half">{say('unverified')}</span>}
          </summary>
          {c.used && <p>{say('cat.facilities', { n: number(c.facilities), waiting: number(c.facilities_waiting), without: number(c.facilities_without) })}</p>}
          {c.note && <p class="quiet">{tx(c.note)}</p>}
          <p class="quiet">{c.article}</p>
          <ol class="plain standards-set">
            {c.documents.map((d) => (
              <li key={d.document}>
                <span class="standards-letter">{d.letter ?? '—'}</span> {tx(d.name)}
                {d.condition && <small class="quiet">{tx(d.condition)}</small>}
                {d.since > '2021-04-01' && <small class="quiet">{say('since', { date: plainDateText(day(d.since)) })}</small>}
              </li>
            ))}
          </ol>
        </details>
      ))}
      <Panel title={say('scope')}>
        <ul class="plain">
          {data.scope.map((s) => (
            <li key={s.article + s.since}>
              <Day value={s.since} short /> {tx(s.text)} <small class="quiet">{s.article}</small>
              {!s.verified && <small class="quiet"> {say('unverified')}</small>}
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

export default function Standards() {
  const today = toInput(now.value).slice(0, 10);
  const [chosen, setChosen] = useState('');
  const [view, setView] = useState<View>('confirmations');
  const [writing, setWriting] = useState<Writing | null>(null);
  const [round, setRound] = useState(0); // of writing: what is shown is read again
  const date = isDay(chosen) ? chosen : today;
  const read = useResource<Answer>(`/api/v1/program/standards?date=${date}`);
  useEffect(() => {
    loadRegisters().catch(() => undefined);
  }, []);
  const data = read.value;
  const saved = () => {
    setWriting(null);
    setRound(round + 1);
    read.reload();
  };
  return (
    <div class="page standards">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <PrintButton />
      </div>
      <p class="quiet">{say('lead')}</p>
      <LawDay label={say('date')} date={date} chosen={chosen} onChoose={setChosen} />
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!data && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {data && (
        <>
          <Figures data={data} />
          <Tabs label={say('tabs')} tabs={VIEWS.map((id) => ({ id, name: say(`tab.${id}`) }))} value={view} onPick={setView}>
            {view === 'confirmations' && <Confirmations data={data} onWrite={setWriting} />}
            {view === 'matrix' && <MatrixView date={date} round={round} onWrite={setWriting} />}
            {view === 'checks' && <Checks data={data} onWrite={setWriting} />}
            {view === 'categories' && <Categories data={data} />}
          </Tabs>
          {data.synthetic && <p class="synthetic-note">{t('demo.synthetic.long')}</p>}
        </>
      )}
      {writing && <RecordDialog {...writing} onSaved={saved} onClose={() => setWriting(null)} />}
    </div>
  );
}
