// The safety and reliability standard (安全・信頼性基準): the carrier's file of the notice, how far each chapter is, and the
// assessment of every measure. What the notice says comes from the imported file alone.

import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, call } from '../lib/api';
import { number } from '../lib/i18n';
import { readText } from '../lib/register-import';
import { loadRegisters, recordPage, registerPage } from '../lib/registers';
import { useResource } from '../lib/resource';
import { levelOf, share, type Chapter, type ImportFinding, type ImportTrial, type Reliability as Answer, type ReliabilityItem } from '../lib/standards';
import { lang } from '../lib/store';
import { errorText, t, tx } from '../lib/ui';
import { Day, When } from '../parts/date';
import RecordDialog, { mayWrite } from '../parts/record-dialog';
import { Downloads, PrintButton } from '../parts/save';
import { toast } from '../parts/toast';
import { Bar, Dialog, Empty, ErrorBox, Field, Panel, Trouble } from '../parts/ui';
import { say } from '../words/reliability';
import './reliability.css';

const LOOK: Record<string, string> = { 'done': 'level-done', 'partly': 'level-soon', 'planned': 'level-half', 'not-done': 'level-late', 'not-applicable': 'outline' };
const COUNTS = ['done', 'partly', 'planned', 'not_done', 'not_applicable', 'open'] as const;

