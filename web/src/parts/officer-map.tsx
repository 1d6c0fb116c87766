// Japan as tiles: where the carrier has sites, and which prefectures lack a chief engineer. The same as a list below.

import { COLUMNS, LINES } from '../lib/tiles';
import { places, type Gap, type Place } from '../lib/officers';
import { recordPage, type RegisterRecord } from '../lib/registers';
import { lang } from '../lib/store';
import { tx } from '../lib/ui';
import { say } from '../words/officers';
import { Panel } from './ui';

const SIZE = 40;

function Tiles({ all }: { all: Place[] }) {
  return (
    <svg class="tiles officer-tiles" viewBox={`0 0 ${COLUMNS * SIZE} ${LINES * SIZE}`} role="img" aria-label={say('map')}>
      {all.map((p) => {
        const [w, h] = [p.w * SIZE - 2, p.h * SIZE - 2];
        return (
          <g key={p.code} class={`tile officer-tile-${p.state}`} transform={`translate(${p.x * SIZE + 1} ${p.y * SIZE + 1})`}>
            <title>{say('map.tile', { name: p.ja, state: say(`map.${p.state}`), n: p.sites.length })}</title>
            <rect width={w} height={h} rx="3" />
            <text x={w / 2} y={p.state === 'gap' ? h / 2 - 2 : h / 2 + 4}>
              {lang.value === 'ja' ? p.ja : p.en}
            </text>
            {p.state === 'gap' && (
              <text class="tile-share" x={w / 2} y={h / 2 + 13}>
                {say('map.gap')}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

export function OfficerMap({ sites, gaps }: { sites: RegisterRecord[]; gaps: Gap[] }) {
  const all = places(sites, gaps);
  const states = ['gap', 'covered', 'none'] as const;
  const lacking = all.filter((p) => p.state === 'gap');
  return (
    <Panel title={say('map')}>
      <p class="quiet">{say('map.lead')}</p>
      <ul class="officer-legend">
        {states.map((s) => (
          <li key={s}>
            <span class={`officer-swatch officer-swatch-${s}`} /> {say(`map.${s}`)} {all.filter((p) => p.state === s).length}
          </li>
        ))}
      </ul>
      <Tiles all={all} />
      {lacking.length > 0 && (
        <ul class="plain officer-lacking">
          {lacking.map((p) => (
            <li key={p.code}>
              <b>{p.ja}</b>
              {p.gaps.map((g, i) => (
                <span key={i} class="quiet">
                  {tx(g.text)}
                </span>
              ))}
            </li>
          ))}
        </ul>
      )}
      <details class="fold">
        <summary>{say('map.list')}</summary>
        <div class="scroll" tabIndex={0} role="group" aria-label={say('map.list')}>
          <table class="data">
            <thead>
              <tr>
                <th scope="col">{say('map.prefecture')}</th>
                <th scope="col">{say('map.state')}</th>
                <th scope="col">{say('map.sites')}</th>
              </tr>
            </thead>
            <tbody>
              {[...all]
                .sort((a, b) => a.code.localeCompare(b.code))
                .map((p) => (
                  <tr key={p.code}>
                    <th scope="row">{p.ja}</th>
                    <td>{say(`map.${p.state}`)}</td>
                    <td>
                      {p.sites.map((s, i) => (
                        <span key={s.id}>
                          {i > 0 && '、'}
                          <a href={recordPage('sites', s.id)}>{s.title}</a>
                        </span>
                      ))}
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      </details>
    </Panel>
  );
}
