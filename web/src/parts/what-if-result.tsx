// What would follow: users now and then, what the law would make of it and when, and what goes down with it.

import { number, people } from '../lib/i18n';
import { kindName } from '../lib/kinds';
import { lang } from '../lib/store';
import { largest } from '../lib/tiles';
import { instant } from '../lib/time';
import type { AccidentService, WhatIf } from '../lib/types';
import { durationText, fullWhen, serviceName } from '../lib/ui';
import { board } from '../lib/store';
import { say } from '../words/what-if';
import { DeadlineTable } from './deadlines';
import { OutcomeBadge } from './ui';

function Verdict({ answer }: { answer: WhatIf }) {
  if (answer.services.length === 0) return <p class="notice notice-good">{say('nobody')}</p>;
  const start = instant(answer.started_at);
  const serious = answer.serious_at !== null;
  return (
    <div class={`what-if-verdict ${serious ? 'serious' : 'far'}`}>
      {answer.until !== null && <OutcomeBadge outcome={answer.outcome} />}
      <p class="what-if-say">
        {serious
          ? say('serious.at', { time: fullWhen(answer.serious_at) })
          : say(answer.outcome === 'serious' ? 'serious.yes' : 'serious.no')}
      </p>
      {serious && (
        <p class="num">{say('serious.after', { time: durationText((instant(answer.serious_at!) - start) / 1000) })}</p>
      )}
      {answer.article && <p class="quiet">{say('article', { article: answer.article })}</p>}
    </div>
  );
}

function Users({ answer }: { answer: WhatIf }) {
  const services = Object.keys(answer.then.affected).filter((s) => answer.then.affected[s]! + (answer.now.affected[s] ?? 0) > 0);
  if (services.length === 0) return null;
  const named = (id: string) => serviceName(id, board.value?.services.find((s) => s.id === id)?.name);
  return (
    <table class="data">
      <caption class="sub">{say('users.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{say('service')}</th>
          <th scope="col" class="num">
            {say('now')}
          </th>
          <th scope="col" class="num">
            {say('then')}
          </th>
          <th scope="col" class="num">
            {say('more')}
          </th>
        </tr>
      </thead>
      <tbody>
        {services.map((id) => {
          const [before, after] = [answer.now.affected[id] ?? 0, answer.then.affected[id]!];
          return (
            <tr key={id} data-service={id}>
              <th scope="row">{named(id)}</th>
              <td class="num">{number(before)}</td>
              <td class="num">
                <b>{number(after)}</b>
              </td>
              <td class="num">{`${after >= before ? '+' : '−'}${number(Math.abs(after - before))}`}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Criteria({ service }: { service: AccidentService }) {
  return (
    <section>
      <h3 class="sub">
        {serviceName(service.service, service.name)} <span class="quiet">{say('judged', { n: number(service.users) })}</span>
      </h3>
      <ul class="what-if-branches">
        {service.branches.map((branch) => (
          <li key={`${branch.hours}-${branch.users}`} class={branch.serious_at ? 'met' : ''}>
            <span>
              {say('criterion')}: {lang.value === 'ja' ? `${branch.hours}時間以上かつ${people(branch.users, 'ja')}以上` : `${branch.hours} h and ${people(branch.users, 'en')}`}
            </span>
            <span class="quiet">
              {branch.users_met ? say('users.met') : say('users.short', { n: number(branch.users_short) })}
            </span>
            <b>{branch.serious_at ? say('met', { time: fullWhen(branch.serious_at) }) : say('not-met')}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Places({ answer }: { answer: WhatIf }) {
  if (answer.prefectures.length === 0) return null;
  const rows = [...answer.prefectures].sort((a, b) => largest(b.affected) - largest(a.affected));
  return (
    <details class="fold">
      <summary>{say('prefectures')}</summary>
      <div class="scroll tall" tabIndex={0} role="region" aria-label={say('prefectures')}>
        <table class="data">
          <thead>
            <tr>
              <th scope="col">{say('prefecture')}</th>
              <th scope="col" class="num">
                {say('users.caption')}
              </th>
              <th scope="col" class="num">
                {say('prefectures.down')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((p) => (
              <tr key={p.code}>
                <th scope="row">{lang.value === 'ja' ? p.name.ja : p.name.en}</th>
                <td class="num">{number(largest(p.affected))}</td>
                <td class="num">{number(p.down)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Dependents({ answer }: { answer: WhatIf }) {
  if (answer.down_total === 0) return <p class="quiet">{say('dependents.none')}</p>;
  const names = new Map([...answer.fail, ...answer.down].map((f) => [f.id, f.name]));
  const counts = { n: number(answer.down_total), shown: number(answer.down.length) };
  const title = answer.down_total > answer.down.length ? say('dependents.first', counts) : say('dependents', { n: counts.n });
  return (
    <details class="fold" open={answer.down_total <= 20}>
      <summary>{title}</summary>
      <div class="scroll tall" tabIndex={0} role="region" aria-label={title}>
        <table class="data">
          <thead>
            <tr>
              <th scope="col">{say('col.name')}</th>
              <th scope="col">{say('col.kind')}</th>
              <th scope="col">{say('col.because')}</th>
            </tr>
          </thead>
          <tbody>
            {answer.down.map((f) => (
              <tr key={f.id}>
                <th scope="row">{f.name}</th>
                <td>{kindName(f.kind)}</td>
                <td>{names.get(f.because) ?? f.because}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

export function Result({ answer }: { answer: WhatIf }) {
  return (
    <div class="what-if-answer">
      <Verdict answer={answer} />
      <Users answer={answer} />
      {answer.services.map((service) => (
        <Criteria key={service.service} service={service} />
      ))}
      {answer.deadlines.length > 0 && (
        <section>
          <h3 class="sub">{say('deadlines')}</h3>
          <DeadlineTable deadlines={answer.deadlines} />
        </section>
      )}
      <Dependents answer={answer} />
      <Places answer={answer} />
    </div>
  );
}
