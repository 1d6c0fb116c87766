// Development only: `npm run dev [-- PORT SPEED]` serves the built page (web/dist) over the synthetic script of
// scenario.mjs, with the same content security policy as the program.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { wholeAt, boardAt } from './scenario.mjs';

const port = Number(process.argv[2] ?? 5199);
const speed = Number(process.argv[3] ?? 1);
const begin = Date.now();
const startAt = Date.parse(process.argv[4] ?? '2026-11-23T14:10:00+09:00');
const empty = process.argv[5] === 'empty';
const nowMs = () => startAt + (Date.now() - begin) * speed;
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const CSP = "default-src 'self'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
let seq = 0;

const json = (res, status, body) => {
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(body));
};

createServer(async (req, res) => {
  const path = new URL(req.url, 'http://x').pathname;
  const board = () => boardAt(nowMs(), ++seq, speed, empty);
  if (path === '/api/v1/events') {
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const send = () => res.write(`id: ${seq}\nevent: board\ndata: ${JSON.stringify(board())}\n\n`);
    send();
    const timer = setInterval(send, 1000);
    req.on('close', () => clearInterval(timer));
    return;
  }
  if (path === '/api/v1/board') return json(res, 200, board());
  if (path === '/api/v1/accidents') {
    const items = board().accidents;
    return json(res, 200, { total: items.length, items });
  }
  const one = /^\/api\/v1\/accidents\/([\w-]+)$/.exec(path);
  const accident = one && wholeAt(one[1], nowMs());
  if (accident) return json(res, 200, accident);
  if (path.startsWith('/api/')) return json(res, 404, { error: { code: 'not-found', message: 'the development server does not know this' } });
  const file = /^\/(assets\/[\w.-]+|icon\.svg)$/.exec(path)?.[1] ?? 'index.html';
  try {
    const body = await readFile(new URL(`../dist/${file}`, import.meta.url));
    res.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': CSP });
    res.end(body);
  } catch {
    json(res, 404, { error: { code: 'not-found', message: file } });
  }
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
