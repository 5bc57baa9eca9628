import { beforeAll, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { Browser, linkSecret, signedIn } from '../support/browser.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

useApp({ console: true, env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1' } });

let org: TestOrganization;
beforeAll(async () => {
  org = await anOrg();
});

const INVALID = {
  status: 401,
  body: { code: 'Session.InvalidLink', detail: expect.stringContaining('kaiten -- sign-in-link --organization') },
};

describe('POST /api/session', () => {
  it('201 says who has signed in, and sets the cookie', async () => {
    const browser = new Browser();
    const { status, body, headers } = await browser.post(
      '/api/session',
      { secret: await linkSecret(org, { name: 'Hanako', role: 'editor' }) },
      { headers: { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0' } },
    );
    expect([status, body]).toEqual([
      201,
      {
        person: { id: expect.any(String), name: 'Hanako' },
        role: 'editor',
        organization: { id: org.org.id, externalId: org.org.externalId, name: org.org.name, slug: org.org.slug },
        scopes: expect.arrayContaining(['read:*', 'write:customers']),
        expandedScopes: expect.arrayContaining(['read:tokens', 'write:customers']),
        session: {
          id: expect.any(String),
          isCurrent: true,
          createdAt: expect.any(String),
          lastSeenAt: expect.any(String),
          idleExpiresAt: expect.any(String),
          expiresAt: expect.any(String),
          userAgent: 'Firefox on Linux',
          address: browser.address,
        },
        apiUrl: expect.stringMatching(/^http:.*\/api$/),
      },
    ]);
    const { createdAt, idleExpiresAt, expiresAt } = body.session;
    const hours = (time: string): number => (Date.parse(time) - Date.parse(createdAt)) / 3_600_000;
    expect(hours(idleExpiresAt)).toBeCloseTo(12, 1);
    expect(hours(expiresAt)).toBeCloseTo(168, 1);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^kaiten_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/),
    ]);
    expect(await browser.get('/api/session')).toMatchObject({ status: 200, body });
  });

  it('400, 415 and 422 for what is no secret in JSON', async () => {
    const browser = new Browser();
    const statuses = [
      await browser.send('POST', '/api/session'),
      await browser.send('POST', '/api/session', { raw: 'secret=x', headers: { 'Content-Type': 'text/plain' } }),
      await browser.post('/api/session', { secret: 7 }),
      await browser.post('/api/session', { secret: 'x', organization: 'y' }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([400, 415, 422, 422]);
  });

  it('401 for a link that has been used, with the same words as for one that never was', async () => {
    const secret = await linkSecret(org);
    expect((await new Browser().signIn(secret)).status).toBe(201);
    const used = await new Browser().signIn(secret);
    const never = await new Browser().signIn('A'.repeat(43));
    const malformed = await new Browser().signIn('no secret');
    for (const answer of [used, never, malformed]) {
      expect(answer).toMatchObject(INVALID);
      expect(answer.body).toEqual(used.body);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  it('401 for a link that has expired, which is for 15 minutes after it was made', async () => {
    const secret = await linkSecret(org);
    const [link] = await testApp().owner.query(
      `UPDATE sign_in_links SET expires_at = created_at WHERE organization_id = $1 AND used_at IS NULL
         RETURNING extract(epoch FROM (SELECT old.expires_at - old.created_at FROM sign_in_links old WHERE old.id = sign_in_links.id)) AS seconds`,
      [org.org.id],
    );
    expect(Number(link[0].seconds)).toBeCloseTo(900, 0);
    expect(await new Browser().signIn(secret)).toMatchObject(INVALID);
  });

  it('of many at once with one link, one wins', async () => {
    const secret = await linkSecret(org);
    const answers = await Promise.all(Array.from({ length: 8 }, () => new Browser().signIn(secret)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(401)]);
  });

  it('of two links for the same person, each works, and both make sessions of the same user', async () => {
    const [first, second] = [await linkSecret(org, { name: 'Jiro' }), await linkSecret(org, { name: 'Jiro' })];
    const [a, b] = [await new Browser().signIn(first), await new Browser().signIn(second)];
    expect([a.status, b.status, b.body.person]).toEqual([201, 201, a.body.person]);
    expect(b.body.session.id).not.toBe(a.body.session.id);
  });

  it('a new role holds for the sessions that there are, at once', async () => {
    const browser = await signedIn(org, { name: 'Saburo', role: 'owner' });
    await linkSecret(org, { name: 'Saburo', role: 'viewer' });
    expect((await browser.get('/api/session')).body.role).toBe('viewer');
    expect((await browser.post('/api/customers', { name: 'X' })).status).toBe(403);
  });
});

describe('what is kept', () => {
  it('is no secret, of a link or of a session: only hashes', async () => {
    const secret = await linkSecret(org);
    const browser = new Browser();
    await browser.signIn(secret);
    const rows = await testApp().owner.query<{ row: string }[]>(
      'SELECT l::text AS row FROM sign_in_links l UNION ALL SELECT s::text FROM sessions s',
    );
    const text = rows.map(({ row }) => row).join('\n');
    for (const value of [secret, browser.cookie!.split('=')[1]!]) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(Buffer.from(value, 'base64url').toString('hex'));
    }
  });

  it('is another organization’s business only', async () => {
    const other = await anOrg();
    const browser = await signedIn(other);
    await org.api.post('/api/customers', { name: 'Ours', slug: 'ours' });
    expect((await browser.get('/api/customers')).body.total).toBe(0);
    expect((await browser.get('/api/customers/ours')).status).toBe(404);
    expect((await browser.get('/api/session')).body.organization.id).toBe(other.org.id);
  });
});
