// One inspection or survey: results beside last time, respondents, findings.

import { useEffect, useState } from 'preact/hooks';
import { post } from '../lib/api';
import { heading } from '../lib/pages';
import { useResource } from '../lib/resource';
import { points, type Campaign, type Question } from '../lib/survey';
import { errorText, t, tx } from '../lib/ui';
import { Findings } from '../parts/campaign-findings';
import { People } from '../parts/campaign-people';
import { Confirm } from '../parts/confirm';
import { Day } from '../parts/date';
import { Downloads, PrintButton } from '../parts/save';
import { Tabs } from '../parts/tabs';
import { Bar, ErrorBox, Field, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/campaign';
import { say as sayList } from '../words/campaigns';
import type { PageProps } from './index';
import './campaigns.css';

const TABS = ['results', 'people', 'findings'] as const;
type TabId = (typeof TABS)[number];

function Change({ value }: { value: number | null | undefined }) {
  if (value === null || value === undefined) return <>–</>;
  return <span class={value > 0 ? 'campaign-up' : value < 0 ? 'campaign-down' : ''}>{points(value, true)}</span>;
}

function countsText(question: Question, counts: Record<string, number> | null): string {
  if (!counts) return '';
  const label = (id: string) => (question.type === 'yes-no' ? say(id === 'yes' ? 'yes' : 'no') : tx(question.options?.find((o) => o.id === id)?.label) || id);
  return Object.entries(counts)
    .map(([id, n]) => `${label(id)} ${n}`)
    .join('、');
}

function ResultsTab({ c }: { c: Campaign }) {
  const changeOf = (list: 'areas' | 'questions', id: string) => c.comparison?.[list].find((one) => one.id === id);
  const results = new Map(c.results.questions.map((q) => [q.id, q]));
  return (
    <>
      <Panel title={say('areas')} aside={<small class="quiet">{c.comparison ? say('since', { title: c.comparison.with.title }) : say('nolast')}</small>}>
        <div class="scroll" tabIndex={0} role="region" aria-label={say('table', { name: say('areas') })}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{say('area')}</th>
                <th scope="col" class="num">{say('score')}</th>
                <th scope="col" class="num">{say('last')}</th>
                <th scope="col" class="num">{say('change')}</th>
              </tr>
            </thead>
            <tbody>
              {c.results.areas.map((area) => (
                <tr key={area.id}>
                  <th scope="row">
                    {tx(area.title)}
                    <Bar fraction={(area.score ?? 0) / 100} tone="good" />
                  </th>
                  <td class="num">{points(area.score)}</td>
                  <td class="num">{points(changeOf('areas', area.id)?.before)}</td>
                  <td class="num">
                    <Change value={changeOf('areas', area.id)?.change} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      <Panel title={say('questions')}>
        <div class="scroll" tabIndex={0} role="region" aria-label={say('table', { name: say('questions') })}>
          <table class="data campaign-questions">
            <thead>
              <tr>
                <th scope="col">{say('question')}</th>
                <th scope="col" class="num">{say('answered')}</th>
                <th scope="col">{say('counts')}</th>
                <th scope="col" class="num">{say('score')}</th>
                <th scope="col" class="num">{say('change')}</th>
              </tr>
            </thead>
            <tbody>
              {c.document.areas.flatMap((area) => area.questions).map((question) => {
                const result = results.get(question.id);
                const change = c.comparison?.questions.find((one) => one.id === question.id);
                return (
                  <tr key={question.id}>
                    <th scope="row">
                      {tx(question.text)} {change && change.wording !== 'same' && <span class="badge outline">{say.or(`wording.${change.wording}`, change.wording)}</span>}
                    </th>
                    <td class="num">{result?.answered ?? 0}</td>
                    <td>{countsText(question, result?.counts ?? null)}</td>
                    <td class="num">{points(result?.score)}</td>
                    <td class="num">
                      <Change value={change?.change} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </Panel>
    </>
  );
}

function Figures({ c }: { c: Campaign }) {
  return (
    <dl class="figures campaign-figures">
      <div class="figure">
        <dt>{say('score')}</dt>
        <dd>
          <b>{points(c.results.score)}</b> {c.comparison && <Change value={c.comparison.score.change} />}
        </dd>
      </div>
      <div class="figure">
        <dt>{say('submitted')}</dt>
        <dd>
          <b>{sayList('of', { n: c.progress.submitted, total: c.progress.total })}</b>
        </dd>
      </div>
      <div class="figure">
        <dt>{say('tab.findings')}</dt>
        <dd>
          <b>{c.findings.filter((f) => f.state === 'open' || f.state === 'measure').length}</b>
        </dd>
      </div>
      <div class="figure">
        <dt>{say('period')}</dt>
        <dd>
          <Day value={c.from} short /> – <Day value={c.to} short />
        </dd>
      </div>
    </dl>
  );
}

function Tools({ c, onChange }: { c: Campaign; onChange: (next: Campaign) => void }) {
  const [closing, setClosing] = useState(false);
  const [to, setTo] = useState(c.to);
  const [failed, setFailed] = useState<unknown>(null);
  const act = async (body: Record<string, unknown>) => {
    onChange(await post<Campaign>(`/api/v1/campaigns/${c.id}/actions`, { version: c.version, ...body }));
    setClosing(false);
  };
  if (!c.may_run) return null;
  return (
    <div class="row no-print">
      {c.state === 'open' ? (
        <>
          <Field label={say('to')}>{(p) => <input {...p} type="date" name="to" value={to} min={c.from} onInput={(e) => setTo((e.target as HTMLInputElement).value)} />}</Field>
          {to !== c.to && (
            <button type="button" class="button secondary" onClick={() => void act({ action: 'edit', to }).catch(setFailed)}>
              {say('extend')}
            </button>
          )}
          <button type="button" class="button secondary" data-action="close" onClick={() => setClosing(true)}>
            {say('close')}
          </button>
        </>
      ) : (
        <button type="button" class="button secondary" data-action="reopen" onClick={() => void act({ action: 'reopen' }).catch(setFailed)}>
          {say('reopen')}
        </button>
      )}
      {failed !== null && <ErrorBox text={errorText(failed)} />}
      {closing && (
        <Confirm title={say('close.ask')} act={say('close')} onClose={() => setClosing(false)} onConfirm={() => act({ action: 'close' })}>
          <p>{say('close.body')}</p>
        </Confirm>
      )}
    </div>
  );
}

export default function CampaignPage({ params }: PageProps<'id'>) {
  const [tab, setTab] = useState<TabId>('results');
  const read = useResource<Campaign>(`/api/v1/campaigns/${encodeURIComponent(params.id)}`);
  const c = read.value;
  useEffect(() => {
    heading.value = c?.title ?? null;
    return () => {
      heading.value = null;
    };
  }, [c?.title]);
  if (!c)
    return (
      <div class="page">
        <h1 tabIndex={-1}>{params.id}</h1>
        {read.error !== null ? <ErrorBox text={errorText(read.error)} onRetry={read.reload} /> : <p class="loading">{t('common.loading')}</p>}
      </div>
    );
  const base = `/api/v1/campaigns/${c.id}`;
  return (
    <div class="page campaign">
      <div class="page-head">
        <h1 tabIndex={-1}>{c.title}</h1>
        <span class="files no-print">
          <Downloads
            name={c.title}
            files={[
              { format: 'pdf', href: `${base}/report.pdf` },
              { format: 'xlsx', href: `${base}/answers.xlsx` },
              { format: 'csv', href: `${base}/answers.csv` },
            ]}
          />
          <PrintButton />
        </span>
      </div>
      <p>
        <span class="badge outline">{sayList.or(`kind.${c.kind}`, c.kind)}</span> <span class={`badge ${c.state === 'closed' ? 'outline' : 'level-ok'}`}>{sayList(`state.${c.state}`)}</span>{' '}
        {c.overdue && <span class="badge level-late">{sayList('overdue')}</span>} {say('owner')}: {c.owner} · {say('frozen')}: {tx(c.questionnaire.title)} <small class="quiet">{c.questionnaire.sha256.slice(0, 12)}</small>
      </p>
      {c.synthetic && <Synthetic />}
      <Figures c={c} />
      <Tools c={c} onChange={read.set} />
      <Tabs label={say('tabs')} tabs={TABS.map((id) => ({ id, name: say(`tab.${id}`) }))} value={tab} onPick={setTab}>
        {tab === 'results' && <ResultsTab c={c} />}
        {tab === 'people' && <People campaign={c} onChange={read.reload} />}
        {tab === 'findings' && <Findings campaign={c} onChange={read.reload} />}
      </Tabs>
    </div>
  );
}
