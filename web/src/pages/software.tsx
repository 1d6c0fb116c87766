// Software and advisories: what runs, what is said about it, whom it reaches, what is done; data kept too long and
// training that is due.

import { useState } from 'preact/hooks';
import { call, post } from '../lib/api';
import { number } from '../lib/i18n';
import { useResource } from '../lib/resource';
import { STATUSES, reach, severity, type Component, type Finding, type Software, type Status } from '../lib/software';
import { day } from '../lib/time';
import { errorText, plainDateText, serviceName, t, tx } from '../lib/ui';
import { PrintButton } from '../parts/save';
import { RefInput } from '../parts/ref-picker';
import { Tabs } from '../parts/tabs';
import { toast } from '../parts/toast';
import { Dialog, Empty, ErrorBox, Field, Panel, Trouble } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/software';
import './software.css';

const value = (event: Event) => (event.target as HTMLInputElement).value;
const dateOf = (text: string | null) => (text ? plainDateText(day(text)) : '');

function Users({ users, facilities }: { users: Record<string, number> | null; facilities: number }) {
  const most = reach(users);
  if (most.length === 0) return <span class="quiet">{facilities === 0 ? say('reach.unknown') : say('reach.none')}</span>;
  return (
    <>
      {most.slice(0, 3).map(([service, n]) => (
        <span key={service} class="software-reach">
          {serviceName(service, undefined)} <b>{number(n)}</b>
        </span>
      ))}
      <small class="quiet">{say('facilities', { n: number(facilities) })}</small>
    </>
  );
}

function Score({ score }: { score: number | null }) {
  return score === null ? <span class="quiet">—</span> : <span class={`badge software-${severity(score)}`}>{`${score.toFixed(1)} ${say(`severity.${severity(score)}`)}`}</span>;
}
const StatusBadge = ({ status }: { status: Status }) => <span class={`badge software-status-${status}`}>{say(`status.${status}`)}</span>;

// ---- what is done about a finding ----

