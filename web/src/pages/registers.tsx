// All registers that this person may read, with how much is in them and what is due.

import { useEffect, useState } from 'preact/hooks';
import { get } from '../lib/api';
import { number } from '../lib/i18n';
import { loadRegisters, REGISTER_GROUPS, registerPage, registers, type Register } from '../lib/registers';
import { tx } from '../lib/ui';
import { Empty, Trouble } from '../parts/ui';
import { say } from '../words/registers';
import './registers.css';

type Count = { register: string; total: number; due: number };

function Card({ register, count }: { register: Register; count: Count | undefined }) {
  return (
    <li class="register-card">
      <h3>
        <a href={registerPage(register.id)} data-step>
          {tx(register.label)}
        </a>
      </h3>
      <p class="register-count">
        <b class="num">{count ? number(count.total) : '…'}</b> <span class="visually-hidden">{say('all.count')}</span>
        {count && count.due > 0 && (
          <a class="badge level-soon" href={`${registerPage(register.id)}?due=1`}>
            {say('all.due')} {number(count.due)}
          </a>
        )}
      </p>
      <p class="quiet">{tx(register.purpose)}</p>
      {!register.may_write && <p class="quiet register-right">{say('all.read')}</p>}
    </li>
  );
}

export default function Registers() {
  const [failed, setFailed] = useState<unknown>(null);
  const [counts, setCounts] = useState<Count[]>([]);
  const read = () => {
    setFailed(null);
    loadRegisters().catch(setFailed);
    get<{ items: Count[] }>('/api/v1/registers/counts').then((answer) => setCounts(answer.items), setFailed);
  };
  useEffect(read, []);
  const all = registers.value;
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1}>{say('title')}</h1>
      </div>
      <p class="quiet">{say('lead')}</p>
      {failed !== null && <Trouble error={failed} onRetry={read} />}
      {all?.length === 0 && <Empty title={say('all.empty')} />}
      {REGISTER_GROUPS.map((group) => {
        const mine = all?.filter((r) => (r.group ?? 'records') === group) ?? [];
        if (mine.length === 0) return null;
        return (
          <section key={group} class="register-group" aria-labelledby={`group-${group}`}>
            <h2 id={`group-${group}`}>{say(`group.${group}`)}</h2>
            <ul class="register-cards">
              {mine.map((r) => (
                <Card key={r.id} register={r} count={counts.find((c) => c.register === r.id)} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
