// The pages of the office: near misses and leaks, periodic lists, statistics, the board's report, the ledger checked in
// the browser, the law, administration. Each at three widths and in both themes; pictures in test/artifacts/.

import { readFileSync } from 'node:fs';
import { artifacts, done, equal, launch, live, open, serve, test, truth, until, violations } from './lib.mjs';

const server = await serve();
const browser = await launch();
const api = async (path) => (await fetch(server.url + path)).json();
const leak = (await api('/api/v1/cases?kind=leak')).items[0].id;

const PAGES = {
  cases: '/cases',
  'cases-leak': '/cases?kind=leak',
  case: `/cases/${leak}`,
  periodic: '/periodic',
  statistics: '/statistics',
  'board-report': '/board-report',
  ledger: '/ledger',
  law: '/law',
  administration: '/administration',
};
const only = process.env.ONLY?.split(',');

for (const [name, path] of Object.entries(PAGES)) {
  if (only && !only.includes(name)) continue;
  await test(`${name}: no violation of WCAG 2.2 AA, nothing wider than the window, in both themes`, async () => {
    for (const theme of ['light', 'dark']) {
      const page = await open(browser, server.url + path, { theme, bypassCSP: true });
      await live(page);
      await page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('.loading'));
      if (name === 'statistics') await page.waitForFunction(() => document.querySelectorAll('.echart svg').length === 5);
      for (const [width, height] of theme === 'light' ? [[1280, 900], [1920, 1080], [390, 844]] : [[1280, 900]]) {
        await page.setViewportSize({ width, height });
        await page.evaluate(() => document.fonts.ready);
        await page.waitForTimeout(250);
        equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `overflow at ${width}`);
        await page.screenshot({ path: `${artifacts}${name}-${theme}-${width}.png`, fullPage: true });
        if (width !== 1920) equal(await violations(page), [], `violations at ${width}, ${theme}`);
      }
      await page.context().close();
    }
  });
}