function PatchDialog({ finding, close, saved }: { finding: Finding; close: () => void; saved: () => void }) {
  const [state, setState] = useState('planned');
  const [deadline, setDeadline] = useState('');
  const [on, setOn] = useState('');
  const [failed, setFailed] = useState<unknown>(null);
  const save = async () => {
    const values: Record<string, string> = { vulnerability: finding.vulnerability, system: finding.system, advisory: finding.advisory, state, deadline };
    if (state === 'planned') values['planned_on'] = on;
    if (state === 'done') values['done_on'] = on;
    try {
      await post('/api/v1/registers/patches', { values });
      toast(say('patch.saved'));
      saved();
    } catch (e) {
      setFailed(e);
    }
  };
  return (
    <Dialog
      title={say('patch.title', { name: finding.vulnerability })}
      onClose={close}
      actions={
        <button type="button" class="button" data-action="save-patch" onClick={() => void save()}>
          {say('patch.save')}
        </button>
      }
    >
      <p>{say('patch.of', { system: finding.system_name, component: `${finding.component.name} ${finding.component.version}` })}</p>
      {finding.remedy && <p class="quiet">{finding.remedy}</p>}
      {failed !== null && <Trouble error={failed} />}
      <Field label={say('patch.state')} help={say('patch.accept')}>
        {(p) => (
          <select {...p} name="state" value={state} onChange={(e) => setState(value(e))}>
            {(['open', 'planned', 'done'] as const).map((s) => (
              <option key={s} value={s}>
                {say(`work.${s}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={say('patch.deadline')}>{(p) => <input {...p} type="date" name="deadline" value={deadline} onInput={(e) => setDeadline(value(e))} />}</Field>
      {state !== 'open' && <Field label={state === 'done' ? say('patch.done_on') : say('patch.planned_on')}>{(p) => <input {...p} type="date" name="on" value={on} onInput={(e) => setOn(value(e))} />}</Field>}
    </Dialog>
  );
}

function Work({ finding, ask }: { finding: Finding; ask: () => void }) {
  if (finding.work === 'none') return <span class="quiet">{say('work.none')}</span>;
  return (
    <>
      <span class={finding.overdue || finding.work === 'acceptance-expired' ? 'software-late' : ''}>
        {say(`work.${finding.work}`)}
        {finding.overdue && ` · ${say('overdue')}`}
      </span>
      {finding.patch ? (
        <small>
          <a href={`/registers/patches/${encodeURIComponent(finding.patch.record)}`}>{say('patch.until', { date: dateOf(finding.patch.accepted_until ?? finding.patch.deadline) })}</a>
        </small>
      ) : (
        <button type="button" class="button secondary small" data-patch={finding.vulnerability} aria-label={say('patch.title', { name: finding.vulnerability })} onClick={ask}>
          {say('patch')}
        </button>
      )}
    </>
  );
}

// ---- findings ----

function FindingRow({ f, ask }: { f: Finding; ask: () => void }) {
  return (
    <tr data-status={f.status}>
      <td>
        <StatusBadge status={f.status} />
        <small class="software-why">{say('why', { by: say.or(`by.${f.by}`, f.by), why: tx(f.why) })}</small>
      </td>
      <th scope="row">
        {f.vulnerability} <Score score={f.score} />
        <small class="software-why">{f.title || f.advisory_title}</small>
        {f.justification && <small class="software-why">{say('justification', { text: f.justification })}</small>}
      </th>
      <td>
        {f.component.name} {f.component.version || say('no-version')}
        <small class="software-why">
          <a href={`/registers/sboms/${encodeURIComponent(f.sbom)}`}>{f.system_name || f.system}</a>
        </small>
      </td>
      <td>
        <Users users={f.users} facilities={f.facilities} />
      </td>
      <td>
        <Work finding={f} ask={ask} />
      </td>
    </tr>
  );
}

function Findings({ counts, changed }: { counts: Record<string, number>; changed: () => void }) {
  const [status, setStatus] = useState('');
  const [asked, setAsked] = useState<Finding | null>(null);
  const read = useResource<{ total: number; items: Finding[] }>(`/api/v1/software/findings?limit=500${status ? `&status=${status}` : ''}`);
  return (
    <>
      <div class="row no-print">
        <Field label={say('filter')}>
          {(p) => (
            <select {...p} name="status" value={status} onChange={(e) => setStatus(value(e))}>
              <option value="">{say('filter.all')}</option>
              {STATUSES.map((s) => (
                <option key={s} value={s}>
                  {`${say(`status.${s}`)} (${number(counts[s] ?? 0)})`}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!read.value && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {read.value?.total === 0 && (
        <Empty title={say('findings.none')}>
          <p>{say('findings.none.why')}</p>
        </Empty>
      )}
      {read.value && read.value.total > 0 && (
        <>
          <p role="status">{read.value.total > read.value.items.length ? say('findings.first', { n: number(read.value.total), shown: number(read.value.items.length) }) : say('findings.n', { n: number(read.value.total) })}</p>
          <div class="scroll software-table" tabIndex={0} role="region" aria-label={say('table.of', { name: say('findings') })}>
            <table class="data">
              <thead>
                <tr>
                  <th scope="col">{say('status')}</th>
                  <th scope="col">{say('vulnerability')}</th>
                  <th scope="col">{say('component')}</th>
                  <th scope="col">{say('reach')}</th>
                  <th scope="col">{say('work')}</th>
                </tr>
              </thead>
              <tbody>
                {read.value.items.map((f) => (
                  <FindingRow key={f.id} f={f} ask={() => setAsked(f)} />
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {asked && (
        <PatchDialog
          finding={asked}
          close={() => setAsked(null)}
          saved={() => {
            setAsked(null);
            read.reload();
            changed();
          }}
        />
      )}
    </>
  );
}

// ---- systems, advisories, import ----

function Import({ done }: { done: () => void }) {
  const [kind, setKind] = useState<'sboms' | 'advisories'>('sboms');
  const [file, setFile] = useState<File | null>(null);
  const [system, setSystem] = useState<string[]>([]);
  const [facilities, setFacilities] = useState<string[]>([]);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (!file) return setFailed(new Error(say('import.no-file')));
    setBusy(true);
    setFailed(null);
    const query = new URLSearchParams({ name: file.name });
    if (kind === 'sboms') query.set('system', system[0] ?? '');
    if (kind === 'sboms' && facilities.length > 0) query.set('facilities', facilities.join(','));
    try {
      await call('POST', `/api/v1/software/${kind}?${query}`, new Blob([file], { type: 'application/octet-stream' }));
      toast(say('import.done', { name: file.name }));
      setFile(null);
      done();
    } catch (e) {
      setFailed(e);
    } finally {
      setBusy(false);
    }
  };
  const why = failed instanceof Error && !('status' in failed) ? failed.message : null;
  return (
    <Panel title={say('import')} class="no-print">
      <div class="row">
        <Field label={say('import.kind')}>
          {(p) => (
            <select {...p} name="kind" value={kind} onChange={(e) => setKind(value(e) as 'sboms' | 'advisories')}>
              <option value="sboms">{say('import.sboms')}</option>
              <option value="advisories">{say('import.advisories')}</option>
            </select>
          )}
        </Field>
        <Field label={say('import.file')} help={kind === 'sboms' ? say('import.sboms.help') : say('import.advisories.help')}>
          {(p) => <input {...p} type="file" name="document" accept=".json,application/json" onChange={(e) => setFile((e.target as HTMLInputElement).files?.[0] ?? null)} />}
        </Field>
        {kind === 'sboms' && <Field label={say('import.system')}>{(p) => <RefInput register="systems" control={p} name="system" value={system} many={false} onChange={setSystem} />}</Field>}
        {kind === 'sboms' && (
          <Field label={say('import.facilities')} help={say('import.facilities.help')}>
            {(p) => <RefInput register="facilities" control={p} name="facilities" value={facilities} many onChange={setFacilities} />}
          </Field>
        )}
        <button type="button" class="button" data-action="import" disabled={busy} onClick={() => void send()}>
          {say('import.begin')}
        </button>
      </div>
      {failed !== null && (why ? <ErrorBox text={why} /> : <Trouble error={failed} />)}
    </Panel>
  );
}

function Systems({ data }: { data: Software }) {
  if (data.systems.length === 0)
    return (
      <Empty title={say('systems.none')}>
        <p>{say('systems.none.how')}</p>
      </Empty>
    );
  return (
    <div class="scroll software-table" tabIndex={0} role="region" aria-label={say('table.of', { name: say('sbom') })}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{say('system')}</th>
            <th scope="col">{say('sbom')}</th>
            <th scope="col" class="num">{say('components')}</th>
            <th scope="col" class="num">{say('status.known-affected')}</th>
            <th scope="col" class="num">{say('status.cannot-tell')}</th>
            <th scope="col">{say('reach')}</th>
          </tr>
        </thead>
        <tbody>
          {data.systems.map((s) => (
            <tr key={s.record}>
              <th scope="row">{s.system_name || s.system}</th>
              <td>
                <a href={`/registers/sboms/${encodeURIComponent(s.record)}`}>{s.name}</a> <small>{s.error ?? s.format}</small>
                {s.notes && s.notes.length > 0 && (
                  <details>
                    <summary>{say('notes', { n: number(s.notes.length) })}</summary>
                    <ul class="why">
                      {s.notes.map((n) => (
                        <li key={n}>{n}</li>
                      ))}
                    </ul>
                  </details>
                )}
              </td>
              <td class="num">{number(s.components ?? 0)}</td>
              <td class="num">{number(s.affected)}</td>
              <td class="num">{number(s.cannot_tell)}</td>
              <td>
                <Users users={s.users} facilities={s.facilities} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Advisories({ data }: { data: Software }) {
  if (data.advisories.length === 0) return <p class="quiet">{say('advisories.none')}</p>;
  return (
    <div class="scroll software-table" tabIndex={0} role="region" aria-label={say('table.of', { name: say('advisories') })}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{say('advisory')}</th>
            <th scope="col">{say('publisher')}</th>
            <th scope="col">CVSS</th>
            <th scope="col" class="num">{say('vulnerabilities')}</th>
            <th scope="col" class="num">{say('findings')}</th>
          </tr>
        </thead>
        <tbody>
          {data.advisories.map((a) => (
            <tr key={a.record}>
              <th scope="row">
                <a href={`/registers/advisories/${encodeURIComponent(a.record)}`}>{a.title}</a> <small class="software-id">{a.error ?? a.tracking_id}</small>
              </th>
              <td>{a.publisher}</td>
              <td>
                <Score score={a.score ?? null} />
              </td>
              <td class="num">{number(a.vulnerabilities ?? 0)}</td>
              <td class="num">{number(a.findings)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Components() {
  const [search, setSearch] = useState('');
  const read = useResource<{ total: number; items: Component[] }>(`/api/v1/software/components?limit=200&search=${encodeURIComponent(search)}`);
  return (
    <>
      <div class="row no-print">
        <Field label={say('search')}>{(p) => <input {...p} type="search" name="search" value={search} onChange={(e) => setSearch(value(e))} />}</Field>
      </div>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value?.total === 0 && <Empty title={say('components.none')} />}
      {read.value && read.value.total > 0 && (
        <>
          <p role="status">{say('components.n', { n: number(read.value.total), shown: number(read.value.items.length) })}</p>
          <div class="scroll software-table" tabIndex={0} role="region" aria-label={say('table.of', { name: say('components') })}>
            <table class="data">
              <thead>
                <tr>
                  <th scope="col">{say('component')}</th>
                  <th scope="col">{say('version')}</th>
                  <th scope="col">{say('supplier')}</th>
                  <th scope="col">{say('system')}</th>
                  <th scope="col">{say('purl')}</th>
                </tr>
              </thead>
              <tbody>
                {read.value.items.map((c) => (
                  <tr key={c.id}>
                    <th scope="row">{c.name}</th>
                    <td>{c.version}</td>
                    <td>{c.supplier}</td>
                    <td>{c.system_name || c.system}</td>
                    <td class="software-id">{c.purl}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </>
  );
}

// ---- data and people ----

function Due({ data }: { data: Software }) {
  return (
    <>
      <Panel title={say('retention')}>
        <p class="quiet">{say('retention.help')}</p>
        {data.retention_overdue.length === 0 ? (
          <p>{say('retention.none')}</p>
        ) : (
          <ul class="why">
            {data.retention_overdue.map((r) => (
              <li key={r.record}>
                <a href={`/registers/data-assets/${encodeURIComponent(r.record)}`}>{r.name}</a> {say('retention.of', { until: dateOf(r.kept_until), days: number(r.overdue_days), months: number(r.retention_months) })}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={say('training')}>
        <p class="quiet">{say('training.help')}</p>
        {data.training_due.length === 0 ? (
          <p>{say('training.none')}</p>
        ) : (
          <div class="scroll software-table" tabIndex={0} role="region" aria-label={say('table.of', { name: say('training') })}>
            <table class="data">
              <thead>
                <tr>
                  <th scope="col">{say('person')}</th>
                  <th scope="col">{say('course')}</th>
                  <th scope="col">{say('status')}</th>
                </tr>
              </thead>
              <tbody>
                {data.training_due.map((x) => (
                  <tr key={`${x.person} ${x.course}`}>
                    <th scope="row">
                      <a href={`/registers/persons/${encodeURIComponent(x.person)}`}>{x.person_name || x.person}</a>
                    </th>
                    <td>{x.course_name}</td>
                    <td class={x.state === 'soon' ? '' : 'software-late'}>{say(`training.${x.state}`, { date: dateOf(x.valid_until) })}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
    </>
  );
}

type View = 'findings' | 'systems' | 'components' | 'due';

export default function SoftwarePage() {
  const read = useResource<Software>('/api/v1/software');
  const [view, setView] = useState<View>('findings');
  const data = read.value;
  const views: { id: View; name: string }[] = [
    { id: 'findings', name: say('findings') },
    { id: 'systems', name: say('systems') },
    { id: 'components', name: say('components') },
    { id: 'due', name: say('due') },
  ];
  return (
    <div class="page software">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <PrintButton />
      </div>
      <p>{say('lead')}</p>
      {data?.synthetic && <Synthetic text={say('synthetic')} />}
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!data && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {data && (
        <>
          <dl class="software-counts">
            {(['known-affected', 'cannot-tell', 'open', 'overdue', 'acceptance-expired'] as const).map((c) => (
              <div key={c} class={(data.counts[c] ?? 0) > 0 ? 'some' : ''}>
                <dt>{say(`count.${c}`)}</dt>
                <dd>{number(data.counts[c] ?? 0)}</dd>
              </div>
            ))}
          </dl>
          <Tabs label={say('title')} tabs={views} value={view} onPick={setView}>
            {view === 'findings' && <Findings counts={data.counts} changed={read.reload} />}
            {view === 'systems' && (
              <>
                <Import done={read.reload} />
                <Panel title={say('sbom')}>
                  <Systems data={data} />
                </Panel>
                <Panel title={say('advisories')}>
                  <Advisories data={data} />
                </Panel>
              </>
            )}
            {view === 'components' && <Components />}
            {view === 'due' && <Due data={data} />}
          </Tabs>
        </>
      )}
    </div>
  );
}
