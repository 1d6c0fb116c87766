// The words about single sign-on, and about an account's contractor.

import { words } from '../lib/words';

export const say = words({
  ja: {
    'or': 'または',
    'button': '{label}でサインイン',
    'again': '別のタブで{label}にサインインし、このタブに戻って「続ける」を押してください。入力中の内容は残ります。',
    'again.open': '別のタブでサインイン',
    'again.go-on': '続ける',
    'again.not-yet': 'まだサインインしていません。',
    'no-role.title': '役割がありません',
    'no-role':
      '本人確認はできましたが、所属グループに対応する役割がTokatsuにないため、何も表示できません。',
    'no-role.todo':
      '社内の認証基盤の管理者に、Tokatsu用のグループへの追加を依頼してください。すでに追加されているときは、Tokatsuの管理者にグループと役割の対応表を確かめてもらってください。その後、もう一度サインインしてください。',
    'expired': 'サインインに時間がかかりすぎたため、無効になりました。もう一度やり直してください。',
    'state': 'このブラウザーで始めたサインインではないか、すでに使われたものです。最初からやり直してください。',
    'provider': '認証基盤が応答しません。しばらく待ってからやり直してください。続くときは認証基盤の管理者に連絡してください。パスワードのあるアカウントなら、下からサインインできます。',
    'token': '認証基盤から届いた情報を確認できなかったため、受け付けませんでした。続くときは管理者に連絡してください。',
    'denied': '認証基盤でサインインが取り消されたか、断られました。',
    'shut': 'このアカウントはTokatsuで停止されています。管理者に連絡してください。',
    'source.oidc': 'シングルサインオン',
    'source.ldap': 'ディレクトリー',
    'contractor': '委託先',
    'contractor.of': '{name}の委託先',
    'contractor.none': '(なし。何も見えません)',
  },
  en: {
    'or': 'or',
    'button': 'Sign in with {label}',
    'again': 'Sign in to {label} in another tab, come back to this one and press “Go on”. What you were entering stays.',
    'again.open': 'Sign in, in another tab',
    'again.go-on': 'Go on',
    'again.not-yet': 'Nobody has signed in yet.',
    'no-role.title': 'You have no role here',
    'no-role': 'We know who you are, but none of your groups stands for a role in Tokatsu, so there is nothing to show.',
    'no-role.todo':
      'Ask whoever runs your company’s sign-in to add you to one of Tokatsu’s groups. If you are in one already, ask Tokatsu’s administrator to look at the mapping of groups to roles. Then sign in again.',
    'expired': 'Signing in took too long. Start again.',
    'state': 'This sign-in was not begun in this browser, or was used before. Start again.',
    'provider':
      'The sign-in service does not answer. Wait a little and try again; if it goes on, tell whoever runs it. Accounts with a password can sign in below.',
    'token': 'What the sign-in service sent could not be verified and was refused. If it goes on, tell an administrator.',
    'denied': 'The sign-in service refused, or it was cancelled there.',
    'shut': 'This account is shut in Tokatsu. Ask an administrator.',
    'source.oidc': 'Single sign-on',
    'source.ldap': 'Directory',
    'contractor': 'Contractor',
    'contractor.of': 'Contractor of {name}',
    'contractor.none': '(none: sees nothing)',
  },
});
