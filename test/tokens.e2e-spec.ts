import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isTokenShaped } from '../src/tokens/token-format.js';
import { Api, anonymous } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { mintedTokens } from './support/minted-tokens.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp();

let org: TestOrganization;
let api: Api;
/** Where the tokens of an account of the test's own are. */
let path: string;
let accountId: string;

beforeAll(async () => {
  org = await anOrg();
  api = org.api;
});

beforeEach(async () => {
  const { body } = await api.post('/api/service-accounts', { name: 'Holder' });
  accountId = body.id;
  path = `/api/service-accounts/${body.slug}/tokens`;
});

const soon = (milliseconds = 60_000): string => new Date(Date.now() + milliseconds).toISOString();

async function create(body: object, as = api) {
  const answer = await as.post(path, body);
  // The suite's log is searched for these, too.
  if (answer.body.token) mintedTokens.push(answer.body.token);
  return answer;
}

describe('POST /api/service-accounts/{slug}/tokens', () => {
  it('201 with the secret, which nothing shows again', async () => {
    const { status, body } = await create({
      name: 'production',
      scopes: ['read:customers', 'write:instances'],
      expiresAt: '2126-01-01T00:00:00+09:00',
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'production',
      slug: 'production',
      scopes: ['read:customers', 'write:instances'],
      serviceAccountId: accountId,
      lastFour: body.token.slice(-4),
      expiresAt: '2125-12-31T15:00:00.000Z',
      state: 'active',
      flags: ['unused'],
      createdBy: { id: org.account.id, name: org.account.name },
      createdAt: expect.any(String),
      token: expect.stringMatching(/^ksh_[0-9A-Za-z]{38}$/),
    });
    expect(isTokenShaped(body.token)).toBe(true);
    const { token, ...shown } = body;
    expect((await api.get(`${path}/production`)).body).toEqual(shown);
    for (const where of ['', '/production'])
      expect((await api.get(path + where)).text).not.toContain(token.slice(4, -4));
    expect((await api.get(`/api/service-accounts/${accountId}`)).text).not.toContain(token.slice(4, -4));
  });

  it('201: the database has the SHA-256 of it, and nothing that it could be made from', async () => {
    const { token, id } = (await create({ name: 'stored', scopes: ['read:*'] })).body;
    const [{ row, hash }] = await testApp().owner.query('SELECT to_jsonb(t) AS row, hash FROM tokens t WHERE id = $1', [
      id,
    ]);
    expect(hash).toEqual(createHash('sha256').update(token).digest());
    // The values, not their JSON: there `\nv4hw` would be read as the last five letters of a token that ends in "nv4hw".
    const stored = Object.values(row).join('\0');
    expect(stored).toContain(token.slice(-4));
    for (let i = 4; i + 5 <= token.length; i++) expect(stored).not.toContain(token.slice(i, i + 5));
  });

  it('201: it works at once, as its account and with its scopes', async () => {
    const own = new Api((await create({ name: 'works', scopes: ['read:customers'] })).body.token);
    expect((await own.get('/api/customers')).status).toBe(200);
    expect((await own.get('/api/instances')).status).toBe(403);
    expect((await own.get('/api/me')).body).toMatchObject({
      user: { id: accountId },
      token: { name: 'works' },
      scopes: ['read:customers'],
    });
  });

  it('201: scopes that are given twice are folded, in the order in which they came', async () => {
    const { body } = await create({ name: 'x', scopes: ['write:tokens', 'read:users', 'write:tokens', 'read:users'] });
    expect(body.scopes).toEqual(['write:tokens', 'read:users']);
  });

  it('201: the slug is made from the name, with an ending where it is taken', async () => {
    expect((await create({ name: 'One Name', scopes: ['read:*'] })).body.slug).toBe('one-name');
    expect((await create({ name: 'one-name', scopes: ['read:*'] })).body.slug).toMatch(/^one-name-[a-z0-9]{6}$/);
    expect((await create({ name: 'Given', slug: 'chosen', scopes: ['read:*'] })).body.slug).toBe('chosen');
  });

  it('201: another account may use the same name and slug', async () => {
    await create({ name: 'same', slug: 'same', scopes: ['read:*'] });
    const { body } = await api.post('/api/service-accounts', { name: 'Another' });
    const { status } = await api.post(`/api/service-accounts/${body.slug}/tokens`, {
      name: 'same',
      slug: 'same',
      scopes: ['read:*'],
    });
    expect(status).toBe(201);
  });

  it.each([
    ['in the past', () => '2020-01-01T00:00:00Z'],
    ['now', () => new Date().toISOString()],
  ])('400 for an expiry %s', async (_, expiresAt) => {
    const { status, body } = await create({ name: 'x', scopes: ['read:*'], expiresAt: expiresAt() });
    expect([status, body.code, body.errors[0].location]).toEqual([400, 'CreateToken.ExpiryInPast', 'body.expiresAt']);
  });

  it('401 without a token', async () => {
    expect((await create({ name: 'x', scopes: ['read:*'] }, anonymous)).status).toBe(401);
  });

  it('403 without the scope', async () => {
    expect((await create({ name: 'x', scopes: ['read:*'] }, await org.as('read:*'))).body.detail).toBe(
      'missing required scope: write:tokens',
    );
  });

  it('404 for a missing account', async () => {
    const { status, body } = await api.post('/api/service-accounts/nobody/tokens', { name: 'x', scopes: ['read:*'] });
    expect([status, body.code]).toEqual([404, 'ServiceAccount.NotFound']);
  });

  it('409 for a name of a token that is not revoked, also of one that has expired', async () => {
    const { body: first } = await create({ name: 'production', scopes: ['read:*'], expiresAt: soon(60_000) });
    for (const hasExpired of [false, true]) {
      if (hasExpired) {
        await testApp().owner.query(`UPDATE tokens SET expires_at = now() - interval '1 second' WHERE id = $1`, [
          first.id,
        ]);
      }
      const { status, body } = await create({ name: 'production', scopes: ['read:*'] });
      expect([status, body.code]).toEqual([409, 'CreateToken.NameTaken']);
    }
    expect((await api.delete(`${path}/production`)).status).toBe(204);
    expect((await create({ name: 'production', scopes: ['read:*'] })).status).toBe(201);
  });

  it('409 for a slug that is taken, also by a revoked token', async () => {
    await create({ name: 'a', slug: 'taken', scopes: ['read:*'] });
    const { status, body } = await create({ name: 'b', slug: 'taken', scopes: ['read:*'] });
    expect([status, body.code]).toEqual([409, 'CreateToken.SlugTaken']);
    await api.delete(`${path}/taken`);
    expect((await create({ name: 'b', slug: 'taken', scopes: ['read:*'] })).body.code).toBe('CreateToken.SlugTaken');
  });

  it('one 201 and nine times 409 for ten of one name at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => create({ name: 'race', scopes: ['read:*'] })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
    expect((await api.get(path)).body.total).toBe(1);
  });

  it.each([
    [{ scopes: ['read:*'] }, 'body.name'],
    [{ name: ' ', scopes: ['read:*'] }, 'body.name'],
    [{ name: 'x', scopes: 'read:*' }, 'body.scopes'],
    [{ name: 'x', scopes: { 0: 'read:*' } }, 'body.scopes'],
    [{ name: 'x', scopes: Array<string>(101).fill('read:*') }, 'body.scopes'],
    [{ name: 'x', scopes: ['read:*'], expiresAt: 'tomorrow' }, 'body.expiresAt'],
    [{ name: 'x', scopes: ['read:*'], expiresAt: 4_102_444_800_000 }, 'body.expiresAt'],
    [{ name: 'x', scopes: ['read:*'], expiresAt: null }, 'body.expiresAt'],
    [{ name: 'x', scopes: ['read:*'], slug: 'X' }, 'body.slug'],
    [{ name: 'x', scopes: ['read:*'], hash: 'x' }, 'body.hash'],
  ])('422 for %j', async (input, location) => {
    const { status, body } = await create(input);
    expect([status, body.errors[0].location]).toEqual([422, location]);
  });
});

