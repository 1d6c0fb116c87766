// A thing read from the server: loading, there, or an error in words. Reloading keeps showing the old one.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { get } from './api';

export interface Resource<T> {
  value: T | null;
  error: unknown;
  loading: boolean;
  reload: () => void;
  set: (value: T) => void;
}

export function useResource<T>(path: string | null): Resource<T> {
  const [state, setState] = useState<{ value: T | null; error: unknown; loading: boolean }>({
    value: null,
    error: null,
    loading: path !== null,
  });
  const latest = useRef(0);
  const reload = useCallback(() => {
    if (path === null) return;
    const mine = ++latest.current;
    setState((s) => ({ ...s, loading: true }));
    get<T>(path).then(
      (value) => mine === latest.current && setState({ value, error: null, loading: false }),
      (error: unknown) => mine === latest.current && setState((s) => ({ ...s, error, loading: false })),
    );
  }, [path]);
  useEffect(reload, [reload]);
  const set = useCallback((value: T) => {
    latest.current++;
    setState({ value, error: null, loading: false });
  }, []);
  return { ...state, reload, set };
}
