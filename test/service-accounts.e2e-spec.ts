import { beforeAll, describe, expect, it } from '@jest/globals';
import { Api, anonymous } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp();

let org: TestOrganization;
let api: Api;
beforeAll(async () => {
  org = await anOrg();
  api = org.api;
});

const PATH = '/api/service-accounts';
const create = async (body: object) => (await api.post(PATH, body)).body;
const mintFor = async (slug: string, name: string, ...scopes: string[]) =>
  (await api.post(`${PATH}/${slug}/tokens`, { name, scopes: scopes.length > 0 ? scopes : ['read:*'] })).body;

describe('GET /api/service-accounts', () => {
  it('200: the page of accounts, each with its tokens and none of their secrets', async () => {
    const { api: fresh, account } = await anOrg();
    await fresh.post(PATH, { name: 'Second' });
    const { status, body, text } = await fresh.get(`${PATH}?sort=-createdAt`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      total: 2,
      hasMore: false,
      items: [
        { name: 'Second', tokens: [] },
        { id: account.id, tokens: [{ scopes: ['write:*'] }] },
      ],
    });
    expect(text).not.toContain(fresh.token!.slice(4));
    expect(text).not.toMatch(/"hash"|"token"/);
  });

  it('200: finds by name and slug, and goes on from page to page', async () => {
    const { api: fresh } = await anOrg();
    for (const name of ['Alpha', 'Beta', 'Gamma']) await fresh.post(PATH, { name });
    expect((await fresh.get(`${PATH}?q=ALPH`)).body).toMatchObject({ total: 1, items: [{ name: 'Alpha' }] });
    const first = (await fresh.get(`${PATH}?limit=2&sort=name`)).body;
    expect(first).toMatchObject({ total: 4, hasMore: true, items: [{ name: 'Alpha' }, { name: 'Beta' }] });
    const second = (await fresh.get(`${PATH}?limit=2&sort=name&cursor=${first.nextCursor}`)).body;
    expect(second).toMatchObject({ total: 4, hasMore: false, items: [{ name: 'Gamma' }, { name: 'my-app-backend' }] });
  });

  it('401 without a token', async () => {
    expect((await anonymous.get(PATH)).status).toBe(401);
  });

  it('403 without the scope', async () => {
    expect((await (await org.as('write:users')).get(PATH)).body.detail).toBe('missing required scope: read:tokens');
  });
});

