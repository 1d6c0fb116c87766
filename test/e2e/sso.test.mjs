// Single sign-on in a real browser against a real provider: groups become roles, whoever has none is told so, and what
// does not belong to this browser's sign-in is refused.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifacts, done, equal, launch, open, serve, test, truth, violations } from './lib.mjs';
import { passByHand, passProvider, provider } from './provider.mjs';

const PASSWORD = 'a sentence that only tests know';
process.env.TOKATSU_ADMIN_PASSWORD = PASSWORD;
const folder = mkdtempSync(join(tmpdir(), 'tokatsu-sso-'));
const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const us = `http://127.0.0.1:${port}`;
const at = await provider({ alg: 'ES256', callback: `${us}/sso/callback`, after: `${us}/` });
writeFileSync(join(folder, 'secret'), 'a secret: of tests + only%\n');
writeFileSync(
  join(folder, 'oidc.json'),
  JSON.stringify({
    format: 'tokatsu-oidc/1',
    issuer: at.issuer,
    client_id: 'tokatsu',
    client_secret_file: join(folder, 'secret'),
    scopes: ['openid', 'profile', 'groups'],
    label: { ja: '社内ID(架空)', en: 'Company ID (synthetic)' },
    roles: [
      { group: 'audit', role: 'auditor' },
      { group: 'noc', role: 'noc-operator' },
    ],
  }),
);
const server = await serve(['--data', join(folder, 'data'), '--oidc', join(folder, 'oidc.json')], port);
const browser = await launch();
const shot = (page, name) => page.screenshot({ path: `${artifacts}sso-${name}.png`, fullPage: true });
const cookies = async (page) => Object.fromEntries((await page.context().cookies(us)).map((c) => [c.name, c]));
const who = (page) => page.evaluate(async () => (await fetch('/api/v1/session')).json());

async function signIn(name, path = '/', options) {
  const page = await open(browser, us + path, options);
  page.setDefaultTimeout(10_000);
  await page.waitForSelector('[data-action=sso]');
  await page.click('[data-action=sso]');
  await passProvider(page, name);
  return page;
}
// A sign-in up to the callback, which is not followed: a page that has the cookie of the sign-in, and where the provider
// sends it. A browser's own redirects cannot be held, so this part is plain requests; `change` alters what is asked.
async function untilCallback(name, change = (url) => url) {
  const start = await fetch(`${us}/sso/start`, { redirect: 'manual' });
  const [pair] = start.headers.getSetCookie()[0].split(';');
  const callback = await passByHand(change(start.headers.get('location')), name, us);
  const page = await open(browser, us);
  page.setDefaultTimeout(10_000);
  const cookie = { name: 'tokatsu-sso', value: pair.slice('tokatsu-sso='.length), url: us, sameSite: 'Lax', httpOnly: true };
  await page.context().addCookies([cookie]);
  return { page, callback, cookie };
}
const told = (page) => page.waitForSelector('main [role=alert]').then((e) => e.textContent());

let page;
await test('a person signs in at the provider and comes back to the page that was asked for', async () => {
  const first = await open(browser, `${us}/accidents`);
  await first.waitForSelector('[data-action=sso]');
  truth((await first.textContent('[data-action=sso]')).includes('社内ID(架空)'), 'the label');
  await shot(first, 'sign-in');
  equal((await violations(first)).length, 0, 'violations');
  await first.context().close();
  page = await signIn('taro', '/accidents');
  await page.waitForSelector('nav');
  equal(new URL(page.url()).pathname, '/accidents', 'the path');
  const me = await who(page);
  equal([me.role, me.display, me.source], ['noc-operator', '運用 太郎(架空)', 'oidc'], 'who');
});

await test('the session has the strict cookie, and the sign-in under way leaves none behind', async () => {
  const kept = await cookies(page);
  equal([kept.tokatsu.sameSite, kept.tokatsu.httpOnly, kept['tokatsu-sso']], ['Strict', true, undefined], 'cookies');
});

await test('of several groups the first line of the mapping decides', async () => {
  const other = await signIn('hanako');
  await other.waitForSelector('nav');
  equal((await who(other)).role, 'auditor', 'role');
  await other.context().close();
});

await test('whoever has no role comes not in and reads what to do', async () => {
  const other = await signIn('jiro');
  await other.waitForSelector('[data-sso=no-role]');
  truth((await other.textContent('[data-sso=no-role]')).includes('グループへの追加を依頼'), 'what to do');
  equal((await cookies(other)).tokatsu, undefined, 'no session');
  await shot(other, 'no-role');
  equal((await violations(other)).length, 0, 'violations');
  await other.context().close();
});

