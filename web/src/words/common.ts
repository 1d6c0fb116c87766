// The words of the components that every page uses.

import { words } from '../lib/words';

export const say = words({
  ja: {
    'confirm.type': '確認のため「{name}」と入力してください',
    'confirm.differs': '「{name}」と一致していません。',
    'toast.undo': '元に戻す',
    'toast.close': '閉じる',
    'toast.undone': '元に戻しました。',
    'job.running': '処理しています',
    'job.of': '{done} / {total}',
    'job.cancel': '中止する',
    'diff.item': '項目',
    'diff.from': '変更前',
    'diff.to': '変更後',
    'diff.none': '違いはありません。',
    'diff.empty': '(空欄)',
    'draft.restored': '{time} に入力した下書きを復元しました。',
    'draft.drop': '下書きを捨てる',
    'download': '{name} を {format} で保存',
    'print': '印刷',
  },
  en: {
    'confirm.type': 'To confirm, type “{name}”',
    'confirm.differs': 'This is not “{name}”.',
    'toast.undo': 'Undo',
    'toast.close': 'Close',
    'toast.undone': 'Undone.',
    'job.running': 'Working',
    'job.of': '{done} / {total}',
    'job.cancel': 'Cancel',
    'diff.item': 'Field',
    'diff.from': 'Before',
    'diff.to': 'After',
    'diff.none': 'No differences.',
    'diff.empty': '(empty)',
    'draft.restored': 'A draft from {time} has been restored.',
    'draft.drop': 'Discard the draft',
    'download': 'Save {name} as {format}',
    'print': 'Print',
  },
});
