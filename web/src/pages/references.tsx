// 規格・認証の比較: what the ministry's paper of 2021 compares, with dates, what changed since, and what is held.

import { useState } from 'preact/hooks';
import { recordPage } from '../lib/registers';
import { useResource } from '../lib/resource';
import type { Named } from '../lib/risks';
import type { Text } from '../lib/types';
import { errorText, t, tx } from '../lib/ui';
import { PrintButton } from '../parts/save';
import { ErrorBox, Field, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/references';
import './references.css';

interface Held {
  id: string;
  number: string | null;
  holder: string | null;
  contractor: Named | null;
  expires: string | null;
  expired: boolean;
}
interface Item {
  id: string;
  group: string;
  name: Text;
  kind: string;
  publisher: string;
  purpose: Text;
  readers: Text;
  covers: Text;
  basis: string[];
  certification: Text | null;
  paper: { edition: string; date: string; note: Text; verified: boolean };
  since: { date: string; what: Text; verified: boolean; source?: string }[];
  framework: string[];
  held: Held[];
}
interface File {
  id: string;
  title: Text;
  as_of: string;
  citation: Text;
  groups: { id: string; name: Text }[];
  items: Item[];
}

const Unverified = () => <span class="references-unverified">{say('unverified')}</span>;

function Holding({ held }: { held: Held[] }) {
  if (held.length === 0) return <span class="quiet">{say('held.none')}</span>;
  return (
    <ul class="references-list">
      {held.map((h) => (
        <li key={h.id}>
          <a href={recordPage('certificates', h.id)}>{h.number ?? h.id}</a> {h.contractor ? h.contractor.title : say('held.self')}{' '}
          {h.expires && <span class="quiet">{say('until', { date: h.expires })}</span>}
          {h.expired && <span class="badge level-late"> {say('held.expired')}</span>}
        </li>
      ))}
    </ul>
  );
}

function Since({ item }: { item: Item }) {
  return (
    <ul class="references-list">
      {item.since.map((s) => (
        <li key={s.date + s.what.en}>
          <b class="num">{s.date}</b> {tx(s.what)} {!s.verified && <Unverified />}
        </li>
      ))}
    </ul>
  );
}

function Comparison({ group, items, date, names }: { group: string; items: Item[]; date: string; names: Map<string, string> }) {
  const head = ['name', 'purpose', 'readers', 'covers', 'paper', 'since', 'certification', 'held'] as const;
  return (
    <div class="references-scroll" tabIndex={0} role="region" aria-label={`${say('compare')}: ${group}`}>
      <table class="data references-table">
        <thead>
          <tr>
            {head.map((id) => (
              <th key={id} scope="col">
                {say(id, { date })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id} id={item.id}>
              <th scope="row">
                {tx(item.name)}
                <span class="references-small quiet">
                  {item.publisher} · {say.or(`kind.${item.kind}`, item.kind)}
                </span>
                {item.framework.length > 0 && (
                  <span class="references-small">
                    {item.framework.map((id) => (
                      <a key={id} class="references-link" href={`/controls?framework=${encodeURIComponent(id)}`}>
                        {id}
                      </a>
                    ))}
                  </span>
                )}
              </th>
              <td>
                {tx(item.purpose)}
                {item.basis.length > 0 && (
                  <span class="references-small quiet">
                    {say('basis')}: {item.basis.map((id) => names.get(id) ?? id).join('、')}
                  </span>
                )}
              </td>
              <td>{tx(item.readers)}</td>
              <td>{tx(item.covers)}</td>
              <td>
                <b>{[item.paper.edition, item.paper.date].filter(Boolean).join(' · ')}</b> {tx(item.paper.note)} {!item.paper.verified && <Unverified />}
              </td>
              <td>
                <Since item={item} />
              </td>
              <td>{item.certification ? tx(item.certification) : '—'}</td>
              <td>
                <Holding held={item.held} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Compared({ file }: { file: File }) {
  const [group, setGroup] = useState('');
  const names = new Map(file.items.map((item) => [item.id, tx(item.name)]));
  const groups = file.groups.filter((g) => group === '' || g.id === group);
  return (
    <>
      <div class="row no-print">
        <Field label={say('group')}>
          {(p) => (
            <select {...p} name="group" value={group} onChange={(e) => setGroup((e.target as HTMLSelectElement).value)}>
              <option value="">{say('all')}</option>
              {file.groups.map((g) => (
                <option key={g.id} value={g.id}>
                  {tx(g.name)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {groups.map((g) => (
        <Panel key={g.id} title={tx(g.name)}>
          <Comparison group={tx(g.name)} items={file.items.filter((item) => item.group === g.id)} date={file.as_of} names={names} />
        </Panel>
      ))}
      <p class="quiet">
        {say('citation')}: {tx(file.citation)}
      </p>
    </>
  );
}

export default function ReferencesPage() {
  const read = useResource<{ files: File[]; synthetic: boolean }>('/api/v1/references');
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <div class="actions no-print">
          <a class="button secondary" href="/registers/certificates">
            {say('certificates')}
          </a>
          <PrintButton />
        </div>
      </div>
      <p class="quiet">{say('lead')}</p>
      {read.value?.synthetic && <Synthetic text={say('synthetic')} />}
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!read.value && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {read.value?.files.map((file) => <Compared key={file.id} file={file} />)}
    </div>
  );
}
