// Registers in a real browser: records with their forms, an import with mistakes, two people at once, history, what a
// role may, and 100,000 records. Pictures of each page are kept in test/artifacts/ to be looked at.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifacts, done, equal, launch, open, serve, test, truth, until, violations } from './lib.mjs';

const PASSWORD = 'a sentence that only tests know';
process.env.TOKATSU_ADMIN_PASSWORD = PASSWORD;
const folder = mkdtempSync(join(tmpdir(), 'tokatsu-registers-'));
const server = await serve(['--data', join(folder, 'data')]);
const browser = await launch();
const MANY = 100_000;

async function signedIn(name, path = '/', options = {}) {
  const page = await open(browser, server.url + path, options);
  await page.waitForSelector('input[name=name]');
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('[data-action=sign-in]');
  await page.waitForSelector('.main-nav');
  return page;
}
// A request with the page's own session, as a colleague beside it would make.
const ask = (page, method, path, body, headers = {}) =>
  page.evaluate(
    async ([m, p, b, h]) => {
      const { csrf } = await (await fetch('/api/v1/session')).json();
      const text = typeof b === 'string' ? b : JSON.stringify(b);
      const type = typeof b === 'string' ? 'text/csv' : 'application/json';
      const more = m === 'GET' ? {} : { 'X-CSRF-Token': csrf, ...(b !== undefined && { 'Content-Type': type }) };
      const answer = await fetch(p, { method: m, headers: { ...more, ...h }, ...(b !== undefined && { body: text }) });
      return { status: answer.status, body: await answer.json().catch(() => null) };
    },
    [method, path, body, headers],
  );
// A record with everything that is required; what it refers to is made first.
async function make(register, id, values = {}) {
  const schema = (await ask(page, 'GET', '/api/v1/registers')).body.items.find((r) => r.id === register);
  const filled = { ...values };
  for (const field of schema.fields.filter((f) => f.required === true && filled[f.id] === undefined)) {
    const plain = { enum: field.options?.[0].id, text: '試験(架空)', boolean: true, country: 'JP', integer: 1, date: '2026-04-01' }[field.type];
    filled[field.id] = plain ?? (await make(field.ref, `${id}-${field.id}`));
  }
  const made = await ask(page, 'POST', `/api/v1/registers/${register}`, { id, values: filled });
  equal(made.status, 201, JSON.stringify(made.body));
  return id;
}
const file = (name, content) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
// What the browser writes about refusals that a test provokes is no fault of the page.
const faults = (page) => page.faults.filter((f) => !/status of (401|403|404|409|412|422)/.test(f));

const page = await signedIn('admin');
await ask(page, 'POST', '/api/v1/accounts', { name: 'auditor', role: 'auditor', password: PASSWORD });

await test('Today begins with the first steps, and one that is done ticks itself off', async () => {
  await page.waitForSelector('.first-steps li.next');
  equal(await page.locator('.first-steps li').count(), 4, 'steps');
  truth((await page.locator('.first-steps li.next').innerText()).includes('事業者の諸元'), 'the first is next');
  await page.screenshot({ path: `${artifacts}today-new-1280.png`, fullPage: true });
  await make('profile', 'P-1');
  await page.reload();
  await page.waitForSelector('.first-steps li.done');
  truth((await page.locator('.first-steps li.next').innerText()).includes('設備'), 'then the facilities');
});

await test('a form made from the register’s file says beside each field what is wrong, and keeps what was typed', async () => {
  await page.goto(`${server.url}/registers/persons`);
  await page.waitForSelector('.empty');
  await page.click('[data-action=add-record]');
  await page.waitForSelector('.record-form');
  await page.click('[data-action=save-record]');
  truth((await page.locator('.record-form .field .error').count()) >= 3, 'what is required is asked for');
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'name');
  await page.fill('input[name=name]', '電気 花子(架空)');
  await page.fill('input[name=department]', '設備運用部');
  await page.reload();
  await page.waitForSelector('[data-action=drop-draft]');
  equal(await page.inputValue('input[name=name]'), '電気 花子(架空)', 'the draft is back');
  await page.selectOption('select[name=active]', 'true');
  await page.click('[data-action=save-record]');
  await page.waitForSelector('.record-values');
  equal(await page.locator('h1').innerText(), '電気 花子(架空)');
  truth(/PER/.test(page.url()), `an id was given out: ${page.url()}`);
});

