import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Answer, Api } from './support/api.js';
import { useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

jest.setTimeout(30_000);
useApp();

let org: TestOrganization;
let api: Api;
let customer: { id: string; slug: string };
let other: { id: string; slug: string };
beforeAll(async () => {
  org = await anOrg();
  api = org.api;
  customer = (await api.post('/api/customers', { name: 'Sakura Tokyo' })).body;
  other = (await api.post('/api/customers', { name: 'Sakura Osaka' })).body;
});

const missing = '00000000-0000-4000-8000-000000000000';

const create = (input: object = {}): Promise<Answer> =>
  api.post('/api/instances', { name: 'Made', customerId: customer.id, ...input });

async function make(input: object = {}): Promise<any> {
  const { status, body } = await create(input);
  expect(status).toBe(201);
  return body;
}

const stored = async (reference: string): Promise<any> => (await api.get(`/api/instances/${reference}`)).body;
const outcome = ({ status, body }: Answer): unknown[] => [status, body?.code];

describe('PUT /api/instances/{slug}', () => {
  const full = {
    description: 'Old',
    startLicenseDate: '2027-01-01T00:00:00.000Z',
    endLicenseDate: '2027-06-01T00:00:00.000Z',
    metadata: { a: 1 },
  };

  it('204: replaces; slug, license dates, status and lifecycle stage stay when left out, the rest is cleared', async () => {
    const before = await make({ ...full, name: 'Before', slug: 'before' });
    await api.patch('/api/instances/before', { status: 'INCIDENT', lifecycleStage: 'AT_RISK' });
    expect((await api.put('/api/instances/before', { name: 'After', customerId: other.slug })).status).toBe(204);
    const after = await stored('before');
    expect(after).toEqual({
      ...before,
      name: 'After',
      description: '',
      metadata: {},
      customerId: other.id,
      customerSlug: other.slug,
      customerName: 'Sakura Osaka',
      status: 'INCIDENT',
      lifecycleStage: 'AT_RISK',
      updatedAt: expect.any(String),
    });
    expect(Date.parse(after.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
  });

  it('204: status and lifecycle stage in the body are ignored', async () => {
    const { id } = await make();
    const body = { name: 'Made', customerId: customer.id, status: 'INCIDENT', lifecycleStage: 'CHURNED' };
    expect((await api.put(`/api/instances/${id}`, body)).status).toBe(204);
    expect((await stored(id)).status).toBe('HEALTHY');
    expect(await stored(id)).not.toHaveProperty('lifecycleStage');
  });

  it('204 with an answer sent back: nothing changes but the time of it', async () => {
    const { id } = await make({ ...full, name: 'Round trip' });
    await api.patch(`/api/instances/${id}`, { lifecycleStage: 'ACTIVE' });
    const before = await stored(id);
    expect((await api.put(`/api/instances/${id}`, before)).status).toBe(204);
    expect(await stored(id)).toEqual({ ...before, updatedAt: expect.any(String) });
  });

  it('204: renames the slug; the old one is free, the id stays', async () => {
    const { id } = await make({ slug: 'old-slug' });
    expect(
      (await api.put('/api/instances/old-slug', { name: 'Made', customerId: customer.id, slug: 'new-slug' })).status,
    ).toBe(204);
    expect((await stored('new-slug')).id).toBe(id);
    expect(outcome(await api.get('/api/instances/old-slug'))).toEqual([404, 'Instance.NotFound']);
    expect((await make({ slug: 'old-slug' })).id).not.toBe(id);
  });

  it('says who changed it, and still who made it', async () => {
    const { id } = await make();
    const { slug, id: accountId } = (await api.post('/api/service-accounts', { name: 'second' })).body;
    const { token } = (
      await api.post(`/api/service-accounts/${slug}/tokens`, { name: 't', scopes: ['write:instances'] })
    ).body;
    const headers = { Authorization: `Bearer ${token}` };
    expect((await api.put(`/api/instances/${id}`, { name: 'Made', customerId: customer.id }, { headers })).status).toBe(
      204,
    );
    expect(await stored(id)).toMatchObject({
      createdBy: { id: org.account.id },
      updatedBy: { id: accountId, name: 'second' },
    });
  });

  it('404 for a missing instance, customer, license or zone; nothing is changed', async () => {
    const before = await make(full);
    const put = (reference: string, input: object): Promise<Answer> =>
      api.put(`/api/instances/${reference}`, { name: 'X', customerId: customer.id, ...input });
    for (const reference of ['nobody', missing])
      expect(outcome(await put(reference, {}))).toEqual([404, 'Instance.NotFound']);
    expect(outcome(await put(before.id, { customerId: 'nobody' }))).toEqual([404, 'Customer.NotFound']);
    expect(outcome(await put(before.id, { licenseId: 'x' }))).toEqual([404, 'License.NotFound']);
    expect(outcome(await put(before.id, { deploymentZoneId: 'x' }))).toEqual([404, 'DeploymentZone.NotFound']);
    expect(await stored(before.id)).toEqual(before);
  });

  it('409 for a slug that is taken; nothing is changed', async () => {
    await make({ slug: 'occupied' });
    const before = await make(full);
    const answer = await api.put(`/api/instances/${before.id}`, {
      name: 'X',
      customerId: customer.id,
      slug: 'occupied',
    });
    expect(outcome(answer)).toEqual([409, 'Instance.SlugTaken']);
    expect(await stored(before.id)).toEqual(before);
  });

  it('422 for a license that would end before it starts, whichever date is left out', async () => {
    const { id } = await make(full);
    for (const dates of [{ startLicenseDate: '2027-06-02T00:00:00Z' }, { endLicenseDate: '2026-12-31T00:00:00Z' }]) {
      const answer = await api.put(`/api/instances/${id}`, { name: 'X', customerId: customer.id, ...dates });
      expect([answer.status, answer.body.errors[0].location]).toEqual([422, 'body.endLicenseDate']);
    }
    const later = { startLicenseDate: '2027-06-01T00:00:00.000Z' };
    expect((await api.put(`/api/instances/${id}`, { name: 'X', customerId: customer.id, ...later })).status).toBe(204);
    expect(await stored(id)).toMatchObject({ ...later, endLicenseDate: full.endLicenseDate });
  });
});

describe('PATCH /api/instances/{slug}', () => {
  it('204: changes status and lifecycle stage, one by one; the rest stays', async () => {
    const before = await make({ description: 'Stays', metadata: { stays: true } });
    const path = `/api/instances/${before.slug}`;
    expect((await api.patch(path, { status: 'MAINTENANCE' })).status).toBe(204);
    expect(await stored(before.id)).toEqual({ ...before, status: 'MAINTENANCE', updatedAt: expect.any(String) });
    expect((await api.patch(path, { lifecycleStage: '試用中' })).status).toBe(204);
    const after = await stored(before.id);
    expect(after).toEqual({
      ...before,
      status: 'MAINTENANCE',
      lifecycleStage: '試用中',
      updatedAt: expect.any(String),
    });
    expect(Date.parse(after.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
  });

  it('204: replaces metadata alone, as a whole', async () => {
    const before = await make({ metadata: { a: 1, b: { c: 2 } } });
    for (const metadata of [{ constructor: { prototype: 1 }, '': [] }, {}]) {
      expect((await api.patch(`/api/instances/${before.id}`, { metadata })).status).toBe(204);
      expect(await stored(before.id)).toEqual({ ...before, metadata, updatedAt: expect.any(String) });
    }
    await api.patch(`/api/instances/${before.id}`, { metadata: { d: 1 }, status: 'INCIDENT' });
    await api.patch(`/api/instances/${before.id}`, { status: 'DEGRADED' });
    expect(await stored(before.id)).toMatchObject({ metadata: { d: 1 }, status: 'DEGRADED' });
  });

  it('204 for nothing: nothing changes, the time neither', async () => {
    const before = await make();
    expect((await api.patch(`/api/instances/${before.id}`, {})).status).toBe(204);
    expect(await stored(before.id)).toEqual(before);
  });

  it.each([
    [{ lifecycleStage: null }, 'lifecycleStage'],
    [{ lifecycleStage: '' }, 'lifecycleStage'],
    [{ lifecycleStage: '  ' }, 'lifecycleStage'],
    [{ lifecycleStage: 'x'.repeat(101) }, 'lifecycleStage'],
    [{ lifecycleStage: ['ACTIVE'] }, 'lifecycleStage'],
    [{ status: null }, 'status'],
    [{ status: 'healthy' }, 'status'],
    [{ status: 'OK' }, 'status'],
    [{ status: ['HEALTHY'] }, 'status'],
    [{ status: { constructor: 'HEALTHY' } }, 'status'],
    [{ status: 'HEALTHY', name: 'X' }, 'name'],
    [{ slug: 'x1' }, 'slug'],
    [{ metadata: null }, 'metadata'],
    [{ metadata: [] }, 'metadata'],
    [{ metadata: 'x' }, 'metadata'],
    [{ metadata: { a: 'x'.repeat(65_536) } }, 'metadata'],
    [{ customerId: missing }, 'customerId'],
  ])('422 for %j; the stage, once there, is not cleared', async (input, field) => {
    const { id } = await make();
    await api.patch(`/api/instances/${id}`, { lifecycleStage: 'ACTIVE' });
    const before = await stored(id);
    const answer = await api.patch(`/api/instances/${id}`, input);
    expect([...outcome(answer), answer.body.errors[0].location]).toEqual([422, 'VALIDATION_FAILED', `body.${field}`]);
    expect(await stored(id)).toEqual(before);
  });

  it('403 for who may only read, 404 for a missing one', async () => {
    const { id } = await make();
    const reader = await org.as('read:*', 'write:customers');
    expect(outcome(await reader.patch(`/api/instances/${id}`, { status: 'INCIDENT' }))).toEqual([
      403,
      'Auth.MissingScope',
    ]);
    expect(outcome(await api.patch('/api/instances/nobody', { status: 'INCIDENT' }))).toEqual([
      404,
      'Instance.NotFound',
    ]);
  });
});

describe('metadata', () => {
  const hostile: Record<string, object> = {
    'words of JavaScript': {
      constructor: 1,
      prototype: { constructor: null },
      toString: 'x',
      valueOf: [],
      hasOwnProperty: { constructor: { a: 1 } },
    },
    'words of arrays and promises': { length: -1, then: 'x', catch: 1, '0': 'a', at: null, toJSON: { a: 1 } },
    'words of SQL and of the ORM': {
      $in: [1],
      _type: 'not',
      '@instanceof': 'FindOperator',
      value: 1,
      "'; DROP TABLE instances;--": 1,
    },
    'empty and strange names': {
      '': '',
      ' ': ' ',
      '\\': '\\',
      '"': '"',
      '\n': '\u2028',
      'a.b': 1,
      é: 'e\u0301',
      '🌸': '🌸',
    },
    'arrays in arrays': { a: [[], [[]], [{}], [{ constructor: [] }]], b: [null, false, 0, ''] },
    numbers: { a: 0.1, b: 1e21, c: -1.5e-7, d: 9007199254740991, e: 5e-324, f: 1.7976931348623157e308 },
    'sixty levels': JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`),
    'five thousand keys': Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i])),
  };

  it.each(Object.keys(hostile))('comes back as it was sent: %s', async (name) => {
    const metadata = hostile[name]!;
    const { id, metadata: answered } = await make({ metadata });
    expect(answered).toEqual(metadata);
    expect((await stored(id)).metadata).toEqual(metadata);
    expect(
      (await api.put(`/api/instances/${id}`, { name: 'X', customerId: customer.id, metadata: { again: metadata } }))
        .status,
    ).toBe(204);
    expect((await stored(id)).metadata).toEqual({ again: metadata });
  });

  it('is replaced as a whole', async () => {
    const { id } = await make({ metadata: { a: { b: 1, c: 2 }, d: 3 } });
    await api.put(`/api/instances/${id}`, { name: 'X', customerId: customer.id, metadata: { a: { b: 9 } } });
    expect((await stored(id)).metadata).toEqual({ a: { b: 9 } });
  });

  it('may have 64 KiB, counted in bytes of its JSON, and not a byte more', async () => {
    const of = (bytes: number, unit: string): object => ({ a: unit.repeat((bytes - 8) / Buffer.byteLength(unit)) });
    expect(JSON.stringify(of(65_536, 'x')).length).toBe(65_536);
    await make({ metadata: of(65_536, 'x') });
    await make({ metadata: of(65_536, '🌸') });
    for (const metadata of [of(65_537, 'x'), of(65_540, '🌸'), of(900_000, 'x')]) {
      const answer = await create({ metadata });
      expect([...outcome(answer), answer.body.errors[0].location]).toEqual([422, 'VALIDATION_FAILED', 'body.metadata']);
      expect(answer.text.length).toBeLessThan(1_000);
    }
  });

  it('of ninety thousand keys is refused soon', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 90_000 }, (_, i) => [`k${i}`, 1]));
    const started = performance.now();
    expect((await create({ metadata })).status).toBe(422);
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});
