// Specified user information (特定利用者情報) and external transmission (外部送信規律): duties, what is missing, the public policy,
// rules and assessments, numbers of users, tags.

import { useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import { recordPage } from '../lib/registers';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';
import type { Site, UserInformation as Info } from '../lib/user-information';
import { day } from '../lib/time';
import { errorText, plainDateText, t, tx } from '../lib/ui';
import { Day } from '../parts/date';
import { ruleText } from '../parts/program-duty';
import { Gaps, PolicyTab, Publish, StateBadge } from '../parts/policy-panel';
import { Downloads, PrintButton } from '../parts/save';
import { Tabs } from '../parts/tabs';
import { ErrorBox, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/user-information';
import './user-information.css';

const TABS = ['overview', 'policy', 'rules', 'counts', 'transmissions'] as const;
type TabId = (typeof TABS)[number];
const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

function Overview({ info }: { info: Info }) {
  const { applies, since } = info.designation;
  return (
    <>
      <p class={`notice ${applies === 'yes' ? 'notice-warn' : ''}`}>
        <b>{say(`designated.${applies}`)}</b> {since && say('since', { date: plainDateText(day(since)) })}
      </p>
      <Panel title={say('gaps')}>
        <Gaps gaps={info.gaps} />
      </Panel>
      <Panel
        title={say('manager')}
        aside={
          <a class="tool no-print" href="/officers">
            {say('officers')}
          </a>
        }
      >
        {info.manager ? (
          <p>
            <a href={recordPage('persons', info.manager.person)}>{info.manager.person}</a> {info.manager.appointed && say('manager.since', { date: plainDateText(day(info.manager.appointed)) })}{' '}
            {info.manager.notified && say('manager.notified', { date: plainDateText(day(info.manager.notified)) })}
          </p>
        ) : (
          <p class="quiet">{say('manager.none')}</p>
        )}
      </Panel>
      <Panel title={say('duties')}>
        <div class="scroll" tabIndex={0} role="region" aria-label={say('of-table', { name: say('duties') })}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{say('duty')}</th>
                <th scope="col">{say('applies')}</th>
                <th scope="col">{say('deadlines')}</th>
              </tr>
            </thead>
            <tbody>
              {info.duties.map((duty) => (
                <tr key={duty.id}>
                  <th scope="row">
                    {tx(duty.name)}
                    <small>{duty.article}</small>
                  </th>
                  <td>
                    <span class={`badge ${duty.applies === 'yes' ? 'level-half' : 'outline'}`}>{say.or(`applies.${duty.applies}`, duty.applies)}</span>
                  </td>
                  <td>
                    {duty.deadlines.map((d, i) => (
                      <div key={i}>
                        {tx(d.what)}: {d.due ? <Day value={d.due} short /> : ruleText(d)}
                      </div>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </>
  );
}

function Rules({ info }: { info: Info }) {
  const { current, items } = info.rules;
  return (
    <>
      <Panel
        title={say('rules')}
        aside={
          <a class="tool no-print" href="/registers/handling-rules/+new">
            {say('rules.add')}
          </a>
        }
      >
        <p>{current ? <a href={recordPage('handling-rules', current.id)}>{textOf(current.values['title'])}</a> : <span class="quiet">{say('rules.none')}</span>}</p>
        <div class="scroll" tabIndex={0} role="region" aria-label={say('of-table', { name: say('rules') })}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{say('item')}</th>
                <th scope="col">{say('clause')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.id}>
                  <th scope="row">
                    {tx(item.name)} <small>{item.item}</small>
                  </th>
                  <td>
                    {item.clause ?? <span class={`badge ${item.conditional ? 'outline' : 'level-late'}`}>{say('clause.none')}</span>}{' '}
                    {!item.clause && item.conditional && <small class="quiet">{say('conditional')}</small>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      <Panel
        title={say('assessments')}
        aside={
          <a class="tool no-print" href="/registers/handling-assessments/+new">
            {say('assessment.add')}
          </a>
        }
      >
        {info.assessments.length === 0 && <p class="quiet">{say('assessments.none')}</p>}
        <ul class="plain user-information-versions">
          {info.assessments.map((one) => (
            <li key={one.id}>
              <a href={recordPage('handling-assessments', one.id)}>{textOf(one.values['title'])}</a>{' '}
              <small class="quiet">{say('assessment.period', { from: textOf(one.values['from']), to: textOf(one.values['to']) })}</small> {one.change_open && <span class="badge level-late">{say('assessment.open')}</span>}
              <p>
                {one.items.map((item) => (
                  <span key={item.id} class={`badge ${item.there ? 'level-done' : 'outline'}`} title={say(item.there ? 'there' : 'missing')}>
                    {item.there ? '✓' : '–'} {tx(item.name)}
                  </span>
                ))}
              </p>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

function Counts({ info }: { info: Info }) {
  return (
    <Panel title={say('counts')} aside={<Downloads name={say('counts')} files={[{ format: 'csv', href: '/api/v1/user-information/counts.csv' }]} />}>
      <p class="quiet">{say('counts.lead')}</p>
      {info.counts.length === 0 ? (
        <p class="quiet">{say('counts.none')}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={say('of-table', { name: say('counts') })}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{say('service')}</th>
                <th scope="col">{say('col.year')}</th>
                <th scope="col" class="num">{say('users')}</th>
                <th scope="col">{say('class')}</th>
                <th scope="col">{say('report')}</th>
              </tr>
            </thead>
            <tbody>
              {info.counts.map((row) => (
                <tr key={`${row.service}-${row.fiscal_year}`}>
                  <th scope="row">
                    {row.name || row.service} <small>{row.paid === null ? '' : say(row.paid ? 'paid' : 'free')}</small>
                  </th>
                  <td>{say('year', { year: row.fiscal_year })}</td>
                  <td class="num">{number(row.users)}</td>
                  <td>{row.class && <span class={`badge ${row.class.id === 'over' ? 'level-late' : row.class.id === 'near' ? 'level-soon' : 'outline'}`}>{tx(row.class.name)}</span>}</td>
                  <td>{row.report ? say('report.yes', { due: plainDateText(day(row.due)) }) : <span class="quiet">{say('report.no')}</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function SitePanel({ site, onChange }: { site: Site; onChange: () => void }) {
  const [publishing, setPublishing] = useState(false);
  const name = textOf(site.values['name']);
  return (
    <Panel title={name} aside={<StateBadge state={site.state} />}>
      <p class="user-information-tools no-print">
        {site.covered && (
          <a class="button secondary small" href={`/api/v1/external-transmissions/${encodeURIComponent(site.id)}/table.html`} target="_blank" rel="noreferrer" data-table={site.id}>
            {say('table')}
          </a>
        )}
        <a class="tool" href={recordPage('public-sites', site.id)}>
          {site.id}
        </a>
        {site.covered && may('run-program') && (
          <button type="button" class="button secondary small" onClick={() => setPublishing(true)}>
            {say('publish')}
          </button>
        )}
      </p>
      {publishing && (
        <Publish
          values={{ title: name, kind: 'external-transmission', site: site.id, sha256: site.sha256 }}
          onClose={() => setPublishing(false)}
          onDone={() => {
            setPublishing(false);
            onChange();
          }}
        />
      )}
      {site.covered && <Gaps gaps={site.gaps} />}
      {site.tags.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={say('of-table', { name: name })}>
          <table class="data user-information-tags">
            <thead>
              <tr>
                <th scope="col">{say('tag')}</th>
                <th scope="col">{say('sent')}</th>
                <th scope="col">{say('recipient')}</th>
                <th scope="col">{say('purpose')}</th>
                <th scope="col">{say('ground')}</th>
                <th scope="col">{say('checked')}</th>
              </tr>
            </thead>
            <tbody>
              {site.tags.map((tag) => (
                <tr key={tag.id}>
                  <th scope="row">
                    <a href={recordPage('external-transmissions', tag.id)}>{textOf(tag.values['name'])}</a>
                  </th>
                  <td>{textOf(tag.values['sent'])}</td>
                  <td>
                    {textOf(tag.values['recipient'])} <small>{textOf(tag.values['country'])}</small>
                  </td>
                  <td>{textOf(tag.values['purpose'])}</td>
                  <td>{say.or(`ground.${textOf(tag.values['ground'])}`, textOf(tag.values['ground']))}</td>
                  <td class="nowrap">
                    <Day value={textOf(tag.values['checked']) || null} short />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function Transmissions() {
  const read = useResource<{ items: Site[] }>('/api/v1/external-transmissions');
  return (
    <>
      <p class="user-information-tools no-print">
        <a class="button secondary small" href="/registers/public-sites/+new">
          {say('site.add')}
        </a>
        <a class="button secondary small" href="/registers/external-transmissions/+new">
          {say('tag.add')}
        </a>
      </p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value?.items.length === 0 && <p class="quiet">{say('transmissions.none')}</p>}
      {read.value?.items.map((site) => <SitePanel key={site.id} site={site} onChange={read.reload} />)}
    </>
  );
}

export default function UserInformation() {
  const [tab, setTab] = useState<TabId>('overview');
  const read = useResource<Info>('/api/v1/user-information');
  const info = read.value;
  return (
    <div class="page user-information">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <PrintButton />
      </div>
      <p class="quiet">{say('lead')}</p>
      {info?.synthetic && <Synthetic />}
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!info && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {info && (
        <Tabs label={say('tabs')} tabs={TABS.map((id) => ({ id, name: say(`tab.${id}`) }))} value={tab} onPick={setTab}>
          {tab === 'overview' && <Overview info={info} />}
          {tab === 'policy' && <PolicyTab />}
          {tab === 'rules' && <Rules info={info} />}
          {tab === 'counts' && <Counts info={info} />}
          {tab === 'transmissions' && <Transmissions />}
        </Tabs>
      )}
    </div>
  );
}