await test('an import with mistakes says which line and why, and writes nothing', async () => {
  await page.goto(`${server.url}/registers/facilities/+import`);
  const bad = file('bad.csv', '\ufeffid,設備名,種別,状態\nF-1,東局舎(架空),局舎,運用中\nF-2,,局舎,運用中\nF-3,西局舎(架空),局舎,壊れた\n');
  await page.setInputFiles('input[type=file]', bad);
  await page.click('[data-action=check-import]');
  await page.waitForSelector('.import-errors');
  const lines = await page.locator('.import-errors tbody th').allInnerTexts();
  equal(lines, ['3', '4'], 'the lines');
  truth((await page.locator('.import-errors').innerText()).includes('設備名'), 'the field');
  equal(await page.locator('[data-action=apply-import]').count(), 0, 'no way to import');
  await page.screenshot({ path: `${artifacts}import-errors-1280.png`, fullPage: true });
  equal((await ask(page, 'GET', '/api/v1/registers/facilities')).body.total, 0, 'nothing is written');
});

await test('the corrected file, saved by a Japanese spreadsheet as Shift_JIS, shows what will change and is imported', async () => {
  await page.click('[data-action=again]');
  // id,設備名,種別,状態 and F-1,東局舎,局舎,運用中
  const sjis = Buffer.from('69642c90dd94f596bc2c8eed95ca2c8ff391d40d0a462d312c938c8bc78ec92c8bc78ec92c895e977092860d0a', 'hex');
  await page.setInputFiles('input[type=file]', file('good.csv', sjis));
  await page.waitForSelector('text=Shift_JIS');
  await page.click('[data-action=check-import]');
  await page.waitForSelector('[data-action=apply-import]');
  truth((await page.locator('.grid').innerText()).includes('東局舎'), 'the row is shown');
  await page.screenshot({ path: `${artifacts}import-check-1280.png`, fullPage: true });
  await page.click('[data-action=apply-import]');
  await page.waitForSelector('.notice-good');
  equal((await ask(page, 'GET', '/api/v1/registers/facilities/F-1')).body.values.name, '東局舎', 'the record');
});

await test('two people at once: field by field one chooses what stays', async () => {
  await page.goto(`${server.url}/registers/facilities/F-1`);
  await page.click('[data-action=edit-record]');
  await page.fill('input[name=name]', '東局舎 本館');
  await page.fill('input[name=prefecture]', '東京都');
  const theirs = { name: '東局舎 新館', kind: '局舎', status: 'active', note: '相手の備考' };
  equal((await ask(page, 'PUT', '/api/v1/registers/facilities/F-1', { values: theirs }, { 'If-Match': '"1"' })).status, 200);
  await page.click('[data-action=save-record]');
  await page.waitForSelector('dialog[open] .differences');
  truth(await page.locator('[data-action=save-merged]').isDisabled(), 'nothing is saved before the choice');
  equal(await page.locator('dialog input[type=radio]').count(), 2, 'one field is a question');
  await page.screenshot({ path: `${artifacts}record-conflict-1280.png` });
  await page.check('dialog input[value=mine]');
  await page.click('[data-action=save-merged]');
  await page.waitForSelector('.record-values');
  const now = (await ask(page, 'GET', '/api/v1/registers/facilities/F-1')).body;
  equal([now.version, now.values.name, now.values.prefecture, now.values.note], [3, '東局舎 本館', '東京都', '相手の備考']);
});

await test('the history goes back to any version, and an old one can be brought back', async () => {
  await page.click('[data-tab=history]');
  await page.waitForSelector('.slider');
  const slider = page.locator('.slider input');
  equal([await slider.getAttribute('max'), await slider.inputValue()], ['2', '2']);
  await slider.focus();
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.querySelector('.history .record-values')?.textContent.includes('東局舎') && !document.querySelector('.history .record-values').textContent.includes('本館'));
  await page.screenshot({ path: `${artifacts}record-history-1280.png`, fullPage: true });
  await page.click('[data-action=restore-version]');
  await page.waitForSelector('.record-form');
  equal(await page.inputValue('input[name=name]'), '東局舎', 'the old name is in the form');
  await page.click('[data-action=save-record]');
  await page.waitForSelector('.record-values');
  equal((await ask(page, 'GET', '/api/v1/registers/facilities/F-1')).body.version, 4, 'as a new version');
});

