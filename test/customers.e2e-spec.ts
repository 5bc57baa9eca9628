import { beforeAll, describe, expect, it } from '@jest/globals';
import { anonymous } from './support/api.js';
import type { Api } from './support/api.js';
import { useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp();

let org: TestOrganization;
let api: Api;
beforeAll(async () => {
  org = await anOrg();
  api = org.api;
});

const missing = '00000000-0000-4000-8000-000000000000';

describe('GET /api/customers', () => {
  it('200: the page of customers, with the total', async () => {
    const { api: fresh } = await anOrg();
    expect((await fresh.get('/api/customers')).body).toEqual({ items: [], total: 0, hasMore: false });
    await fresh.post('/api/customers', { name: 'Sakura Tokyo' });
    const { status, body } = await fresh.get('/api/customers');
    expect(status).toBe(200);
    expect(body).toMatchObject({ items: [{ name: 'Sakura Tokyo', slug: 'sakura-tokyo' }], total: 1, hasMore: false });
    expect(body).not.toHaveProperty('nextCursor');
  });

  it('401 without a token', async () => {
    const { status, body } = await anonymous.get('/api/customers');
    expect([status, body.code]).toEqual([401, 'Auth.NoIdentity']);
  });

  it('403 without the scope', async () => {
    const { status, body, headers } = await (await org.as('read:instances')).get('/api/customers');
    expect([status, body.code, body.detail]).toEqual([
      403,
      'Auth.MissingScope',
      'missing required scope: read:customers',
    ]);
    expect(headers['www-authenticate']).toBe('Bearer error="insufficient_scope", scope="read:customers"');
  });
});

describe('POST /api/customers', () => {
  it('201 with all fields, and their author', async () => {
    const { status, body } = await api.post('/api/customers', {
      name: 'Ōsaka 大阪',
      slug: 'osaka-1',
      domain: 'osaka.example',
      externalCustomerId: 'crm-1',
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Ōsaka 大阪',
      slug: 'osaka-1',
      domain: 'osaka.example',
      externalCustomerId: 'crm-1',
      instanceCount: 0,
      createdBy: { id: org.account.id, name: org.account.name },
      createdAt: expect.any(String),
      updatedBy: { id: org.account.id, name: org.account.name },
      updatedAt: expect.any(String),
    });
    expect((await api.get('/api/customers/osaka-1')).body).toEqual(body);
    expect((await api.get(`/api/customers/${body.id}`)).body).toEqual(body);
  });

  it('201: read-only fields may be echoed, and are ignored', async () => {
    const first = (await api.post('/api/customers', { name: 'Echo' })).body;
    const { status, body } = await api.post('/api/customers', { ...first, slug: undefined });
    expect(status).toBe(201);
    expect(body.id).not.toBe(first.id);
  });

  it('201: makes slugs of any script, with an ending where one is taken', async () => {
    const slugs = [];
    for (const name of ['Привет', '東京', '!!!', 'Twice', 'Twice'])
      slugs.push((await api.post('/api/customers', { name })).body.slug);
    expect(slugs.slice(0, 2)).toEqual(['privet', 'dongjing']);
    expect(slugs[2]).toMatch(/^[a-z0-9]{8}$/);
    expect(slugs[3]).toBe('twice');
    expect(slugs[4]).toMatch(/^twice-[a-z0-9]{6}$/);
  });

  it.each([
    [{}, 'body.name'],
    [{ name: '' }, 'body.name'],
    [{ name: '   ' }, 'body.name'],
    [{ name: 'x'.repeat(10_000) }, 'body.name'],
    [{ name: 5 }, 'body.name'],
    [{ name: null }, 'body.name'],
    [{ name: 'a\nb' }, 'body.name'],
    [{ name: 'A', slug: 'x' }, 'body.slug'],
    [{ name: 'A', slug: 'Upper' }, 'body.slug'],
    [{ name: 'A', slug: null }, 'body.slug'],
    [{ name: 'A', slug: missing }, 'body.slug'],
    [{ name: 'A', domain: 'localhost' }, 'body.domain'],
    [{ name: 'A', domain: 'UPPER.example' }, 'body.domain'],
    [{ name: 'A', domain: 'a b.example' }, 'body.domain'],
    [{ name: 'A', externalCustomerId: 7 }, 'body.externalCustomerId'],
    [{ name: 'A', unknown: 1 }, 'body.unknown'],
    [{ name: 'A', constructor: 1 }, 'body.constructor'],
    [{ name: 'A', organizationId: missing }, 'body.organizationId'],
  ])('422 for %j', async (input, location) => {
    const { status, body } = await api.post('/api/customers', input);
    expect([status, body.code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(body.errors.map((error: { location: string }) => error.location)).toContain(location);
  });

  it('409 when the slug is taken', async () => {
    await api.post('/api/customers', { name: 'A', slug: 'taken' });
    const { status, body } = await api.post('/api/customers', { name: 'B', slug: 'taken' });
    expect([status, body.code]).toEqual([409, 'CreateCustomer.SlugTaken']);
    expect(body.errors).toEqual([{ location: 'body.slug', message: 'is taken', value: expect.any(String) }]);
  });

  it('one 201 and 49 times 409 for 50 of one slug at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => api.post('/api/customers', { name: `Race ${i}`, slug: 'race-of-fifty' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(49);
    expect((await api.get('/api/customers?q=race-of-fifty')).body.total).toBe(1);
  });
});

describe('PUT /api/customers/{slug}', () => {
  it('204: replaces, and clears what is left out', async () => {
    const { body } = await api.post('/api/customers', {
      name: 'Before',
      domain: 'before.example',
      externalCustomerId: 'x',
    });
    expect((await api.put(`/api/customers/${body.slug}`, { name: 'After' })).status).toBe(204);
    const after = (await api.get(`/api/customers/${body.slug}`)).body;
    expect(after).toMatchObject({ id: body.id, name: 'After', slug: 'before', createdAt: body.createdAt });
    expect(after).not.toHaveProperty('domain');
    expect(after).not.toHaveProperty('externalCustomerId');
    expect(Date.parse(after.updatedAt)).toBeGreaterThan(Date.parse(body.updatedAt));
  });

  it('204 with an answer sent back', async () => {
    const { body } = await api.post('/api/customers', { name: 'Round trip' });
    expect((await api.put(`/api/customers/${body.id}`, body)).status).toBe(204);
  });

  it('422 for another slug', async () => {
    const { body } = await api.post('/api/customers', { name: 'Fixed' });
    const answer = await api.put(`/api/customers/${body.slug}`, { name: 'Fixed', slug: 'moved' });
    expect([answer.status, answer.body.errors[0].location]).toEqual([422, 'body.slug']);
  });

  it('404 for a missing one', async () => {
    expect((await api.put('/api/customers/nobody', { name: 'X' })).body.code).toBe('Customer.NotFound');
  });
});

describe('DELETE /api/customers/{slug}', () => {
  it('204, and then 404', async () => {
    const { body } = await api.post('/api/customers', { name: 'Gone' });
    expect((await api.delete(`/api/customers/${body.slug}`)).status).toBe(204);
    expect((await api.get(`/api/customers/${body.id}`)).status).toBe(404);
    expect((await api.delete(`/api/customers/${body.slug}`)).status).toBe(404);
  });

  it('400 while it has instances, saying how many', async () => {
    const { body } = await api.post('/api/customers', { name: 'Busy' });
    for (const name of ['one', 'two']) await api.post('/api/instances', { name, customerId: body.slug });
    const answer = await api.delete(`/api/customers/${body.slug}`);
    expect([answer.status, answer.body.code]).toEqual([400, 'DeleteCustomer.HasInstances']);
    expect(answer.body.detail).toContain('2 instances');
    expect((await api.get(`/api/customers/${body.slug}`)).status).toBe(200);
  });
});
