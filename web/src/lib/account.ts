// The calls about people.

import { ApiError, call, get, post } from './api';
import { forgetDrafts } from './draft';
import { begin, leave, session, signedOut, type Session } from './session';

export interface Account {
  name: string;
  display: string;
  role: string;
  disabled: boolean;
  totp: boolean;
  one_time: boolean;
  version: number;
  contractor: string | null; // the record it is tied to
  source: 'local' | 'oidc' | 'ldap';
}
export interface Token {
  id: string;
  label: string;
  scope: string;
  created_at: string;
  expires_at: string;
}
export const ROLES = [
  'administrator',
  'general-manager',
  'chief-engineer',
  'compliance',
  'noc-operator',
  'engineer',
  'auditor',
  'contractor',
  'alarm-source',
  'none',
] as const;
export const SCOPES = ['read', 'alarms', 'all'] as const;

export async function loadSession(): Promise<void> {
  try {
    begin(await get<Session>('/api/v1/session'));
  } catch (e) {
    if (!(e instanceof ApiError) || e.status !== 401) signedOut.value = false; // the stream says that the server is away
  }
}
// True when signed in, false when the one-time code is asked for; throws when it is refused.
export async function signIn(name: string, password: string, code: string): Promise<boolean> {
  try {
    begin(await post<Session>('/api/v1/session', { name, password, ...(code && { code }) }));
    return true;
  } catch (e) {
    const body = e instanceof ApiError ? (e.body as { needs_code?: boolean } | null) : null;
    if (body?.needs_code) return false;
    throw e;
  }
}
export async function signOut(): Promise<void> {
  const elsewhere = session.value?.source === 'oidc';
  await call('DELETE', '/api/v1/session');
  forgetDrafts();
  if (elsewhere) return location.assign('/sso/farewell'); // the provider's own session ends too
  leave('left');
}
// Asks whether the session is still there; a 401 shows the sign-in.
export function checkSession(): void {
  if (session.value?.sign_in) get('/api/v1/session').catch(() => undefined);
}
