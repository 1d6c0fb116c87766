// Risk on the page: the map and its movements, the process, criteria tried before they are adopted, the assurance tree built
// by keyboard, bow ties, sources that become risks, and standards compared.

import { artifacts, done, equal, launch, open, serve, test, truth, violations } from './lib.mjs';

const server = await serve();
const browser = await launch();
const PAGES = ['/risks', '/risks?tab=list', '/risks?tab=process', '/risks/RSK-0001', '/risk-criteria', '/assurance', '/bow-ties', '/risk-sources', '/references'];
const settled = async (page) => {
  await page.waitForSelector('main h1');
  await page.waitForFunction(() => !document.querySelector('.loading'));
};

for (const path of PAGES)
  await test(`${path}: no violation of WCAG 2.2 AA and nothing wider than the window, light and dark, wide and narrow`, async () => {
    const page = await open(browser, server.url + path, { bypassCSP: true });
    await settled(page);
    await page.evaluate(() => document.fonts.ready);
    for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(200);
      equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `overflow at ${width}`);
      equal(await violations(page), [], `violations, ${theme}`);
      equal(page.faults, []);
      await page.screenshot({ path: `${artifacts}risks${path.replace(/\W+/g, '-')}-${theme}-${width}.png`, fullPage: true });
    }
    await page.context().close();
  });

await test('the map shows where risks are, where they go, and where they come from', async () => {
  const page = await open(browser, `${server.url}/risks`);
  await settled(page);
  const here = await page.locator('.risk-map-dot.now').count();
  truth(here >= 10, `${here} risks are on the map`);
  equal(await page.locator('.risk-map-arrow').count(), 0);
  await page.selectOption('select[name="mode"]', 'plan');
  truth((await page.locator('.risk-map-dot.goal').count()) > 3, 'targets are shown');
  truth((await page.locator('.risk-map-arrow').count()) > 3, 'arrows are shown');
  await page.selectOption('select[name="one"]', { index: 1 });
  equal(await page.locator('.risk-map-dot.now').count(), 1);
  await page.locator('.risk-map-dot.now').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/risks\/RSK-0001$/);
  await page.context().close();
});

await test('the list is filtered, and a risk above the appetite says what is missing', async () => {
  const page = await open(browser, `${server.url}/risks?tab=list`);
  await settled(page);
  const all = await page.locator('tbody.rows tr').count();
  await page.check('input[name="attention"]');
  const some = await page.locator('tbody.rows tr').count();
  truth(some > 0 && some < all, `${some} of ${all}`);
  await page.fill('input[name="search"]', '監視端末');
  equal(await page.locator('tbody.rows tr').count(), 1);
  truth((await page.textContent('tbody.rows tr')).includes('受容の期限'), 'the expired acceptance is told');
  await page.context().close();
});

await test('criteria are tried on today’s risks before anybody adopts them, and a wrong cell is named', async () => {
  const page = await open(browser, `${server.url}/risk-criteria`);
  await settled(page);
  const cells = page.locator('textarea[name="cells"]');
  await cells.fill((await cells.inputValue()).replace(/^low medium medium high high$/m, 'low medium high extreme extreme').replace(/medium high high extreme$/m, 'medium high extreme extreme').replace(/medium medium high extreme extreme$/m, 'medium high extreme extreme extreme'));
  await page.waitForSelector('text=水準が変わるリスク');
  await page.waitForFunction(() => document.querySelectorAll('.risk-criteria-bench table tbody tr').length > 0);
  await cells.fill('low low low medium high\nlow low medium low high\nlow medium medium high high\nlow medium high high extreme\nmedium medium high extreme extreme');
  await page.waitForSelector('.field.invalid textarea[name="cells"]');
  truth((await page.textContent('.field.invalid')).includes('起こりやすさ2・影響4'), 'the cell is named');
  equal(await page.isDisabled('[data-action="save-criteria"]'), true);
  await page.context().close();
});

await test('the assurance tree is walked, folded and built by keyboard', async () => {
  const page = await open(browser, `${server.url}/assurance`);
  await settled(page);
  const nodes = () => page.locator('[role="treeitem"]').count();
  const before = await nodes();
  await page.locator('[role="treeitem"]').first().focus();
  await page.keyboard.press('ArrowLeft');
  equal(await nodes(), 1, 'folded');
  await page.keyboard.press('ArrowRight');
  equal(await nodes(), before, 'unfolded');
  await page.keyboard.press('End');
  await page.keyboard.press('+');
  await page.fill('dialog input[name="title"]', '伝言を預かる(試験)');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.assurance-title:has-text("伝言を預かる(試験)")');
  equal(await nodes(), before + 1);
  await page.context().close();
});

await test('a bow tie is drawn with the state of its barriers', async () => {
  const page = await open(browser, `${server.url}/bow-ties/BOW-0001`);
  await settled(page);
  await page.waitForSelector('.bow-ties-drawing svg');
  equal(await page.locator('.bow-ties-drawing .bow-event').count(), 1);
  truth((await page.locator('.bow-ties-drawing .bow-late').count()) > 0, 'a late barrier is told');
  await page.context().close();
});

await test('a source of risk becomes the beginning of a risk', async () => {
  const page = await open(browser, `${server.url}/risk-sources`);
  await settled(page);
  await page.click('a[href*="source_ref=deloitte-2020-japan-systems"]');
  await page.waitForURL(/\/registers\/risks\/\+new/);
  await page.waitForSelector('[name="title"]');
  equal(await page.inputValue('[name="source_ref"]'), 'deloitte-2020-japan-systems');
  equal(await page.inputValue('[name="category"]'), 'cyber');
  await page.context().close();
});

await test('the pages are there in English', async () => {
  const page = await open(browser, `${server.url}/references`, { lang: 'en' });
  await settled(page);
  truth((await page.textContent('main h1')).includes('Standards'), 'the heading');
  truth((await page.textContent('#cmmc')).includes('2024-12-16'), 'what changed since');
  await page.context().close();
});

await browser.close();
await server.stop();
done();