describe('GET /api/service-accounts/{slug}/tokens', () => {
  it('200: the account’s own, revoked ones included', async () => {
    for (const name of ['one', 'two', 'three']) await create({ name, scopes: ['read:*'] });
    await api.delete(`${path}/two`);
    const { status, body } = await api.get(`${path}?sort=createdAt`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      total: 3,
      hasMore: false,
      items: [{ name: 'one' }, { name: 'two', revokedAt: expect.any(String) }, { name: 'three' }],
    });
  });

  it('401 without a token', async () => {
    expect((await anonymous.get(path)).status).toBe(401);
  });

  it('403 without the scope', async () => {
    expect((await (await org.as('write:users')).get(path)).status).toBe(403);
  });

  it('404 for a missing account', async () => {
    expect((await api.get('/api/service-accounts/nobody/tokens')).body.code).toBe('ServiceAccount.NotFound');
  });
});

describe('GET /api/service-accounts/{slug}/tokens/{tokenSlug}', () => {
  it('200: by slug and by id', async () => {
    const { id, slug } = (await create({ name: 'x', scopes: ['read:*'] })).body;
    const bySlug = await api.get(`${path}/${slug}`);
    expect([bySlug.status, bySlug.body.id]).toEqual([200, id]);
    expect((await api.get(`${path}/${id}`)).body).toEqual(bySlug.body);
  });

  it('401 without a token', async () => {
    expect((await anonymous.get(`${path}/x`)).status).toBe(401);
  });

  it('403 without the scope', async () => {
    expect((await (await org.as('read:users')).get(`${path}/x`)).status).toBe(403);
  });

  it('404 for a missing one, and for one of another account', async () => {
    const other = (await api.get(`/api/service-accounts/${org.account.slug}`)).body.tokens[0];
    for (const reference of ['nobody', other.slug, other.id]) {
      expect((await api.get(`${path}/${reference}`)).body.code).toBe('Token.NotFound');
    }
  });
});

