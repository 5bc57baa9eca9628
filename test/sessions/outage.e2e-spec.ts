import { beforeAll, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { linkSecret, signedIn } from '../support/browser.js';
import { anOrg } from '../support/organizations.js';

useApp({ console: true });

let browser: Browser;
let secret: string;
beforeAll(async () => {
  const org = await anOrg();
  browser = await signedIn(org);
  secret = await linkSecret(org);
});

describe('while the database is away', () => {
  it('is nobody signed out: 503, and not 401, for sessions and for links', async () => {
    await testApp().dataSource.destroy();
    for (const answer of [
      await browser.get('/api/session'),
      await browser.get('/api/customers'),
      await browser.delete('/api/session'),
      await browser.signIn(secret),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([503, 'UNAVAILABLE']);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  it('what needs no look-up is refused all the same', async () => {
    expect((await browser.delete('/api/session', { headers: { Origin: 'http://evil.example' } })).status).toBe(403);
  });
});