await test('a deletion is confirmed, and undone from where it was announced', async () => {
  await page.click('[data-action=delete-record]');
  await page.click('[data-action=confirm-it]');
  await page.waitForSelector('[data-action=toast-undo]');
  equal((await ask(page, 'GET', '/api/v1/registers/facilities/F-1')).status, 404, 'gone');
  await page.click('[data-action=toast-undo]');
  await page.waitForURL('**/registers/facilities/F-1');
  await page.waitForSelector('.record-values');
  equal((await ask(page, 'GET', '/api/v1/registers/facilities/F-1')).body.values.name, '東局舎', 'back');
});

await test('a reference is found by name, with the keyboard alone', async () => {
  await page.goto(`${server.url}/registers/obligations/+new`);
  await page.fill('input[name=title]', '管理規程の届出(架空)');
  await page.selectOption('select[name=basis]', 'own');
  await page.fill('textarea[name=description]', '試験');
  await page.focus('input[name=owner]');
  await page.waitForSelector('[role=listbox] [role=option]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.chip');
  truth((await page.locator('.chip').innerText()).includes('電気 花子'), 'by name');
  await page.click('[data-action=save-record]');
  await page.waitForSelector('.record-values');
  truth((await page.locator('.record-values').innerText()).includes('電気 花子'), 'shown by name');
});

await test('sealed fields open only after a warning, and are never kept as a draft', async () => {
  const schema = (await ask(page, 'GET', '/api/v1/registers')).body.items.find((r) => r.id === 'data-assets');
  const sealed = schema.fields.find((f) => f.class && f.class !== 'normal' && f.type === 'text');
  await make('data-assets', 'D-1', { name: '通話記録(架空)', [sealed.id]: '秘密の保管場所' });
  await page.goto(`${server.url}/registers/data-assets/D-1`);
  await page.waitForSelector('.record-values .sealed');
  truth(!(await page.content()).includes('秘密の保管場所'), 'closed at first');
  await page.click('[data-action=reveal]');
  await page.waitForSelector('dialog[open]');
  await page.screenshot({ path: `${artifacts}record-reveal-1280.png` });
  await page.click('[data-action=confirm-it]');
  await page.waitForSelector('.notice-warn');
  truth((await page.locator('.record-values').innerText()).includes('秘密の保管場所'), 'open now');
  await page.click('[data-action=edit-record]');
  await page.fill('input[name=name]', '通話記録 二(架空)');
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  truth(kept.includes('通話記録 二') && !kept.includes('秘密の保管場所'), 'the draft is without what is sealed');
  await page.click('[data-action=save-record]');
  await page.waitForSelector('.record-values .sealed');
});

await test('an auditor reads everything, is offered nothing to change, and the server refuses as well', async () => {
  const other = await signedIn('auditor', '/registers/facilities');
  await other.waitForSelector('tbody.rows a');
  equal(await other.locator('[data-action=add-record], [data-action=import]').count(), 0, 'in the list');
  await other.click('tbody.rows a');
  await other.waitForSelector('.record-values');
  equal(await other.locator('[data-action=edit-record], [data-action=delete-record]').count(), 0, 'at the record');
  equal((await ask(other, 'PUT', '/api/v1/registers/facilities/F-1', { values: {} }, { 'If-Match': '"4"' })).status, 403);
  await other.goto(`${server.url}/registers/facilities/+import`);
  await other.waitForSelector('.empty');
  equal(await other.locator('input[type=file]').count(), 0, 'no import');
  equal(faults(other), []);
  await other.context().close();
});

