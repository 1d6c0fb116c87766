// User information, inspections and surveys in a real browser: a respondent answers on a phone without an account, the page to
// publish is looked at, findings are planned. Pictures are kept in test/artifacts/ to be looked at.

import { artifacts, done, equal, launch, open, serve, test, truth, until, violations } from './lib.mjs';

const server = await serve(['--demo']);
const browser = await launch();
const ask = (page, method, path, body) =>
  page.evaluate(
    async ([m, p, b]) => {
      const answer = await fetch(p, { method: m, ...(b !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(b) }) });
      return { status: answer.status, body: await answer.json().catch(() => null) };
    },
    [method, path, body],
  );
// Refusals that a test provokes, and this test's own script in a page that stands in a sandbox.
const faults = (page) => page.faults.filter((f) => !/status of (404|409|422)|localStorage/.test(f));
const picture = (page, name) => page.screenshot({ path: `${artifacts}${name}.png`, fullPage: true });
const wide = async (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

const page = await open(browser, `${server.url}/campaigns`);
await page.waitForSelector('.campaigns table');
let id = '';
let link = '';

await test('a campaign is begun and its respondents get links, shown once', async () => {
  await page.click('[data-action=begin]');
  await page.fill('[name=title]', '電力の点検(架空)');
  await page.fill('[name=to]', '2099-01-01');
  await page.click('[data-action=begin-it]');
  await page.waitForSelector('.campaign');
  id = new URL(page.url()).pathname.split('/').pop();
  await page.click('[data-tab=people]');
  await page.fill('[name=people]', '回答 一郎(架空), 電力課\n回答 二郎(架空)');
  await page.click('[data-action=invite]');
  await page.waitForSelector('[data-link]');
  equal(await page.locator('[data-link]').count(), 2);
  link = await page.locator('[data-link]').first().innerText();
  truth(new RegExp(`/answer#${id}\\.001\\.[A-Za-z0-9_-]{43}$`).test(link), link);
  await picture(page, 'campaign-people');
  equal(await violations(page), []);
});

await test('a respondent fills the sheet on a phone, with the keyboard, saved as it goes', async () => {
  const phone = await open(browser, link, { width: 390, height: 844 });
  await phone.waitForSelector('.answer-question');
  equal(new URL(phone.url()).hash, '', 'the secret stays in the address');
  equal(await wide(phone), 0, 'the page is wider than the phone');
  await phone.locator('input[name=rules-policy]').first().focus();
  await phone.keyboard.press('ArrowDown'); // radio buttons by the arrow keys: the next one
  await phone.keyboard.press('Tab');
  await phone.waitForSelector('[data-saving=saved]', { timeout: 10_000 });
  await phone.setInputFiles('[data-evidence=rules-policy]', { name: '方針.txt', mimeType: 'text/plain', buffer: Buffer.from('架空の方針') });
  await phone.waitForSelector('.answer-files li');
  await picture(phone, 'answer-phone');
  await phone.screenshot({ path: `${artifacts}answer-phone-top.png` });
  equal(await violations(phone), []);
  await phone.reload(); // the secret is kept for this tab
  await phone.waitForSelector('.answer-question');
  truth(await phone.locator('input[name=rules-policy]').nth(1).isChecked(), 'what was saved is there again');
  await phone.click('[data-action=submit]');
  await phone.waitForSelector('.answer-missing');
  for (const set of await phone.locator('.answer-question').all()) {
    const radio = set.locator('input[type=radio]').first();
    if (await radio.count()) await radio.check();
    const number = set.locator('input[type=number]');
    if (await number.count()) await number.fill('3');
  }
  await phone.click('[data-action=submit]');
  await phone.click('[data-action=confirm-it]');
  await phone.waitForSelector('.notice-good code');
  await picture(phone, 'answer-done');
  await phone.goto('about:blank');
  await phone.goto(link); // used up
  await phone.waitForSelector('.empty');
  equal(faults(phone), []);
  await phone.context().close();
});

await test('a sheet is handed to somebody else', async () => {
  const made = await ask(page, 'POST', `/api/v1/campaigns/${id}/respondents/${id}.002`, { action: 'renew' });
  const other = await open(browser, `${server.url}/answer#${made.body.links[0].token}`, { width: 390, height: 844, theme: 'dark' });
  await other.waitForSelector('.answer-question');
  await picture(other, 'answer-phone-dark');
  await other.click('[data-action=delegate]');
  await other.fill('dialog [name=name]', '回答 三郎(架空)');
  await other.click('[data-action=delegate-it]');
  await other.waitForSelector('.answer-link');
  truth((await other.locator('.answer-link').innerText()).includes(`${id}.002.`));
  equal(faults(other), []);
  await other.context().close();
});

await test('results and findings are there, and a countermeasure is planned', async () => {
  await page.goto(`${server.url}/campaigns/${id}`);
  await page.waitForSelector('.campaign');
  truth((await page.locator('.campaign-figures').innerText()).includes('1 / 2'));
  await page.click('[data-tab=findings]');
  await page.click('[data-action=finding-add]');
  await page.fill('dialog [name=title]', '放電試験の記録が無い(架空)');
  await page.click('[data-action=finding-save]');
  await page.waitForSelector('[data-measure]');
  await page.click('[data-measure]');
  await page.fill('dialog [name=measure]', '様式を作り記録する(架空)');
  await until(async () => (await page.locator('dialog [name=owner] option').count()) > 1);
  await page.selectOption('dialog [name=owner]', { index: 1 });
  await page.fill('dialog [name=deadline]', '2099-02-01');
  await page.click('[data-action=finding-save]');
  await page.waitForSelector('.campaign-finding a[href^="/registers/countermeasures/"]');
  equal(await page.locator('[data-verify]').count(), 0, 'whoever owns the campaign cannot verify');
  await picture(page, 'campaign-findings');
  equal(await violations(page), []);
});

await test('the demo’s campaigns are compared, in both widths and themes', async () => {
  for (const [width, theme] of [
    [1280, 'light'],
    [390, 'dark'],
  ]) {
    const seen = await open(browser, `${server.url}/campaigns/CAM-0002`, { width, theme });
    await seen.waitForSelector('.campaign table');
    truth(/前回/.test(await seen.locator('.panel-head').first().innerText()));
    equal(await wide(seen), 0, `wider than ${width}`);
    await picture(seen, `campaign-${width}-${theme}`);
    equal(await violations(seen), []);
    equal(faults(seen), []);
    await seen.context().close();
  }
});

await test('the policy says what is missing, and its page stands in a sandbox of its own', async () => {
  await page.goto(`${server.url}/user-information`);
  await page.waitForSelector('.user-information table');
  await picture(page, 'user-information');
  await page.click('[data-tab=policy]');
  await page.waitForSelector('.user-information-section');
  equal(await violations(page), []);
  await picture(page, 'user-information-policy');
  for (const [width, theme] of [
    [1280, 'light'],
    [390, 'dark'],
  ]) {
    const shown = await open(browser, `${server.url}/api/v1/user-information/policy.html`, { width, theme });
    equal(await wide(shown), 0, `wider than ${width}`);
    truth((await shown.locator('h2').count()) >= 7);
    await picture(shown, `policy-${width}-${theme}`);
    equal(faults(shown), []);
    await shown.context().close();
  }
  const table = await open(browser, `${server.url}/api/v1/external-transmissions/WEB-0001/table.html`);
  equal(await table.locator('tbody tr').count(), 2, 'two tags have to be told of');
  await picture(table, 'external-transmission');
  await table.context().close();
});

await test('other tabs on a phone', async () => {
  const phone = await open(browser, `${server.url}/user-information`, { width: 390, height: 844 });
  await phone.waitForSelector('.user-information table');
  for (const tab of ['rules', 'counts', 'transmissions']) {
    await phone.click(`[data-tab=${tab}]`);
    await phone.waitForSelector('.tab-panel table');
    equal(await wide(phone), 0, `${tab} is wider than the phone`);
    await picture(phone, `user-information-${tab}`);
    equal(await violations(phone), []);
  }
  equal(faults(phone), []);
  await phone.context().close();
});

await browser.close();
await server.stop();
done();
