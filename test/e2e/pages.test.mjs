// Every page in both themes and at three widths: accessible, in two languages, by keyboard, and alive again
// after the server was away. Pictures of each are kept in test/artifacts/ to be looked at.

import { artifacts, done, equal, launch, live, open, serve, test, truth, until, violations } from './lib.mjs';

let server = await serve();
const browser = await launch();
const board = async () => (await fetch(`${server.url}/api/v1/board`)).json();
const running = async () => (await board()).accidents.find((a) => !a.recovered_at);
const { id } = await until(running, 'a running accident in the demo', 180_000);
const PAGES = { today: '/', board: '/board', accidents: '/accidents', accident: `/accidents/${id}`, law: '/law' };

for (const [name, path] of Object.entries(PAGES))
  for (const theme of ['light', 'dark'])
    await test(`${name}, ${theme}: no violation of WCAG 2.2 AA, nothing wider than the window`, async () => {
      const page = await open(browser, server.url + path, { theme, bypassCSP: true });
      await live(page);
      await page.waitForFunction(() => !document.querySelector('.loading'));
      for (const [width, height] of [[1280, 900], [1920, 1080], [390, 844]]) {
        await page.setViewportSize({ width, height });
        await page.evaluate(() => document.fonts.ready);
        await page.waitForTimeout(400);
        equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `overflow at ${width}`);
        const squeezed = await page.evaluate(() =>
          [...document.querySelectorAll('main :is(h1, h2, h3, h4, a, button, label, .lane-name, .branch-name, .badge)')]
            .filter((e) => e.textContent.trim().length > 3 && e.clientWidth > 1 && e.clientHeight > 4 * e.clientWidth)
            .map((e) => e.textContent.trim()),
        );
        equal(squeezed, [], `texts squeezed into a column at ${width}`);
        await page.screenshot({ path: `${artifacts}${name}-${theme}-${width}.png`, fullPage: true });
        if (width !== 1920) equal(await violations(page), [], `violations at ${width}`);
      }
      await page.context().close();
    });

await test('the map of outlines has every prefecture, and is fetched only when it is asked for', async () => {
  for (const theme of ['light', 'dark']) {
    const page = await open(browser, `${server.url}/board`, { theme, bypassCSP: true });
    await live(page);
    equal(await page.locator('.outlines').count(), 0);
    await page.click('[data-map="shape"]');
    await page.waitForSelector('.outlines');
    equal(await page.locator('.outlines path[d^="m"], .outlines path[d^="M"]').count(), 47, 'outlines');
    truth((await page.locator('.outlines path:not(.share-0)').count()) > 0, 'where users are affected it is coloured');
    equal(await violations(page), []);
    await page.screenshot({ path: `${artifacts}board-outlines-${theme}-1280.png`, fullPage: true });
    await page.context().close();
  }
});

await test('the tiles of the map have contrast, which axe cannot see in SVG', async () => {
  for (const theme of ['light', 'dark']) {
    const page = await open(browser, `${server.url}/board`, { theme });
    await page.waitForSelector('.tiles');
    const worst = await page.evaluate(() => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const light = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) =>
          v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const tile = document.querySelector('.tile');
      return [0, 1, 2, 3, 4, 5].map((level) => {
        tile.setAttribute('class', `tile share-${level}`);
        const [a, b] = ['rect', 'text'].map((part) => light(getComputedStyle(tile.querySelector(part)).fill));
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      });
    });
    truth(Math.min(...worst) >= 4.5, `${theme}: contrast by level ${worst.map((w) => w.toFixed(1)).join(' ')}`);
    await page.context().close();
  }
});

await test('the language is one switch, and stays', async () => {
  const page = await open(browser, `${server.url}/board`);
  await live(page);
  equal(await page.locator('[data-group="accidents"]').innerText(), '障害と事故');
  await page.click('[data-action="language"]');
  equal(await page.locator('[data-group="accidents"]').innerText(), 'Outages and accidents');
  equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await page.reload();
  await live(page);
  equal(await page.locator('[data-group="accidents"]').innerText(), 'Outages and accidents');
  await page.screenshot({ path: `${artifacts}board-en-1280.png`, fullPage: true });
  equal(page.faults, []);
  await page.context().close();
});

await test('the colours follow the system until they are chosen, and the eras are one choice away', async () => {
  const page = await open(browser, `${server.url}/board`, { theme: 'dark' });
  await live(page);
  equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await page.click('[popovertarget="settings"]');
  await page.check('input[name="theme"][value="light"]');
  equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  await page.check('input[name="calendar"][value="wareki"]');
  truth((await page.locator('.now-date').innerText()).startsWith('令和'), 'the era in the clock');
  await page.context().close();
});

