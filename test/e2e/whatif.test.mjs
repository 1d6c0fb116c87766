// What if, drills, and the tree of what is down: by keyboard, in both languages, and smooth with 5,000 facilities down.

import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifacts, done, equal, launch, live, open, serve, test, truth, until, violations } from './lib.mjs';

const CELLS = 5000;
// Two cores of which one is enough; 50 buildings, each with 100 cells of 40 users.
const topology = [
  { id: 'core-1', kind: 'core', name: '中央局一', prefecture: '13', needs: [], users: {} },
  { id: 'core-2', kind: 'core', name: '中央局二', prefecture: '27', needs: [], users: {} },
  ...Array.from({ length: 50 }, (_, i) => ({
    id: `building-${i}`,
    kind: 'building',
    name: `収容局 ${i}`,
    prefecture: String(1 + (i % 47)).padStart(2, '0'),
    needs: [{ of: ['core-1', 'core-2'], at_least: 1 }],
    users: {},
  })),
  ...Array.from({ length: CELLS }, (_, i) => ({
    id: `cell-${i}`,
    kind: 'cell',
    name: `セル ${i}`,
    prefecture: String(1 + (i % 47)).padStart(2, '0'),
    needs: [{ of: [`building-${Math.floor(i / 100)}`], at_least: 1 }],
    users: { 'internet-access': 40, 'voice-emergency': 8 },
  })),
];
const folder = mkdtempSync(join(tmpdir(), 'tokatsu-e2e-'));
writeFileSync(join(folder, 'topology.jsonl'), topology.map((t) => JSON.stringify(t)).join('\n') + '\n');
const password = 'correct horse battery staple';
process.env.TOKATSU_ADMIN_PASSWORD = password;
const server = await serve(['--data', folder, '--topology', join(folder, 'topology.jsonl'), '--carrier', '試験通信']);
const browser = await launch();

async function signedIn(path, options) {
  const page = await open(browser, server.url + path, options);
  await page.fill('input[name="name"]', 'admin');
  await page.fill('input[name="password"]', password);
  await page.keyboard.press('Enter');
  await live(page);
  page.faults.length = 0; // the session is asked for before there is one: 401
  return page;
}
const api = (page, method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const session = await (await fetch('/api/v1/session')).json();
      const lines = path.endsWith('/alarms');
      const answer = await fetch(path, {
        method,
        headers: { 'X-CSRF-Token': session.csrf, 'Content-Type': lines ? 'application/x-ndjson' : 'application/json' },
        ...(body === undefined ? {} : { body: lines ? body : JSON.stringify(body) }),
      });
      return { status: answer.status, body: await answer.json().catch(() => null) };
    },
    [method, path, body],
  );
const alarm = (object, severity = 'critical', at = new Date().toISOString()) =>
  JSON.stringify({ at, source: 'nms', key: object, object, severity, service_affecting: true }) + '\n';

await test('a question is put together by hand, answered, and shared by its address', async () => {
  const page = await signedIn('/what-if', { bypassCSP: true });
  await page.fill('input[name="facility-search"]', 'core');
  await page.click('[data-add="core-1"]');
  await page.waitForSelector('.what-if-verdict, .notice-good');
  truth((await page.innerText('.what-if-result')).includes('利用者への影響はありません'), 'one of two cores is enough');
  await page.click('[data-add="core-2"]');
  await page.waitForSelector('.what-if-verdict.serious');
  const row = await page.innerText('tr[data-service="internet-access"]');
  truth(row.includes('200,000'), row);
  truth((await page.innerText('.what-if-say')).includes('重大な事故になる見込み'), 'says when it becomes serious');
  equal(await page.evaluate(() => location.search), '?fail=core-1&fail=core-2');
  for (const width of [1280, 1920, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(300);
    equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `overflow at ${width}`);
    await page.screenshot({ path: `${artifacts}what-if-${width}.png`, fullPage: true });
    if (width !== 1920) equal(await violations(page), [], `violations at ${width}`);
  }
  await page.reload();
  await page.waitForSelector('.what-if-verdict.serious');
  equal(await page.locator('[data-chosen]').count(), 2);
  await page.fill('input[name="minutes"]', '10');
  await page.waitForSelector('.what-if-verdict.far');
  equal((await api(page, 'GET', '/api/v1/accidents')).body.total, 0, 'accidents written by a trial');
  equal(page.faults, []);
  await page.context().close();
});

