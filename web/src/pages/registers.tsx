// All registers that this person may read, with how much is in them and what is due.

import { useEffect, useState } from 'preact/hooks';
import { get } from '../lib/api';
import { number } from '../lib/i18n';
import { loadRegisters, registerApi, registerPage, registers, type Register } from '../lib/registers';
import { tx } from '../lib/ui';
import { Empty, Trouble } from '../parts/ui';
import { say } from '../words/registers';
import './registers.css';

type Counts = Record<string, { total: number; due: number }>;

async function countOf(register: Register): Promise<[string, Counts[string]]> {
  const of = (query: string) => get<{ total: number }>(`${registerApi(register.id)}?limit=1${query}`);
  const [all, due] = await Promise.all([of(''), register.kind === 'view' ? { total: 0 } : of('&due=1')]);
  return [register.id, { total: all.total, due: due.total }];
}

export default function Registers() {
  const [failed, setFailed] = useState<unknown>(null);
  const [counts, setCounts] = useState<Counts>({});
  const read = () => {
    setFailed(null);
    loadRegisters()
      .then((all) => all.forEach((r) => void countOf(r).then(([id, n]) => setCounts((c) => ({ ...c, [id]: n })), () => undefined)))
      .catch(setFailed);
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
      {all && all.length > 0 && (
        <ul class="register-cards">
          {all.map((r) => {
            const n = counts[r.id];
            return (
              <li key={r.id} class="register-card">
                <h2>
                  <a href={registerPage(r.id)} data-step>
                    {tx(r.label)}
                  </a>
                </h2>
                <p class="register-count">
                  <b class="num">{n ? number(n.total) : '…'}</b> <span class="visually-hidden">{say('all.count')}</span>
                  {n && n.due > 0 && (
                    <a class="badge level-soon" href={`${registerPage(r.id)}?due=1`}>
                      {say('all.due')} {number(n.due)}
                    </a>
                  )}
                </p>
                <p class="quiet">{tx(r.purpose)}</p>
                {!r.may_write && <p class="quiet register-right">{say('all.read')}</p>}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
