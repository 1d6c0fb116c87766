// The words of pages, each in its own file of src/words: the compiler sees that both languages have the same keys, this
// sees that they fill in the same values, say something, and are used.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { words, type Words } from '../src/lib/words';
import { lang } from '../src/lib/store';

const files = import.meta.glob<Record<string, unknown>>('../src/words/*.ts', { eager: true });
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
const source = readdirSync(new URL('../src', import.meta.url), { recursive: true, withFileTypes: true })
  .filter((f) => f.isFile() && /\.tsx?$/.test(f.name) && !(f.parentPath ?? f.path).endsWith('words'))
  .map((f) => readFileSync(`${f.parentPath ?? f.path}/${f.name}`, 'utf8'))
  .join('\n');
const families = [...source.matchAll(/`([a-zA-Z_.-]+\.)\$\{/g)].map((m) => m[1]!);

for (const [file, module] of Object.entries(files))
  for (const say of Object.values(module).filter((x): x is Words<string> => typeof x === 'function' && 'both' in x))
    test(`${file}: both languages say it, with the same values, and every text is used`, () => {
      for (const [key, ja] of Object.entries(say.both.ja)) {
        expect(ja.trim(), key).not.toBe('');
        expect(say.both.en[key]?.trim(), key).toBeTruthy();
        expect(holes(say.both.en[key]!), key).toEqual(holes(ja));
        expect(source.includes(`'${key}'`) || families.some((f) => key.startsWith(f)), `unused: ${key}`).toBe(true);
      }
    });

test('a page’s words follow the language, and a value of the server that is not known stays as it is', () => {
  const say = words({ ja: { hello: 'こんにちは {name}', 'state.a': '甲' }, en: { hello: 'Hello {name}', 'state.a': 'A' } });
  lang.value = 'ja';
  expect(say('hello', { name: '花子' })).toBe('こんにちは 花子');
  expect(say.or('state.a', 'a')).toBe('甲');
  expect(say.or('state.zz', 'zz')).toBe('zz');
  lang.value = 'en';
  expect(say('hello', { name: 'Hanako' })).toBe('Hello Hanako');
  lang.value = 'ja';
});