describe('POST /api/service-accounts', () => {
  it('201 with its fields, no e-mail among them', async () => {
    const { status, body } = await api.post(PATH, { name: 'my-app-backend' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'my-app-backend',
      slug: expect.stringMatching(/^my-app-backend-[a-z0-9]{6}$/),
      externalId: expect.stringMatching(/^sa_[0-9a-f]{32}$/),
      tokens: [],
      tokenCounts: expect.objectContaining({ active: 0, revoked: 0, permanent: 0 }),
      createdBy: { id: org.account.id, name: org.account.name },
      createdAt: expect.any(String),
    });
    expect((await api.get(`${PATH}/${body.slug}`)).body).toEqual(body);
    expect((await api.get(`${PATH}/${body.id}`)).body).toEqual(body);
  });

  it('201: makes the slug from the name, or takes the given one', async () => {
    expect((await create({ name: 'Données & Co' })).slug).toBe('donnees-co');
    expect((await create({ name: 'Anything', slug: 'chosen' })).slug).toBe('chosen');
  });

  it('201: two may have one name', async () => {
    const [first, second] = [await create({ name: 'Twin' }), await create({ name: 'Twin' })];
    expect([first.name, second.name]).toEqual(['Twin', 'Twin']);
    expect(first.slug).not.toBe(second.slug);
  });

  it('401 without a token', async () => {
    expect((await anonymous.post(PATH, { name: 'X' })).status).toBe(401);
  });

  it('403 with the scope to read only', async () => {
    expect((await (await org.as('read:*')).post(PATH, { name: 'X' })).body.detail).toBe(
      'missing required scope: write:tokens',
    );
  });

  it('409 when the slug is taken', async () => {
    await create({ name: 'A', slug: 'taken' });
    const { status, body } = await api.post(PATH, { name: 'B', slug: 'taken' });
    expect([status, body.code]).toEqual([409, 'CreateServiceAccount.SlugTaken']);
  });

  it('one 201 and nine times 409 for ten of one slug at once, and no user left over', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.post(PATH, { name: 'Race', slug: 'race' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
    const users = await testApp().owner.query(`SELECT id FROM users WHERE organization_id = $1 AND name = 'Race'`, [
      org.org.id,
    ]);
    expect(users).toHaveLength(1);
  });

  it.each([
    [{}, 'body.name'],
    [{ name: '' }, 'body.name'],
    [{ name: null }, 'body.name'],
    [{ name: 'A', slug: 'No' }, 'body.slug'],
    [{ name: 'A', slug: '00000000-0000-4000-8000-000000000000' }, 'body.slug'],
    [{ name: 'A', email: 'a@example.com' }, 'body.email'],
    [{ name: 'A', scopes: ['write:*'] }, 'body.scopes'],
  ])('422 for %j', async (input, location) => {
    const { status, body } = await api.post(PATH, input);
    expect([status, body.errors[0].location]).toEqual([422, location]);
  });
});

describe('GET /api/service-accounts/{slug}', () => {
  it('200: by slug and by id, with the newest tokens first, revoked ones included', async () => {
    const { id, slug } = await create({ name: 'With tokens' });
    const [first, second] = [await mintFor(slug, 'first'), await mintFor(slug, 'second')];
    await api.delete(`${PATH}/${slug}/tokens/first`);
    const { body } = await api.get(`${PATH}/${id}`);
    expect(body.tokens).toMatchObject([
      { id: second.id, name: 'second', lastFour: second.token.slice(-4) },
      {
        id: first.id,
        name: 'first',
        revokedAt: expect.any(String),
        revokedBy: { id: org.account.id, name: org.account.name },
      },
    ]);
    expect(body.tokens[0]).not.toHaveProperty('revokedAt');
  });

  it('401 without a token', async () => {
    expect((await anonymous.get(`${PATH}/${org.account.slug}`)).status).toBe(401);
  });

  it('403 without the scope', async () => {
    expect((await (await org.as('read:customers')).get(`${PATH}/${org.account.slug}`)).status).toBe(403);
  });

  it('404 for a missing one', async () => {
    const { status, body } = await api.get(`${PATH}/nobody`);
    expect([status, body.code]).toEqual([404, 'ServiceAccount.NotFound']);
  });
});

describe('PUT /api/service-accounts/{slug}', () => {
  it('204: renames it, also in what it has created', async () => {
    const { slug } = await create({ name: 'Before' });
    const { token } = await mintFor(slug, 'x', 'write:*');
    const own = new Api(token);
    const customer = (await own.post('/api/customers', { name: 'Made by it' })).body;
    expect(customer.createdBy.name).toBe('Before');
    expect((await api.put(`${PATH}/${slug}`, { name: 'After' })).status).toBe(204);
    expect((await api.get(`${PATH}/${slug}`)).body).toMatchObject({ name: 'After', slug });
    const read = (await api.get(`/api/customers/${customer.id}`)).body;
    expect([read.createdBy.name, read.updatedBy.name]).toEqual(['After', 'After']);
  });

  it('204 with an answer sent back', async () => {
    const account = await create({ name: 'Round trip' });
    expect((await api.put(`${PATH}/${account.id}`, account)).status).toBe(204);
    expect((await api.get(`${PATH}/${account.id}`)).body).toEqual(account);
  });

  it('401 without a token', async () => {
    expect((await anonymous.put(`${PATH}/x`, { name: 'X' })).status).toBe(401);
  });

  it('403 with the scope to read only', async () => {
    expect((await (await org.as('read:tokens')).put(`${PATH}/x`, { name: 'X' })).status).toBe(403);
  });

  it('404 for a missing one', async () => {
    expect((await api.put(`${PATH}/nobody`, { name: 'X' })).body.code).toBe('ServiceAccount.NotFound');
  });

  it('422 for another slug, and for no name', async () => {
    const { slug } = await create({ name: 'Fixed' });
    expect((await api.put(`${PATH}/${slug}`, { name: 'Fixed', slug: 'moved' })).body.errors[0].location).toBe(
      'body.slug',
    );
    expect((await api.put(`${PATH}/${slug}`, {})).body.errors[0].location).toBe('body.name');
  });
});

describe('DELETE /api/service-accounts/{slug}', () => {
  it('204: it is gone, its tokens are revoked, and its slug is free', async () => {
    const { id, slug } = await create({ name: 'Short-lived' });
    const { token, id: tokenId } = await mintFor(slug, 'x');
    expect((await new Api(token).get('/api/customers')).status).toBe(200);
    expect((await api.delete(`${PATH}/${slug}`)).status).toBe(204);
    for (const reference of [slug, id]) {
      expect((await api.get(`${PATH}/${reference}`)).body.code).toBe('ServiceAccount.NotFound');
      expect((await api.get(`${PATH}/${reference}/tokens`)).body.code).toBe('ServiceAccount.NotFound');
      expect((await api.delete(`${PATH}/${reference}`)).status).toBe(404);
    }
    expect((await new Api(token).get('/api/customers')).body.code).toBe('Auth.InvalidToken');
    const rows = await testApp().owner.query(
      'SELECT revoked_at IS NOT NULL AS revoked, revoked_by_id FROM tokens WHERE id = $1',
      [tokenId],
    );
    expect(rows).toEqual([{ revoked: true, revoked_by_id: org.account.id }]);
    const next = await create({ name: 'Next', slug });
    expect([next.slug, next.tokens, next.id === id]).toEqual([slug, [], false]);
  });

  it('204: its name stays in what it has made', async () => {
    const { id, slug } = await create({ name: 'Remembered' });
    const { token } = await mintFor(slug, 'x', 'write:*');
    const customer = (await new Api(token).post('/api/customers', { name: 'Kept' })).body;
    const made = (await new Api(token).post(PATH, { name: 'Made by one that is gone' })).body;
    await api.delete(`${PATH}/${slug}`);
    for (const path of [`/api/customers/${customer.id}`, `${PATH}/${made.id}`]) {
      expect((await api.get(path)).body.createdBy).toEqual({ id, name: 'Remembered' });
    }
  });

  it('204: an account may delete itself, and is then nobody', async () => {
    const { slug } = await create({ name: 'Gone by itself' });
    const own = new Api((await mintFor(slug, 'x', 'write:*')).token);
    expect((await own.delete(`${PATH}/${slug}`)).status).toBe(204);
    expect((await own.get('/api/me')).status).toBe(401);
  });

  it('204 for one of two at once', async () => {
    const { slug } = await create({ name: 'Twice' });
    const answers = await Promise.all([1, 2, 3].map(() => api.delete(`${PATH}/${slug}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404]);
  });

  it('401 without a token', async () => {
    expect((await anonymous.delete(`${PATH}/x`)).status).toBe(401);
  });

  it('403 with the scope to read only', async () => {
    expect((await (await org.as('read:*')).delete(`${PATH}/${org.account.slug}`)).status).toBe(403);
  });

  it('404 for a missing one', async () => {
    expect((await api.delete(`${PATH}/nobody`)).body.code).toBe('ServiceAccount.NotFound');
  });
});
