// What users are told of contractors abroad, as it would be published, and the page itself to take away.

import type { Country } from '../lib/contractors';
import { useResource } from '../lib/resource';
import { errorText } from '../lib/ui';
import { say } from '../words/contractors';
import { CountryCode } from './contractors-badges';
import { Day } from './date';
import { ErrorBox } from './ui';

interface Told {
  id: string;
  contractor: string;
  country: string;
  purpose: string | null;
  kinds: string[];
  access: { how: string[]; data: string[]; storage: string[]; processing: string[]; remote: string[] }[];
  law: { country: string; summary: string | null; reviewed: string | null; synthetic: boolean }[];
  safeguards: string | null;
}

function Places({ name, codes, countries }: { name: string; codes: string[]; countries: Country[] }) {
  if (codes.length === 0) return null;
  return (
    <div>
      <span class="quiet">{name}</span>{' '}
      {codes.map((code, i) => (
        <span key={code}>
          {i > 0 && '、'}
          <CountryCode code={code} countries={countries} />
        </span>
      ))}
    </div>
  );
}

function Line({ one, countries }: { one: Told; countries: Country[] }) {
  return (
    <tr data-told={one.id}>
      <th scope="row">
        <a href={`/contractors/${encodeURIComponent(one.id)}`}>{one.contractor}</a>
        <br />
        <CountryCode code={one.country} countries={countries} />
      </th>
      <td>
        {one.purpose}
        <br />
        <small class="quiet">{one.kinds.map((kind) => say.or(`kind.${kind}`, kind)).join('、')}</small>
      </td>
      <td>
        {one.access.map((access, i) => (
          <div key={i}>
            {access.how.map((how) => say.or(`how.${how}`, how)).join('、')}: {access.data.map((data) => say.or(`data.${data}`, data)).join('、')}
            <Places name={say('tie.storage')} codes={access.storage} countries={countries} />
            <Places name={say('tie.processing')} codes={access.processing} countries={countries} />
            <Places name={say('tie.remote')} codes={access.remote} countries={countries} />
          </div>
        ))}
      </td>
      <td>
        {one.law.map((law) => (
          <p key={law.country}>
            <b>
              <CountryCode code={law.country} countries={countries} />
            </b>
            : {law.summary ?? say('abroad.unknown')} {law.reviewed && <Day value={law.reviewed} short />}
          </p>
        ))}
      </td>
      <td>{one.safeguards}</td>
    </tr>
  );
}

export function AbroadList({ asOf, countries }: { asOf: string; countries: Country[] }) {
  const read = useResource<{ items: Told[] }>(`/api/v1/contractors/abroad${asOf}`);
  const items = read.value?.items ?? [];
  return (
    <>
      <p class="quiet">{say('abroad.lead')}</p>
      <p class="no-print">
        <a class="button secondary small" href={`/api/v1/contractors/abroad.html${asOf}`} download="contractors-abroad.html">
          {say('abroad.open')}
        </a>
      </p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value && items.length === 0 && <p class="quiet">{say('abroad.none')}</p>}
      {items.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={say('tab.abroad')}>
          <table class="data contractors-abroad">
            <thead>
              <tr>
                <th scope="col">{say('col.name')}</th>
                <th scope="col">{say('abroad.purpose')}</th>
                <th scope="col">{say('abroad.handling')}</th>
                <th scope="col">{say('abroad.law')}</th>
                <th scope="col">{say('safeguards')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <Line key={one.id} one={one} countries={countries} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
