// The few calls the page makes. Errors come back as one sentence that says what to do; the field is kept so
// that a form can show it in place.

import { session, signedOut } from './session';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null,
    readonly body: unknown,
  ) {
    super(message);
  }
}

interface ErrorBody {
  error?: { code?: string; message?: string; field?: string };
}

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    const init: RequestInit = { method, headers: { Accept: 'application/json' } };
    if (body !== undefined) {
      init.headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
      init.body = JSON.stringify(body);
    }
    if (method !== 'GET' && session.value?.csrf) init.headers = { ...init.headers, 'X-CSRF-Token': session.value.csrf };
    response = await fetch(path, init);
  } catch {
    throw new ApiError(0, 'io', '', null, null);
  }
  const text = await response.text();
  let parsed: unknown = null;
  try {
    parsed = text === '' ? null : JSON.parse(text);
  } catch {
    parsed = null;
  }
  if (response.ok) return parsed as T;
  const error = (parsed as ErrorBody | null)?.error;
  if (response.status === 401 && !(method === 'POST' && path === '/api/v1/session')) signedOut.value = true;
  throw new ApiError(response.status, error?.code ?? 'internal', error?.message ?? '', error?.field ?? null, parsed);
}

export const get = <T>(path: string) => call<T>('GET', path);
export const post = <T>(path: string, body: unknown) => call<T>('POST', path, body);
export const accidentPath = (id: string) => `/api/v1/accidents/${encodeURIComponent(id)}`;
