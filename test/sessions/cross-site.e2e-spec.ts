import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { Browser, linkSecret, signedIn } from '../support/browser.js';
import { startExtraServer } from '../support/extra-server.js';
import { bodyRoutes, makeFixtures } from '../support/fixtures.js';
import type { Fixtures } from '../support/fixtures.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { nameOf } from '../support/routes.js';
import { freePort } from '../support/ports.js';

useApp({ console: true, env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1' } });

let org: TestOrganization;
let browser: Browser;
let fixtures: Fixtures;
let port: string;
beforeAll(async () => {
  org = await anOrg();
  browser = await signedIn(org);
  fixtures = await makeFixtures(org);
  port = new URL(testApp().consoleUrl).port;
});

const CROSS_SITE = { status: 403, body: { code: 'Session.CrossSite' } };

type Headers = Record<string, string>;

/** What headers a request has, and whether they show that the console sent it. `<port>` is the console's. */
const TABLE: readonly (readonly [Headers, boolean])[] = [
  [{}, false],
  [{ Origin: 'http://localhost:<port>' }, true],
  [{ Origin: 'http://127.0.0.1:<port>' }, true],
  [{ Origin: 'http://[::1]:<port>' }, true],
  [{ 'Sec-Fetch-Site': 'same-origin' }, true],
  [{ Origin: 'http://localhost:<port>', 'Sec-Fetch-Site': 'same-origin' }, true],
  [{ Origin: 'http://localhost:<port>', 'Sec-Fetch-Site': 'cross-site' }, false],
  [{ Origin: 'http://localhost:<port>', 'Sec-Fetch-Site': 'same-site' }, false],
  [{ Origin: 'http://evil.example', 'Sec-Fetch-Site': 'same-origin' }, false],
  [{ 'Sec-Fetch-Site': 'same-site' }, false],
  [{ 'Sec-Fetch-Site': 'cross-site' }, false],
  [{ 'Sec-Fetch-Site': 'none' }, false],
  [{ 'Sec-Fetch-Site': 'SAME-ORIGIN' }, false],
  [{ 'Sec-Fetch-Site': '' }, false],
  [{ Origin: 'null' }, false],
  [{ Origin: '' }, false],
  [{ Origin: 'http://evil.example' }, false],
  [{ Origin: 'https://localhost:<port>' }, false],
  [{ Origin: 'http://localhost' }, false],
  [{ Origin: 'http://localhost:1' }, false],
  [{ Origin: 'http://localhost:<port>/' }, false],
  [{ Origin: 'http://localhost:<port>.evil.example' }, false],
  [{ Origin: 'http://evil.localhost:<port>' }, false],
  [{ Origin: 'http://localhost:<port>, http://evil.example' }, false],
  [{ Origin: 'http://LOCALHOST:<port>' }, false],
  // A name of an attacker's that resolves to this server: Host and Origin agree, and are not ours.
  [{ Origin: 'http://evil.example:<port>', Host: 'evil.example:<port>' }, false],
  [{ Origin: 'http://localhost:<port>', Host: 'whatever.internal' }, true],
];

const filled = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replaceAll('<port>', port)]));

/** Asks with the browser's cookie, and with these headers alone. */
async function ask(method: string, path: string, headers: Headers, body?: object): Promise<Answer> {
  const other = new Browser();
  other.cookie = browser.cookie;
  other.headers = filled(headers);
  return other.send(method, path, { body });
}

