// Controls: the pages at three widths and in both themes, the list with one control beside it by keys alone, what an answer
// would change before it is saved and after, checks, import of a broken and of a sound document, and how long 1,200
// controls take to be seen.

import { artifacts, done, equal, launch, live, open, serve, test, truth, until, violations } from './lib.mjs';

const server = await serve();
const browser = await launch();
const api = async (path, method = 'GET', body, type = 'application/json') =>
  fetch(server.url + path, { method, body, headers: body ? { 'Content-Type': type } : {} });

const PAGES = {
  controls: '/controls',
  'controls-list': '/controls?tab=list&framework=iso-27001-2022',
  'controls-one': '/controls?tab=list&framework=iso-27001-2013&item=A.12.3.1',
  'controls-assessments': '/controls?tab=assessments',
  'controls-checks': '/controls?tab=checks',
  'controls-documents': '/controls?tab=documents',
};
const DARK = new Set(['controls', 'controls-one', 'controls-checks']);
const ready = async (page, name) => {
  await live(page);
  await page.waitForFunction(() => document.querySelector('.controls-page .tab-panel')?.textContent.length > 40);
  if (name === 'controls-one') await page.waitForSelector('.controls-way');
};

for (const theme of ['light', 'dark'])
  await test(`no violation of WCAG 2.2 AA, nothing wider than the window: ${theme}`, async () => {
    const page = await open(browser, `${server.url}/controls`, { theme, bypassCSP: true });
    for (const [name, path] of Object.entries(PAGES)) {
      if (theme === 'dark' && !DARK.has(name)) continue;
      await page.goto(server.url + path);
      await ready(page, name);
      for (const width of theme === 'light' ? [390, 1280] : [1280]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(100);
        equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${name}: overflow at ${width}`);
        await page.screenshot({ path: `${artifacts}${name}-${theme}-${width}.png`, fullPage: true });
      }
      equal(await violations(page), [], `${name}: violations, ${theme}`);
    }
    equal(page.faults, []);
    await page.context().close();
  });

await test('a control is found, opened and closed by keys alone, and the row has the keys again', async () => {
  const page = await open(browser, `${server.url}/controls?tab=list&framework=iso-27001-2022`);
  await page.waitForSelector('[data-control="iso-27001-2022:A.5.1"]');
  await page.focus('[data-control="iso-27001-2022:A.5.1"]');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.controls-panel h3');
  truth(await until(() => page.evaluate(() => document.activeElement?.matches('.controls-panel h2'))), 'the panel has the keys');
  truth((await page.textContent('.controls-panel h2')).startsWith('A.5.2'), 'the next control is open');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.controls-panel', { state: 'detached' });
  equal(await page.evaluate(() => document.activeElement?.dataset.control), 'iso-27001-2022:A.5.2');
  await page.context().close();
});

await test('the statement of applicability is seen before it is saved', async () => {
  const page = await open(browser, `${server.url}/controls`);
  await page.click('[data-statement="iso-27001-2022"]');
  await page.waitForSelector('dialog[open] tbody tr');
  equal(await page.locator('dialog[open] tbody tr').count(), 93);
  truth((await page.textContent('dialog[open] tbody')).includes('自社でソフトウェアを開発しない'), 'why a control does not apply');
  await page.screenshot({ path: `${artifacts}controls-statement.png` });
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog[open]', { state: 'detached' });
  equal(page.faults, []);
  await page.context().close();
});

await test('what an answer would change is shown before it is saved, counted after, and undone', async () => {
  const page = await open(browser, `${server.url}/controls?tab=list&framework=iso-27001-2022&item=A.5.7`);
  await page.waitForSelector('.controls-form');
  const open_before = (await (await api('/api/v1/controls')).json()).frameworks.find((f) => f.id === 'iso-27001-2022').coverage.open;
  await page.selectOption('.controls-form [name=state]', 'implemented');
  await page.click('[data-action=save-answer]');
  await page.waitForSelector('.controls-form .error');
  await page.fill('.controls-form [name=text]', '脅威の情報を毎週確かめている。');
  await page.waitForSelector('.controls-effect p');
  await page.click('[data-action=save-answer]');
  await page.waitForSelector('.controls-panel-body .controls-state.controls-implemented');
  const after = (await (await api('/api/v1/controls')).json()).frameworks.find((f) => f.id === 'iso-27001-2022').coverage.open;
  equal(after, open_before - 1);
  await page.getByRole('button', { name: '元に戻す' }).click();
  await until(async () => (await (await api('/api/v1/controls')).json()).frameworks.find((f) => f.id === 'iso-27001-2022').coverage.open === open_before);
  equal(page.faults, []);
  await page.context().close();
});

await test('a broken document is named fault by fault and not taken; a list of 1,200 controls becomes a framework', async () => {
  const page = await open(browser, `${server.url}/controls?tab=documents`);
  await page.waitForSelector('[data-action=look-import]');
  const broken = { catalog: { uuid: 'not-a-uuid', metadata: { title: 'x', version: '1', 'oscal-version': '1.1.2', 'last-modified': '2026-01-01T00:00:00Z' }, controls: [{ id: 'a-1', title: 'A' }, { id: 'a-1', title: 'B' }] } };
  await page.setInputFiles('[name=file]', { name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(broken)) });
  await page.fill('[name=framework]', 'broken');
  await page.click('[data-action=look-import]');
  await page.waitForSelector('.controls-findings');
  truth((await page.textContent('.controls-findings')).includes('a-1'), 'the id given twice is named');
  truth(await page.isDisabled('[data-action=take-import]'), 'it cannot be taken');
  const items = Array.from({ length: 1200 }, (_, i) => ({ id: `S.${i + 1}`, kind: 'control', title: { ja: `合成の管理策 ${i + 1}`, en: `Synthetic control ${i + 1}` } }));
  const large = { format: 'tokatsu-framework/1', id: 'synthetic-1200', title: { ja: '合成の枠組み(1,200件)', en: 'Synthetic framework (1,200)' }, publisher: 'test', edition: '1', published: '2026-11-23', source: 'synthetic', unit: 'control', verified: false, items };
  await page.setInputFiles('[name=file]', { name: 'large.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(large)) });
  await page.click('[data-action=look-import]');
  await page.waitForSelector('.controls-seen .notice-good');
  await page.click('[data-action=take-import]');
  await page.waitForFunction(() => document.querySelectorAll('[data-framework]').length >= 0 && !document.querySelector('[data-action=take-import]:not(:disabled)'));
  await until(async () => (await (await api('/api/v1/controls')).json()).frameworks.some((f) => f.id === 'synthetic-1200' && f.units === 1200));
  equal(page.faults, []);
  await page.context().close();
});

await test('1,200 controls open from the list of frameworks', async () => {
  const page = await open(browser, `${server.url}/controls`);
  const times = [];
  for (let round = 0; round < 5; round++) {
    await page.goto(`${server.url}/controls`);
    await page.waitForSelector('[data-open="synthetic-1200"]');
    times.push(
      await page.evaluate(
        () =>
          new Promise((resolve) => {
            const from = performance.now();
            document.querySelector('[data-open="synthetic-1200"]').click();
            const look = () => {
              if (!document.querySelector('[data-control="synthetic-1200:S.10"]')) return requestAnimationFrame(look);
              requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from))); // after it was painted
            };
            requestAnimationFrame(look);
          }),
      ),
    );
  }
  times.sort((a, b) => a - b);
  console.log(`# 1,200 controls, from the click until painted: median ${times[2].toFixed(0)} ms, worst ${times[4].toFixed(0)} ms`);
  equal(await page.getAttribute('.grid table', 'aria-rowcount'), '1201');
  equal(page.faults, []);
  await page.context().close();
});

await test('a run of the checks says what came of it, and a failed one leads to its controls', async () => {
  const page = await open(browser, `${server.url}/controls?tab=checks`);
  await page.click('[data-action=run-checks]');
  await page.waitForSelector('.controls-check-fail');
  await page.click('[data-check=evidence-expired] dd a');
  await page.waitForSelector('.controls-panel .notice-warn');
  equal(page.faults, []);
  await page.context().close();
});

await test('all of it in English', async () => {
  const page = await open(browser, `${server.url}/controls`, { lang: 'en' });
  for (const [name, path] of Object.entries(PAGES)) {
    await page.goto(server.url + path);
    await ready(page, name);
    const left = await page.evaluate(() => [...document.querySelectorAll('main :is(button, label, legend, h1, h2, h3, th[scope="col"])')].map((e) => e.textContent.trim()).filter((s) => /[ぁ-ん]/.test(s)));
    equal(left.filter((text) => !/架空|合成/.test(text)), [], `Japanese left on ${name}`);
  }
  await page.context().close();
});

await browser.close();
await server.stop();
done();
