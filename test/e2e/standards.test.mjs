// Technical standards and the safety and reliability standard in the browser: looked at in both themes, a document
// recorded, a measure assessed, a file of the notice refused and taken.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { artifacts, done, equal, launch, open, serve, test, truth, violations } from './lib.mjs';

const server = await serve();
const browser = await launch();
const api = async (path) => (await fetch(server.url + path)).json();
const shown = (page) => page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('.loading'));

for (const [name, path] of Object.entries({ standards: '/standards', reliability: '/reliability' }))
  await test(`${name}: no violation of WCAG 2.2 AA, nothing wider than the window, in both themes`, async () => {
    for (const [theme, width] of [['light', 1280], ['light', 390], ['dark', 1280]]) {
      const page = await open(browser, server.url + path, { theme, width, bypassCSP: true });
      await shown(page);
      equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `overflow at ${width}`);
      equal(await violations(page), [], `violations at ${width}, ${theme}`);
      await page.screenshot({ path: `${artifacts}${name}-${theme}-${width}.png`, fullPage: true });
      equal(page.faults, []);
      await page.context().close();
    }
  });

await test('a missing document is recorded from its row, and the confirmation lacks one less', async () => {
  const before = (await api('/api/v1/program/standards')).confirmations.find((c) => c.record === 'CNF-0003').documents_lacking;
  const page = await open(browser, `${server.url}/standards`);
  await page.click('[data-confirmation="CNF-0003"] [data-document="diagram"]');
  await page.fill('dialog [name="content"]', '試験の本文');
  await page.selectOption('dialog [name="state"]', 'done');
  await page.click('dialog [data-action="save-record"]');
  await page.waitForSelector('dialog', { state: 'detached' });
  const after = (await api('/api/v1/program/standards')).confirmations.find((c) => c.record === 'CNF-0003').documents_lacking;
  equal(after, before - 1);
  equal(page.faults, []);
  await page.context().close();
});

await test('the matrix shows all categories, and a measure is assessed from its cell', async () => {
  const page = await open(browser, `${server.url}/standards`);
  await page.click('[data-tab="matrix"]');
  await page.waitForSelector('.standards-matrix');
  const own = await page.locator('.standards-matrix thead th').count();
  await page.click('[data-all="true"]');
  truth((await page.locator('.standards-matrix thead th').count()) > own + 15, 'there are more columns');
  await page.click('[data-all="false"]');
  await page.locator('.standards-assess.outline').first().click();
  await page.fill('dialog [name="ground"]', '試験で確かめた');
  await page.click('dialog [data-action="save-record"]');
  await page.waitForSelector('dialog', { state: 'detached' });
  equal(page.faults, []);
  await page.context().close();
});

await test('a file of the notice is refused with line and column, then checked and taken', async () => {
  const folder = mkdtempSync(`${tmpdir()}/tokatsu-e2e-`);
  const head = 'section,item,title,measure,text,lines,designated,others,private,user\n';
  writeFileSync(`${folder}/bad.csv`, `${head}nowhere,1,試験用,ア,試験用,◎,,,,\n`);
  writeFileSync(`${folder}/good.csv`, `${head}facilities.equipment.power,1,試験用の項目,ア,試験用の対策,◎,,,,\n`);
  const page = await open(browser, `${server.url}/reliability`);
  await page.click('[data-action="import"]');
  await page.fill('dialog [name="edition"]', '試験版');
  await page.setInputFiles('dialog [name="file"]', `${folder}/bad.csv`);
  await page.click('[data-action="check"]');
  await page.waitForSelector('.reliability-faults');
  equal(await page.locator('.reliability-faults tbody td.num').allTextContents(), ['2', '1']);
  truth((await page.locator('[data-action="apply"]').count()) === 0, 'nothing to apply');
  await page.setInputFiles('dialog [name="file"]', `${folder}/good.csv`);
  await page.click('[data-action="check"]');
  await page.click('[data-action="apply"]');
  await page.waitForSelector('dialog', { state: 'detached' });
  equal((await api('/api/v1/program/reliability')).content.edition, '試験版');
  await page.click('[data-section="facilities.equipment.power"] button');
  await page.waitForSelector('.reliability-item li');
  equal(page.faults.filter((f) => !f.includes('422')), []);
  await page.context().close();
});

await browser.close();
await server.stop();
done();
