// The words of a chart that can be saved.

import { words } from '../lib/words';

export const say = words({
  ja: {
    'svg': '図を SVG で保存',
    'png': '図を PNG で保存',
    'chart.area': '{name} の図',
    'chart': '{name} の図。同じ内容の表が続きます。',
  },
  en: {
    'svg': 'Save the chart as SVG',
    'png': 'Save the chart as PNG',
    'chart.area': 'Chart: {name}',
    'chart': 'Chart: {name}. The table with the same numbers follows.',
  },
});
