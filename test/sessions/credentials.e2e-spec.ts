import { beforeAll, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { Browser, linkSecret, signedIn } from '../support/browser.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { Api } from '../support/api.js';

useApp({ console: true });

let org: TestOrganization;
let browser: Browser;
let secret: string;
beforeAll(async () => {
  org = await anOrg();
  browser = await signedIn(org, { name: 'Hanako' });
  secret = browser.cookie!.split('=')[1]!;
});

const NOBODY = { status: 401, body: { code: 'Auth.NoIdentity' } };
const ENDED = { status: 401, body: { code: 'Auth.SessionEnded' } };
const INVALID = { status: 401, body: { code: 'Auth.InvalidToken' } };

describe('the cookie', () => {
  it('does not count at PORT, whatever the Host and X-Forwarded headers say', async () => {
    const api = new Browser(testApp().url);
    api.cookie = browser.cookie;
    const host = new URL(testApp().consoleUrl).host;
    const pretending = { Host: host, 'X-Forwarded-Port': new URL(testApp().consoleUrl).port };
    for (const headers of [undefined, pretending]) {
      expect(await api.get('/api/customers', { headers })).toMatchObject(NOBODY);
      expect(await api.get('/api/session', { headers })).toMatchObject(NOBODY);
      expect(await api.post('/api/customers', { name: 'X' }, { headers })).toMatchObject(NOBODY);
    }
    // It is as good as ever.
    expect((await browser.get('/api/customers')).status).toBe(200);
  });

  it('counts whatever name the console’s port is called by: a proxy may have another', async () => {
    const headers = { Host: 'internal.example:8443' };
    expect((await browser.get('/api/customers', { headers })).status).toBe(200);
  });

  it('does not count beside an Authorization header, good or bad', async () => {
    const ask = (Authorization: string) => browser.get('/api/me', { headers: { Authorization } });
    expect((await ask(`Bearer ${org.api.token}`)).body).toMatchObject({ kind: 'organization' });
    for (const bad of ['Bearer ksh_none', 'Basic dTpw', 'x']) expect(await ask(bad)).toMatchObject(INVALID);
  });

  it('is refused where there are several: which of them is ours nobody can tell', async () => {
    const other = new Browser();
    for (const more of [`kaiten_session=${'A'.repeat(43)}`, browser.cookie!]) {
      other.cookie = `${more}; ${browser.cookie}`;
      expect(await other.get('/api/session')).toMatchObject(ENDED);
    }
    other.cookie = `theme=dark; kaiten_session_x=1; ${browser.cookie}; x=kaiten_session=2`;
    expect((await other.get('/api/session')).status).toBe(200);
  });

  it('is nothing anywhere else: in a bearer header, a query, a body', async () => {
    expect(await new Api(secret).get('/api/customers')).toMatchObject(INVALID);
    const other = new Browser();
    expect(await other.get(`/api/customers?kaiten_session=${secret}`)).toMatchObject(NOBODY);
    expect(await other.post('/api/session', { secret })).toMatchObject({
      status: 401,
      body: { code: 'Session.InvalidLink' },
    });
  });

  it('is no link’s secret, and a link’s secret is no session', async () => {
    const other = new Browser();
    other.cookie = `kaiten_session=${await linkSecret(org)}`;
    expect(await other.get('/api/session')).toMatchObject(ENDED);
  });
});

describe('gateways', () => {
  it('get no principal for a cookie', async () => {
    for (const url of [testApp().url, testApp().consoleUrl]) {
      const response = await fetch(`${url}/api/tokens/validate`, { headers: { Cookie: browser.cookie! } });
      expect([response.status, response.headers.get('authorization')]).toEqual([401, null]);
    }
  });

  it('get the token’s principal for a token beside a cookie', async () => {
    const headers = { Cookie: browser.cookie!, Authorization: `Bearer ${org.api.token}` };
    const response = await fetch(`${testApp().consoleUrl}/api/tokens/validate`, { headers });
    const [, claims] = response.headers.get('authorization')!.split('.');
    expect(JSON.parse(Buffer.from(claims!, 'base64url').toString())).toMatchObject({
      kaiten_external_org_id: org.org.externalId,
      scopes: ['write:*'],
    });
  });
});

describe('a person', () => {
  it('is a principal of kind person, without a token', async () => {
    const { status, body } = await browser.get('/api/me');
    expect([status, body]).toMatchObject([200, { kind: 'person', user: { name: 'Hanako' }, scopes: ['write:*'] }]);
    expect(body.token).toBeUndefined();
    expect(await browser.delete('/api/me/token')).toMatchObject({ status: 404, body: { code: 'Me.NoToken' } });
  });

  it('signs what they do: as creator, and as who changed it last', async () => {
    const person = (await browser.get('/api/session')).body.person;
    const { body } = await browser.post('/api/customers', { name: 'Signed', slug: 'signed' });
    expect(body).toMatchObject({ createdBy: person, updatedBy: person });
    const account = (await browser.post('/api/service-accounts', { name: 'By hand' })).body;
    const minted = await browser.post(`/api/service-accounts/${account.slug}/tokens`, {
      name: 'production',
      scopes: ['read:customers'],
    });
    expect([minted.status, minted.body.createdBy]).toEqual([201, person]);
    const api = new Api(minted.body.token as string);
    expect((await api.get('/api/customers/signed')).body.createdBy).toEqual(person);
    // It outlives the session that made it.
    await browser.delete('/api/session');
    expect((await api.get('/api/customers')).status).toBe(200);
    browser = await signedIn(org, { name: 'Hanako' });
  });

  it('is in the log by the session’s id, and no secret is', async () => {
    const { id } = (await browser.get('/api/session')).body.session;
    const line = testApp()
      .log()
      .split('\n')
      .filter((text) => text.includes(id as string))
      .map((text) => JSON.parse(text) as object);
    expect(line[0]).toMatchObject({ route: '/api/session', organizationId: org.org.id, sessionId: id });
    expect(testApp().log()).not.toContain(browser.cookie!.split('=')[1]);
  });
});
