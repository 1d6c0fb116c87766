// The few calls the page makes. Errors come back as one sentence that says what to do; the field is kept so
// that a form can show it in place.

import { session, signedOut } from './session';
import { lang } from './store';

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

// RFC 9457; the sentence comes in both languages, and the page's own is kept.
interface Problem {
  code?: string;
  detail?: string;
  detail_ja?: string;
  field?: string;
}

/** One request. A Blob goes as it is, under its own type; anything else as JSON. `more` are further headers (If-Match). */
export async function call<T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}, stop: AbortSignal | null = null): Promise<T> {
  let response: Response;
  try {
    const headers: Record<string, string> = { Accept: 'application/json', ...more };
    const init: RequestInit = { method, headers, signal: stop };
    if (body !== undefined) {
      headers['Content-Type'] = body instanceof Blob ? body.type : 'application/json';
      init.body = body instanceof Blob ? body : JSON.stringify(body);
    }
    if (method !== 'GET' && session.value?.csrf) headers['X-CSRF-Token'] = session.value.csrf;
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
  const problem = parsed as Problem | null;
  const said = (lang.value === 'ja' ? problem?.detail_ja : problem?.detail) ?? '';
  if (response.status === 401 && !(method === 'POST' && path === '/api/v1/session')) signedOut.value = true;
  throw new ApiError(response.status, problem?.code ?? 'internal', said, problem?.field ?? null, parsed);
}

export const get = <T>(path: string) => call<T>('GET', path);
export const post = <T>(path: string, body: unknown) => call<T>('POST', path, body);
export const accidentPath = (id: string) => `/api/v1/accidents/${encodeURIComponent(id)}`;
