// The pages of simulated risk: a simulation asked for, followed, read, done again and compared.

import { done, equal, launch, live, open, serve, test, truth, violations } from './lib.mjs';

const server = await serve();
const browser = await launch();
const page = await open(browser, `${server.url}/simulation`, { bypassCSP: true });
await live(page);

async function fits(what) {
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(300);
    equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${what}: overflow at ${width}`);
    equal(await violations(page), [], `${what}: violations at ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

await test('where nothing is kept yet the form is there, filled in, and says that its answer is a model’s', async () => {
  await page.waitForSelector('[data-action="simulate"]');
  truth((await page.locator('[name="rate.core.per_year"]').inputValue()) !== '', 'the demo suggests rates');
  truth((await page.locator('main').innerText()).includes('モデルによる試算'), 'labelled as a model');
  await fits('form');
});

await test('what is wrong is said beside its field, and nothing is begun', async () => {
  await page.fill('[name="rate.core.per_year"]', 'often');
  await page.click('[data-action="simulate"]');
  await page.waitForSelector('.simulation-wrong');
  equal(await page.locator('[name="rate.core.per_year"]').getAttribute('aria-invalid'), 'true');
  await page.fill('[name="rate.core.per_year"]', '0.5');
});

await test('a simulation with a planned second route is followed to its result', async () => {
  await page.fill('[name="facility-search"]', 'syn-agg-007');
  await page.waitForSelector('[data-add="syn-agg-007"]');
  await page.click('[data-add="syn-agg-007"]');
  await page.fill('[name="name"]', '一つ目');
  await page.click('[data-action="simulate"]');
  await page.waitForSelector('.simulation-figures', { timeout: 60_000 });
  await page.waitForSelector('.echart svg');
  equal(await page.locator('h1').innerText(), '一つ目');
  truth((await page.locator('table.data').count()) >= 4, 'tables of services, plan, curve and ranking');
  truth((await page.locator('a[href^="/what-if?fail="]').count()) > 0, 'the ranking leads to what if');
  await fits('result');
});

await test('done again it is the same to the byte', async () => {
  await page.click('[data-action="again"]');
  await page.getByText('1バイトも違わない').waitFor({ timeout: 60_000 });
});

await test('another one is made from its conditions, and compared', async () => {
  await page.click('[data-action="change"]');
  await page.waitForSelector('[data-action="simulate"]');
  equal(await page.locator('[data-chosen="syn-agg-007"]').count(), 1, 'the plan is kept');
  await page.fill('[name="seed"]', '2');
  await page.click('[data-action="simulate"]');
  await page.waitForSelector('.simulation-figures', { timeout: 60_000 });
  await page.selectOption('[name="other"]', { index: 1 });
  await page.waitForSelector('[data-compared]');
  truth((await page.locator('main').innerText()).includes('違う条件: 種'), 'what differs is told');
});

await test('files are there, single points are told, and nothing went wrong on the way', async () => {
  for (const format of ['json', 'csv']) equal((await page.request.get(`${server.url}/api/v1/simulations/S${new Date().getFullYear()}-00001/result.${format}`)).status(), 200);
  await page.goto(`${server.url}/simulation`);
  await page.click('[data-tab="points"]');
  await page.getByText('一つ止まるだけで重大な事故になる設備はありません').waitFor();
  equal(page.faults, []);
});

await browser.close();
await server.stop();
done();
