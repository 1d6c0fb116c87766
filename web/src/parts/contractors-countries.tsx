// Countries by kind of tie: how many contractors have to do with each, and how, beside the carrier's own assessment.

import { TIES, type Country, type Overview } from '../lib/contractors';
import { recordPage } from '../lib/registers';
import { say } from '../words/contractors';
import { CountryCode, Score } from './contractors-badges';
import { Day } from './date';

function Tie({ data, ids, kind }: { data: Overview; ids: string[]; kind: string }) {
  if (ids.length === 0) return <span class="quiet">–</span>;
  const names = ids.map((id) => data.contractors.find((row) => row.id === id)?.name ?? id);
  return (
    <details class="contractors-tie" data-tie={kind}>
      <summary>{ids.length}</summary>
      <ul class="plain">
        {ids.map((id, i) => (
          <li key={id}>
            <a href={`/contractors/${encodeURIComponent(id)}`}>{names[i]}</a>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function CountryMatrix({ data, onChange }: { data: Overview; onChange: (country: string) => void }) {
  const rank = (c: Country) => (c.country === 'JP' ? -1 : (c.score ?? 101));
  const rows = [...data.countries].sort((a, b) => rank(b) - rank(a) || a.country.localeCompare(b.country));
  if (rows.length === 0) return <p class="quiet">{say('countries.none')}</p>;
  return (
    <>
      <p class="quiet">{say('countries.lead')}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={say('tab.countries')}>
        <table class="data contractors-matrix">
          <thead>
            <tr>
              <th scope="col">{say('col.country')}</th>
              <th scope="col">{say('col.score')}</th>
              {TIES.map((tie) => (
                <th scope="col" key={tie} class="num">
                  {say(`tie.${tie}`)}
                </th>
              ))}
              <th scope="col">{say('col.reviewed')}</th>
              <td class="no-print" />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.country} data-country={row.country}>
                <th scope="row">
                  <CountryCode code={row.country} countries={data.countries} /> {row.synthetic && <span class="badge synthetic">{say('country.synthetic')}</span>}
                </th>
                <td>
                  {row.country === 'JP' ? '' : <Score score={row.score} grade={row.grade} grades={data.grades} />}
                  {row.missing !== null && row.missing.length > 0 && <small class="quiet"> {say('country.missing', { n: row.missing.length })}</small>}
                </td>
                {TIES.map((tie) => (
                  <td key={tie} class="num">
                    <Tie data={data} ids={row.ties[tie] ?? []} kind={tie} />
                  </td>
                ))}
                <td>
                  {row.record ? (
                    <>
                      <a href={recordPage('countries', row.record)}>
                        <Day value={row.reviewed} short />
                      </a>{' '}
                      {row.late && <span class="badge level-late">{say('overdue')}</span>}
                      <br />
                      <small class="quiet">{row.reviewer}</small>
                      {row.source && (
                        <a class="contractors-source" href={row.source} target="_blank" rel="noopener noreferrer">
                          {say('country.source')}
                        </a>
                      )}
                    </>
                  ) : (
                    row.country !== 'JP' && <a href="/registers/countries/+new">{say('country.assess')}</a>
                  )}
                </td>
                <td class="no-print">
                  {row.country !== 'JP' && (
                    <button type="button" class="button secondary small" onClick={() => onChange(row.country)}>
                      {say('country.change')}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
