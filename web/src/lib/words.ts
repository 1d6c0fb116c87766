// The words of one page, kept beside it: `const say = words({ ja: {...}, en: {...} })` in src/words/PAGE.ts.
// Both languages have the same keys, or the page does not compile; a test looks at the values that are filled in.

import { fill } from './i18n';
import { lang } from './store';

export interface Words<K extends string> {
  (key: K, values?: Record<string, string | number>): string;
  both: { ja: Record<K, string>; en: Record<K, string> };
  /** The text for a value of the server (`state.${x}`), or the raw value where the page does not know it yet. */
  or: (key: string, fallback: string) => string;
}

export function words<const T extends Record<string, string>>(both: {
  ja: T;
  en: { [K in keyof NoInfer<T>]: string };
}): Words<keyof T & string> {
  type K = keyof T & string;
  const all = both as { ja: Record<K, string>; en: Record<K, string> };
  const say = (key: K, values: Record<string, string | number> = {}) => fill(all[lang.value][key], values);
  const or = (key: string, fallback: string) => (Object.hasOwn(all.ja, key) ? say(key as K) : fallback);
  return Object.assign(say, { both: all, or });
}