describe('DELETE /api/service-accounts/{slug}/tokens/{tokenSlug}', () => {
  it('204: it is refused from then on, and shows who revoked it and when', async () => {
    const { token, slug } = (await create({ name: 'x', scopes: ['read:*'] })).body;
    expect((await new Api(token).get('/api/customers')).status).toBe(200);
    const before = Date.now();
    expect((await api.delete(`${path}/${slug}`)).status).toBe(204);
    expect((await new Api(token).get('/api/customers')).body.code).toBe('Auth.InvalidToken');
    const { body } = await api.get(`${path}/${slug}`);
    expect(body.revokedBy).toEqual({ id: org.account.id, name: org.account.name });
    expect(Math.abs(Date.parse(body.revokedAt) - before)).toBeLessThan(5_000);
  });

  it('204 again, and nothing changes', async () => {
    const { slug } = (await create({ name: 'x', scopes: ['read:*'] })).body;
    await api.delete(`${path}/${slug}`);
    const first = (await api.get(`${path}/${slug}`)).body;
    expect((await (await org.as('write:tokens')).delete(`${path}/${slug}`)).status).toBe(204);
    expect((await api.get(`${path}/${slug}`)).body).toEqual(first);
  });

  it('204: a token may revoke itself', async () => {
    const { token, slug } = (await create({ name: 'x', scopes: ['write:tokens'] })).body;
    expect((await new Api(token).delete(`${path}/${slug}`)).status).toBe(204);
    expect((await new Api(token).delete(`${path}/${slug}`)).status).toBe(401);
  });

  it('401 without a token', async () => {
    expect((await anonymous.delete(`${path}/x`)).status).toBe(401);
  });

  it('403 with the scope to read only, and the token lives on', async () => {
    const { token, slug } = (await create({ name: 'x', scopes: ['read:*'] })).body;
    expect((await new Api(token).delete(`${path}/${slug}`)).status).toBe(403);
    expect((await new Api(token).get('/api/me')).status).toBe(200);
  });

  it('404 for a missing one, and for one of another account, which lives on', async () => {
    const other = (await api.get(`/api/service-accounts/${org.account.slug}`)).body.tokens[0];
    for (const reference of ['nobody', other.slug, other.id]) {
      expect((await api.delete(`${path}/${reference}`)).body.code).toBe('Token.NotFound');
    }
    expect((await api.get('/api/me')).status).toBe(200);
  });
});