function Faults({ error }: { error: ApiError }) {
  const body = error.body as { items?: ImportFinding[]; total?: number } | null;
  if (!Array.isArray(body?.items)) return <Trouble error={error} />;
  return (
    <div role="alert">
      <p class="reliability-faults-head">{say('faults', { n: number(body.total ?? body.items.length) })}</p>
      <div class="scroll reliability-faults" tabIndex={0}>
        <table class="data">
          <thead>
            <tr>
              <th scope="col" class="num">
                {say('fault.line')}
              </th>
              <th scope="col" class="num">
                {say('fault.column')}
              </th>
              <th scope="col">{say('fault.what')}</th>
            </tr>
          </thead>
          <tbody>
            {body.items.map((f, i) => (
              <tr key={i}>
                <td class="num">{f.line}</td>
                <td class="num">{f.column}</td>
                <td>
                  {f.field && <b>{f.field}</b>} {tx(f)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function ImportDialog({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [edition, setEdition] = useState('');
  const [trial, setTrial] = useState<ImportTrial | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const send = async (dry: boolean) => {
    const file = input.current?.files?.[0];
    if (!file) return;
    setBusy(true);
    setError(null);
    setTrial(null);
    try {
      const body = new Blob([readText(await file.arrayBuffer()).text], { type: 'text/csv' });
      const query = new URLSearchParams({ edition, ...(dry && { dry_run: '1' }) });
      const answer = await call<ImportTrial>('POST', `/api/v1/program/reliability/content?${query}`, body);
      if (dry) setTrial(answer);
      else {
        toast(say('imported.done'));
        onDone();
      }
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };
  const differs = trial?.chapters.filter((c) => !c.same).length ?? 0;
  return (
    <Dialog
      title={say('import.open')}
      onClose={onClose}
      wide
      actions={
        trial && (
          <button type="button" class="button" data-action="apply" disabled={busy} onClick={() => void send(false)}>
            {say('apply')}
          </button>
        )
      }
    >
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault();
          void send(true);
        }}
      >
        <Field label={say('edition')} help={say('edition.help')}>
          {(p) => <input {...p} name="edition" required maxLength={100} value={edition} onInput={(e) => setEdition((e.target as HTMLInputElement).value)} />}
        </Field>
        <Field label={say('file')}>{(p) => <input {...p} ref={input} type="file" name="file" required accept=".csv,text/csv" onChange={() => setTrial(null)} />}</Field>
        <p>
          <button class="button secondary" data-action="check" disabled={busy}>
            {say('check')}
          </button>
        </p>
      </form>
      {error !== null && (error instanceof ApiError ? <Faults error={error} /> : <ErrorBox text={errorText(error)} />)}
      {trial && (
        <div class="notice" role="status">
          <p>{say('check.ok', { items: number(trial.items), measures: number(trial.measures) })}</p>
          <p>{differs > 0 ? say('check.differs', { n: differs }) : say('check.same')}</p>
          {trial.left_over.length > 0 && <p>{say('check.left', { n: number(trial.left_over.length) })}</p>}
        </div>
      )}
    </Dialog>
  );
}

function Content({ data, network, onImport }: { data: Answer; network: string; onImport: () => void }) {
  const c = data.content;
  const query = `network=${network}&lang=${lang.value}`;
  return (
    <Panel
      title={say('content')}
      aside={
        data.may_import && (
          <button type="button" class="button secondary small no-print" data-action="import" onClick={onImport}>
            {say(c ? 'import.again' : 'import.open')}
          </button>
        )
      }
    >
      {c ? (
        <p class="reliability-line">
          <b>{c.edition}</b>
          <span>{say('total', { items: number(c.items), measures: number(c.measures) })}</span>
          <span class="quiet">
            <When value={c.at} /> {say('imported', { who: c.who })}
          </span>
          <span>
            {say('export')} <Downloads name={say('export')} files={['pdf', 'xlsx', 'csv'].map((format) => ({ format, href: `/api/v1/program/reliability/export.${format}?${query}` }))} />
          </span>
        </p>
      ) : (
        <Empty title={say('content.none')}>
          <p>{say('content.how')}</p>
        </Empty>
      )}
    </Panel>
  );
}

function Figures({ data }: { data: Answer }) {
  const tops = data.chapters.filter((c) => levelOf(c.section) === 1).map((c) => c.progress);
  const sum = (pick: (p: Chapter['progress']) => number) => tops.reduce((n, p) => n + pick(p), 0);
  const late = sum((p) => p.overdue);
  const figures: [string, number, boolean][] = [
    [say('fig.asked'), sum((p) => p.asked), false],
    [say('fig.settled'), sum((p) => p.done + p.not_applicable), false],
    [say('fig.open'), sum((p) => p.open), false],
    [say('fig.overdue'), late, late > 0],
  ];
  return (
    <dl class="figures reliability-figures">
      {figures.map(([name, n, alarm]) => (
        <div key={name} class={alarm ? 'figure reliability-alarm' : 'figure'}>
          <dt>{name}</dt>
          <dd>
            <b>{say('n', { n: number(n) })}</b>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function ChapterRow({ chapter: c, shown, onShow, held }: { chapter: Chapter; shown: boolean; onShow: () => void; held: boolean }) {
  const fraction = share(c.progress);
  return (
    <tr class={c.leaf ? '' : 'reliability-above'} data-section={c.section}>
      <th scope="row" class={`reliability-level-${levelOf(c.section)}`}>
        {c.leaf && held ? (
          <button type="button" class="link" aria-expanded={shown} onClick={onShow}>
            {tx(c.name)}
          </button>
        ) : (
          tx(c.name)
        )}
      </th>
      <td class="num">
        {number(c.items)} / {number(c.measures)}
      </td>
      <td class="num">
        {number(c.published.items)} / {number(c.published.measures)} {held && !c.same && <span class="badge level-soon">{say('differs')}</span>}
      </td>
      <td>
        {fraction === null ? (
          '—'
        ) : (
          <span class="reliability-share">
            <Bar fraction={fraction} tone="" /> {Math.round(fraction * 100)}%
          </span>
        )}
      </td>
      <td class="num">{number(c.progress.asked)}</td>
      {COUNTS.map((key) => (
        <td key={key} class="num">
          {c.progress[key] === 0 ? <span class="quiet">0</span> : number(c.progress[key])}
        </td>
      ))}
      <td>
        {c.progress.marks
          .filter((m) => m.asked > 0)
          .map((m) => (
            <span key={m.mark} class="reliability-mark">
              {m.mark} {m.settled}/{m.asked}
            </span>
          ))}
      </td>
    </tr>
  );
}

type Only = 'all' | 'open' | 'todo';
function Measures({ chapter, network, round, onAssess }: { chapter: Chapter; network: string; round: number; onAssess: (code: string, record: string | null) => void }) {
  const read = useResource<{ items: ReliabilityItem[] }>(`/api/v1/program/reliability/measures?network=${network}&section=${chapter.section}`);
  const [only, setOnly] = useState<Only>('all');
  useEffect(() => {
    if (round > 0) read.reload();
  }, [round]);
  const fits = (state: string | null | undefined, mark: string) =>
    only === 'all' || (mark !== '−' && (only === 'open' ? !state : state === 'not-done' || state === 'partly' || state === 'planned'));
  const may = mayWrite('reliability-assessments');
  return (
    <Panel
      title={say('measures.of', { name: tx(chapter.name) })}
      aside={
        <div class="switch no-print" role="group" aria-label={say('show')}>
          {(['all', 'open', 'todo'] as const).map((value) => (
            <button key={value} type="button" aria-pressed={only === value} onClick={() => setOnly(value)}>
              {say(`only.${value}`)}
            </button>
          ))}
        </div>
      }
    >
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!read.value && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {read.value?.items.length === 0 && <p class="quiet">{say('measures.none')}</p>}
      {read.value?.items.map((item) => {
        const rows = item.measures.filter((m) => fits(m.assessment?.state, m.mark));
        return (
          rows.length > 0 && (
            <section key={item.item} class="reliability-item">
              <h3>
                ({item.item}) {item.title}
              </h3>
              <ul class="plain">
                {rows.map((m) => {
                  const a = m.assessment;
                  const words = a?.state ? say.or(`state.${a.state}`, a.state) : say('state.none');
                  const why = a?.state === 'not-applicable' ? a.why_not : a?.reason;
                  return (
                    <li key={m.code} class={m.mark === '−' ? 'reliability-out' : ''} data-code={m.code}>
                      <span class="reliability-no">{m.measure}</span>
                      <span class="reliability-sign" title={say('mark')}>
                        {m.mark}
                      </span>
                      <span class="reliability-text">
                        {m.text}
                        {why && <small class="quiet">{why}</small>}
                        {a?.plan && (
                          <small class="quiet">
                            {say('plan')}: {a.plan} {a.plan_by && <Day value={a.plan_by} short />}
                          </small>
                        )}
                        {a?.owner_name && <small class="quiet">{a.owner_name}</small>}
                      </span>
                      {may ? (
                        <button type="button" class={`badge reliability-assess ${LOOK[a?.state ?? ''] ?? 'outline'}`} aria-label={`${say('assess', { code: m.code })}: ${words}`} onClick={() => onAssess(m.code, a?.record ?? null)}>
                          {words}
                        </button>
                      ) : (
                        <span class={`badge ${LOOK[a?.state ?? ''] ?? 'outline'}`}>{words}</span>
                      )}
                    </li>
                  );
                })}
              </ul>
            </section>
          )
        );
      })}
    </Panel>
  );
}

function Guidelines({ data }: { data: Answer }) {
  return (
    <Panel title={say('guidelines')}>
      <ul class="plain reliability-guidelines">
        {data.guidelines.map((g) => (
          <li key={g.guideline}>
            <b>{say.or(`guideline.${g.guideline}`, g.guideline)}</b>
            {g.total === 0 ? (
              <span class="quiet">{say('guideline.none')}</span>
            ) : (
              <span class="reliability-share">
                <Bar fraction={g.settled / g.total} tone="" /> {say('guideline.state', { settled: number(g.settled), total: number(g.total) })}
                {g.overdue > 0 && (
                  <span class="badge level-late">
                    {say('overdue')} {number(g.overdue)}
                  </span>
                )}
              </span>
            )}
            <span class="no-print">
              <a href={`${registerPage('guideline-checks')}?guideline=${g.guideline}`}>{say('guideline.open')}</a>{' '}
              {mayWrite('guideline-checks') && <a href={`${registerPage('guideline-checks')}/+import`}>{say('guideline.import')}</a>}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export default function Reliability() {
  const [network, setNetwork] = useState('lines');
  const [shown, setShown] = useState<string | null>(null);
  const [importing, setImporting] = useState(false);
  const [writing, setWriting] = useState<{ code: string; record: string | null } | null>(null);
  const [round, setRound] = useState(0);
  const read = useResource<Answer>(`/api/v1/program/reliability?network=${network}`);
  useEffect(() => {
    loadRegisters().catch(() => undefined);
  }, []);
  const data = read.value;
  const again = () => {
    setImporting(false);
    setWriting(null);
    setRound(round + 1);
    read.reload();
  };
  const held = data?.content !== null && data !== null;
  const chapter = data?.chapters.find((c) => c.section === shown);
  return (
    <div class="page reliability">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <PrintButton />
      </div>
      <p class="quiet">{say('lead')}</p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!data && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {data && (
        <>
          <div class="row">
            <Field label={say('network')}>
              {(p) => (
                <select {...p} name="network" value={network} onChange={(e) => setNetwork((e.target as HTMLSelectElement).value)}>
                  {data.networks.map((n) => (
                    <option key={n.id} value={n.id}>
                      {tx(n.name)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
          <Content data={data} network={network} onImport={() => setImporting(true)} />
          {held && <Figures data={data} />}
          <Panel title={say('chapters')}>
            <div class="scroll" tabIndex={0}>
              <table class="data reliability-chapters">
                <thead>
                  <tr>
                    <th scope="col">{say('chapter')}</th>
                    <th scope="col" class="num">
                      {say('items')} / {say('measures')}
                    </th>
                    <th scope="col" class="num">
                      {say('published')}
                    </th>
                    <th scope="col">{say('progress')}</th>
                    <th scope="col" class="num">
                      {say('asked')}
                    </th>
                    {COUNTS.map((key) => (
                      <th key={key} scope="col" class="num">
                        {say(key)}
                      </th>
                    ))}
                    <th scope="col">{say('mark')}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.chapters.map((c) => (
                    <ChapterRow key={c.section} chapter={c} held={held} shown={shown === c.section} onShow={() => setShown(shown === c.section ? null : c.section)} />
                  ))}
                </tbody>
              </table>
            </div>
            <p class="quiet">{say('chapters.note')}</p>
          </Panel>
          {chapter && <Measures key={`${chapter.section}-${network}`} chapter={chapter} network={network} round={round} onAssess={(code, record) => setWriting({ code, record })} />}
          <div class="reliability-pair">
            <Guidelines data={data} />
            {data.left_over.length > 0 && held && (
              <Panel title={say('left')}>
                <p class="quiet">{say('left.lead')}</p>
                <ul class="plain">
                  {data.left_over.map((l) => (
                    <li key={l.record}>
                      <a href={recordPage('reliability-assessments', l.record)}>{l.measure ?? l.record}</a>
                    </li>
                  ))}
                </ul>
              </Panel>
            )}
          </div>
          {data.synthetic && <p class="synthetic-note">{t('demo.synthetic.long')}</p>}
        </>
      )}
      {importing && <ImportDialog onDone={again} onClose={() => setImporting(false)} />}
      {writing && (
        <RecordDialog
          register="reliability-assessments"
          id={writing.record}
          begin={{ measure: writing.code, state: 'done' }}
          title={say('assess', { code: writing.code })}
          onSaved={again}
          onClose={() => setWriting(null)}
        />
      )}
    </div>
  );
}