if (!only) {
  await test('a near miss is entered, judged, reported another way, closed and reopened', async () => {
    const page = await open(browser, `${server.url}/cases`);
    await page.click('[data-action="new-case"]');
    await page.click('[data-action="open-case"]');
    await page.waitForSelector('dialog .field.invalid');
    await page.fill('dialog [name="title"]', '試験の切替え失敗');
    await page.reload();
    await page.click('[data-action="new-case"]');
    equal(await page.inputValue('dialog [name="title"]'), '試験の切替え失敗', 'the draft came back');
    await page.fill('dialog [name="carrier_users"]', '50,000');
    for (const [field, value] of Object.entries({
      event: 'no-switchover', function: 'switching', several_prefectures: 'yes', terminal_side: 'no', planned: 'no', within_design: 'no',
      natural_disaster: 'no',
    }))
      await page.selectOption(`dialog [name="${field}"]`, value);
    await page.click('[data-action="open-case"]');
    await page.waitForSelector('.conditions');
    truth((await page.locator('.condition-met-unknown').count()) >= 1, 'what is not known is shown as not known');
    await page.selectOption('[name="serious"]', 'no');
    await page.selectOption('[name="important_facility_damage"]', 'no');
    await page.click('[data-action="save-case"]');
    await page.waitForFunction(() => !document.querySelector('.condition-met-unknown'));
    await page.waitForSelector('.deadlines li');
    await page.click('[data-action="reported"]');
    await page.fill('dialog [name="how"]', '総合通信局へ電話');
    await page.click('[data-action="reported-it"]');
    await page.waitForSelector('.deadlines li.done');
    await page.click('[data-action="close-case"]');
    await page.click('[data-action="close-it"]');
    await page.waitForSelector('dialog .field.invalid');
    await page.fill('dialog [name="reason"]', '試験のため');
    await page.click('[data-action="close-it"]');
    await page.waitForSelector('.state-closed');
    truth(await page.locator('fieldset.case-group input').first().isDisabled(), 'a closed case is not changed');
    await page.click('[data-action="reopen-case"]');
    await page.waitForSelector('[data-action="close-case"]');
    equal(page.faults, [], 'faults');
    await page.context().close();
  });

  await test('the report of a leak is drafted, frozen with a reason, and its versions compared', async () => {
    const page = await open(browser, `${server.url}/cases/${leak}`);
    for (const round of [1, 2]) {
      await page.click('[data-draft="leak-specified-initial"]');
      await page.waitForSelector('dialog .draft-section');
      if (await page.locator('dialog [name="override"]').count()) await page.fill('dialog [name="override"]', '試験のため');
      const blocked = await page.locator('dialog [data-action="freeze"]').isDisabled();
      if (blocked) {
        await page.keyboard.press('Escape');
        await page.fill('[name="contact"]', `法務部 ${round}`);
        await page.fill('[name="cause"]', '宛先の取り違え(架空)');
        await page.fill('[name="content"]', '氏名と住所(架空)');
        await page.click('[data-action="save-case"]');
        await page.waitForFunction(() => document.querySelector('[data-action="save-case"]').disabled);
        await page.click('[data-draft="leak-specified-initial"]');
        await page.waitForSelector('dialog .draft-section');
        if (await page.locator('dialog [name="override"]').count()) await page.fill('dialog [name="override"]', '試験のため');
      }
      await page.click('dialog [data-action="freeze"]');
      await until(async () => (await page.locator('.frozen > li').count()) === round, `version ${round}`);
    }
    await page.locator('.frozen button.tool').first().click();
    await page.waitForSelector('dialog .differences, dialog p.quiet');
    await page.context().close();
  });

  await test('a periodic list is frozen only with its number typed', async () => {
    const page = await open(browser, `${server.url}/periodic`);
    await page.selectOption('[name="period"]', { index: 1 });
    const id = await page.locator('.card-id').innerText();
    await page.waitForFunction(() => !document.querySelector('.loading'));
    await page.click('[data-draft]');
    await page.waitForSelector('dialog [name="confirm-name"]');
    if (await page.locator('dialog [name="override"]').count()) await page.fill('dialog [name="override"]', '試験のため');
    await page.click('dialog [data-action="freeze"]');
    await page.waitForSelector('dialog .field.invalid');
    await page.fill('dialog [name="confirm-name"]', await page.locator('.card-id').innerText());
    await page.click('dialog [data-action="freeze"]');
    await page.waitForSelector('.frozen > li');
    truth(/^P\d{4}(Q\d)?-detailed$/.test(id), `the list has its number: ${id}`);
    await page.context().close();
  });

  await test('charts are drawn under the policy of the page, and tables are copied as text', async () => {
    const page = await open(browser, `${server.url}/statistics`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.waitForFunction(() => document.querySelectorAll('.echart svg').length === 5);
    truth((await page.locator('.echart svg path').count()) > 20, 'the charts are drawn');
    await page.click('[data-copy="year"]');
    const copied = await until(() => page.evaluate(() => navigator.clipboard.readText()), 'the copied table');
    const lines = copied.trim().split('\n').map((line) => line.split('\t'));
    equal(lines[0][0], '年度', 'head of the copied table');
    equal(new Set(lines.map((line) => line.length)).size, 1, 'as many cells in every line');
    for (const kind of ['svg', 'png']) {
      const [file] = await Promise.all([page.waitForEvent('download'), page.locator(`[data-save="${kind}"]`).first().click()]);
      const bytes = readFileSync(await file.path());
      truth(kind === 'svg' ? bytes.includes('<svg') : bytes.subarray(1, 4).toString() === 'PNG', `${kind} is one`);
    }
    equal(page.faults, [], 'faults, violations of the policy among them');
    await page.context().close();
  });

  await test('every number of the board report leads to a page that exists', async () => {
    const page = await open(browser, `${server.url}/board-report`);
    await page.waitForSelector('.report-value');
    const links = await page.evaluate(() => [...new Set([...document.querySelectorAll('.report-value')].map((a) => a.getAttribute('href')))]);
    truth(links.length >= 5, `links: ${links}`);
    for (const link of links) {
      await page.goto(server.url + link);
      await page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('.loading'));
      truth((await page.locator('main .not-found, main [data-missing]').count()) === 0, `${link} is a page`);
    }
    await page.context().close();
  });

  const whole = async (page) => {
    await page.click('[data-action="verify"]');
    await page.waitForSelector('[data-verdict]', { timeout: 60_000 });
    return page.getAttribute('[data-verdict]', 'data-verdict');
  };

  await test('the ledger is verified in the browser; a key, a rollback and a rewritten past are told', async () => {
    const page = await open(browser, `${server.url}/ledger`);
    equal(await whole(page), 'unsigned', 'without a key');
    await page.fill('[name="key"]', 'rubbish');
    await page.click('[data-action="pin"]');
    await page.waitForSelector('.field.invalid');
    await page.fill('[name="key"]', (await api('/api/v1/ledger')).keys[0]);
    await page.click('[data-action="pin"]');
    await page.waitForSelector('[data-pinned]');
    equal(await whole(page), 'good', 'with the key');
    await page.screenshot({ path: `${artifacts}ledger-verified.png`, fullPage: true });
    const seen = JSON.parse(await page.evaluate(() => localStorage.getItem('tokatsu.ledger.seen')));
    truth(seen.size > 100, 'the head was remembered');
    for (const [change, trouble] of [
      [{ size: seen.size + 100_000 }, 'rollback'],
      [{ root: 'A'.repeat(43) + '=' }, 'fork'],
      [{ origin: 'tokatsu/other' }, 'origin'],
    ]) {
      await page.evaluate((value) => localStorage.setItem('tokatsu.ledger.seen', JSON.stringify(value)), { ...seen, ...change });
      await page.reload();
      equal(await whole(page), 'alarm', trouble);
      equal(await page.getAttribute('[data-trouble]', 'data-trouble'), trouble);
      const after = JSON.parse(await page.evaluate(() => localStorage.getItem('tokatsu.ledger.seen')));
      for (const [key, value] of Object.entries({ ...seen, ...change })) equal(after[key], value, `nothing bad is remembered: ${key}`);
    }
    await page.screenshot({ path: `${artifacts}ledger-alarm.png`, fullPage: true });
    await page.context().close();
  });

  await test('a server that alters an entry, or signs with another key, is found out', async () => {
    const page = await open(browser, `${server.url}/ledger`);
    const key = (await api('/api/v1/ledger')).keys[0];
    await page.evaluate((k) => localStorage.setItem('tokatsu.ledger.key', k), key);
    await page.route('**/ledger/tile/entries/000*', async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      body[20] ^= 1;
      await route.fulfill({ response, body });
    });
    await page.reload();
    equal(await whole(page), 'alarm', 'an altered entry');
    equal(await page.getAttribute('[data-trouble]', 'data-trouble'), 'root');
    await page.unroute('**/ledger/tile/entries/000*');
    await page.route('**/ledger/checkpoint', async (route) => {
      const response = await route.fetch();
      const text = (await response.text()).replace(/— (\S+) (.{20})./u, (_, name, start) => `— ${name} ${start}${start[5] === 'A' ? 'B' : 'A'}`);
      await route.fulfill({ response, body: text });
    });
    await page.reload();
    equal(await whole(page), 'alarm', 'an altered signature');
    truth(await page.locator('[data-trouble="signature"]').count(), 'the signature is named');
    await page.context().close();
  });

  await test('events are searched, and one is proven in the browser', async () => {
    const page = await open(browser, `${server.url}/ledger`);
    await page.evaluate((k) => localStorage.setItem('tokatsu.ledger.key', k), (await api('/api/v1/ledger')).keys[0]);
    await page.click('[data-tab="events"]');
    await page.waitForSelector('[data-leaf]');
    await page.fill('[name="kind"]', 'leak');
    await page.click('[data-action="search"]');
    await page.waitForFunction(() => [...document.querySelectorAll('tbody tr')].every((row) => row.textContent.includes('leak')));
    await page.locator('[data-leaf]').last().click();
    await page.waitForSelector('[data-proof="good"]');
    await page.screenshot({ path: `${artifacts}ledger-proof.png` });
    await page.keyboard.press('Escape');
    await page.fill('[name="who"]', 'nobody-of-this-name');
    await page.click('[data-action="search"]');
    await page.waitForSelector('.empty');
    equal(await violations(await open(browser, `${server.url}/ledger`, { bypassCSP: true })), [], 'violations');
    await page.context().close();
  });

  await test('the law of two days is compared, and facts are judged by both', async () => {
    const page = await open(browser, `${server.url}/law`);
    await page.click('[data-tab="compare"]');
    await page.waitForSelector('.law-change');
    await page.fill('[name="after"]', '2026-04-01');
    await page.waitForFunction(() => [...document.querySelectorAll('.law-change')].some((e) => e.textContent.includes('施行規則58条の2')));
    await page.screenshot({ path: `${artifacts}law-compare.png`, fullPage: true });
    await page.fill('[name="before"]', '2026-04-01');
    await page.waitForSelector('.empty');
    await page.click('[data-tab="judge"]');
    await page.fill('[name="started_at"]', '2026-05-01T09:00');
    await page.fill('[name="ended_at"]', '2026-05-01T10:30');
    await page.selectOption('[name="service"]', 'voice-emergency');
    await page.fill('[name="affected_users"]', '35,000');
    await page.fill('[name="law_date"]', '2014-04-01');
    await page.click('[data-action="judge"]');
    await page.waitForSelector('.law-sides');
    equal(await page.locator('.verdict').count(), 2, 'two verdicts');
    truth(await page.locator('.law-sides .outcome-serious').count(), 'one of them serious');
    truth((await page.locator('.notice-warn').count()) === 1, 'the page says that they differ');
    await page.screenshot({ path: `${artifacts}law-judge.png`, fullPage: true });
    equal(page.faults, [], 'faults');
    await page.context().close();
  });

  await test('the board report prints', async () => {
    const page = await open(browser, `${server.url}/board-report`);
    await page.waitForSelector('.report-value');
    const pdf = await page.pdf({ path: `${artifacts}board-report-print.pdf`, format: 'A4' });
    truth(pdf.length > 10_000, 'it printed');
    await page.context().close();
  });

  await test('all of it in English, with years by era', async () => {
    for (const [name, path] of Object.entries(PAGES)) {
      const page = await open(browser, server.url + path, { lang: 'en' });
      await page.evaluate(() => localStorage.setItem('tokatsu.calendar', 'wareki'));
      await page.reload();
      await page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('.loading'));
      const left = await page.evaluate(() =>
        [...document.querySelectorAll('main :is(button, label, legend, h1, h2, th[scope="col"])')].map((e) => e.textContent.trim()).filter((s) => /[ぁ-ん]/.test(s)),
      );
      equal(left.filter((text) => !/架空/.test(text)), [], `Japanese left on ${name}`);
      await page.screenshot({ path: `${artifacts}${name}-en.png`, fullPage: true });
      await page.context().close();
    }
  });
}

await browser.close();
await server.stop();
done();
