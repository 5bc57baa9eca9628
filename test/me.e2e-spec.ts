import { beforeAll, describe, expect, it } from '@jest/globals';
import { GRANTED_SCOPES, MODULES } from '../src/auth/scopes.js';
import { Api, anonymous } from './support/api.js';
import { useApp } from './support/app.js';
import { anOrg, mint } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp();

let org: TestOrganization;
beforeAll(async () => {
  org = await anOrg();
});

const ALL = MODULES.flatMap((module) => [`read:${module}`, `write:${module}`]);

describe('GET /api/me', () => {
  it('200: user, organization, kind, scopes and token', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000);
    const api = new Api(await mint(org.org, org.account.id, ['write:customers', 'read:instances'], expiresAt));
    const { status, body } = await api.get('/api/me');
    expect(status).toBe(200);
    expect(body).toEqual({
      kind: 'organization',
      user: { id: org.account.id, name: org.account.name },
      organization: { id: org.org.id, externalId: org.org.externalId, name: org.org.name, slug: org.org.slug },
      scopes: ['write:customers', 'read:instances'],
      expandedScopes: ['read:customers', 'write:customers', 'read:instances'],
      token: {
        id: expect.any(String),
        name: expect.stringMatching(/^token /),
        slug: expect.stringMatching(/^token-/),
        expiresAt: expiresAt.toISOString(),
      },
      clientAddress: '127.0.0.1',
      forwardingHeaders: [],
    });
  });

  it('200: what a client says of where it is from is named and not believed', async () => {
    const headers = { 'X-Forwarded-For': '203.0.113.7', Forwarded: 'for=203.0.113.7', x_real_ip: '203.0.113.7' };
    const { body } = await org.api.get('/api/me', { headers });
    expect(body.clientAddress).toBe('127.0.0.1');
    expect(body.forwardingHeaders.sort()).toEqual(['forwarded', 'x-forwarded-for', 'x_real_ip']);
  });

  it('200: without an expiry when the token has none', async () => {
    expect((await org.api.get('/api/me')).body.token).not.toHaveProperty('expiresAt');
  });

  it.each([
    ['write:*', ALL],
    ['read:*', MODULES.map((module) => `read:${module}`)],
    ['write:tokens', ['read:tokens', 'write:tokens']],
    ['read:tokens', ['read:tokens']],
  ] as const)('200: writes %s out', async (scope, expanded) => {
    const { body } = await (await org.as(scope)).get('/api/me');
    expect([body.scopes, body.expandedScopes]).toEqual([[scope], expanded]);
  });

  it('200: whatever the scopes', async () => {
    for (const scope of GRANTED_SCOPES) {
      const { status, body } = await (await org.as(scope)).get('/api/me');
      expect([scope, status, body.scopes]).toEqual([scope, 200, [scope]]);
    }
  });

  it('200: names the account as it is called now', async () => {
    const account = (await org.api.post('/api/service-accounts', { name: 'Before' })).body;
    const { token } = (
      await org.api.post(`/api/service-accounts/${account.slug}/tokens`, { name: 'x', scopes: ['read:*'] })
    ).body;
    await org.api.put(`/api/service-accounts/${account.slug}`, { name: 'After' });
    expect((await new Api(token).get('/api/me')).body.user).toEqual({ id: account.id, name: 'After' });
  });

  it('200: has nothing of the secret, and may not be stored', async () => {
    const { text } = await org.api.get('/api/me');
    expect(text).not.toContain(org.api.token!.slice(4));
  });

  it('401 without a token', async () => {
    expect((await anonymous.get('/api/me')).body.code).toBe('Auth.NoIdentity');
  });
});
