// Passkeys in a real browser with an authenticator of its own (WebAuthn's virtual one): made, signed in with and
// without a name, no one-time code beside it, a copy noticed, removed and refused.

import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifacts, done, equal, launch, open, serve, test, truth, until, violations } from './lib.mjs';

const PASSWORD = 'a sentence that only tests know';
process.env.TOKATSU_ADMIN_PASSWORD = PASSWORD;
const folder = mkdtempSync(join(tmpdir(), 'tokatsu-passkey-'));
const server = await serve(['--data', folder]);
const url = `http://localhost:${server.port}`; // a passkey belongs to a name
const browser = await launch();

function totp(secret, atMs) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(atMs / 30000)));
  const hash = createHmac('sha1', key).update(step).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}
// An authenticator inside the browser; it verifies its holder unless told otherwise.
async function authenticator(page, more = {}) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...more,
    },
  });
  return {
    credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    add: (credential) => cdp.send('WebAuthn.addCredential', { authenticatorId, credential }),
    clear: () => cdp.send('WebAuthn.clearCredentials', { authenticatorId }),
    verify: (isUserVerified) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  };
}
async function withPassword(page, name = 'admin') {
  await page.waitForSelector('input[name=name]');
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('[data-action=sign-in]');
}
async function withPasskey(page, name = '') {
  await page.waitForSelector('[data-action=sign-in-passkey]');
  await page.fill('input[name=name]', name);
  await page.click('[data-action=sign-in-passkey]');
}
async function signOut(page) {
  await page.goto(`${url}/account`);
  await page.click('[data-action=sign-out]');
  await page.waitForSelector('[data-action=sign-in-passkey]');
}
const refusal = async (page) => (await page.waitForSelector('[role=alert]')).textContent();
const shot = (page, name) => page.screenshot({ path: `${artifacts}passkey-${name}.png`, fullPage: true });
// What the browser itself writes about a refusal is no fault of the page.
const faults = (page) => page.faults.filter((f) => !/status of 4\d\d/.test(f));

const page = await open(browser, url);
const device = await authenticator(page);

await test('a passkey is registered under a name of its holder’s', async () => {
  await withPassword(page);
  await page.waitForSelector('nav');
  await page.goto(`${url}/account`);
  await page.fill('input[name=passkey-label]', '業務用端末');
  await page.click('[data-action=add-passkey]');
  await page.waitForSelector('.passkeys:has-text("まだ使われていません")');
  truth((await page.textContent('main')).includes('業務用端末'), 'the label');
  equal((await device.credentials()).length, 1, 'credentials');
  equal((await device.credentials())[0].rpId, 'localhost', 'the site');
  await shot(page, 'account');
});

await test('the same device is not registered twice', async () => {
  await page.fill('input[name=passkey-label]', 'もう一度');
  await page.click('[data-action=add-passkey]');
  truth((await refusal(page)).includes('登録済み'), 'says so');
});

await test('it signs in without a password, a name or a one-time code', async () => {
  await page.goto(`${url}/account`);
  await page.click('[data-action=begin-totp]');
  const secret = await page.textContent('[data-secret]');
  await page.fill('input[name=code]', totp(secret, Date.now()));
  await page.click('[data-action=confirm-totp]');
  await page.waitForSelector('input[name=totp-password]');
  await signOut(page);
  await shot(page, 'sign-in');
  await withPasskey(page);
  await page.waitForSelector('nav');
  await page.goto(`${url}/account`);
  await page.waitForSelector('[data-action=remove-passkey]');
  truth((await page.textContent('.passkeys')).includes('最後に使用'), 'it says when it was used');
});

await test('with a name as well, and not with another’s', async () => {
  await signOut(page);
  await withPasskey(page, 'admin');
  await page.waitForSelector('nav');
  await signOut(page);
  await withPasskey(page, 'nobody');
  truth((await refusal(page)).includes('この端末に使えるパスキーがありません'), 'what to do');
});

await test('a device that does not verify its holder is refused', async () => {
  await device.verify(false);
  await withPasskey(page);
  await refusal(page);
  equal(await page.locator('nav').count(), 0, 'navigation');
  await device.verify(true);
});

