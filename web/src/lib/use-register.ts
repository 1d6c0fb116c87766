// The register of a page's address, with its fields; asked for once for all pages.

import { useEffect, useState } from 'preact/hooks';
import { heading } from './pages';
import { loadRegisters, registers, type Register } from './registers';
import { tx } from './ui';

export interface Found {
  register: Register | null;
  /** The list is there and does not hold it. */
  missing: boolean;
  error: unknown;
  retry: () => void;
}
export function useRegister(id: string): Found {
  const [error, setError] = useState<unknown>(null);
  const retry = () => {
    setError(null);
    loadRegisters().catch(setError);
  };
  useEffect(retry, []);
  const register = registers.value?.find((r) => r.id === id) ?? null;
  const name = register ? tx(register.label) : null;
  useEffect(() => {
    heading.value = name;
    return () => {
      heading.value = null;
    };
  }, [name]);
  return { register, missing: registers.value !== null && register === null, error, retry };
}
