import '@digital-go-jp/design-tokens/dist/tokens.css';
import './style.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app';
import { loadSession } from './lib/account';
import { whenSignedIn } from './lib/session';
import { connect, dark, lang } from './lib/store';

effect(() => {
  document.documentElement.lang = lang.value;
});
effect(() => {
  document.documentElement.dataset['theme'] = dark.value ? 'dark' : 'light';
});
render(<App />, document.getElementById('app')!);
void loadSession().then(() => whenSignedIn(connect));
// The 124 pieces of the typeface are declared after the first paint; the browser fetches those it needs.
void import('./fonts');
