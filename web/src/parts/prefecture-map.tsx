// Japan as it lies. The outlines come from the package @svg-maps/japan (CC BY 4.0) and are fetched when somebody looks at them;
// tiles of one size (map.tsx) stay the first view, since Tokyo is a few pixels here.

import map from '@svg-maps/japan';
import { number, percent } from '../lib/i18n';
import { memo } from '../lib/memo';
import { largest, share, shareLevel } from '../lib/tiles';
import type { Prefecture } from '../lib/types';
import { t, tx } from '../lib/ui';

const outlines = new Map(map.locations.map((place) => [place.name, place.path]));

export default memo(function PrefectureMap({ prefectures, language }: { prefectures: Prefecture[]; language: 'ja' | 'en' }) {
  return (
    <>
      <svg class="outlines" viewBox={map.viewBox} role="img" aria-label={t('board.map')} data-lang={language}>
        {prefectures.map((p) => {
          const fraction = share(p.affected, p.users);
          return (
            <path key={p.code} class={`outline share-${shareLevel(fraction)}`} d={outlines.get(p.name.en) ?? ''}>
              <title>
                {t('board.map.tile', { name: tx(p.name), users: number(largest(p.affected)), down: number(p.down) })}
                {fraction > 0 ? ` ${percent(fraction)}` : ''}
              </title>
            </path>
          );
        })}
      </svg>
      <p class="quiet map-credit">{t('board.map.credit')}</p>
    </>
  );
});
