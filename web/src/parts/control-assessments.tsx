// Assessments: from the plan to results, findings and their measures. The records themselves are the registers'.

import { controlPage, type Assessment, type AssessmentResult } from '../lib/controls';
import { recordPage, registerPage } from '../lib/registers';
import { useResource } from '../lib/resource';
import { errorText } from '../lib/ui';
import { say } from '../words/controls';
import { Day } from './date';
import { Empty, ErrorBox, Panel } from './ui';
import { Reference } from './value';

const KINDS = ['assessment-plan', 'assessment-results', 'plan-of-action-and-milestones'] as const;

function Row({ framework, item, result }: { framework: string; item: string; result: AssessmentResult | undefined }) {
  return (
    <tr>
      <th scope="row">
        <a href={controlPage(framework, item)}>{item}</a>
      </th>
      <td>
        {result ? (
          <a href={recordPage('assessment-results', result.id)} class={`controls-result-${result.result}`}>
            {say.or(`assess.result.${result.result}`, result.result ?? '')}
          </a>
        ) : (
          <span class="quiet">{say('assess.pending')}</span>
        )}
      </td>
      <td>{result?.observed}</td>
      <td>{result?.assessed && <Day value={result.assessed} short />}</td>
      <td>
        {result?.measure ? (
          <>
            <a href={recordPage('countermeasures', result.measure.id)}>{result.measure.title ?? result.measure.id}</a> <Day value={result.measure.deadline} short />
          </>
        ) : (
          result?.result === 'not-satisfied' && <span class="badge level-soon">{say('assess.no-measure')}</span>
        )}
      </td>
    </tr>
  );
}

function One({ assessment }: { assessment: Assessment }) {
  const { framework = '', results } = assessment;
  const found = results.filter((one) => one.result === 'not-satisfied');
  const assessed = new Set(results.map((one) => one.item));
  const rows = [...assessment.items, ...results.map((one) => one.item).filter((item) => !assessment.items.includes(item))];
  const exports = KINDS.filter((kind) => kind !== 'plan-of-action-and-milestones' || found.length > 0);
  const name = assessment.title ?? assessment.id;
  return (
    <Panel
      title={name}
      aside={
        <span class="files no-print">
          <a class="button secondary small" href={recordPage('assessments', assessment.id)}>
            {say('assess.edit')}
          </a>
          <a class="button secondary small" href={`${registerPage('assessment-results')}/+new`}>
            {say('assess.add')}
          </a>
        </span>
      }
    >
      {assessment.problem && <ErrorBox text={assessment.problem} />}
      <p>
        <span class="badge outline">{say.or(`assess.${assessment.state}`, assessment.state ?? '')}</span> <Day value={assessment.from} />–<Day value={assessment.to} /> <span class="quiet">{framework}</span>{' '}
        {assessment.assessor && <Reference register="persons" id={assessment.assessor} />}
      </p>
      <p>
        {say('assess.progress', { done: assessment.items.filter((item) => assessed.has(item)).length, all: assessment.items.length })}
        {found.length > 0 && ` — ${say('assess.findings', { n: found.length, open: found.filter((one) => one.status !== 'closed').length })}`}
      </p>
      {assessment.conclusion && <p class="controls-note">{assessment.conclusion}</p>}
      {(assessment.assessor_answers_for?.length ?? 0) > 0 && <p class="notice notice-warn">{say('assess.self', { items: assessment.assessor_answers_for!.join(' ') })}</p>}
      {(assessment.unknown?.length ?? 0) > 0 && <p class="notice notice-warn">{say('assess.unknown', { items: assessment.unknown!.join(' ') })}</p>}
      {results.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={say('assess.table', { title: name })}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{say('assess.control')}</th>
                <th scope="col">{say('assess.result')}</th>
                <th scope="col">{say('assess.observed')}</th>
                <th scope="col">{say('assess.day')}</th>
                <th scope="col">{say('assess.measure')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((item) => (
                <Row key={item} framework={framework} item={item} result={results.filter((one) => one.item === item).at(-1)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {framework && (
        <p class="files no-print">
          {exports.map((kind) => (
            <a key={kind} class="button secondary small" download href={`/api/v1/controls/frameworks/${framework}/oscal/${kind}?assessment=${assessment.id}`}>
              {say(`oscal.${kind}`)}
            </a>
          ))}
        </p>
      )}
    </Panel>
  );
}

export function ControlAssessments({ mayWrite }: { mayWrite: boolean }) {
  const read = useResource<{ items: Assessment[] }>('/api/v1/controls/assessments');
  return (
    <div class="controls-stack">
      {mayWrite && (
        <p class="no-print">
          <a class="button" href={`${registerPage('assessments')}/+new`}>
            {say('assess.new')}
          </a>
        </p>
      )}
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value?.items.length === 0 && (
        <Empty title={say('assess.none')}>
          <p>{say('assess.none.how')}</p>
        </Empty>
      )}
      {read.value && [...read.value.items].sort((a, b) => (b.from ?? '').localeCompare(a.from ?? '')).map((one) => <One key={one.id} assessment={one} />)}
    </div>
  );
}
