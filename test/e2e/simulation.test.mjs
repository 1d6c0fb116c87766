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

// ---- software ----

await test('findings say what is affected, whom it reaches and why; a name alone cannot tell', async () => {
  await page.goto(`${server.url}/software`);
  await page.waitForSelector('[data-status="known-affected"]');
  const text = await page.locator('main').innerText();
  for (const word of ['SYN-2026-0001', 'パッケージURLで照合', '判断できない', '合成データ']) truth(text.includes(word), word);
  truth((await page.locator('[data-status="known-affected"] .software-reach').count()) > 0, 'users are counted');
  await fits('findings');
});

await test('what is done about a finding is recorded on the spot', async () => {
  await page.click('[data-patch="SYN-2026-0002"]');
  await page.fill('[name="deadline"]', '2099-01-31');
  await page.fill('[name="on"]', '2099-01-15');
  await page.click('[data-action="save-patch"]');
  await page.waitForSelector('[data-patch="SYN-2026-0002"]', { state: 'detached' });
  truth((await page.locator('main').innerText()).includes('計画済み'), 'planned');
});

await test('an SBOM is imported from a file; one that is not sound is refused at its place', async () => {
  await page.click('[data-tab="systems"]');
  const file = (body) => ({ name: 'bom.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(body)) });
  await page.selectOption('[name="kind"]', 'advisories');
  await page.setInputFiles('[name="document"]', file({ document: { csaf_version: '2.0', title: 't', tracking: { id: 'x' } }, vulnerabilities: [{ product_status: { fixed: ['ghost'] } }] }));
  await page.click('[data-action="import"]');
  await page.getByText('/vulnerabilities/0/product_status/fixed/0').waitFor();
  await page.setInputFiles('[name="document"]', file({ document: { csaf_version: '2.0', title: '二つ目の情報', tracking: { id: 'y' } }, vulnerabilities: [] }));
  await page.click('[data-action="import"]');
  await page.getByText('二つ目の情報').first().waitFor();
  await fits('systems');
});

await test('components are searched, data kept too long and training that is due are told', async () => {
  await page.click('[data-tab="components"]');
  await page.waitForSelector('[name="search"]');
  await fits('components');
  await page.click('[data-tab="due"]');
  await page.getByText('通信履歴の保守用写し').waitFor();
  await page.getByText('未受講').first().waitFor();
  await fits('due');
  equal(page.faults.filter((f) => !f.includes('400')), []);
});

await browser.close();
await server.stop();
done();
