// Who is signed in. A 401 anywhere sets `signedOut`; the page then asks to sign in, above whatever is open, so that an
// unsaved form is still there afterwards.

import { effect, signal } from '@preact/signals';

export interface Session {
  account: string;
  display: string;
  role: string;
  csrf: string;
  token: boolean;
  must_change: boolean;
  sign_in: boolean; // false: a demo, where nobody signs in
  totp: boolean;
  source: 'local' | 'oidc' | 'ldap'; // who says who it is
  may: string[];
}

export const session = signal<Session | null>(null);
export const signedOut = signal(false);
export const note = signal<'' | 'password' | 'totp' | 'left'>(''); // why the sign-in page is shown

export const may = (act: string) => session.value?.may.includes(act) ?? false;

export function begin(next: Session): void {
  session.value = next;
  signedOut.value = false;
  note.value = '';
}
// The session is over by the person's own will: nothing of the page stays.
export function leave(why: 'password' | 'totp' | 'left'): void {
  note.value = why;
  session.value = null;
  signedOut.value = true;
}
// Runs `then` at once, or as soon as somebody has signed in.
export function whenSignedIn(then: () => void): void {
  if (!signedOut.value) return then();
  const stop = effect(() => {
    if (signedOut.value) return;
    queueMicrotask(() => {
      stop();
      then();
    });
  });
}
