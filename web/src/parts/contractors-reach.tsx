// What is reached, each thing with the way to it, and the users of the live network; used wherever a change is replayed.

import { number } from '../lib/i18n';
import { pageOf, REACHED, reachedOf, type Node, type Reach } from '../lib/contractors';
import { serviceName } from '../lib/ui';
import { say } from '../words/contractors';
import { Level } from './contractors-badges';

const SHOWN = 12;

function Name({ node }: { node: Node }) {
  const page = pageOf(node);
  return page ? <a href={page}>{node.name}</a> : <>{node.name}</>;
}

/** The way: from the start, over what, by which tie. */
export function Chain({ chain }: { chain: Node[] }) {
  return (
    <span class="contractors-chain">
      {chain.map((step, i) => (
        <span key={`${step.kind}/${step.id}`}>
          {i > 0 && (
            <small class="quiet">
              {' '}
              →<span class="contractors-way">{say.or(`way.${step.by}`, step.by ?? '')}</span>→{' '}
            </small>
          )}
          {step.name}
        </span>
      ))}
    </span>
  );
}

export function Users({ reach }: { reach: Reach }) {
  const rows = Object.entries(reach.users).filter(([, users]) => users.under > 0 || users.lost > 0);
  if (rows.length === 0) return <p class="quiet">{say('gone.none')}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say('users')}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{say('users.service')}</th>
            <th scope="col" class="num">{say('users.under')}</th>
            <th scope="col" class="num">{say('users.lost')}</th>
            <th scope="col" class="num">{say('users.total')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([service, users]) => (
            <tr key={service}>
              <th scope="row">{serviceName(service, undefined)}</th>
              <td class="num">{number(users.under)}</td>
              <td class="num">{number(users.lost)}</td>
              <td class="num">{number(users.total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `start`: kinds that are the start itself and need no list. */
export function ReachView({ reach, start }: { reach: Reach; start?: string }) {
  const kinds = REACHED.filter((kind) => reachedOf(reach, kind).some((one) => one.chain.length > 1));
  return (
    <div class="contractors-reach" data-reach={start ?? ''}>
      <Users reach={reach} />
      {kinds.length === 0 && <p class="quiet">{say('reach.none')}</p>}
      {kinds.map((kind) => {
        const all = reachedOf(reach, kind).filter((one) => one.chain.length > 1);
        const total = (reach.counts[kind] ?? 0) - (reachedOf(reach, kind).length - all.length);
        return (
          <details key={kind} open={kind !== 'facility' && all.length <= SHOWN}>
            <summary>
              {say.or(`reach.${kind}`, kind)} <Level n={total} />
              {kind === 'facility' && <small class="quiet"> {say('reach.network', { n: number(reach.in_network) })}</small>}
            </summary>
            <ul class="plain">
              {all.slice(0, kind === 'facility' ? SHOWN : 100).map((one) => (
                <li key={one.id}>
                  <Name node={one} />
                  <br />
                  <Chain chain={one.chain} />
                </li>
              ))}
            </ul>
            {total > Math.min(all.length, kind === 'facility' ? SHOWN : 100) && <p class="quiet">{say('reach.more', { n: number(total - Math.min(all.length, kind === 'facility' ? SHOWN : 100)) })}</p>}
          </details>
        );
      })}
    </div>
  );
}