await test('the keyboard alone: skip link, help, pages, and letter keys that can be switched off', async () => {
  const page = await open(browser, `${server.url}/board`);
  await live(page);
  await page.keyboard.press('Tab');
  equal(await page.evaluate(() => document.activeElement?.className), 'skip');
  await page.keyboard.press('?');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.keyboard.press('a');
  await page.waitForURL('**/accidents');
  await page.keyboard.press('b');
  await page.waitForURL('**/board');
  await page.click('[popovertarget="settings"]');
  await page.check('input[name="keys"][value="off"]');
  await page.keyboard.press('Escape');
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('a');
  await page.waitForTimeout(300);
  truth(page.url().endsWith('/board'), 'a letter does nothing when letter keys are off');
  await page.context().close();
});

await test('the navigation opens by keyboard, closes with Escape, and says where one is', async () => {
  const page = await open(browser, `${server.url}/accidents/${id}`);
  await live(page);
  await page.focus('[data-group="accidents"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#nav-accidents a[aria-current="page"][href="/accidents"]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('#nav-accidents', { state: 'hidden' });
  equal(await page.evaluate(() => document.activeElement?.dataset.group), 'accidents', 'the focus is back');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.click('.nav-menu');
  await page.screenshot({ path: `${artifacts}menu-390.png` });
  await page.click('.nav-list a[href="/accidents"]');
  await page.waitForURL('**/accidents');
  await page.waitForSelector('.nav-list a[href="/accidents"]', { state: 'hidden' });
  await page.context().close();
});

await test('an address without a page says what to do', async () => {
  const page = await open(browser, `${server.url}/no/such/page`);
  await live(page);
  equal(await page.locator('h1').innerText(), 'ページがありません');
  equal(await page.locator('main a[href="/"]').count(), 1, 'a way on');
  await page.context().close();
});

await test('a piece that the server no longer has gives a sentence and a button', async () => {
  const page = await open(browser, `${server.url}/healthz`); // before the page fetches pieces while it is idle
  await page.route('**/assets/law-*.js', (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto(`${server.url}/board`);
  await live(page);
  await page.keyboard.press('l');
  await page.waitForSelector('main [role="alert"] button');
  await page.unroute('**/assets/law-*.js');
  await page.click('main [role="alert"] button');
  await page.waitForSelector('.law-entry');
  await page.context().close();
});

await test('pieces are kept by the browser for good, under names made from their content', async () => {
  const page = await (await fetch(`${server.url}/`)).text();
  const main = /src="(\/assets\/index-[\w-]+\.js)"/.exec(page)[1];
  const text = await (await fetch(server.url + main)).text();
  const piece = /assets\/law-[\w-]+\.js/.exec(text)[0];
  const answer = await fetch(`${server.url}/${piece}`);
  equal([answer.status, answer.headers.get('content-type')], [200, 'text/javascript; charset=utf-8']);
  truth(answer.headers.get('cache-control').includes('immutable'), 'immutable');
  const gone = await fetch(`${server.url}/assets/law-00000000.js`);
  equal([gone.status, gone.headers.get('cache-control')], [404, 'no-store']);
});

let byHand = '';
await test('an accident is opened by hand, and a mistake is explained beside its field', async () => {
  const page = await open(browser, `${server.url}/accidents`);
  await live(page);
  await page.click('[data-action="new"]');
  await page.click('dialog [data-action="open"]');
  truth((await page.locator('dialog .field .error').count()) >= 3, 'title, service and users are asked for');
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'title', null, { timeout: 5_000 }); // the first mistake
  await page.fill('dialog input[name="title"]', '試験用の手入力事故(架空)');
  await page.selectOption('dialog select[name="service0"]', 'internet-access');
  await page.fill('dialog input[name="users0"]', '約3万');
  await page.click('dialog [data-action="open"]');
  equal(await page.locator('dialog .field .error').count(), 1, 'only the count is wrong');
  await page.fill('dialog input[name="users0"]', '31,000');
  await page.click('dialog [data-action="open"]');
  await page.waitForURL(/\/accidents\/A/);
  await page.waitForSelector('.detail h1');
  equal(await page.locator('.detail h1').innerText(), '試験用の手入力事故(架空)');
  byHand = new URL(page.url()).pathname;
  await page.context().close();
});

await test('what is done can be undone, and an accident goes from suspected to closed and back', async () => {
  const page = await open(browser, server.url + byHand);
  const state = (name) => page.waitForSelector(`.detail-head .state-${name}`, { timeout: 10_000 });
  await live(page);
  const first = (await (await fetch(`${server.url}/api/v1${byHand}`)).json()).state;
  if (first === 'suspected') {
    await page.click('[data-action="confirm"]');
    await state('confirmed');
    await page.click('[data-action="undo"]');
    await state('suspected');
    await page.click('[data-action="confirm"]');
  }
  await state('confirmed');
  await page.click('[data-action="recover"]');
  await page.waitForSelector('dialog[open] input[type="datetime-local"]');
  await page.click('dialog .button:not(.secondary)');
  await state('recovered');
  await page.click('[data-action="close"]');
  await page.click('dialog .button:not(.secondary)');
  await state('closed');
  await page.click('[data-action="reopen"]');
  await state('recovered');
  equal(page.faults, []);
  await page.context().close();
});

await test('two people at once: the later one is told, and nothing is lost', async () => {
  const page = await open(browser, server.url + byHand);
  await live(page);
  await page.fill('textarea[name="summary"]', '概要の下書き');
  const record = await (await fetch(`${server.url}/api/v1${byHand}`)).json();
  const body = { action: 'edit', version: record.version, fields: { cause: 'ほかの人が書いた原因' } };
  const answer = await fetch(`${server.url}/api/v1${byHand}/actions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  equal(answer.status, 200);
  await until(
    async () => (await page.inputValue('textarea[name="cause"]')) === 'ほかの人が書いた原因',
    'the other person’s words to arrive by themselves',
  );
  equal(await page.inputValue('textarea[name="summary"]'), '概要の下書き');
  await page.click('.form-end .button');
  await page.waitForFunction(() => document.querySelector('.form-end [role="status"]')?.textContent === '保存しました');
  const after = await (await fetch(`${server.url}/api/v1${byHand}`)).json();
  equal([after.summary, after.cause], ['概要の下書き', 'ほかの人が書いた原因']);
  await page.context().close();
});

await test('the law of a day carries its marks, and the sandbox judges by it', async () => {
  const page = await open(browser, `${server.url}/law`);
  await live(page);
  await page.waitForSelector('.law-entry');
  truth((await page.locator('.law-entry .badge').count()) > 0, 'verified or unverified is marked');
  await page.click('[data-tab="judge"]');
  await page.fill('input[name="started_at"]', '2026-05-01T09:00');
  await page.fill('input[name="ended_at"]', '2026-05-01T11:00');
  await page.fill('input[name="affected_users"]', '30,000');
  await page.click('[data-action="judge"]');
  await page.waitForSelector('.verdict .outcome-serious');
  await page.fill('input[name="ended_at"]', '2026-05-01T10:59');
  await page.click('[data-action="judge"]');
  await page.waitForSelector('.verdict .badge:not(.outcome-serious)');
  equal(page.faults, []);
  await page.context().close();
});

await test('a page that lost its server says since when, and is alive again by itself', async () => {
  const page = await open(browser, `${server.url}/board`);
  await live(page);
  await server.stop();
  await page.waitForSelector('[data-connection="lost"]', { timeout: 20_000 });
  truth((await page.locator('.stale').innerText()).includes('再接続'), 'the stale state is named');
  await page.screenshot({ path: `${artifacts}board-lost-1280.png` });
  server = await serve(['--demo'], server.port);
  await live(page);
  equal(await page.locator('.stale[role="alert"]').count(), 0, 'the warning is gone');
  await page.context().close();
});

await test('the first load from the local server', async () => {
  const page = await open(browser, `${server.url}/board`);
  await page.waitForSelector('.figures');
  const figures = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation');
    const scripts = performance.getEntriesByType('resource').filter((r) => r.name.endsWith('.js'));
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return {
      load: Math.round(navigation.loadEventEnd),
      paint: Math.round(paint?.startTime ?? -1),
      script: scripts.reduce((sum, r) => sum + r.encodedBodySize, 0),
    };
  });
  const frames = await page.evaluate(
    () =>
      new Promise((resolve) => {
        let n = 0;
        const begin = performance.now();
        const step = () => (++n, performance.now() - begin < 3000 ? requestAnimationFrame(step) : resolve(n / 3));
        requestAnimationFrame(step);
      }),
  );
  const down = (await board()).network.down;
  truth(figures.script > 0 && figures.script < 200_000, `scripts of ${figures.script} bytes on the wire`);
  return `first paint ${figures.paint} ms, load ${figures.load} ms, scripts ${figures.script} bytes on the wire, ${frames.toFixed(0)} frames/s with ${down} facilities down`;
});

await browser.close();
await server.stop();
done();
