import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Answer, Api } from './support/api.js';
import { anonymous } from './support/api.js';
import { useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

jest.setTimeout(30_000);
useApp();

let org: TestOrganization;
let api: Api;
let customer: { id: string; slug: string };
beforeAll(async () => {
  org = await anOrg();
  api = org.api;
  customer = (await api.post('/api/customers', { name: 'Sakura Tokyo' })).body;
});

const missing = '00000000-0000-4000-8000-000000000000';

/** Creates an instance of the suite's customer. */
async function make(input: object = {}): Promise<any> {
  const { status, body } = await api.post('/api/instances', { name: 'Made', customerId: customer.id, ...input });
  expect(status).toBe(201);
  return body;
}

const stored = async (reference: string): Promise<any> => (await api.get(`/api/instances/${reference}`)).body;
const outcome = ({ status, body }: Answer): unknown[] => [status, body?.code];
const locations = ({ body }: Answer): string[] => body.errors.map((error: { location: string }) => error.location);

describe('GET /api/instances', () => {
  it('200: the page of instances, with the total', async () => {
    const { api: fresh } = await anOrg();
    expect((await fresh.get('/api/instances')).body).toEqual({ items: [], total: 0, hasMore: false });
    await fresh.post('/api/customers', { name: 'Sakura' });
    const { body: created } = await fresh.post('/api/instances', { name: 'Production', customerId: 'sakura' });
    const { status, body } = await fresh.get('/api/instances');
    expect(status).toBe(200);
    expect(body).toEqual({ items: [created], total: 1, hasMore: false });
  });

  it('401 without a token', async () => {
    expect(outcome(await anonymous.get('/api/instances'))).toEqual([401, 'Auth.NoIdentity']);
  });

  it('403 without the scope', async () => {
    const answer = await (await org.as('read:customers', 'write:licenses')).get('/api/instances');
    expect(outcome(answer)).toEqual([403, 'Auth.MissingScope']);
  });
});

describe('GET /api/instances, filtered', () => {
  it('by customer, status and lifecycle stage, alone and together, with the total', async () => {
    const { api: fresh } = await anOrg();
    const owners = [];
    for (const name of ['Alpha', 'Beta', 'Empty']) owners.push((await fresh.post('/api/customers', { name })).body);
    const [alpha, beta, empty] = owners as [any, any, any];
    for (const [slug, owner, status, lifecycleStage] of [
      ['a1', alpha, 'HEALTHY', 'TRIAL'],
      ['a2', alpha, 'INCIDENT', 'ACTIVE'],
      ['b1', beta, 'INCIDENT', undefined],
      ['b2', beta, 'HEALTHY', 'ACTIVE'],
    ]) {
      await fresh.post('/api/instances', { name: slug, slug, customerId: owner.id });
      expect((await fresh.patch(`/api/instances/${slug}`, { status, lifecycleStage })).status).toBe(204);
    }
    const slugs = async (query: string): Promise<string[]> => {
      const { body } = await fresh.get(`/api/instances?sort=slug&${query}`);
      expect(body).toMatchObject({ total: body.items.length, hasMore: false });
      return body.items.map((item: { slug: string }) => item.slug);
    };
    expect(await slugs(`customerId=${alpha.id}`)).toEqual(['a1', 'a2']);
    expect(await slugs(`customerId=${alpha.id.toUpperCase()}`)).toEqual(['a1', 'a2']);
    expect(await slugs('customerId=beta')).toEqual(['b1', 'b2']);
    expect(await slugs(`customerId=${empty.slug}`)).toEqual([]);
    expect(await slugs('customerId=nobody')).toEqual([]);
    expect(await slugs(`customerId=${missing}`)).toEqual([]);
    expect(await slugs(`customerId=${customer.id}`)).toEqual([]);
    expect(await slugs('status=INCIDENT')).toEqual(['a2', 'b1']);
    expect(await slugs('status=MAINTENANCE')).toEqual([]);
    expect(await slugs('lifecycleStage=ACTIVE')).toEqual(['a2', 'b2']);
    expect(await slugs('lifecycleStage=active')).toEqual([]);
    expect(await slugs('hasLifecycleStage=true')).toEqual(['a1', 'a2', 'b2']);
    expect(await slugs('hasLifecycleStage=false')).toEqual(['b1']);
    expect(await slugs('hasLifecycleStage=false&customerId=alpha')).toEqual([]);
    expect(await slugs('hasLifecycleStage=false&status=INCIDENT&q=B')).toEqual(['b1']);
    expect(await slugs('hasLifecycleStage=false&lifecycleStage=ACTIVE')).toEqual([]);
    for (const value of ['', 'yes', 'TRUE', '1', 'null']) {
      const { status, body } = await fresh.get(`/api/instances?hasLifecycleStage=${value}`);
      expect([status, body.errors[0].location]).toEqual([422, 'query.hasLifecycleStage']);
    }
    expect(await slugs('customerId=beta&status=HEALTHY&lifecycleStage=ACTIVE')).toEqual(['b2']);
    expect(await slugs('customerId=beta&status=HEALTHY&q=B')).toEqual(['b2']);
    expect(await slugs('customerId=beta&status=HEALTHY&q=a1')).toEqual([]);
  });
});

describe('POST /api/instances', () => {
  it('201 with what is left out set: slug, description, status, license dates', async () => {
    const before = Date.now();
    const { status, body } = await api.post('/api/instances', { name: 'Defaults', customerId: customer.id });
    expect(status).toBe(201);
    const start = new Date(body.startLicenseDate);
    const end = new Date(start);
    end.setUTCFullYear(end.getUTCFullYear() + 1);
    // A year after 29 February is 28 February.
    if (end.getUTCMonth() !== start.getUTCMonth()) end.setUTCDate(0);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Defaults',
      slug: 'defaults',
      description: '',
      customerId: customer.id,
      customerSlug: customer.slug,
      customerName: 'Sakura Tokyo',
      startLicenseDate: start.toISOString(),
      endLicenseDate: end.toISOString(),
      status: 'HEALTHY',
      metadata: {},
      createdBy: { id: org.account.id, name: org.account.name },
      createdAt: expect.any(String),
      updatedBy: { id: org.account.id, name: org.account.name },
      updatedAt: expect.any(String),
    });
    expect(start.getTime()).toBeGreaterThanOrEqual(before);
    expect(start.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await stored('defaults')).toEqual(body);
    expect(await stored(body.id)).toEqual(body);
  });

  it('201 with all fields; the customer by its slug', async () => {
    const input = {
      name: '本番',
      slug: 'honban-1',
      description: 'Two\nlines.',
      startLicenseDate: '2027-01-31T12:00:00Z',
      endLicenseDate: '2028-01-31T12:00:00.5+09:00',
      metadata: { region: 'ap-northeast-1', tags: ['a', null, 1.5] },
    };
    const { status, body } = await api.post('/api/instances', { ...input, customerId: customer.slug });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...input,
      customerId: customer.id,
      customerSlug: customer.slug,
      startLicenseDate: '2027-01-31T12:00:00.000Z',
      endLicenseDate: '2028-01-31T03:00:00.500Z',
    });
    expect(await stored('honban-1')).toEqual(body);
  });

  it('201: read-only fields may be echoed, and are ignored', async () => {
    const echo = {
      id: missing,
      customerSlug: 'other',
      status: 'INCIDENT',
      lifecycleStage: 'ACTIVE',
      createdBy: 7,
      createdAt: 'x',
      updatedBy: null,
      updatedAt: [],
    };
    const input = { name: 'Made', customerId: customer.id, ...echo, licenseSlug: 'x', deploymentZoneSlug: 'x' };
    // As it is: the client would hold an object against the document, which such an echo does not fit.
    const { status, body } = await api.send('POST', '/api/instances', { raw: JSON.stringify(input) });
    expect(status).toBe(201);
    expect(body).toMatchObject({ customerSlug: customer.slug, status: 'HEALTHY', createdBy: { id: org.account.id } });
    expect(body.id).not.toBe(missing);
    for (const field of ['lifecycleStage', 'licenseId', 'licenseSlug', 'deploymentZoneId', 'deploymentZoneSlug']) {
      expect(body).not.toHaveProperty(field);
    }
  });

  it('201: a slug that is taken gets an ending where it comes from the name', async () => {
    const slugs = [(await make({ name: 'Twice' })).slug, (await make({ name: 'Twice' })).slug];
    expect(slugs).toEqual(['twice', expect.stringMatching(/^twice-[a-z0-9]{6}$/)]);
  });

  it.each([
    ['2024-02-29T00:00:00Z', '2025-02-28T00:00:00.000Z'],
    ['2023-02-28T00:00:00Z', '2024-02-28T00:00:00.000Z'],
    ['2023-12-31T23:59:59.999Z', '2024-12-31T23:59:59.999Z'],
    ['2024-02-29T23:30:00-01:00', '2025-03-01T00:30:00.000Z'],
    ['0001-01-01T00:00:00Z', '0002-01-01T00:00:00.000Z'],
    ['9998-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ])('201: a license that starts on %s ends on %s', async (startLicenseDate, endLicenseDate) => {
    const body = await make({ startLicenseDate });
    expect(body).toMatchObject({ startLicenseDate: new Date(startLicenseDate).toISOString(), endLicenseDate });
    expect(await stored(body.id)).toEqual(body);
  });

  it('201: a license may end when it starts', async () => {
    const at = '2027-01-01T00:00:00.000Z';
    expect(await make({ startLicenseDate: at, endLicenseDate: at })).toMatchObject({
      startLicenseDate: at,
      endLicenseDate: at,
    });
  });

  it('404 for a customer that does not exist, and before that nothing else', async () => {
    for (const customerId of ['nobody', missing, ' x ', '%', 'x'.repeat(255)]) {
      expect(outcome(await api.post('/api/instances', { name: 'A', customerId }))).toEqual([404, 'Customer.NotFound']);
    }
  });

  it('404 for a license or a deployment zone: there are none yet', async () => {
    for (const [field, code] of [
      ['licenseId', 'License.NotFound'],
      ['deploymentZoneId', 'DeploymentZone.NotFound'],
    ]) {
      for (const value of [missing, 'enterprise']) {
        expect(
          outcome(await api.post('/api/instances', { name: 'A', customerId: customer.id, [field!]: value })),
        ).toEqual([404, code]);
      }
    }
  });

  it('409 when the slug is taken', async () => {
    await make({ slug: 'taken' });
    const answer = await api.post('/api/instances', { name: 'B', customerId: customer.id, slug: 'taken' });
    expect(outcome(answer)).toEqual([409, 'Instance.SlugTaken']);
  });

  it.each([
    [{ name: undefined }, 'name'],
    [{ customerId: undefined }, 'customerId'],
    ...[null, 1, '', ' ', {}, ['x'], 'x'.repeat(256), 'a\nb'].map((customerId) => [{ customerId }, 'customerId']),
    ...[null, 'x', 'Upper', '-a', 'a_b', missing, 'x'.repeat(101), ['a'], { constructor: 1 }].map((slug) => [
      { slug },
      'slug',
    ]),
    ...[null, 1, {}, 'x'.repeat(10_001)].map((description) => [{ description }, 'description']),
    ...[null, 1, '', []].flatMap((id) => [
      [{ licenseId: id }, 'licenseId'],
      [{ deploymentZoneId: id }, 'deploymentZoneId'],
    ]),
    ...[null, '', 'x', 1, [], ['a'], true].map((metadata) => [{ metadata }, 'metadata']),
    ...[
      '',
      'now',
      '2027-01-31',
      '2027-01-31T12:00:00',
      '2027-01-31 12:00:00Z',
      '2027-02-29T00:00:00Z',
      '2027-13-01T00:00:00Z',
    ].map((at) => [{ startLicenseDate: at }, 'startLicenseDate']),
    ...[
      '2027-01-01T24:00:00Z',
      '2027-01-01T00:60:00Z',
      '2027-01-01T00:00:00+24:00',
      '0000-01-01T00:00:00Z',
      '10000-01-01T00:00:00Z',
    ].map((at) => [{ endLicenseDate: at }, 'endLicenseDate']),
    ...[
      '0001-01-01T00:00:00+01:00',
      '9999-12-31T23:59:59-01:00',
      null,
      0,
      1_800_000_000_000,
      {},
      ['2027-01-01T00:00:00Z'],
    ].map((at) => [{ startLicenseDate: at }, 'startLicenseDate']),
    [{ startLicenseDate: '2027-01-02T00:00:00Z', endLicenseDate: '2027-01-01T00:00:00Z' }, 'endLicenseDate'],
    [{ endLicenseDate: '2020-01-01T00:00:00Z' }, 'endLicenseDate'],
    [{ startLicenseDate: '9999-01-01T00:00:00Z' }, 'endLicenseDate'],
  ] as [object, string][])('422 for %j', async (input, field) => {
    const answer = await api.post('/api/instances', { name: 'A', customerId: customer.id, ...input });
    expect(outcome(answer)).toEqual([422, 'VALIDATION_FAILED']);
    expect(locations(answer)).toEqual(expect.arrayContaining([`body.${field}`]));
    for (const location of locations(answer)) expect(location).toBe(`body.${field}`);
  });
});

