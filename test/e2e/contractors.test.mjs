// Contractors on the synthetic carrier: the chain, the countries, what hangs on whom, what a country's change reaches,
// the page for users; accessible, in both themes where colour tells something, and at two widths.

import { artifacts, done, equal, launch, live, open, serve, test, truth, violations } from './lib.mjs';

const server = await serve();
const browser = await launch();
const ready = (page, what) => page.waitForSelector(what, { timeout: 20_000 });
const VIEWS = {
  list: ['/contractors', '[data-contractor]'],
  countries: ['/contractors?view=countries', '.contractors-matrix [data-country]'],
  share: ['/contractors?view=share', '.contractors-share [data-gone]'],
  change: ['/contractors?view=change&country=XE', 'select[name="gag"]'],
  abroad: ['/contractors?view=abroad', '[data-told]'],
  one: ['/contractors/CON-0007', '.contractors-grid .badge'],
};

for (const [name, [path, mark]] of Object.entries(VIEWS))
  await test(`${name}: no violation of WCAG 2.2 AA, nothing wider than the window`, async () => {
    for (const theme of name === 'list' || name === 'share' ? ['light', 'dark'] : ['light']) {
      const page = await open(browser, server.url + path, { theme, bypassCSP: true });
      await live(page);
      await ready(page, mark);
      for (const [width, height] of theme === 'light' ? [[1280, 900], [390, 844]] : [[1280, 900]]) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(150);
        equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `overflow at ${width}`);
        await page.screenshot({ path: `${artifacts}contractors-${name}-${theme}-${width}.png`, fullPage: true });
      }
      equal(await violations(page), [], theme);
      await page.context().close();
    }
  });

await test('sub-contractors stand under who entrusts them, two deep', async () => {
  const page = await open(browser, `${server.url}/contractors`);
  await ready(page, '[data-contractor]');
  const depths = await page.$$eval('[data-contractor]', (rows) => Object.fromEntries(rows.map((r) => [r.dataset.contractor, r.dataset.depth])));
  equal([depths['CON-0001'], depths['CON-0002'], depths['CON-0003']], ['0', '1', '2']);
  await page.context().close();
});

await test('if an equipment maker were gone, the law says so and the way is told', async () => {
  const page = await open(browser, `${server.url}/contractors?view=share`);
  await ready(page, '[data-gone="CON-0007"]');
  await page.click('[data-gone="CON-0007"]');
  await ready(page, 'dialog .contractors-reach table');
  truth((await page.textContent('dialog')).includes('網監視システム'), 'the system between is named');
  await page.keyboard.press('Escape');
  await page.context().close();
});

await test('a country is tried before it is saved; saved, it gives the owners their tasks', async () => {
  const page = await open(browser, `${server.url}/contractors?view=countries`);
  await ready(page, '[data-country="XD"] button');
  await page.click('[data-country="XD"] button');
  await page.waitForFunction(() => document.querySelector('select[name="gag"]')?.value === 'limited');
  await page.selectOption('select[name="gag"]', 'general');
  await page.selectOption('select[name="authority_access"]', 'unrestricted');
  await page.click('.contractors .button:has-text("確かめる")');
  await ready(page, '.contractors-scores');
  const scores = await page.$$eval('.contractors-scores .badge', (all) => all.map((b) => b.textContent.trim().split(' ')[0]));
  equal(scores, ['15', '40'], 'before and after');
  const before = await (await fetch(`${server.url}/api/v1/registers/countries/XD`)).json();
  equal(before.version, 1, 'nothing was saved yet');
  await page.fill('input[name="deadline"]', '2036-12-01');
  await page.click('.contractors-save button[type="submit"]');
  await page.waitForSelector('.toast');
  const tasks = await (await fetch(`${server.url}/api/v1/registers/countermeasures?limit=500`)).json();
  const made = tasks.items.filter((one) => one.values.source_id === 'XD');
  truth(made.length > 0 && made.every((one) => one.values.deadline === '2036-12-01'), `${made.length} tasks`);
  await page.context().close();
});

await test('the weights are the carrier\'s own: changed, every score follows', async () => {
  const page = await open(browser, `${server.url}/contractors?view=change&country=XE`);
  await ready(page, '.contractors-weights summary');
  await page.click('.contractors-weights summary');
  await page.fill('input[name="weight.gag"]', '1000');
  await page.click('.contractors-weights .button:has-text("重みを保存する")');
  await page.waitForSelector('.toast');
  const { countries } = await (await fetch(`${server.url}/api/v1/contractors`)).json();
  truth(countries.find((c) => c.country === 'XE').score > 95, 'the ban on telling counts most now');
  await page.context().close();
});

await test('the past and the other language are one step away', async () => {
  const page = await open(browser, `${server.url}/contractors?view=countries&day=2026-08-01`, { lang: 'en' });
  await ready(page, '[data-country="XE"]');
  truth((await page.textContent('h1')).includes('Contractors'), 'in English');
  await page.context().close();
});

await browser.close();
await server.stop();
done();
