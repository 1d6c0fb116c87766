// After a build: how heavy is the first load? Fails the build above the promised ceiling.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { gzipSync, brotliCompressSync } from 'node:zlib';

const CEILING = 80 * 1024;
const dist = new URL('../dist/', import.meta.url);
const html = readFileSync(new URL('index.html', dist), 'utf8');
const kb = (n) => `${(n / 1024).toFixed(1)} kB`;

let scripts = 0;
for (const [, path] of html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)) {
  const body = readFileSync(new URL(path, dist));
  const gzip = gzipSync(body, { level: 9 }).length;
  if (path.endsWith('.js')) scripts += gzip;
  console.log(`${path}  ${kb(body.length)}, gzip ${kb(gzip)}, brotli ${kb(brotliCompressSync(body).length)}`);
}
let total = 0;
let files = 0;
for (const name of readdirSync(dist, { recursive: true })) {
  const info = statSync(new URL(name, dist));
  if (!info.isFile()) continue;
  files++;
  total += info.size;
}
console.log(`first-load script ${kb(scripts)} gzip (ceiling ${kb(CEILING)}); ${files} files, ${kb(total)} in all`);
if (scripts > CEILING) process.exit(1);
