// The facts it is all judged by, as they are on the day, and what could not be read of them.

import { isDay, valueOn, type Dated, type Fact, type Program } from '../lib/program';
import { recordPage } from '../lib/registers';
import { day } from '../lib/time';
import { dateText, tx } from '../lib/ui';
import { say } from '../words/program';
import { valueText } from './program-what-if';
import { Panel } from './ui';

const sinceOf = (stated: unknown, date: string): string | null =>
  Array.isArray(stated) ? ((stated as Dated).filter((d) => d.from <= date).at(-1)?.from ?? null) : null;

function Facts({ facts, of, date }: { facts: Fact[]; of: Record<string, unknown>; date: string }) {
  return (
    <div class="scroll program-scroll" tabIndex={0}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{say('profile.fact')}</th>
            <th scope="col">{say('profile.value', { date: isDay(date) ? dateText(day(date)) : '' })}</th>
            <th scope="col">{say('profile.since')}</th>
            <th scope="col">{say('profile.article')}</th>
          </tr>
        </thead>
        <tbody>
          {facts.map((f) => {
            const value = valueOn(of[f.fact], date);
            const since = sinceOf(of[f.fact], date);
            return (
              <tr key={f.fact}>
                <th scope="row">{tx(f.name)}</th>
                <td class={value === null ? 'quiet' : ''}>{valueText(f, value)}</td>
                <td class="nowrap">{since && since > '1900-01-01' ? dateText(day(since)) : '—'}</td>
                <td class="quiet">{f.article}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function ProgramProfile({ program, facts }: { program: Program; facts: Fact[] }) {
  const services = program.profile.services ?? [];
  return (
    <>
      <Panel
        title={say('findings')}
        aside={
          <a class="no-print" href="/registers/profile">
            {say('profile.register')}
          </a>
        }
      >
        <p class="quiet">{say('profile.lead')}</p>
        {program.findings.length === 0 ? (
          <p>{say('findings.none')}</p>
        ) : (
          <ul class="plain">
            {program.findings.map((f, i) => (
              <li key={i} class="notice notice-warn">
                <a href={recordPage('profile', f.record)}>{f.record}</a> {tx(f)}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title={say('profile.carrier')}>
        <Facts facts={facts.filter((f) => f.scope === 'carrier')} of={program.profile.facts} date={program.date} />
      </Panel>
      {services.length === 0 && (
        <Panel title={say('profile.services')}>
          <p class="quiet">{say('profile.services.none')}</p>
        </Panel>
      )}
      {services.map((s) => (
        <Panel key={s.id} title={s.name || s.id} aside={<a href={recordPage('services', s.id)}>{s.id}</a>}>
          <Facts facts={facts.filter((f) => f.scope === 'service')} of={s.facts} date={program.date} />
        </Panel>
      ))}
    </>
  );
}
