// The governance programme in a real browser: obligations with what-if, officers, the calendar and a subscription to it,
// the board's report and the first page; at two widths, in both themes, and by keyboard.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifacts, done, equal, launch, live, open, serve, test, truth, until, violations } from './lib.mjs';

const server = await serve();
const browser = await launch();
const api = async (path) => (await fetch(server.url + path)).json();
const settled = (page) => page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('.loading'));

const PAGES = {
  program: '/program',
  'program-what-if': '/program?tab=what-if&f=designated_41::yes:2026-04-01&f=installs_lines::no:',
  'program-classes': '/program?tab=classes',
  'program-profile': '/program?tab=profile',
  officers: '/officers',
  calendar: '/calendar',
  'calendar-year': '/calendar?tab=year',
  'calendar-orders': '/calendar?tab=orders',
  'calendar-people': '/calendar?tab=people',
};
const only = process.env.ONLY?.split(',');
const DARK = ['program', 'program-what-if', 'officers', 'calendar']; // the others are made of the same parts

for (const theme of ['light', 'dark']) {
  await test(`pages of the programme: no violation of WCAG 2.2 AA, nothing wider than the window (${theme})`, async () => {
    const page = await open(browser, server.url, { theme, bypassCSP: true });
    await live(page);
    for (const [name, path] of Object.entries(PAGES)) {
      if (only ? !only.includes(name) : theme === 'dark' && !DARK.includes(name)) continue;
      await page.goto(server.url + path);
      await settled(page);
      for (const [width, height] of theme === 'light' ? [[1280, 900], [390, 844]] : [[1280, 900]]) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(120);
        equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${name}: overflow at ${width}`);
        if (name === 'program-classes' || name === 'program-what-if') await page.waitForSelector('.program-classes, .program-change');
        await page.screenshot({ path: `${artifacts}${name}-${theme}-${width}.png`, fullPage: width === 1280 });
        if (width === 1280 && (theme === 'light' ? name !== 'program-profile' : name === 'program')) equal(await violations(page), [], `${name}: violations`);
      }
    }
    equal(page.faults, [], 'faults');
    await page.context().close();
  });
}

if (!only) {
  const page = await open(browser, `${server.url}/program`);
  await live(page);
  await settled(page);

  await test('the numbers at the top are a filter, and the address keeps it', async () => {
    const counted = await page.locator('[data-standing="overdue"] b').innerText();
    await page.click('[data-standing="overdue"]');
    equal(String(await page.locator('.program-duty').count()), counted, 'as many rows as the number says');
    truth(page.url().includes('standing=overdue'), page.url());
    await page.reload();
    await settled(page);
    equal(String(await page.locator('.program-duty').count()), counted, 'after a reload');
    await page.click('[data-action="clear"]');
  });

  await test('by keyboard an obligation opens and says why, by which article, and by when', async () => {
    await page.locator('[data-duty="general-manager"] summary').first().focus();
    await page.keyboard.press('Enter');
    const inside = page.locator('[data-duty="general-manager"] .program-inside');
    await inside.waitFor();
    truth((await inside.innerText()).includes('電気通信回線設備を設置'), 'the facts');
    await inside.locator('[data-fold="article"] summary').click();
    await inside.locator('.law-text').first().waitFor();
  });

  await test('an obligation nobody answers for is assigned in two clicks, and that can be undone', async () => {
    await page.locator('[data-duty="installation-engineer"] summary').first().click();
    await page.click('[data-duty="installation-engineer"] [data-action="assign"]');
    await page.click('[data-action="assign-it"]');
    await page.waitForSelector('[data-duty="installation-engineer"] .program-records a');
    const made = (await api('/api/v1/program')).obligations.find((o) => o.id === 'installation-engineer').fulfilment;
    equal(made.length, 1, 'one record');
    await page.click('[data-action="toast-undo"]');
    await until(async () => (await api('/api/v1/program')).obligations.find((o) => o.id === 'installation-engineer').fulfilment.length === 0, 'the record to go');
  });

  await test('what the law does not ask can be run voluntarily, and stopped', async () => {
    await page.locator('[data-duty="domain-name-standards"] summary').first().click();
    await page.click('[data-duty="domain-name-standards"] [data-action="volunteer"]');
    await page.click('[data-action="assign-it"]');
    await page.waitForSelector('[data-duty="domain-name-standards"] [data-action="stop"]');
    await page.click('[data-duty="domain-name-standards"] [data-action="stop"]');
    await page.click('[data-action="confirm-it"]');
    await page.waitForSelector('[data-duty="domain-name-standards"] [data-action="volunteer"]');
  });

  await test('the law of another day has other duties', async () => {
    await page.fill('[name="date"]', '2021-05-12');
    await page.waitForFunction(() => document.querySelector('[data-duty="management-rules-risk"]')?.closest('.program-is-cannot-tell, .program-is-no'));
    await page.goto(`${server.url}/program?tab=classes`);
    await page.waitForSelector('.program-classes tbody tr');
    const row = page.locator('.program-classes tbody tr', { hasText: '電気通信設備統括管理者の選任' });
    equal((await row.locator('td [aria-hidden]').allInnerTexts()).slice(0, 4), ['○', '○', '○', '—'], 'the row of the paper of 2021');
  });

  await test('what if: a fact is changed and the duties it brings stand side by side with their reasons', async () => {
    await page.goto(`${server.url}/program?tab=what-if`);
    await page.waitForSelector('[name="change-fact"]');
    await page.selectOption('[name="change-fact"]', '/cross_border_cable');
    const change = page.locator('.program-change[data-duty="management-rules-cable"]');
    await change.waitFor();
    truth((await change.innerText()).includes('海底ケーブル'), 'the reason');
    equal(await change.locator('.program-side').count(), 2, 'before and after');
    truth(page.url().includes('f=cross_border_cable'), 'the address can be sent');
    equal((await api('/api/v1/program')).obligations.find((o) => o.id === 'management-rules-cable').applies, 'cannot-tell', 'nothing was written');
    await page.click('[data-preset="3"]');
    await page.waitForSelector('.program-change[data-change="appears"][data-duty="management-rules-risk"]');
  });

  await test('officers: a prefecture without a chief engineer is on the map, and a notification is shown before it is printed', async () => {
    await page.goto(`${server.url}/officers`);
    await page.waitForSelector('.officer-tiles');
    truth((await page.locator('.officer-tile-gap').count()) >= 1, 'a gap');
    equal(await page.locator('.officer-tiles g').count(), 47, 'prefectures');
    await page.locator('[data-office="general-manager"] summary').first().click();
    await page.locator('[data-office="general-manager"] [data-action="notice"]').first().click();
    await page.waitForSelector('dialog .officer-notice dl');
    truth((await page.locator('dialog').innerText()).includes('統括 花子'), 'the name');
    const file = await fetch(server.url + (await page.locator('dialog a[download]').first().getAttribute('href')));
    equal(file.headers.get('content-type'), 'application/pdf');
    await page.keyboard.press('Escape');
  });

  await test('the calendar is filtered, a month is opened from the year, and a deputy is named', async () => {
    await page.goto(`${server.url}/calendar`);
    await page.waitForSelector('.calendar-month');
    await page.selectOption('[name="source"]', 'law');
    truth(!(await page.locator('main').innerText()).includes('義務台帳 管理規程の見直しと届出'), 'only what the law asks');
    await page.click('[data-tab="year"]');
    await page.waitForSelector('.calendar-year');
    await page.locator('.calendar-open').nth(2).click();
    await page.waitForSelector('.calendar-month');
    await page.goto(`${server.url}/calendar?tab=people`);
    for (const [name, word] of [['person', '運用'], ['deputy', '技術']]) {
      await page.fill(`[name="delegation-${name}"]`, word);
      await page.locator('[role="option"]', { hasText: word }).first().waitFor();
      await page.keyboard.press('Enter');
    }
    await page.click('[data-action="delegate"]');
    await page.waitForFunction(() => [...document.querySelectorAll('.calendar-people li')].some((li) => li.textContent.includes('運用 太郎')));
    await page.goto(`${server.url}/calendar?tab=orders`);
    await page.waitForSelector('.calendar-order-late');
  });

  await test('the board sees the whole programme by quarters, and Today what is open', async () => {
    await page.goto(`${server.url}/board-report`);
    await page.waitForSelector('.report-programme tbody tr');
    truth((await page.locator('.report-programme tbody th').count()) >= 10, 'areas');
    equal(await page.locator('.report-programme thead th.num').count(), 4, 'quarters');
    await page.goto(server.url);
    await page.waitForSelector('a[href="/calendar?tab=orders"]');
    equal(page.faults, [], 'faults');
    await page.context().close();
  });
}
await server.stop();

if (!only) {
  const folder = mkdtempSync(join(tmpdir(), 'tokatsu-programme-'));
  process.env.TOKATSU_ADMIN_PASSWORD = 'a sentence that only tests know';
  const kept = await serve(['--data', folder]);
  const page = await open(browser, `${kept.url}/calendar`);
  await test('a calendar is subscribed to by an address that is shown once, and revoked', async () => {
    await page.fill('input[name=name]', 'admin');
    await page.fill('input[name=password]', process.env.TOKATSU_ADMIN_PASSWORD);
    await page.click('[data-action=sign-in]');
    await page.click('[data-action="subscribe"]');
    await page.click('[data-action="make-feed"]');
    const address = await page.locator('[data-feed]').innerText();
    await page.waitForSelector('dialog svg.qr');
    const feed = await fetch(address);
    equal(feed.status, 200, 'the feed');
    truth((await feed.text()).startsWith('BEGIN:VCALENDAR'), 'iCalendar');
    await page.click('[data-action="revoke-feed"]');
    await until(async () => (await fetch(address)).status === 404, 'the address to end');
  });
  await page.context().close();
  await kept.stop();
  rmSync(folder, { recursive: true, force: true });
}
await browser.close();
done();
