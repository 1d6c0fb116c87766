// Officers (責任者): the offices the Act asks for, who holds them, what each must fulfil, where somebody is missing, what
// runs out, and opinions with the company's answers.

import { useEffect, useState } from 'preact/hooks';
import { number } from '../lib/i18n';
import { runsOut, type Officers as Answer } from '../lib/officers';
import { isDay } from '../lib/program';
import { loadRegisters, recordPage, registers, type RegisterRecord } from '../lib/registers';
import { useResource } from '../lib/resource';
import { now } from '../lib/store';
import { day, toInput } from '../lib/time';
import { errorText, plainDateText, t, tx } from '../lib/ui';
import { Day } from '../parts/date';
import { OfficerMap } from '../parts/officer-map';
import { OfficePanel } from '../parts/officer-office';
import { PrintButton } from '../parts/save';
import { ErrorBox, Panel } from '../parts/ui';
import { LawDay } from '../parts/law-day';
import { say } from '../words/officers';
import './officers.css';

const SOON_MS = 180 * 86400_000;
type Records = { items: RegisterRecord[]; total: number };

function Figures({ data, soon }: { data: Answer; soon: number }) {
  const count = (level: string) => data.offices.reduce((sum, o) => sum + o.gaps.filter((g) => g.level === level).length, 0);
  const figures: [string, number, boolean][] = [
    [say('fig.offices'), data.offices.filter((o) => o.applies === 'yes').length, false],
    [say('fig.missing'), count('missing'), count('missing') > 0],
    [say('fig.not-met'), count('not-met'), count('not-met') > 0],
    [say('fig.soon'), soon, false],
    [say('fig.opinions'), data.opinions.open, false],
  ];
  return (
    <dl class="figures officer-figures">
      {figures.map(([name, n, alarm]) => (
        <div key={name} class={alarm ? 'figure officer-alarm' : 'figure'}>
          <dt>{name}</dt>
          <dd>
            <b>{say('n', { n: number(n) })}</b>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Soon({ data, today, until }: { data: Answer; today: string; until: string }) {
  const rows = runsOut(data.offices, until);
  return (
    <Panel title={say('soon')}>
      {rows.length === 0 ? (
        <p class="quiet">{say('soon.none')}</p>
      ) : (
        <ul class="plain officer-soon">
          {rows.map(({ office, appointment, check }) => (
            <li key={`${appointment.record}-${check.check}`}>
              <span>
                <a href={recordPage('appointments', appointment.record)}>{appointment.name ?? appointment.record}</a> <small class="quiet">{tx(office.name)}</small>
                <small>{tx(check.text)}</small>
              </span>
              <span class="officer-when">
                {check.due! < today && <span class="badge level-late">{say('overdue')}</span>} <Day value={check.due} short />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Opinions({ article }: { article: string }) {
  const read = useResource<Records>('/api/v1/registers/opinions?order=given&descending=1&limit=50');
  const may = registers.value?.some((r) => r.id === 'opinions' && r.may_write) ?? false;
  const text = (r: RegisterRecord, field: string) => String(r.values[field] ?? '');
  return (
    <Panel
      title={say('opinions')}
      aside={
        may && (
          <a class="tool no-print" href="/registers/opinions/+new">
            {say('opinions.add')}
          </a>
        )
      }
    >
      <p class="quiet">{say('opinions.lead', { article })}</p>
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {read.value?.items.length === 0 && <p class="quiet">{say('opinions.none')}</p>}
      <ul class="plain officer-opinions">
        {read.value?.items.map((r) => (
          <li key={r.id}>
            <p>
              <a href={recordPage('opinions', r.id)}>{r.title}</a>
              <small class="quiet">
                {say('opinions.given')} <Day value={text(r, 'given')} short />
              </small>
            </p>
            <p class="officer-answer">
              {r.values['status'] === 'answered' ? (
                <>
                  <span class={`badge ${text(r, 'adopted') === 'no' ? 'outline' : 'level-done'}`}>{say.or(`adopted.${text(r, 'adopted')}`, text(r, 'adopted'))}</span> {text(r, 'answer')}
                  {text(r, 'reason') && <small class="quiet">{text(r, 'reason')}</small>}
                </>
              ) : (
                <>
                  <span class="badge level-soon">{say('opinions.open')}</span> {text(r, 'answer_by') && say('opinions.by', { date: plainDateText(day(text(r, 'answer_by'))) })}
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export default function Officers() {
  const today = toInput(now.value).slice(0, 10);
  const [chosen, setChosen] = useState('');
  const date = isDay(chosen) ? chosen : today;
  const read = useResource<Answer>(`/api/v1/program/officers?date=${date}`);
  const sites = useResource<Records>('/api/v1/registers/sites?limit=500');
  useEffect(() => {
    loadRegisters().catch(() => undefined);
  }, []);
  const data = read.value;
  const until = toInput(day(date) + SOON_MS).slice(0, 10);
  const engineers = data?.offices.find((o) => o.office === 'chief-engineer');
  return (
    <div class="page officers">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
        <PrintButton />
      </div>
      <p class="quiet">{say('lead')}</p>
      <LawDay label={say('date')} date={date} chosen={chosen} onChoose={setChosen} />
      {read.error !== null && <ErrorBox text={errorText(read.error)} onRetry={read.reload} />}
      {!data && read.error === null && <p class="loading">{t('common.loading')}</p>}
      {data && (
        <>
          <Figures data={data} soon={runsOut(data.offices, until).length} />
          <div class="officer-columns">
            <div>
              {data.offices
                .filter((o) => o.office !== 'chief-engineer')
                .map((o) => (
                  <OfficePanel key={o.office} office={o} />
                ))}
              <Opinions article={data.opinions.article} />
            </div>
            <div>
              <Soon data={data} today={today} until={until} />
              {engineers && sites.value && <OfficerMap sites={sites.value.items} gaps={engineers.gaps} />}
              {engineers && <OfficePanel office={engineers} />}
            </div>
          </div>
          {data.synthetic && <p class="synthetic-note">{t('demo.synthetic.long')}</p>}
        </>
      )}
    </div>
  );
}
