// People in a real browser: signing in, the one-time password, codes, tokens, accounts, and a session that ends
// while a form is open.

import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifacts, done, equal, launch, open, serve, test, truth, until, violations } from './lib.mjs';

const PASSWORD = 'a sentence that only tests know';
const SECOND = 'another sentence for tests only';
process.env.TOKATSU_ADMIN_PASSWORD = PASSWORD;
const folder = mkdtempSync(join(tmpdir(), 'tokatsu-access-'));
const server = await serve(['--data', folder]);
const browser = await launch();

// RFC 6238 with the key as the page shows it.
function totp(secret, atMs = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/=+$/, '')].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(atMs / 30000)));
  const hash = createHmac('sha1', key).update(step).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}
async function signIn(page, name, password) {
  await page.waitForSelector('input[name=name]');
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.click('[data-action=sign-in]');
}
// What the browser itself writes about a 401 is no fault of the page.
const faults = (page) => page.faults.filter((f) => !/status of 401/.test(f));
const shot = (page, name) => page.screenshot({ path: `${artifacts}access-${name}.png`, fullPage: true });

const page = await open(browser, server.url);

await test('whoever is not signed in sees the sign-in page and nothing else', async () => {
  await page.waitForSelector('input[name=name]');
  equal(await page.locator('nav').count(), 0, 'navigation');
  equal(await page.textContent('h1'), 'サインイン', 'heading');
  await shot(page, 'sign-in');
});

await test('a wrong password is refused in words that tell nothing about the account', async () => {
  await signIn(page, 'admin', 'not the password at all');
  await page.waitForSelector('[role=alert]');
  truth((await page.textContent('[role=alert]')).includes('いずれかが違います'), 'the refusal');
});

await test('name and password open the page that was asked for', async () => {
  await page.goto(`${server.url}/accidents`);
  await signIn(page, 'admin', PASSWORD);
  await page.waitForSelector('nav');
  equal(new URL(page.url()).pathname, '/accidents', 'the path');
  await page.waitForSelector('[data-connection=live]', { timeout: 20_000 });
  const cookie = (await page.context().cookies()).find((c) => c.name === 'tokatsu');
  truth(cookie.httpOnly && cookie.sameSite === 'Strict', JSON.stringify(cookie));
});

await test('a session that ends leaves an unsaved form as it was', async () => {
  await page.click('[data-action=new]').catch(() => page.getByRole('button', { name: /手で|新しい|登録/ }).first().click());
  await page.fill('dialog input[name=title]', '消えてはならない題名');
  await page.fill('dialog input[name=users0]', '1234');
  await page.selectOption('dialog select[name=service0]', 'voice');
  await page.context().clearCookies();
  await page.click('dialog [data-action=open]');
  await page.waitForSelector('dialog input[name=password]');
  await page.fill('dialog input[name=password]', PASSWORD);
  await shot(page, 'again');
  await page.click('dialog [data-action=sign-in]');
  await until(async () => (await page.locator('dialog input[name=password]').count()) === 0, 'the dialog to close');
  equal(await page.inputValue('dialog input[name=title]'), '消えてはならない題名', 'the title');
  await page.click('dialog [data-action=open]');
  await page.waitForURL(/\/accidents\/A/);
});

let token = '';
await test('an API token is shown once, works, and is listed without itself', async () => {
  await page.goto(`${server.url}/account`);
  await page.fill('input[name=label]', '試験');
  await page.click('[data-action=add-token]');
  token = await page.textContent('[data-token]');
  const headers = { Authorization: `Bearer ${token}` };
  equal((await fetch(`${server.url}/api/v1/board`, { headers })).status, 200, 'reading with it');
  await page.waitForSelector('table.data');
  await shot(page, 'account');
  await page.reload();
  await page.waitForSelector('table.data');
  truth(!(await page.content()).includes(token), 'the token is gone');
});

let secret = '';
await test('one-time codes are set up from the QR code and asked for at the next sign-in', async () => {
  await page.click('[data-action=begin-totp]');
  await page.waitForSelector('svg.qr path.qr-ink');
  secret = await page.textContent('[data-secret]');
  await shot(page, 'totp');
  await page.fill('input[name=code]', totp(secret));
  await page.click('[data-action=confirm-totp]');
  await page.waitForSelector('input[name=totp-password]');
  await page.click('[data-action=sign-out]');
  await signIn(page, 'admin', PASSWORD);
  await page.waitForSelector('input[name=code]');
  await shot(page, 'code');
  await page.fill('input[name=code]', totp(secret, Date.now() + 30_000)); // the confirmed one is spent; the next is taken
  await page.click('[data-action=sign-in]');
  await page.waitForSelector('nav');
});

await test('an administrator adds an account whose one-time password must be changed first', async () => {
  await page.goto(`${server.url}/accounts`);
  await page.click('[data-action=add-account]');
  await page.fill('dialog input[name=name]', 'hanako');
  await page.fill('dialog input[name=display]', '監査 花子');
  await page.selectOption('dialog select[name=role]', 'auditor');
  await page.fill('dialog input[name=password]', SECOND);
  await page.click('[data-action=save-account]');
  await page.waitForSelector('text=hanako');
  await shot(page, 'accounts');
  const other = await open(browser, server.url);
  await signIn(other, 'hanako', SECOND);
  await other.waitForSelector('input[name=old]');
  truth((await other.textContent('main')).includes('使い捨て'), 'says why');
  await shot(other, 'must-change');
  await other.fill('input[name=old]', SECOND);
  await other.fill('input[name=password]', PASSWORD);
  await other.fill('input[name=again]', PASSWORD);
  await other.click('[data-action=change-password]');
  await other.waitForSelector('[data-action=sign-in]');
  await signIn(other, 'hanako', PASSWORD);
  await other.waitForSelector('nav a[href="/accounts"]', { state: 'attached' });
  await other.goto(`${server.url}/accounts`);
  await other.waitForSelector('table.data');
  equal(await other.locator('main select').count(), 0, 'an auditor changes nothing');
  equal(faults(other).filter((f) => !/status of 403/.test(f)), [], 'faults');
  await other.context().close();
});

for (const theme of ['light', 'dark'])
  await test(`the pages about people keep to WCAG 2.2 AA, ${theme}`, async () => {
    const found = [];
    const narrow = await open(browser, server.url, { theme, width: 390, bypassCSP: true });
    await narrow.waitForSelector('input[name=name]');
    found.push(...(await violations(narrow)));
    await signIn(narrow, 'hanako', PASSWORD);
    await narrow.waitForSelector('nav');
    for (const path of ['/account', '/accounts']) {
      await narrow.goto(server.url + path);
      await narrow.waitForSelector('main h1');
      await narrow.waitForLoadState('networkidle').catch(() => undefined);
      found.push(...(await violations(narrow)));
      await shot(narrow, `phone-${theme}${path.replace('/', '-')}`);
      const wide = await narrow.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      truth(wide <= 0, `${path} is ${wide} px too wide`);
    }
    equal(found, [], 'violations');
    await narrow.context().close();
  });

await test('English is one switch away', async () => {
  const english = await open(browser, server.url, { lang: 'en' });
  await english.waitForSelector('input[name=name]');
  equal(await english.textContent('h1'), 'Sign in', 'heading');
  await english.context().close();
});

await test('the page asked nothing of elsewhere and broke no policy', async () => {
  equal(faults(page), [], 'faults');
});

await browser.close();
await server.stop();
rmSync(folder, { recursive: true, force: true });
done();