await test('100,000 records: the list opens, jumps to its end, and is searched', async () => {
  const lines = ['id,name,kind,status,prefecture'];
  for (let i = 1; i <= MANY; i++) lines.push(`M-${String(i).padStart(6, '0')},基地局 ${i}(架空),基地局,active,東京都`);
  const made = await ask(page, 'POST', '/api/v1/registers/facilities/import', `${lines.join('\n')}\n`);
  truth(made.status < 300, JSON.stringify(made.body).slice(0, 300));
  await until(async () => (await ask(page, 'GET', '/api/v1/registers/facilities?limit=1')).body.total === MANY + 1, 'the import to end', 60_000);
  await page.goto(`${server.url}/registers/facilities`);
  await page.waitForSelector('tbody.rows a');
  const loaded = await page.evaluate(() => Math.round(performance.now()));
  const times = [];
  for (let i = 0; i < 5; i++) {
    await page.goto(`${server.url}/registers`);
    await page.waitForSelector('a[href="/registers/facilities"]');
    await page.waitForTimeout(600);
    times.push(
      await page.evaluate(async () => {
        const begin = performance.now();
        document.querySelector('a[href="/registers/facilities"]').click();
        while (!document.querySelector('tbody.rows a')) await new Promise((r) => requestAnimationFrame(r));
        return Math.round(performance.now() - begin);
      }),
    );
  }
  truth((await page.locator('tbody.rows tr').count()) < 60, 'only the rows in sight are in the document');
  equal(await page.locator('.grid table').getAttribute('aria-rowcount'), String(MANY + 2));
  await page.evaluate(() => (document.querySelector('.grid').scrollTop = 1e9));
  await page.waitForFunction(() => [...document.querySelectorAll('tbody.rows a')].at(-1)?.textContent.includes('100000'), null, { timeout: 40_000 });
  await page.fill('input[name=search]', '基地局 77777');
  await page.waitForFunction(() => document.querySelectorAll('tbody.rows a').length === 1, null, { timeout: 20_000 });
  await page.screenshot({ path: `${artifacts}register-search-1280.png` });
  return `whole page loaded with its rows in ${loaded} ms; from the list of registers in ${times.sort((a, b) => a - b)[2]} ms (median of 5)`;
});

await test('a view is kept under a name, with its filters', async () => {
  await page.goto(`${server.url}/registers/facilities?status=active`);
  await page.waitForSelector('[data-action=save-view]');
  await page.click('[data-action=save-view]');
  await page.fill('input[name=view-name]', '東京の運用中');
  await page.click('dialog button[type=submit]');
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.goto(`${server.url}/registers/facilities`);
  await page.waitForSelector('select[name=view] option:nth-child(2)', { state: 'attached' });
  await page.selectOption('select[name=view]', { label: '東京の運用中' });
  await page.waitForURL('**/facilities?*status=active*');
});

await test('English and the eras are one switch away', async () => {
  await page.goto(`${server.url}/registers/facilities/F-1`);
  await page.waitForSelector('.record-values');
  await page.click('[data-action=language]');
  truth((await page.locator('.tabs').innerText()).includes('History'), 'English');
  await page.click('[data-action=language]');
  await page.click('[popovertarget=settings]');
  await page.check('input[name=calendar][value=wareki]');
  truth((await page.locator('.record-meta').innerText()).includes('令和'), 'eras');
  await page.check('input[name=calendar][value=seireki]');
});

const PAGES = {
  today: '/',
  registers: '/registers',
  register: '/registers/facilities?status=active',
  record: '/registers/obligations/OBL-0001',
  'record-new': '/registers/obligations/+new',
  'register-import': '/registers/facilities/+import',
};
for (const theme of ['light', 'dark'])
  await test(`pages of registers, ${theme}: no violation of WCAG 2.2 AA, nothing wider than the window`, async () => {
    const view = await signedIn('admin', '/', { theme, bypassCSP: true });
    for (const [name, path] of Object.entries(PAGES)) {
      await view.goto(server.url + path);
      await view.waitForSelector('main h1');
      await view.waitForFunction(() => !document.querySelector('.loading'));
      for (const [width, height] of [[1280, 900], [1920, 1080], [390, 844]]) {
        await view.setViewportSize({ width, height });
        await view.evaluate(() => document.fonts.ready);
        await view.waitForTimeout(300);
        equal(await view.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${name}: overflow at ${width}`);
        await view.screenshot({ path: `${artifacts}${name}-${theme}-${width}.png`, fullPage: true });
        if (width !== 1920) equal(await violations(view), [], `${name}: violations at ${width}`);
      }
    }
    await view.context().close();
  });

await test('the page asked nothing of elsewhere and broke no policy', async () => {
  equal(faults(page), [], 'faults');
});

await browser.close();
await server.stop();
rmSync(folder, { recursive: true, force: true });
done();