describe('GET /api/instances/{slug}', () => {
  it('401, 403, 404', async () => {
    const { slug } = await make();
    expect(outcome(await anonymous.get(`/api/instances/${slug}`))).toEqual([401, 'Auth.NoIdentity']);
    expect(outcome(await (await org.as('read:customers')).get(`/api/instances/${slug}`))).toEqual([
      403,
      'Auth.MissingScope',
    ]);
    for (const reference of ['nobody', missing])
      expect(outcome(await api.get(`/api/instances/${reference}`))).toEqual([404, 'Instance.NotFound']);
  });
});

describe('DELETE /api/instances/{slug}', () => {
  it('204, and then 404; the slug is free again', async () => {
    const { id, slug } = await make({ slug: 'gone' });
    expect((await api.delete(`/api/instances/${slug}`)).status).toBe(204);
    for (const reference of [id, slug]) expect((await api.get(`/api/instances/${reference}`)).status).toBe(404);
    expect(outcome(await api.delete(`/api/instances/${slug}`))).toEqual([404, 'Instance.NotFound']);
    expect((await make({ slug: 'gone' })).id).not.toBe(id);
  });

  it('403 for who may only read', async () => {
    const { id } = await make();
    expect((await (await org.as('read:*')).delete(`/api/instances/${id}`)).status).toBe(403);
    expect((await stored(id)).id).toBe(id);
  });
});
