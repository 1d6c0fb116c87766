import { words } from '../lib/words';

export const say = words({
  ja: {
    'do': 'パスワードを再設定',
    'title': '{name} のパスワードを再設定',
    'body': '新しい一度きりのパスワードを決めて、本人へ別の経路で伝えてください。次のサインインで本人が変更します。この利用者のサインインはすべて終了し、失敗が続いて待たされている状態も解かれます。',
    'password': '一度きりのパスワード(12文字以上)',
    'make': '作る',
    'submit': '再設定する',
    'done': '{name} のパスワードを再設定しました。',
    'short': '12文字以上にしてください。',
  },
  en: {
    'do': 'Reset the password',
    'title': 'Reset the password of {name}',
    'body': 'Choose a one-time password and tell it through another channel. It is changed at the next sign-in. All sessions of the account end, and waiting after failed tries ends too.',
    'password': 'One-time password (12 characters or more)',
    'make': 'Make one',
    'submit': 'Reset',
    'done': 'The password of {name} was reset.',
    'short': '12 characters or more, please.',
  },
});