describe('a request that changes something, under a session', () => {
  it.each(TABLE)('%j is the console’s: %s', async (headers, isConsole) => {
    const answer = await ask('POST', '/api/customers', headers, { name: 'New' });
    if (isConsole) expect(answer.status).toBe(201);
    else expect(answer).toMatchObject(CROSS_SITE);
  });

  it('is refused on every route, whoever would have a browser send it', async () => {
    const routes = [...bodyRoutes(), ...testApp().routes.filter(({ method }) => method === 'DELETE')];
    for (const route of routes.filter((candidate) => nameOf(candidate) !== 'POST /api/session')) {
      const answer = await ask(
        route.method,
        fixtures.path(route.path),
        { Origin: 'http://evil.example' },
        fixtures.body(route),
      );
      expect([nameOf(route), answer.status, answer.body.code]).toEqual([nameOf(route), 403, 'Session.CrossSite']);
    }
    expect((await browser.get('/api/session')).status).toBe(200);
  });

  it('is judged before the session is: what another site sends learns nothing of it', async () => {
    const other = new Browser();
    other.cookie = `kaiten_session=${'A'.repeat(43)}`;
    other.headers = {};
    expect(await other.post('/api/customers', { name: 'X' })).toMatchObject(CROSS_SITE);
  });
});

describe('a request that reads, under a session', () => {
  it.each(TABLE)('%j is answered', async (headers) => {
    expect((await ask('GET', '/api/customers', headers)).status).toBe(200);
  });

  it('has no header that would let another origin read the answer', async () => {
    const { headers } = await ask('GET', '/api/customers', { Origin: 'http://evil.example' });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('a request with a token', () => {
  it('needs none of these headers, whatever they say, with and without a cookie', async () => {
    for (const [headers] of TABLE) {
      for (const cookie of [undefined, browser.cookie]) {
        const other = new Browser();
        other.cookie = cookie;
        other.headers = { ...filled(headers), Authorization: `Bearer ${org.api.token}` };
        expect((await other.post('/api/customers', { name: 'New' })).status).toBe(201);
      }
    }
  });
});

describe('a sign-in', () => {
  it.each(TABLE)('%j is refused where another site has the browser send it', async (headers, isConsole) => {
    const other = new Browser();
    other.headers = { ...filled(headers), 'X-Forwarded-For': other.address };
    const secret = await linkSecret(org);
    const answer = await other.signIn(secret);
    // No browser leaves both out.
    if (isConsole || Object.keys(headers).length === 0) expect(answer.status).toBe(201);
    else {
      expect(answer).toMatchObject(CROSS_SITE);
      expect((await new Browser().signIn(secret)).status).toBe(201);
    }
  });
});

describe('with a PUBLIC_URL of https', () => {
  it('the cookie is a __Host- one, Secure, and the origin is that URL’s alone', async () => {
    const other = await freePort();
    const server = await startExtraServer(
      { CONSOLE_PORT: String(other), PUBLIC_URL: 'https://kaiten.example.com/console' },
      { port: other },
    );
    try {
      const secure = new Browser(`http://127.0.0.1:${other}`);
      secure.headers = { Origin: 'https://kaiten.example.com', 'Sec-Fetch-Site': 'same-origin' };
      const { status, headers } = await secure.signIn(await linkSecret(org));
      expect([status, headers['set-cookie']]).toEqual([
        201,
        [
          expect.stringMatching(
            /^__Host-kaiten=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure; Max-Age=604800$/,
          ),
        ],
      ]);
      expect((await secure.post('/api/customers', { name: 'New' })).status).toBe(201);
      expect((await secure.get('/api/session')).body.apiUrl).toBe('https://kaiten.example.com/console/api');
      // Behind a proxy the server is asked by other names; they are nobody's origin.
      for (const Origin of [`http://localhost:${other}`, `http://127.0.0.1:${other}`, 'http://kaiten.example.com'])
        expect(await secure.post('/api/customers', { name: 'New' }, { headers: { Origin } })).toMatchObject(CROSS_SITE);
      // A cookie that a page without HTTPS could have set does not count.
      secure.cookie = secure.cookie!.replace('__Host-kaiten', 'kaiten_session');
      expect(await secure.get('/api/session')).toMatchObject({ status: 401, body: { code: 'Auth.NoIdentity' } });
    } finally {
      await server.close();
    }
  });
});
