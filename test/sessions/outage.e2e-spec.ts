import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { Browser, linkSecret, signedIn } from '../support/browser.js';
import { CutOff } from '../support/cut-off.js';
import { databaseUrl } from '../support/database.js';
import { until } from '../support/embedded-process.js';
import type { ExtraServer } from '../support/extra-server.js';
import { startExtraServer } from '../support/extra-server.js';
import { anOrg } from '../support/organizations.js';
import { freePort } from '../support/ports.js';

/** Signs in; the server that is asked is another, whose database goes away. */
useApp({ console: true });

let way: CutOff;
let server: ExtraServer;
let browser: Browser;
let secret: string;

beforeAll(async () => {
  const url = new URL(databaseUrl());
  way = await CutOff.to(Number(url.port));
  url.port = String(way.port);
  const port = await freePort();
  server = await startExtraServer({ CONSOLE_PORT: String(port) }, { port, databaseUrl: url.href });
  const org = await anOrg();
  browser = new Browser(server.url);
  browser.headers = { 'Sec-Fetch-Site': 'same-origin' };
  browser.cookie = (await signedIn(org)).cookie;
  secret = await linkSecret(org);
}, 30_000);

afterAll(async () => {
  await server.close();
  await way.cut();
});

describe('while the database is away', () => {
  it('nobody is signed out: 503, and not 401, for sessions and for links; and both work again when it is back', async () => {
    expect((await browser.get('/api/session')).status).toBe(200);
    await way.cut();
    const answers = [
      await browser.get('/api/session'),
      await browser.get('/api/customers'),
      await browser.delete('/api/session'),
      await browser.signIn(secret),
    ];
    for (const { status, body, headers } of answers) {
      expect([status, body.code]).toEqual([503, 'UNAVAILABLE']);
      expect([headers['retry-after'], headers['set-cookie']]).toEqual(['1', undefined]);
    }
    // What needs no look-up is refused all the same.
    expect((await browser.delete('/api/session', { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403);

    await way.mend();
    await until(async () => (await browser.get('/api/session')).status === 200);
    expect((await browser.signIn(secret)).status).toBe(201);
  });
});
