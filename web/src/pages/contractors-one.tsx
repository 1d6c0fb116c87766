// One contractor with everything on it: what is missing, contracts, what it touches, assessments, supervision,
// certificates, incidents, open points, who stands above and below, and what it reaches.

import type { ComponentChildren } from 'preact';
import type { Item, Overview, Whole } from '../lib/contractors';
import { recordPage } from '../lib/registers';
import { useResource } from '../lib/resource';
import { errorText, fullWhen } from '../lib/ui';
import { Abroad, CountryCode, Findings, Score } from '../parts/contractors-badges';
import { ReachView } from '../parts/contractors-reach';
import { Day } from '../parts/date';
import { PrintButton } from '../parts/save';
import { ErrorBox, Panel } from '../parts/ui';
import { Reference } from '../parts/value';
import { say } from '../words/contractors';
import type { PageProps } from './index';
import './contractors.css';

const text = (item: Item, field: string) => String(item.values[field] ?? '');
const list = (item: Item, field: string) => (Array.isArray(item.values[field]) ? (item.values[field] as string[]) : []);

interface ListProps {
  title: string;
  register: string;
  items: Item[];
  field: string;
  contractor: string;
  line: (item: Item) => ComponentChildren;
}
function Records({ title, register, items, field, line }: ListProps) {
  return (
    <Panel
      title={title}
      class="contractors-panel"
      aside={
        <a class="tool no-print" href={`/registers/${register}/+new`}>
          {say('add')}
        </a>
      }
    >
      {items.length === 0 && <p class="quiet">{say('list.none')}</p>}
      <ul class="plain">
        {items.map((item) => (
          <li key={item.id}>
            <a href={recordPage(register, item.id)}>{text(item, field) || item.id}</a>
            <div class="contractors-line">{line(item)}</div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <span class="contractors-fact">
      <span class="quiet">{name}</span> {children}
    </span>
  );
}
function Countries({ codes, name, countries }: { codes: string[]; name: string; countries: Overview['countries'] | undefined }) {
  if (codes.length === 0) return null;
  return (
    <Fact name={name}>
      {codes.map((code, i) => (
        <span key={code}>
          {i > 0 && '、'}
          <CountryCode code={code} countries={countries} />
        </span>
      ))}
    </Fact>
  );
}

function contractLine(item: Item, countries: Overview['countries'] | undefined) {
  const law = text(item, 'law');
  const hours = item.values['notice_hours'];
  return (
    <>
      <span class={`badge ${text(item, 'status') === 'active' ? 'level-ok' : 'outline'}`}>{say.or(`status.${text(item, 'status')}`, text(item, 'status'))}</span>{' '}
      <Day value={text(item, 'from')} short /> – {text(item, 'to') && <Day value={text(item, 'to')} short />}
      {law && <Countries name={say('f.law')} codes={[law]} countries={countries} />}
      {text(item, 'audit_right') && <Fact name={say('f.audit')}>{say.or(`audit.${text(item, 'audit_right')}`, '')}</Fact>}
      {hours !== undefined && <Fact name={say('f.notice')}>{say('f.hours', { n: String(hours) })}</Fact>}
      {text(item, 'sub_consent') && <Fact name={say('f.sub')}>{say.or(`subc.${text(item, 'sub_consent')}`, '')}</Fact>}
      {text(item, 'data_return') && <Fact name={say('f.data')}>{say.or(`ret.${text(item, 'data_return')}`, '')}</Fact>}
      {text(item, 'exit') && <Fact name={say('f.exit')}>{text(item, 'exit')}</Fact>}
    </>
  );
}
function accessLine(item: Item, countries: Overview['countries'] | undefined) {
  const refs = (field: string, register: string) =>
    list(item, field).slice(0, 12).map((id, i) => (
      <span key={id}>
        {i > 0 && '、'}
        <Reference register={register} id={id} />
      </span>
    ));
  return (
    <>
      <span class="badge outline">{say.or(`priv.${text(item, 'privilege')}`, '')}</span> {list(item, 'how').map((how) => say.or(`how.${how}`, how)).join('、')}
      {list(item, 'systems').length > 0 && <Fact name={say('reach.system')}>{refs('systems', 'systems')}</Fact>}
      {list(item, 'data_assets').length > 0 && <Fact name={say('reach.data')}>{refs('data_assets', 'data-assets')}</Fact>}
      {list(item, 'facilities').length > 0 && <Fact name={say('reach.facility')}>{refs('facilities', 'facilities')}</Fact>}
      <Countries name={say('tie.storage')} codes={list(item, 'storage_countries')} countries={countries} />
      <Countries name={say('tie.processing')} codes={list(item, 'processing_countries')} countries={countries} />
      <Countries name={say('tie.remote')} codes={list(item, 'remote_countries')} countries={countries} />
      {text(item, 'safeguards') && <Fact name={say('safeguards')}>{text(item, 'safeguards')}</Fact>}
    </>
  );
}

function Chains({ data, all }: { data: Whole; all: Overview | null }) {
  const name = (id: string) => all?.contractors.find((row) => row.id === id)?.name ?? id;
  const links = (ids: string[]) =>
    ids.map((id) => (
      <li key={id}>
        <a href={`/contractors/${encodeURIComponent(id)}`}>{name(id)}</a>
      </li>
    ));
  const { above, below } = data.contractor;
  return (
    <Panel title={say('chain')} class="contractors-panel">
      {above.length + below.length === 0 && <p class="quiet">{say('list.none')}</p>}
      {above.length > 0 && (
        <>
          <h3>{say('chain.above')}</h3>
          <ul class="plain">{links(above)}</ul>
        </>
      )}
      {below.length > 0 && (
        <>
          <h3>{say('chain.below')}</h3>
          <ul class="plain">{links(below)}</ul>
        </>
      )}
    </Panel>
  );
}

function Certificates({ data }: { data: Whole }) {
  const lapsed = data.contractor.certificates.some((one) => one.lapsed);
  return (
    <Panel title={say('certificates')} class="contractors-panel">
      {data.contractor.certificates.length === 0 && <p class="quiet">{say('list.none')}</p>}
      <ul class="plain">
        {data.contractor.certificates.map((one) => (
          <li key={one.id}>
            <a href={recordPage('certificates', one.id)}>{one.standard.toUpperCase()}</a> {one.scope} <Day value={one.expires} short /> {one.lapsed && <span class="badge level-late">{say('lapsed')}</span>}
          </li>
        ))}
      </ul>
      {lapsed && <p class="quiet">{say('lapsed.effect')}</p>}
    </Panel>
  );
}

export default function Contractor({ params }: PageProps<'id'>) {
  const read = useResource<Whole>(`/api/v1/contractors/${encodeURIComponent(params.id)}`);
  const all = useResource<Overview>('/api/v1/contractors').value;
  const data = read.value;
  const row = data?.contractor;
  return (
    <div class="page contractors">
      <p class="no-print">
        <a href="/contractors">{say('back')}</a>
      </p>
      <div class="page-head">
        <h1 tabIndex={-1}>{row?.name ?? params.id}</h1>
        <PrintButton />
      </div>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {data && row && (
        <>
          <p class="contractors-kinds">
            {row.kinds.map((kind) => (
              <span class="badge outline" key={kind}>
                {say.or(`kind.${kind}`, kind)}
              </span>
            ))}{' '}
            {row.work} <a href={recordPage('contractors', row.id)}>{say('edit')}</a>
          </p>
          <p>
            <Fact name={say('col.countries')}>
              <Abroad row={row} countries={all?.countries} />
            </Fact>
            {row.ultimate_parent && <Fact name={say('col.owner')}>{row.ultimate_parent}</Fact>}
          </p>
          <div class="contractors-grid">
            <Panel title={say('findings')} class="contractors-panel">
              <Findings findings={row.findings} />
            </Panel>
            <Records title={say('contracts')} register="contracts" items={data.contract_list} field="title" contractor={row.id} line={(item) => contractLine(item, all?.countries)} />
            <Records title={say('accesses')} register="contractor-access" items={data.accesses} field="name" contractor={row.id} line={(item) => accessLine(item, all?.countries)} />
            <Records
              title={say('assessments')}
              register="assessments-of-contractors"
              items={data.assessments}
              field="title"
              contractor={row.id}
              line={(item) => (
                <>
                  <Score score={(item as Whole['assessments'][0]).rating.score} grade={(item as Whole['assessments'][0]).rating.grade} grades={data.marks} good />{' '}
                  {say.or(`state.${text(item, 'state')}`, text(item, 'state'))} <Day value={text(item, 'expires')} short /> {text(item, 'conditions')}
                </>
              )}
            />
            <Records
              title={say('supervisions')}
              register="supervisions"
              items={data.supervisions}
              field="title"
              contractor={row.id}
              line={(item) => (
                <>
                  {text(item, 'held_on') && <Day value={text(item, 'held_on')} short />} <span class={`badge ${text(item, 'result') === 'major' ? 'level-late' : 'outline'}`}>{say.or(`result.${text(item, 'result')}`, '')}</span>{' '}
                  {text(item, 'findings')}
                  {text(item, 'next') && (
                    <Fact name={say('col.supervision')}>
                      <Day value={text(item, 'next')} short />
                    </Fact>
                  )}
                </>
              )}
            />
            <Certificates data={data} />
            <Records
              title={say('incidents')}
              register="contractor-incidents"
              items={data.incidents}
              field="title"
              contractor={row.id}
              line={(item) => (
                <>
                  <span class={`badge ${text(item, 'state') === 'open' ? 'level-soon' : 'outline'}`}>{say.or(`open.${text(item, 'state')}`, '')}</span>
                  <Fact name={say('occurred')}>{fullWhen(text(item, 'occurred_at'))}</Fact>
                  {text(item, 'told_at') && <Fact name={say('told')}>{fullWhen(text(item, 'told_at'))}</Fact>}
                </>
              )}
            />
            <Records
              title={say('questions')}
              register="contractor-questions"
              items={data.questions}
              field="question"
              contractor={row.id}
              line={(item) => (
                <>
                  <span class={`badge ${text(item, 'state') === 'open' ? 'level-soon' : 'outline'}`}>{say.or(`open.${text(item, 'state')}`, '')}</span> <Day value={text(item, 'answer_by')} short />
                  {text(item, 'answer') && <Fact name={say('answer')}>{text(item, 'answer')}</Fact>}
                </>
              )}
            />
            <Chains data={data} all={all} />
          </div>
          <Panel title={say('reach.title')} class="contractors-panel">
            <ReachView reach={data.reach} start="contractor" />
          </Panel>
        </>
      )}
    </div>
  );
}