await test('a copy of the device is noticed by its counter and shown as such', async () => {
  const [before] = await device.credentials();
  await withPasskey(page);
  await page.waitForSelector('nav');
  await signOut(page);
  await device.clear();
  await device.add({ ...before, signCount: 0 }); // as it was when it was copied
  await withPasskey(page);
  truth((await refusal(page)).includes('複製された疑い'), 'told');
  await shot(page, 'copied');
  await device.clear();
  await device.add({ ...before, signCount: 100 });
  await withPasskey(page);
  await page.waitForSelector('nav');
  await page.goto(`${url}/account`);
  await until(async () => (await page.textContent('main')).includes('複製の疑い'), 'the mark');
});

await test('an administrator removes a lost one, whose holder is then signed out and refused', async () => {
  await page.goto(`${url}/accounts`);
  await page.click('[data-action=add-account]');
  await page.fill('dialog input[name=name]', 'hanako');
  await page.selectOption('dialog select[name=role]', 'auditor');
  await page.fill('dialog input[name=password]', 'one-time words of hers');
  await page.click('[data-action=save-account]');
  await page.waitForSelector('text=hanako');
  const hers = await open(browser, url);
  await authenticator(hers);
  await hers.fill('input[name=name]', 'hanako');
  await hers.fill('input[name=password]', 'one-time words of hers');
  await hers.click('[data-action=sign-in]');
  await hers.fill('input[name=old]', 'one-time words of hers');
  await hers.fill('input[name=password]', PASSWORD);
  await hers.fill('input[name=again]', PASSWORD);
  await hers.click('[data-action=change-password]');
  await withPassword(hers, 'hanako');
  await hers.waitForSelector('nav');
  await hers.goto(`${url}/account`);
  await hers.fill('input[name=passkey-label]', 'なくした電話');
  await hers.click('[data-action=add-passkey]');
  await hers.waitForSelector('[data-action=remove-passkey]');

  await page.locator('tr', { hasText: 'hanako' }).locator('[data-action=passkeys]').click();
  await page.waitForSelector('dialog [data-action=remove-passkey]');
  await shot(page, 'of-somebody');
  await page.click('dialog [data-action=remove-passkey]');
  await page.click('dialog [data-action=confirm-it]');
  await page.waitForSelector('dialog:has-text("まだ登録されていません")');

  await hers.goto(`${url}/account`);
  await withPasskey(hers);
  truth((await refusal(hers)).includes('登録されていません'), 'she is told');
  equal(faults(hers), [], 'faults');
  await hers.context().close();
});

await test('one removes one’s own and is refused with it', async () => {
  await page.goto(`${url}/account`);
  await page.click('[data-action=remove-passkey]');
  await page.click('dialog [data-action=confirm-it]');
  await page.waitForSelector('text=まだ登録されていません');
  await signOut(page);
  await withPasskey(page);
  truth((await refusal(page)).includes('登録されていません'), 'told');
  equal(faults(page), [], 'faults');
});

await test('under an address the page says what to do instead of offering it', async () => {
  const numeric = await open(browser, server.url);
  await numeric.waitForSelector('input[name=name]');
  equal(await numeric.locator('[data-action=sign-in-passkey]').count(), 0, 'the button');
  await withPassword(numeric, 'hanako');
  await numeric.waitForSelector('nav');
  await numeric.goto(`${server.url}/account`);
  await numeric.waitForSelector('text=IPアドレスではなく');
  await numeric.context().close();
});

for (const theme of ['light', 'dark'])
  await test(`the parts about passkeys keep to WCAG 2.2 AA, ${theme}`, async () => {
    const found = [];
    const narrow = await open(browser, url, { theme, width: 390, bypassCSP: true, lang: theme === 'dark' ? 'en' : 'ja' });
    await authenticator(narrow);
    await narrow.waitForSelector('[data-action=sign-in-passkey]');
    await shot(narrow, `phone-${theme}-sign-in`);
    found.push(...(await violations(narrow)));
    await withPassword(narrow, 'hanako');
    await narrow.waitForSelector('nav');
    await narrow.goto(`${url}/account`);
    await narrow.fill('input[name=passkey-label]', theme);
    await narrow.click('[data-action=add-passkey]');
    await narrow.waitForSelector('[data-action=remove-passkey]');
    await shot(narrow, `phone-${theme}-account`);
    found.push(...(await violations(narrow)));
    const wide = await narrow.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    truth(wide <= 0, `${wide} px too wide`);
    equal(found, [], 'violations');
    await narrow.context().close();
  });

await browser.close();
await server.stop();
rmSync(folder, { recursive: true, force: true });
done();
