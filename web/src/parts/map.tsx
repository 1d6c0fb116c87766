import { useEffect, useState } from 'preact/hooks';
import { memo } from '../lib/memo';
import { number, percent } from '../lib/i18n';
import { lang, mapMode } from '../lib/store';
import { COLUMNS, largest, LINES, share, shareLevel, TILES } from '../lib/tiles';
import type { Prefecture } from '../lib/types';
import { t, tx } from '../lib/ui';
import { Panel } from './ui';

const SIZE = 40;

const TileMap = memo(function TileMap({ prefectures, language }: { prefectures: Prefecture[]; language: 'ja' | 'en' }) {
  const byCode = new Map(prefectures.map((p) => [p.code, p]));
  return (
    <svg
      class="tiles"
      viewBox={`0 0 ${COLUMNS * SIZE} ${LINES * SIZE}`}
      role="img"
      aria-label={t('board.map')}
      data-lang={language}
    >
      {TILES.map((tile) => {
        const p = byCode.get(tile.code);
        const fraction = p ? share(p.affected, p.users) : 0;
        const [w, h] = [tile.w * SIZE - 2, tile.h * SIZE - 2];
        return (
          <g
            key={tile.code}
            class={`tile share-${shareLevel(fraction)}`}
            transform={`translate(${tile.x * SIZE + 1} ${tile.y * SIZE + 1})`}
          >
            {p && (
              <title>
                {t('board.map.tile', { name: tx(p.name), users: number(largest(p.affected)), down: number(p.down) })}
              </title>
            )}
            <rect width={w} height={h} rx="3" />
            <text x={w / 2} y={fraction > 0 ? h / 2 - 3 : h / 2 + 4}>
              {language === 'ja' ? tile.ja : tile.en}
            </text>
            {fraction > 0 && (
              <text class="tile-share" x={w / 2} y={h / 2 + 12}>
                {percent(fraction)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
});

type Drawing = (props: { prefectures: Prefecture[]; language: 'ja' | 'en' }) => preact.JSX.Element;

/** The outlines are a piece of their own; tiles stand in until they are here, and where they cannot be had. */
function Outlines(props: { prefectures: Prefecture[]; language: 'ja' | 'en' }) {
  const [Drawn, setDrawn] = useState<Drawing | null>(null);
  useEffect(() => {
    import('./prefecture-map').then(
      (piece) => setDrawn(() => piece.default as unknown as Drawing),
      () => undefined,
    );
  }, []);
  return Drawn ? <Drawn {...props} /> : <TileMap {...props} />;
}

function Legend() {
  const steps = ['0', '<1%', '1%', '5%', '20%', '50%–'];
  return (
    <div class="map-legend">
      <span>{t('board.map.legend')}</span>
      <ol>
        {steps.map((text, i) => (
          <li key={text} class={`share-${i}`}>
            {text}
          </li>
        ))}
      </ol>
    </div>
  );
}

function PrefectureList({ prefectures }: { prefectures: Prefecture[] }) {
  const rows = prefectures
    .filter((p) => p.down > 0 || largest(p.affected) > 0)
    .sort((a, b) => largest(b.affected) - largest(a.affected) || b.down - a.down);
  if (rows.length === 0) return <p class="quiet">{t('board.map.none')}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('board.map')}>
      <table class="data">
        <thead>
          <tr>
            <th scope="col">{t('board.map.pref')}</th>
            <th scope="col" class="num">
              {t('board.map.affected')}
            </th>
            <th scope="col" class="num">
              {t('board.map.share')}
            </th>
            <th scope="col" class="num">
              {t('board.map.down')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((p) => (
            <tr key={p.code}>
              <th scope="row">{tx(p.name)}</th>
              <td class="num">{number(largest(p.affected))}</td>
              <td class="num">{percent(share(p.affected, p.users))}</td>
              <td class="num">{number(p.down)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function PrefecturePanel({ prefectures }: { prefectures: Prefecture[] }) {
  const mode = mapMode.value;
  return (
    <Panel
      title={t('board.map')}
      class="panel-map"
      aside={
        <div class="switch" role="group" aria-label={t('board.map')}>
          {(['map', 'shape', 'list'] as const).map((m) => (
            <button key={m} type="button" data-map={m} aria-pressed={mode === m} onClick={() => (mapMode.value = m)}>
              {t(`board.map.${m}`)}
            </button>
          ))}
        </div>
      }
    >
      {mode !== 'list' ? (
        <>
          {mode === 'map' ? (
            <TileMap prefectures={prefectures} language={lang.value} />
          ) : (
            <Outlines prefectures={prefectures} language={lang.value} />
          )}
          <Legend />
        </>
      ) : (
        <PrefectureList prefectures={prefectures} />
      )}
    </Panel>
  );
}
