// The public policy (情報取扱方針): whether it can be published, its versions, what was published, and what differs.

import { useState } from 'preact/hooks';
import { post } from '../lib/api';
import { recordPage } from '../lib/registers';
import { useResource } from '../lib/resource';
import { now } from '../lib/store';
import { toInput } from '../lib/time';
import type { Gap, Policy, PolicyDiff, PublishState } from '../lib/user-information';
import { errorText, fullWhen, t, tx } from '../lib/ui';
import { say } from '../words/user-information';
import { Day } from './date';
import { Differences } from './diff';
import { toast } from './toast';
import { Dialog, ErrorBox, Field, Panel, Trouble } from './ui';

const PAGE = '/api/v1/user-information/policy.html';

export function StateBadge({ state }: { state: PublishState }) {
  const tone = { 'not-ready': 'level-late', 'unpublished': 'level-soon', 'current': 'level-done', 'differs': 'level-late', 'not-covered': 'outline' }[state];
  return <span class={`badge ${tone}`}>{say(`state.${state}`)}</span>;
}

export function Gaps({ gaps }: { gaps: Gap[] }) {
  if (gaps.length === 0) return <p class="quiet">{say('gaps.none')}</p>;
  const ordered = [...gaps].sort((a, b) => Number(b.blocking) - Number(a.blocking));
  return (
    <ul class="plain user-information-gaps">
      {ordered.map((gap, i) => (
        <li key={i} data-gap={gap.section}>
          {gap.blocking && <span class="badge level-late">{say('blocking')}</span>}
          <span>{tx({ ja: gap.ja, en: gap.en })}</span>
          {gap.register && (
            <a class="no-print" href={gap.record ? recordPage(gap.register, gap.record) : `/registers/${gap.register}`}>
              {gap.record ?? say('open')}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

interface PublishProps {
  /** What is known of the record beforehand. */
  values: Record<string, string | number>;
  onClose: () => void;
  onDone: () => void;
}
/** Records a publication: where, when, by whom. */
export function Publish({ values, onClose, onDone }: PublishProps) {
  const today = toInput(now.peek()).slice(0, 10);
  const people = useResource<{ items: { id: string; title: string }[] }>('/api/v1/registers/persons?limit=500');
  const [fields, setFields] = useState({ url: '', published: today, by: '' });
  const [failed, setFailed] = useState<unknown>(null);
  const set = (name: keyof typeof fields) => (e: Event) => setFields({ ...fields, [name]: (e.target as HTMLInputElement).value });
  const send = (event: Event) => {
    event.preventDefault();
    const { by, ...rest } = fields;
    post('/api/v1/registers/publications', { values: { ...values, ...rest, ...(by ? { by } : {}) } }).then(() => {
      toast(say('publish.done'));
      onDone();
    }, setFailed);
  };
  return (
    <Dialog
      title={say('publish')}
      onClose={onClose}
      actions={
        <button type="submit" form="publish" class="button" data-action="publish-it">
          {say('publish')}
        </button>
      }
    >
      <form id="publish" class="form" onSubmit={send}>
        <p>{say('publish.lead')}</p>
        <Field label={say('publish.url')}>{(p) => <input {...p} name="url" inputMode="url" required pattern="https?://.+" value={fields.url} onInput={set('url')} />}</Field>
        <Field label={say('publish.on')}>{(p) => <input {...p} name="published" type="date" required value={fields.published} onInput={set('published')} />}</Field>
        <Field label={say('publish.by')}>
          {(p) => (
            <select {...p} name="by" value={fields.by} onChange={set('by')}>
              <option value="">–</option>
              {people.value?.items.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.title}
                </option>
              ))}
            </select>
          )}
        </Field>
        <p class="quiet user-information-hash">
          {say('hash')}: <code>{values['sha256']}</code>
        </p>
        {failed !== null && <Trouble error={failed} />}
      </form>
    </Dialog>
  );
}

function Compare({ policy }: { policy: Policy }) {
  const last = policy.versions.length;
  const [from, setFrom] = useState(policy.published?.version ?? last);
  const [to, setTo] = useState(0);
  const diff = useResource<PolicyDiff>(`/api/v1/user-information/policy/diff?from=${from}&to=${to}`);
  const options = [0, ...policy.versions.map((v) => v.number)];
  const pick = (value: number, set: (n: number) => void, label: string) => (
    <Field label={label}>
      {(p) => (
        <select {...p} value={value} onChange={(e) => set(Number((e.target as HTMLSelectElement).value))}>
          {options.map((n) => (
            <option key={n} value={n}>
              {n === 0 ? say('now') : say('version', { n })}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <Panel title={say('compare')}>
      <div class="row no-print">
        {pick(from, setFrom, say('compare.from'))}
        {pick(to, setTo, say('compare.to'))}
      </div>
      {diff.error !== null && <ErrorBox text={errorText(diff.error)} />}
      {diff.value?.sections.length === 0 && <p class="quiet">{say('same')}</p>}
      {diff.value && diff.value.sections.length > 0 && (
        <Differences
          changes={diff.value.sections.map((s) => ({
            id: s.id,
            label: tx(s.title),
            from: s.from && <span class="user-information-lines">{tx(s.from)}</span>,
            to: s.to && <span class="user-information-lines">{tx(s.to)}</span>,
          }))}
        />
      )}
    </Panel>
  );
}

function Versions({ policy }: { policy: Policy }) {
  return (
    <Panel title={say('versions')}>
      {policy.versions.length === 0 && <p class="quiet">{say('versions.none')}</p>}
      <ul class="plain user-information-versions">
        {[...policy.versions].reverse().map((v) => (
          <li key={v.number}>
            <b>{say('version', { n: v.number })}</b> <small class="quiet">{say('by', { who: v.who, at: fullWhen(v.at) })}</small>{' '}
            <a href={`${PAGE}?version=${v.number}`} target="_blank" rel="noreferrer">
              {say('show.ja')}
            </a>{' '}
            <a href={`${PAGE}?version=${v.number}&lang=en`} target="_blank" rel="noreferrer">
              {say('show.en')}
            </a>{' '}
            <small class="quiet">{v.sha256.ja.slice(0, 16)}</small>
          </li>
        ))}
      </ul>
      <h3>{say('publications')}</h3>
      {policy.publications.length === 0 && <p class="quiet">{say('publications.none')}</p>}
      <ul class="plain user-information-versions">
        {policy.publications.map((p) => (
          <li key={p.record}>
            <a href={recordPage('publications', p.record)}>{p.record}</a> {p.version !== null && say('version', { n: p.version })} <Day value={p.published} short /> {p.url}{' '}
            {p.withdrawn && <span class="badge outline">{say('withdrawn')}</span>} <small class="quiet">{p.sha256.slice(0, 16)}</small>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Sections({ policy }: { policy: Policy }) {
  return (
    <Panel title={say('sections')}>
      {policy.sections.map((section) => (
        <section key={section.id} class="user-information-section">
          <h3>
            {tx(section.title)} <small class="quiet">{section.article}</small>
          </h3>
          {section.paragraphs.map((p, i) => (
            <p key={i} class="user-information-lines">
              {tx(p)}
            </p>
          ))}
          {section.tables.map((table, i) => (
            <div key={i} class="scroll" tabIndex={0} role="region" aria-label={say('of-table', { name: tx(table.caption) })}>
              <table class="data">
                <caption>{tx(table.caption)}</caption>
                <thead>
                  <tr>
                    {table.columns.map((c, k) => (
                      <th key={k} scope="col">
                        {tx(c)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {table.rows.map((row, r) => (
                    <tr key={r}>
                      {row.map((cell, k) => (
                        <td key={k}>{tx(cell)}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ))}
        </section>
      ))}
    </Panel>
  );
}

export function PolicyTab() {
  const read = useResource<Policy>('/api/v1/user-information/policy');
  const [failed, setFailed] = useState<unknown>(null);
  const [publishing, setPublishing] = useState(false);
  const policy = read.value;
  const last = policy?.versions[policy.versions.length - 1];
  if (!policy) return read.error !== null ? <ErrorBox text={errorText(read.error)} onRetry={read.reload} /> : <p class="loading">{t('common.loading')}</p>;
  const freeze = () => {
    setFailed(null);
    post<{ number: number }>('/api/v1/user-information/policy/versions', {}).then((made) => {
      toast(say('frozen', { n: made.number }));
      read.reload();
    }, setFailed);
  };
  return (
    <>
      <Panel title={tx(policy.title)} aside={<StateBadge state={policy.state} />}>
        {policy.published && <p>{say('published', { url: policy.published.url, date: policy.published.published })}</p>}
        <p class="user-information-tools no-print">
          <a class="button secondary" href={PAGE} target="_blank" rel="noreferrer" data-action="policy-ja">
            {say('show.ja')}
          </a>
          <a class="button secondary" href={`${PAGE}?lang=en`} target="_blank" rel="noreferrer">
            {say('show.en')}
          </a>
          <a class="button secondary" href={`${PAGE}?download=1`} download>
            {say('download')}
          </a>
          {policy.may_freeze && (
            <button type="button" class="button" data-action="freeze" disabled={!policy.ready} onClick={freeze}>
              {say('freeze')}
            </button>
          )}
          {policy.may_freeze && last && (
            <button type="button" class="button secondary" data-action="publish" onClick={() => setPublishing(true)}>
              {say('publish')}
            </button>
          )}
        </p>
        <p class="quiet user-information-hash">
          {say('hash')}: <code>{policy.sha256.ja}</code>
        </p>
        {failed !== null && <Trouble error={failed} />}
        <Gaps gaps={policy.gaps} />
      </Panel>
      {publishing && last && (
        <Publish
          values={{ title: `${tx(policy.title)} ${say('version', { n: last.number })}`, kind: 'information-policy', edition: last.number, sha256: last.sha256.ja }}
          onClose={() => setPublishing(false)}
          onDone={() => {
            setPublishing(false);
            read.reload();
          }}
        />
      )}
      <Versions policy={policy} />
      {policy.versions.length > 0 && <Compare policy={policy} />}
      <Sections policy={policy} />
    </>
  );
}