await test('a callback with another state is refused', async () => {
  const { page: other, callback } = await untilCallback('taro');
  const url = new URL(callback);
  url.searchParams.set('state', 'x'.repeat(32));
  await other.goto(url.href);
  truth((await told(other)).includes('このブラウザーで始めた'), 'the reason');
  equal((await cookies(other)).tokatsu, undefined, 'no session');
  await other.context().close();
});

await test('a callback in a browser that did not begin it is refused', async () => {
  const { page: other, callback } = await untilCallback('taro');
  const stranger = await open(browser, callback);
  truth((await told(stranger)).includes('このブラウザーで始めた'), 'the reason');
  await stranger.context().close();
  await other.context().close();
});

await test('a callback counts once, even with its cookie', async () => {
  const { page: other, callback, cookie } = await untilCallback('taro');
  await other.goto(callback);
  await other.waitForSelector('nav');
  await other.context().clearCookies();
  await other.context().addCookies([cookie]);
  await other.goto(callback);
  truth((await told(other)).includes('すでに使われた'), 'the reason');
  equal((await cookies(other)).tokatsu, undefined, 'no session');
  await other.context().close();
});

await test('an ID token with another nonce is refused', async () => {
  const { page: other, callback } = await untilCallback('taro', (url) => url.replace(/nonce=[^&]+/, 'nonce=of-somebody-else'));
  await other.goto(callback);
  truth((await told(other)).includes('確認できなかった'), 'the reason');
  await other.context().close();
});

await test('a code without its PKCE verifier is refused', async () => {
  const { page: other, callback } = await untilCallback('taro', (url) =>
    url.replace(/code_challenge=[^&]+/, 'code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'),
  );
  await other.goto(callback);
  await told(other);
  equal((await cookies(other)).tokatsu, undefined, 'no session');
  await other.context().close();
});

await test('an administrator sees where the account comes from, and shuts it', async () => {
  const admin = await open(browser, us);
  await admin.waitForSelector('input[name=name]');
  await admin.fill('input[name=name]', 'admin');
  await admin.fill('input[name=password]', PASSWORD);
  await admin.click('[data-action=sign-in]');
  await admin.waitForSelector('nav');
  await admin.goto(`${us}/accounts`);
  const row = admin.locator('tr', { hasText: '運用 太郎' });
  await row.waitFor();
  truth((await row.textContent()).includes('シングルサインオン'), 'the source');
  equal(await row.locator('select[name=role]').count(), 0, 'the role is the provider’s');
  await shot(admin, 'accounts');
  await row.getByRole('button', { name: /停止/ }).click();
  await row.getByRole('button', { name: /再開|戻す|開/ }).waitFor();
  await page.reload();
  await page.waitForSelector('input[name=name]');
  await page.context().close();
  const again = await signIn('taro');
  truth((await told(again)).includes('停止されています'), 'the reason');
  await again.context().close();
  await admin.context().close();
});

await test('signing out ends the session here and goes to the provider’s own sign-out', async () => {
  const other = await signIn('hanako', '/account');
  await other.click('[data-action=sign-out]');
  await other.waitForURL(`${at.issuer}/session/end?**`);
  const asked = new URL(other.url()).searchParams;
  equal([asked.get('client_id'), asked.get('post_logout_redirect_uri')], ['tokatsu', `${us}/`], 'what it is told');
  equal((await cookies(other)).tokatsu, undefined, 'no session');
  await other.context().close();
});

await test('a provider that is away is told in words, and passwords still open', async () => {
  await at.stop();
  await server.stop();
  const fresh = await serve(['--data', join(folder, 'data'), '--oidc', join(folder, 'oidc.json')], port);
  const page = await open(browser, us, { lang: 'en' });
  await page.waitForSelector('[data-action=sso]');
  await page.click('[data-action=sso]');
  truth((await told(page)).includes('does not answer'), 'the reason');
  await shot(page, 'provider-away');
  await page.fill('input[name=name]', 'admin');
  await page.fill('input[name=password]', PASSWORD);
  await page.click('[data-action=sign-in]');
  await page.waitForSelector('nav');
  await page.context().close();
  await fresh.stop();
});

await browser.close();
await server.stop();
await at.stop().catch(() => undefined);
rmSync(folder, { recursive: true, force: true });
done();
process.exit();
