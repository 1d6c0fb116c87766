// Facilities whose loss alone would be a serious accident, each with a way to look at what would happen.

import { number } from '../lib/i18n';
import { kindName } from '../lib/kinds';
import type { Point } from '../lib/simulation';
import { durationText, tx } from '../lib/ui';
import { say } from '../words/simulation';

export function PointsTable({ points }: { points: Point[] }) {
  return (
    <div class="scroll tall" tabIndex={0} role="region" aria-label={say('table.of', { name: say('points') })}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{say('facility')}</th>
            <th scope="col">{say('kind')}</th>
            <th scope="col">{say('service')}</th>
            <th scope="col" class="num">{say('users')}</th>
            <th scope="col">{say('serious_in')}</th>
            <th scope="col">{say('what-if')}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((p) => (
            <tr key={p.id}>
              <th scope="row">{p.name}</th>
              <td>{kindName(p.kind)}</td>
              <td>{tx(p.service_name)}</td>
              <td class="num">{number(p.users)}</td>
              <td>{durationText(p.serious_in_s)}</td>
              <td>
                <a href={`/what-if?fail=${encodeURIComponent(p.id)}`} aria-label={say('what-if.name', { name: p.name })}>
                  {say('what-if')}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
