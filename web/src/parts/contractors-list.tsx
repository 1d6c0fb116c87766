// Contractors with who stands under whom: one table whose first column reads as a tree.

import { branches, type Overview } from '../lib/contractors';
import { say } from '../words/contractors';
import { Abroad, FindingCount, Score } from './contractors-badges';
import { Day } from './date';

export function ContractorList({ data }: { data: Overview }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say('tab.list')}>
      <table class="data contractors-table">
        <thead>
          <tr>
            <th scope="col">{say('col.name')}</th>
            <th scope="col">{say('col.kinds')}</th>
            <th scope="col">{say('col.countries')}</th>
            <th scope="col">{say('col.owner')}</th>
            <th scope="col">{say('col.contracts')}</th>
            <th scope="col">{say('col.assessment')}</th>
            <th scope="col">{say('col.supervision')}</th>
            <th scope="col">{say('col.findings')}</th>
          </tr>
        </thead>
        <tbody>
          {branches(data.contractors).map(({ row, depth, again }, i) => (
            <tr key={`${row.id}-${i}`} data-contractor={row.id} data-depth={depth}>
              <th scope="row">
                <span class="contractors-branch" style={{ paddingInlineStart: `${depth * 1.25}rem` }}>
                  {depth > 0 && <span aria-hidden="true">└ </span>}
                  <a href={`/contractors/${encodeURIComponent(row.id)}`}>{row.name}</a>
                  {depth > 0 && <small class="quiet"> {say('sub')}</small>}
                  {row.critical && <span class="badge outline">{say('critical')}</span>}
                  {again && <small class="quiet"> {say('again')}</small>}
                </span>
              </th>
              <td>{row.kinds.map((kind) => say.or(`kind.${kind}`, kind)).join('、')}</td>
              <td>
                <Abroad row={row} countries={data.countries} />
              </td>
              <td>{row.ultimate_parent ?? ''}</td>
              <td class="contractors-nowrap">
                {say('contracts.n', { active: row.contracts.active })}
                {row.contracts.draft > 0 && <small class="quiet"> {say('contracts.draft', { draft: row.contracts.draft })}</small>}
              </td>
              <td>
                {row.assessment === null ? (
                  <span class="quiet">{say('assessment.none')}</span>
                ) : (
                  <>
                    <Score score={row.assessment.score} grade={row.assessment.grade} grades={data.marks} good />{' '}
                    {row.assessment.expired ? <span class="badge level-late">{say('assessment.expired')}</span> : <small class="quiet">{say.or(`state.${row.assessment.state}`, row.assessment.state)}</small>}
                  </>
                )}
              </td>
              <td>
                {row.supervision.next ? (
                  <>
                    <Day value={row.supervision.next} short /> {row.supervision.overdue && <span class="badge level-late">{say('overdue')}</span>}
                  </>
                ) : (
                  <span class="quiet">{say('supervision.none')}</span>
                )}
              </td>
              <td>
                <FindingCount findings={row.findings} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
