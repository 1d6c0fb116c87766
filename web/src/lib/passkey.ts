// Passkeys: between the server's JSON and the browser's own objects. Fetched only when somebody uses one.

import { ApiError, post } from './api';
import { begin, type Session } from './session';
import { say } from '../words/passkeys';

export interface Passkey {
  id: string;
  label: string;
  rp_id: string;
  synced: boolean;
  created_at: string;
  used_at: string | null;
  copied_at: string | null;
}
interface Descriptor {
  type: 'public-key';
  id: string;
  transports?: AuthenticatorTransport[];
}
interface CreationOptions {
  publicKey: Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user' | 'excludeCredentials'> & {
    challenge: string;
    user: { id: string; name: string; displayName: string };
    excludeCredentials: Descriptor[];
  };
}
interface Attempt {
  attempt: string;
  publicKey: Omit<PublicKeyCredentialRequestOptions, 'challenge' | 'allowCredentials'> & {
    challenge: string;
    allowCredentials: Descriptor[];
  };
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}
function base64url(buffer: ArrayBuffer): string {
  const text = btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
const named = (list: Descriptor[]) => list.map((one) => ({ ...one, id: bytes(one.id) }));

/** Has the browser make one and the server keep it. */
export async function addPasskey(label: string): Promise<void> {
  const { publicKey } = await post<CreationOptions>('/api/v1/session/passkeys/registration/options', undefined);
  const made = (await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
    },
  })) as PublicKeyCredential;
  const answer = made.response as AuthenticatorAttestationResponse;
  const response = {
    clientDataJSON: base64url(answer.clientDataJSON),
    attestationObject: base64url(answer.attestationObject),
    transports: answer.getTransports?.() ?? [],
  };
  await post('/api/v1/session/passkeys', { label, credential: { id: made.id, type: made.type, response } });
}

/** `name` "": whichever passkey the person picks says who it is. */
export async function signInWithPasskey(name: string): Promise<void> {
  const { attempt, publicKey } = await post<Attempt>('/api/v1/session/passkeys/sign-in/options', name ? { name } : {});
  const used = (await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: named(publicKey.allowCredentials),
    },
  })) as PublicKeyCredential;
  const answer = used.response as AuthenticatorAssertionResponse;
  const response = {
    clientDataJSON: base64url(answer.clientDataJSON),
    authenticatorData: base64url(answer.authenticatorData),
    signature: base64url(answer.signature),
    ...(answer.userHandle && { userHandle: base64url(answer.userHandle) }),
  };
  const credential = { id: used.id, type: used.type, response };
  begin(await post<Session>('/api/v1/session/passkeys/sign-in/answer', { attempt, credential }));
}

/** Why it did not work and what to do: the browser's refusals tell little on purpose. */
export function passkeyTrouble(error: unknown): string | null {
  if (error instanceof ApiError) return error.status === 401 && error.message ? error.message : null;
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'AbortError') return say('trouble.cancelled');
  if (name === 'InvalidStateError') return say('trouble.already');
  if (name === 'SecurityError') return say('trouble.name');
  return say('trouble.device');
}
