// What the browser tests share: a server of their own, a real Chromium, TAP, and pictures to look at.

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const program = process.env.TOKATSU ?? `${root}build/tokatsu`;
export const artifacts = `${root}test/artifacts/`;
mkdirSync(artifacts, { recursive: true });

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

// Starts `tokatsu serve` and resolves when it says that it listens.
export async function serve(args = ['--demo'], port = 0) {
  const chosen = port || (await freePort());
  const child = spawn(program, ['serve', '--listen', `127.0.0.1:${chosen}`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (d) => (words = (words + d).slice(-4000)));
  const url = await new Promise((resolve, reject) => {
    let out = '';
    const timer = setTimeout(() => reject(new Error(`the server did not say that it listens: ${words}`)), 60_000);
    child.stdout.on('data', (d) => {
      out += d;
      const found = /listening on (http:\/\/\S+)/.exec(out);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${words}`)));
    child.once('error', reject);
  });
  const stop = () =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
    });
  return { url, port: chosen, stop };
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

// A page that writes down everything it should never do: errors, policy violations, requests elsewhere.
export async function open(browser, url, { width = 1280, height = 900, theme = 'light', lang = 'ja', bypassCSP = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, bypassCSP, locale: 'ja-JP' });
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (e) => page.faults.push(`error: ${e.message}`));
  page.on('console', (m) => {
    if (m.type() === 'error') page.faults.push(`console: ${m.text()}`);
  });
  page.on('request', (r) => {
    if (new URL(r.url()).origin !== new URL(url).origin) page.faults.push(`request elsewhere: ${r.url()}`);
  });
  await page.addInitScript((l) => {
    if (!localStorage.getItem('tokatsu.lang')) localStorage.setItem('tokatsu.lang', l);
  }, lang);
  await page.goto(url);
  return page;
}

export const live = (page) => page.waitForSelector('[data-connection="live"]', { timeout: 20_000 });

export async function violations(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`);
}

let count = 0;
let failed = 0;
export async function test(name, run) {
  count++;
  try {
    const note = await run();
    console.log(`ok ${count} - ${name}`);
    if (note) console.log(`# ${note}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${count} - ${name}`);
    for (const line of String(error?.stack ?? error).split('\n').slice(0, 12)) console.log(`# ${line}`);
  }
}
export function done() {
  console.log(`1..${count}`);
  process.exitCode = failed === 0 ? 0 : 1;
}
export function equal(actual, expected, what = 'value') {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) throw new Error(`${what}: ${a}, expected ${e}`);
}
export function truth(value, what) {
  if (!value) throw new Error(what);
}
export async function until(check, what, timeoutMs = 20_000) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs / 1000} s for: ${what}`);
    await new Promise((r) => setTimeout(r, 200));
  }
}