await test('a drill begins from it, is marked on every page, and reaches no periodic list', async () => {
  const page = await signedIn('/what-if?fail=core-1&fail=core-2&minutes=180', { bypassCSP: true });
  await page.click('[data-action="drill"]');
  await page.fill('input[name="drill-title"]', '中央局の停止を想定した訓練');
  await page.click('[data-action="begin-drill"]');
  await page.waitForURL(/\/accidents\/D\d{4}-0001$/);
  await page.waitForSelector('.detail .drill-banner');
  truth((await page.innerText('.detail-head')).includes('訓練'), 'the accident page says so');
  for (const width of [1280, 1920, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(200);
    await page.screenshot({ path: `${artifacts}drill-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${server.url}/board`);
  await page.waitForSelector('.card.drill .badge.drill');
  await page.waitForSelector('.drill-banner');
  equal(await page.innerText('.figure:first-child b'), '0件', 'a drill is not counted among serious accidents');
  await page.screenshot({ path: `${artifacts}board-drill-1280.png`, fullPage: true });
  equal(await violations(page), []);
  await page.goto(`${server.url}/accidents`);
  await page.waitForSelector('.empty, table');
  equal(await page.locator('a[href^="/accidents/D"]').count(), 0, 'drills in the list of accidents');
  await page.click('.switch button:has-text("訓練")');
  await page.waitForSelector('a[href^="/accidents/D"]');
  const year = new Date().getMonth() < 3 ? new Date().getFullYear() - 1 : new Date().getFullYear();
  for (const form of ['detailed', 'simplified']) {
    const list = await page.evaluate(async ([year, form]) => {
      const answer = await fetch(`/api/v1/periodic?from=${year}-04-01&to=${year + 1}-03-31&form=${form}&format=json`);
      return answer.text();
    }, [year, form]);
    truth(!/D\d{4}-0001/.test(list), `a drill is in the ${form} list`);
  }
  equal(page.faults, []);
  await page.context().close();
});

await test('what is down unfolds by keyboard, as a tree', async () => {
  const page = await signedIn('/board', { bypassCSP: true });
  equal((await api(page, 'POST', '/api/v1/alarms', alarm('core-1') + alarm('core-2'))).body.accepted, 2);
  await page.waitForSelector('[role="treeitem"][data-facility="core-1"]');
  const tree = page.locator('[role="tree"]');
  const active = () =>
    page.evaluate(() => {
      const id = document.querySelector('[role="tree"]').getAttribute('aria-activedescendant');
      const row = document.getElementById(id);
      return row && { facility: row.dataset.facility, level: row.ariaLevel, expanded: row.getAttribute('aria-expanded') };
    });
  await tree.focus();
  equal((await active()).level, '1');
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('[data-facility="building-0"]');
  equal((await active()).expanded, 'true');
  await page.keyboard.press('ArrowRight');
  equal((await active()).level, '2');
  await page.keyboard.press('Enter');
  await until(async () => (await active()).expanded === 'true', 'a building unfolded');
  await page.keyboard.press('ArrowDown');
  await until(async () => (await active())?.level === '3', 'a cell below it');
  equal((await active()).expanded, null, 'a leaf does not unfold');
  await page.keyboard.press('ArrowLeft');
  equal((await active()).level, '2');
  await page.keyboard.press('ArrowLeft');
  equal((await active()).expanded, 'false');
  await page.keyboard.press('End');
  const last = await until(active, 'the last row');
  await page.keyboard.press('Home');
  await until(async () => (await active())?.facility === 'core-1', 'the first row again');
  truth(last.facility !== 'core-1', 'Home and End are two rows');
  equal(await violations(page), []);
  await page.locator('.panel-down').screenshot({ path: `${artifacts}down-tree-1280.png` });
  equal(page.faults, []);
  await page.context().close();
});

await test('with 5,000 facilities down the board keeps its frames while the tree is scrolled', async () => {
  const page = await signedIn('/board');
  await page.waitForSelector('[role="treeitem"][data-facility="core-1"]');
  await page.locator('[role="tree"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('[data-facility="building-0"]');
  await page.keyboard.press('End'); // the second core; from there upwards, so that what unfolds lies below
  for (let i = 0; i < 50; i++) {
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
  }
  await until(() => page.evaluate(() => document.querySelector('[role="tree"]').scrollHeight > 5000 * 36), '5,000 rows');
  const frames = await page.evaluate(async () => {
    const box = document.querySelector('[role="tree"]');
    const rows = Math.round(box.scrollHeight / 36);
    const gaps = [];
    let before = performance.now();
    const end = before + 5000;
    box.scrollTop = 0;
    await new Promise((resolve) => {
      const frame = (time) => {
        gaps.push(time - before);
        before = time;
        box.scrollTop = (box.scrollTop + 120) % (box.scrollHeight - box.clientHeight);
        if (time < end) requestAnimationFrame(frame);
        else resolve();
      };
      requestAnimationFrame(frame);
    });
    gaps.sort((a, b) => a - b);
    return { rows, n: gaps.length, median: gaps[gaps.length >> 1], p95: gaps[Math.floor(gaps.length * 0.95)], nodes: document.querySelectorAll('[role="treeitem"]').length };
  });
  truth(frames.nodes < 80, `${frames.nodes} rows in the document`);
  equal(page.faults, []);
  await page.context().close();
  return `${frames.rows} rows unfolded, ${frames.nodes} drawn; ${(frames.n / 5).toFixed(0)} frames/s while scrolling, median ${frames.median.toFixed(1)} ms, 95 % within ${frames.p95.toFixed(1)} ms`;
});

await browser.close();
await server.stop();
done();
