// Sources of risk as dated surveys rank them, each the beginning of a risk of one's own.

import { useResource } from '../lib/resource';
import type { Text } from '../lib/types';
import { errorText, t, tx } from '../lib/ui';
import { PrintButton } from '../parts/save';
import { ErrorBox, Panel } from '../parts/ui';
import { Synthetic } from '../parts/synthetic';
import { say } from '../words/risk-sources';
import './risk-sources.css';

interface Item {
  id: string;
  name: Text;
  about?: Text;
  rank?: number | null;
  previous_rank?: number | null;
  share?: number | null;
  trend: string;
  category?: string;
  verified: boolean;
}
interface Survey {
  id: string;
  name: Text;
  publisher?: string;
  published: string;
  published_verified?: boolean;
  question?: Text;
  citation?: Text | string;
  note?: Text;
  own: boolean;
  lists: { id: string; population: Text; items: Item[] }[];
}
interface Sources {
  surveys: Survey[];
  used: Record<string, number>;
  synthetic: boolean;
}

const making = (item: Item) =>
  `/registers/risks/+new?${new URLSearchParams({ title: tx(item.name), source: tx(item.name), source_ref: item.id, status: 'identified', ...(item.category && { category: item.category }) })}`;

function Ranks({ survey, list, used }: { survey: Survey; list: Survey['lists'][number]; used: Record<string, number> }) {
  return (
    <div class="risk-sources-scroll" tabIndex={0} role="region" aria-label={`${tx(survey.name)} ${survey.published} ${tx(list.population)}`}>
      <table class="data">
        <caption>{tx(list.population)}</caption>
        <thead>
          <tr>
            <th scope="col" class="num">{say('rank')}</th>
            <th scope="col">{say('name')}</th>
            <th scope="col" class="num">{say('share')}</th>
            <th scope="col" class="num">{say('before')}</th>
            <th scope="col">{say('trend')}</th>
            <th scope="col" class="num">{say('used')}</th>
            <th scope="col" class="no-print">
              <span class="visually-hidden">{say('make')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.items.map((item) => (
            <tr key={item.id}>
              <td class="num">{item.rank ?? '—'}</td>
              <th scope="row">
                {tx(item.name)}
                {item.about && <span class="risk-sources-about quiet">{tx(item.about)}</span>}
              </th>
              <td class="num">{item.share == null ? '—' : say('percent', { n: item.share })}</td>
              <td class="num">{item.previous_rank ?? '—'}</td>
              <td class={`risk-sources-trend ${item.trend}`}>{say.or(`trend.${item.trend}`, item.trend)}</td>
              <td class="num">{used[item.id] ?? 0}</td>
              <td class="no-print">
                <a class="button secondary small" href={making(item)} aria-label={say('make.for', { name: tx(item.name) })}>
                  {say('make')}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default function RiskSourcesPage() {
  const read = useResource<Sources>('/api/v1/risks/sources');
  const data = read.value;
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <div class="actions no-print">
          <a class="button secondary" href="/registers/risk-sources">
            {say('register')}
          </a>
          <PrintButton />
        </div>
      </div>
      <p class="quiet">{say('lead')}</p>
      {data?.synthetic && <Synthetic text={say('synthetic')} />}
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!data && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {data?.surveys.map((survey) => (
        <Panel
          key={survey.id}
          title={`${tx(survey.name)} ${survey.own ? survey.published : ''}`.trim()}
          aside={
            <span class="quiet">
              {survey.own ? say('own') : survey.publisher} · {say('published')} {survey.published}
              {survey.published_verified === false && `(${say('unverified')})`}
            </span>
          }
        >
          {survey.question && <p>{tx(survey.question)}</p>}
          <div class="risk-sources-lists">
            {survey.lists.map((list) => (
              <Ranks key={list.id} survey={survey} list={list} used={data.used} />
            ))}
          </div>
          {survey.note && <p class="quiet">{tx(survey.note)}</p>}
          {survey.citation && (
            <p class="quiet">
              {say('citation')}: {tx(survey.citation)}
            </p>
          )}
        </Panel>
      ))}
    </div>
  );
}
