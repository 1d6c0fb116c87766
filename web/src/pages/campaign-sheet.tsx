// One respondent's sheet, as those who run the campaign see it.

import type { Answers, SheetFile } from '../lib/answer-sheet';
import { useResource } from '../lib/resource';
import { points, type Question, type Questionnaire, type Results } from '../lib/survey';
import { errorText, t, tx } from '../lib/ui';
import { PrintButton } from '../parts/save';
import { ErrorBox, Panel } from '../parts/ui';
import { say } from '../words/campaign';
import type { PageProps } from './index';
import './campaigns.css';

interface Seen {
  sheet: string;
  name: string | null;
  state: string;
  receipt: string | null;
  answers: Answers;
  evidence: SheetFile[];
  scores: Results;
  document: Questionnaire;
  campaign: { id: string; title: string };
}

function valueText(question: Question, answers: Answers): string {
  const answer = answers[question.id];
  if (!answer) return '–';
  if (answer.na) return say('na');
  const { value } = answer;
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  if (value === undefined) return '–';
  return question.type === 'choice' ? tx(question.options?.find((o) => o.id === value)?.label) || String(value) : String(value);
}

export default function CampaignSheet({ params }: PageProps<'id' | 'sheet'>) {
  const read = useResource<Seen>(`/api/v1/campaigns/${encodeURIComponent(params.id)}/respondents/${encodeURIComponent(params.sheet)}`);
  const seen = read.value;
  const scores = new Map(seen?.scores.questions.map((q) => [q.id, q.score]));
  return (
    <div class="page campaign-sheet">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('sheet', { name: seen?.name ?? params.sheet })}</h1>
        <PrintButton />
      </div>
      <p>
        <a href={`/campaigns/${encodeURIComponent(params.id)}`}>{seen?.campaign.title ?? say('back')}</a>
      </p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!seen && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {seen && (
        <p>
          <span class="badge outline">{say.or(`sheet.${seen.state}`, seen.state)}</span> {say('score')}: <b>{points(seen.scores.score)}</b> {seen.receipt && <small class="quiet">{seen.receipt}</small>}
        </p>
      )}
      {seen?.document.areas.map((area) => (
        <Panel key={area.id} title={tx(area.title)}>
          <div class="scroll" tabIndex={0} role="region" aria-label={say('table', { name: tx(area.title) })}>
            <table class="data campaign-answers">
              <thead>
                <tr>
                  <th scope="col">{say('question')}</th>
                  <th scope="col">{say('answer')}</th>
                  <th scope="col" class="num">{say('score')}</th>
                  <th scope="col">{say('comment')}</th>
                  <th scope="col">{say('files')}</th>
                </tr>
              </thead>
              <tbody>
                {area.questions.map((question) => (
                  <tr key={question.id}>
                    <th scope="row">{tx(question.text)}</th>
                    <td>{valueText(question, seen.answers)}</td>
                    <td class="num">{points(scores.get(question.id))}</td>
                    <td>{seen.answers[question.id]?.comment}</td>
                    <td>
                      {seen.evidence
                        .filter((file) => file.question === question.id)
                        .map((file) => (
                          <a key={file.sha256} href={`/api/v1/campaigns/${encodeURIComponent(params.id)}/files/${file.sha256}`} download>
                            {file.name}
                          </a>
                        ))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Panel>
      ))}
    </div>
  );
}
