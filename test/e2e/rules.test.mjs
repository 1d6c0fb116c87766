// Management rules: the pages at three widths and in both themes; writing, undoing, the live check, saving, conflict, comparison,
// import, self-inspection.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { artifacts, done, equal, launch, live, open, serve, test, truth, until, violations } from './lib.mjs';

const server = await serve();
const browser = await launch();
const api = async (path) => (await fetch(server.url + path)).json();
const overview = await api('/api/v1/program/rules');
const draft = overview.editions.find((e) => e.state === 'draft');
const inForce = overview.in_force;

const PAGES = { rules: '/rules', 'rules-items': '/rules?tab=items', 'rules-inspections': '/rules?tab=inspections', 'rules-edit': `/rules/${draft.id}`, 'rules-compare': `/rules/${draft.id}?tab=compare`, 'rules-approval': `/rules/${inForce}?tab=approval` };
const only = process.env.ONLY?.split(',');
for (const [name, path] of Object.entries(PAGES)) {
  if (only && !only.includes(name)) continue;
  await test(`${name}: no violation of WCAG 2.2 AA, nothing wider than the window, in both themes`, async () => {
    for (const theme of ['light', 'dark']) {
      const page = await open(browser, server.url + path, { theme, bypassCSP: true });
      await live(page);
      await page.waitForSelector('.rules-page .panel');
      if (name === 'rules-compare') await page.waitForSelector('.rules-compare');
      for (const [width, height] of theme === 'light' ? [[1280, 900], [390, 844]] : [[1280, 900]]) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(200);
        equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `overflow at ${width}`);
        await page.screenshot({ path: `${artifacts}${name}-${theme}-${width}.png`, fullPage: width === 390 ? false : true });
        equal(await violations(page), [], `violations at ${width}, ${theme}`);
      }
      await page.context().close();
    }
  });
}

if (!only) {
  await test('a section is written, the check follows, undo and redo work, and it is saved', async () => {
    const page = await open(browser, `${server.url}/rules/${draft.id}`);
    await page.waitForSelector('.rules-outline button');
    const missing = () => page.locator('.rules-item-missing').count();
    equal(await missing(), 1, 'the draft lacks one item');
    await page.keyboard.press('Control+Enter');
    await page.fill('[name="section-heading"]', '第99条(契約の変更・解除)');
    await page.fill('[name="section-text"]', '安定した提供に必要なときは、委託の契約を変更し、又は解除し、ほかの事業者に移す。手順と準備を毎年確かめる。');
    await page.check('[name="here-outsourcing-exit"]');
    await until(async () => (await missing()) === 0, 'the check found the item');
    await page.click('[data-action="undo"]');
    await until(async () => (await missing()) === 1, 'undone');
    await page.click('[data-action="redo"]');
    await until(async () => (await missing()) === 0, 'done again');
    await page.keyboard.press('Control+s');
    await until(async () => (await api(`/api/v1/program/rules/${draft.id}`)).check.counts.missing === 0, 'saved');
    await page.context().close();
  });

  await test('two people save the same edition: changes to different sections are both kept', async () => {
    const page = await open(browser, `${server.url}/rules/${draft.id}`);
    await page.waitForSelector('.rules-outline button');
    const there = await api(`/api/v1/program/rules/${draft.id}`);
    const theirs = structuredClone(there.rules);
    theirs.sections.find((s) => s.id === 'a2').text = 'ほかの人の定義。';
    await page.click('.rules-outline [data-section="a1"]');
    await page.fill('[name="section-text"]', '自分の目的。');
    const put = await page.evaluate(async ([id, body]) => {
      const session = await (await fetch('/api/v1/session')).json();
      return (await fetch(`/api/v1/program/rules/${id}`, { method: 'PUT', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf ?? '' }, body })).status;
    }, [draft.id, JSON.stringify({ rules: theirs, version: there.record.version })]);
    equal(put, 200);
    await page.keyboard.press('Control+s');
    await page.click('[data-action="save-joined"]');
    await until(async () => {
      const { sections } = (await api(`/api/v1/program/rules/${draft.id}`)).rules;
      const of = (id) => sections.find((s) => s.id === id).text;
      return of('a1') === '自分の目的。' && of('a2') === 'ほかの人の定義。';
    }, 'both changes are there');
    await page.context().close();
  });

  await test('a document is looked at before it replaces the text, and the way back is there', async () => {
    const file = `${artifacts}rules.docx`;
    execFileSync('pandoc', ['-f', 'markdown', '-t', 'docx', '-o', file], { input: '## 第1章 総則\n\n第1条（教育及び訓練）　訓練を行う。\n' });
    const page = await open(browser, `${server.url}/rules/${draft.id}`);
    await page.waitForSelector('.rules-outline button');
    const before = await page.locator('.rules-outline button').count();
    await page.click('[data-action="import-rules"]');
    await page.setInputFiles('[name="rules-file"]', file);
    await page.waitForSelector('.rules-preview');
    equal(await page.locator('.rules-preview tbody tr').count(), 2);
    await page.click('[data-action="take-import"]');
    equal(await page.locator('.rules-outline button').count(), 2);
    await page.click('[data-action="undo"]');
    equal(await page.locator('.rules-outline button').count(), before);
    writeFileSync(`${artifacts}broken.docx`, 'PK\u0003\u0004 no document');
    await page.click('[data-action="import-rules"]');
    await page.setInputFiles('[name="rules-file"]', `${artifacts}broken.docx`);
    await page.waitForSelector('dialog .notice-error');
    await page.context().close();
  });

  await test('the comparison marks words, and the printed one is a PDF', async () => {
    const page = await open(browser, `${server.url}/rules/${draft.id}?tab=compare`);
    await page.waitForSelector('.rules-compare ins');
    const words = await page.locator('.rules-compare ins').allTextContents();
    truth(words.includes('65'), `65% is new: ${words.slice(0, 8)}`);
    const href = await page.getAttribute('[data-action="compare-pdf"]', 'href');
    const pdf = await fetch(server.url + href);
    equal([pdf.status, pdf.headers.get('content-type')], [200, 'application/pdf']);
    await page.context().close();
  });

  await test('a self-inspection records a result by section', async () => {
    const page = await open(browser, `${server.url}/rules?tab=inspections`);
    await page.waitForSelector('.rules-sheet');
    await page.selectOption('[name="result-method-software"]', 'not-kept');
    await page.fill('[name="finding-method-software"]', '試験の記録がない');
    await page.press('[name="finding-method-software"]', 'Tab');
    await until(async () => {
      const { items } = await api('/api/v1/registers/rule-inspection-results?inspection=MRI-0001');
      return items.some((r) => r.values.section === 'method-software' && r.values.finding === '試験の記録がない');
    }, 'the result is recorded');
    await page.waitForSelector('tr[data-section="method-software"] [data-action="measure"]');
    await page.context().close();
  });
}

await browser.close();
await server.stop();
done();
