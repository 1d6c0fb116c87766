// Inspections and surveys (点検・調査): what runs and what ran, and the questionnaires they are made from.

import { useState } from 'preact/hooks';
import { call, post } from '../lib/api';
import { useResource } from '../lib/resource';
import { go } from '../lib/router';
import { now } from '../lib/store';
import type { Campaign, CampaignLine, QuestionnaireLine } from '../lib/survey';
import { toInput } from '../lib/time';
import { errorText, t, tx } from '../lib/ui';
import { Day } from '../parts/date';
import { toast } from '../parts/toast';
import { Bar, Dialog, Empty, ErrorBox, Field, Panel, Trouble } from '../parts/ui';
import { say } from '../words/campaigns';
import './campaigns.css';

const KINDS = ['self-inspection', 'audit', 'survey'] as const;
interface Questionnaires {
  items: QuestionnaireLine[];
  may_run: boolean;
}

function Begin({ questionnaires, onClose }: { questionnaires: QuestionnaireLine[]; onClose: () => void }) {
  const today = toInput(now.peek()).slice(0, 10);
  const [body, setBody] = useState({ title: '', kind: 'self-inspection', questionnaire: questionnaires[0]?.id ?? '', from: today, to: today, note: '' });
  const [failed, setFailed] = useState<unknown>(null);
  const set = (field: keyof typeof body) => (e: Event) => setBody({ ...body, [field]: (e.target as HTMLInputElement).value });
  const send = (event: Event) => {
    event.preventDefault();
    post<Campaign>('/api/v1/campaigns', body).then((made) => go(`/campaigns/${made.id}`), setFailed);
  };
  return (
    <Dialog
      title={say('new.title')}
      onClose={onClose}
      actions={
        <button type="submit" form="campaign-new" class="button" data-action="begin-it">
          {say('new')}
        </button>
      }
    >
      <form id="campaign-new" class="form" onSubmit={send}>
        <Field label={say('f.title')}>{(p) => <input {...p} name="title" required maxLength={90} value={body.title} onInput={set('title')} />}</Field>
        <Field label={say('f.kind')}>
          {(p) => (
            <select {...p} name="kind" value={body.kind} onChange={set('kind')}>
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {say(`kind.${kind}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={say('f.questionnaire')}>
          {(p) => (
            <select {...p} name="questionnaire" value={body.questionnaire} onChange={set('questionnaire')}>
              {questionnaires.map((q) => (
                <option key={q.id} value={q.id}>
                  {tx(q.title)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div class="row">
          <Field label={say('f.from')}>{(p) => <input {...p} name="from" type="date" required value={body.from} onInput={set('from')} />}</Field>
          <Field label={say('f.to')}>{(p) => <input {...p} name="to" type="date" required value={body.to} onInput={set('to')} />}</Field>
        </div>
        <Field label={say('f.note')}>{(p) => <textarea {...p} name="note" rows={2} maxLength={1300} value={body.note} onInput={set('note')} />}</Field>
        {failed !== null && <Trouble error={failed} />}
      </form>
    </Dialog>
  );
}

function List({ items }: { items: CampaignLine[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say('table')}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{say('col.title')}</th>
            <th scope="col">{say('col.kind')}</th>
            <th scope="col">{say('col.period')}</th>
            <th scope="col">{say('col.progress')}</th>
            <th scope="col">{say('col.state')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((c) => (
            <tr key={c.id}>
              <th scope="row">
                <a href={`/campaigns/${c.id}`}>{c.title}</a>
                <small>
                  {c.id} {tx(c.questionnaire.title)}
                </small>
              </th>
              <td>{say.or(`kind.${c.kind}`, c.kind)}</td>
              <td class="nowrap">
                <Day value={c.from} short /> – <Day value={c.to} short />
              </td>
              <td class="nowrap">
                {say('of', { n: c.progress.submitted, total: c.progress.total })}
                <Bar fraction={c.progress.total === 0 ? 0 : c.progress.submitted / c.progress.total} tone="good" />
              </td>
              <td>
                <span class={`badge ${c.state === 'closed' ? 'outline' : 'level-ok'}`}>{say(`state.${c.state}`)}</span> {c.overdue && <span class="badge level-late">{say('overdue')}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function QuestionnairesPanel({ data, onDone }: { data: Questionnaires; onDone: () => void }) {
  const [failed, setFailed] = useState<unknown>(null);
  const bring = async (file: File) => {
    setFailed(null);
    const csv = /\.csv$/i.test(file.name);
    const id = file.name.replace(/\.\w+$/, '').toLowerCase();
    try {
      const made = csv
        ? await call<{ id: string; version: number }>('PUT', `/api/v1/questionnaires/${encodeURIComponent(id)}/table.csv?title=${encodeURIComponent(id)}`, new Blob([file], { type: 'text/csv' }))
        : await post<{ id: string; version: number }>('/api/v1/questionnaires', JSON.parse(await file.text()));
      toast(say('q.imported', { name: made.id, version: made.version }));
      onDone();
    } catch (e) {
      setFailed(e);
    }
  };
  return (
    <Panel title={say('questionnaires')} class="campaigns-questionnaires">
      <ul class="plain">
        {data.items.map((q) => (
          <li key={q.id}>
            <b>{tx(q.title)}</b>{' '}
            <small class="quiet">
              {q.id} · {say('q.counts', { areas: q.areas, questions: q.questions })}
            </small>{' '}
            <span class="badge outline">{say.or(`q.${q.wording}`, q.wording)}</span> {q.built_in && <span class="badge outline">{say('q.builtin')}</span>}{' '}
            <a class="tool no-print" href={`/api/v1/questionnaires/${q.id}/table.csv`} download>
              {say('q.csv')}
            </a>
            {q.purpose && <p class="quiet">{tx(q.purpose)}</p>}
          </li>
        ))}
      </ul>
      {data.may_run && (
        <Field label={say('q.import')} help={say('q.import.help')} class="no-print">
          {(p) => (
            <input
              {...p}
              type="file"
              accept=".json,.csv"
              name="questionnaire-file"
              onChange={(e) => {
                const input = e.target as HTMLInputElement;
                if (input.files?.[0]) void bring(input.files[0]).finally(() => (input.value = ''));
              }}
            />
          )}
        </Field>
      )}
      {failed !== null && <ErrorBox text={errorText(failed)} />}
    </Panel>
  );
}

export default function Campaigns() {
  const list = useResource<{ items: CampaignLine[]; may_run: boolean; synthetic: boolean }>('/api/v1/campaigns');
  const questionnaires = useResource<Questionnaires>('/api/v1/questionnaires');
  const [beginning, setBeginning] = useState(false);
  return (
    <div class="page campaigns">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        {list.value?.may_run && questionnaires.value && (
          <button type="button" class="button no-print" data-action="begin" onClick={() => setBeginning(true)}>
            {say('new')}
          </button>
        )}
      </div>
      <p class="quiet">{say('lead')}</p>
      {list.error !== null && <ErrorBox text={errorText(list.error)} onRetry={list.reload} />}
      {!list.value && list.error === null && <p class="loading">{t('common.loading')}</p>}
      {list.value?.items.length === 0 && (
        <Empty title={say('none')}>
          <p>{say('none.body')}</p>
        </Empty>
      )}
      {list.value && list.value.items.length > 0 && <List items={list.value.items} />}
      {questionnaires.value && <QuestionnairesPanel data={questionnaires.value} onDone={questionnaires.reload} />}
      {beginning && questionnaires.value && <Begin questionnaires={questionnaires.value.items} onClose={() => setBeginning(false)} />}
    </div>
  );
}
