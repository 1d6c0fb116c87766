// A real OpenID provider of our own: panva's oidc-provider with three synthetic people. It listens on localhost while
// Tokatsu is reached at 127.0.0.1: two sites to a browser, as in life.

import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('./provider/package.json', import.meta.url));
console.warn = console.info = () => undefined; // it warns that it is not fit for production, which no test is
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);

export const PEOPLE = {
  taro: { name: '運用 太郎(架空)', groups: ['noc', 'everybody'] },
  hanako: { name: '監査 花子(架空)', groups: ['noc', 'audit'] },
  jiro: { name: '営業 次郎(架空)', groups: ['sales'] },
};

function jwk(type, options, extra) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', ...extra };
}

// `alg`: what ID tokens are signed with. `callback`: Tokatsu's. Resolves to { issuer, stop, start }.
export async function provider({ alg = 'RS256', callback, after }) {
  const server = createServer();
  const listen = (port) => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address();
  const issuer = `http://localhost:${port}`;
  const keys = {
    RS256: () => jwk('rsa', { modulusLength: 2048 }, { alg: 'RS256', kid: 'r1' }),
    ES256: () => jwk('ec', { namedCurve: 'P-256' }, { alg: 'ES256', kid: 'e1' }),
    EdDSA: () => jwk('ed25519', {}, { alg: 'EdDSA', kid: 'd1' }),
  };
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'tokatsu',
        client_secret: 'a secret: of tests + only%',
        redirect_uris: [callback],
        post_logout_redirect_uris: [after],
        id_token_signed_response_alg: alg,
      },
    ],
    jwks: { keys: [keys[alg]()] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
    claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
    pkce: { required: () => true, methods: ['S256'] },
    cookies: { keys: ['only for tests'] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...PEOPLE[sub] }) }),
  });
  server.on('request', oidc.callback());
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { issuer, stop, start: () => listen(port) };
}

// At the provider's own pages: who one is, and that Tokatsu may know.
export async function passProvider(page, name) {
  await page.waitForSelector('input[name=login]');
  await page.fill('input[name=login]', name);
  await page.fill('input[name=password]', 'any word will do here');
  await page.click('button[type=submit]');
  await page.waitForSelector('form[action$="/interaction/"], form button[type=submit]');
  await page.click('button[type=submit]');
}

// The same by plain requests, until the provider sends the browser to an address that begins with `home`: that address.
export async function passByHand(url, name, home) {
  const jar = new Map();
  const form = { login: new URLSearchParams({ prompt: 'login', login: name, password: 'x' }), consent: new URLSearchParams({ prompt: 'consent' }) };
  let body;
  for (let step = 0; step < 20; step++) {
    const headers = { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; ') };
    const answer = await fetch(url, { method: body ? 'POST' : 'GET', body, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) jar.set(...line.split(';')[0].split(/=(.*)/s).slice(0, 2));
    const next = answer.headers.get('location');
    if (next?.startsWith(home)) return next;
    const text = await answer.text();
    body = undefined;
    if (next) url = new URL(next, url).href;
    else {
      url = new URL(/action="([^"]+)"/.exec(text)[1], url).href;
      body = text.includes('name="login"') ? form.login : form.consent;
    }
  }
  throw new Error('the provider never sent the browser back');
}
