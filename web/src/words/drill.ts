// The words that mark a drill, wherever one is shown.

import { words } from '../lib/words';

export const say = words({
  ja: {
    badge: '訓練',
    banner: '訓練中です。「訓練」の印がある {n} 件は、実際の事故ではありません。',
    page: 'これは訓練です。実際の事故ではなく、定期報告や統計には入りません。',
    list: '訓練',
    real: '事故',
    'list.label': '事故か訓練か',
    empty: '訓練の記録はありません。',
    'empty.how': '「もしも」のページで設備を選ぶと、その想定で訓練を始められます。',
    open: '訓練として登録する(定期報告や統計には入りません)',
    announce: '訓練: {text}',
  },
  en: {
    badge: 'DRILL',
    banner: 'A drill is running. The {n} marked “DRILL” are no real accidents.',
    page: 'This is a drill, not an accident. It is in no periodic report and no statistics.',
    list: 'Drills',
    real: 'Accidents',
    'list.label': 'Accidents or drills',
    empty: 'There is no drill.',
    'empty.how': 'Choose facilities on the page “What if”; a drill can begin from there.',
    open: 'Enter it as a drill (in no periodic report and no statistics)',
    announce: 'Drill: {text}',
  },
});
