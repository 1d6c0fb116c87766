// After a build: packs what compresses (the server hands out FILE.br and FILE.gz where a browser takes them)
// and says how heavy the first load is. Fails the build above the promised ceiling.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const CEILING = 80 * 1024;
const dist = new URL('../dist/', import.meta.url);
const kb = (n) => `${(n / 1024).toFixed(1)} kB`;
const sizes = {};

for (const name of readdirSync(dist, { recursive: true })) {
  if (!/\.(html|js|css|svg)$/.test(name)) continue;
  const body = readFileSync(new URL(name, dist));
  const [gzip, brotli] = [gzipSync(body, { level: 9 }), brotliCompressSync(body)];
  writeFileSync(new URL(`${name}.gz`, dist), gzip);
  writeFileSync(new URL(`${name}.br`, dist), brotli);
  sizes[name] = { raw: body.length, gzip: gzip.length, brotli: brotli.length };
}

// The licences of what is inside go with it.
const PARTS = [
  'preact',
  '@preact/signals',
  '@preact/signals-core',
  'uplot',
  'echarts',
  'zrender',
  '@digital-go-jp/design-tokens',
  '@fontsource-variable/noto-sans-jp',
];
const modules = new URL('../node_modules/', import.meta.url);
const licences = PARTS.map((name) => {
  const { version, license } = JSON.parse(readFileSync(new URL(`${name}/package.json`, modules), 'utf8'));
  const text = readFileSync(new URL(`${name}/LICENSE`, modules), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync(new URL('licenses.txt', dist), licences.join(`\n${'-'.repeat(72)}\n\n`));

const html = readFileSync(new URL('index.html', dist), 'utf8');
let scripts = 0;
for (const [, path] of html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)) {
  const size = sizes[path];
  if (path.endsWith('.js')) scripts += size.gzip;
  console.log(`${path}  ${kb(size.raw)}, gzip ${kb(size.gzip)}, brotli ${kb(size.brotli)}`);
}
const files = readdirSync(dist, { recursive: true }).filter((name) => statSync(new URL(name, dist)).isFile());
const total = files.reduce((sum, name) => sum + statSync(new URL(name, dist)).size, 0);
console.log(`first-load script ${kb(scripts)} gzip (ceiling ${kb(CEILING)}); ${files.length} files, ${kb(total)} in all`);
if (scripts > CEILING) process.exit(1);
