import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Answer } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { serverErrors } from '../support/no-trace.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

jest.setTimeout(30_000);
useApp();

let org: TestOrganization;
beforeAll(async () => {
  org = await anOrg();
});

/** How many answers had each status. */
function statuses(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const fifty = <T>(work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 50 }, (_, i) => work(i)));

async function rowsOf(table: string, slug: string): Promise<number> {
  const rows = await testApp().owner.query<unknown[]>(
    `SELECT 1 FROM ${table} WHERE organization_id = $1 AND slug = $2`,
    [org.org.id, slug],
  );
  return rows.length;
}

describe('50 creations of one slug at once: one 201 and 49 times 409', () => {
  it('of instances', async () => {
    const { id: customerId } = (await org.api.post('/api/customers', { name: 'Race' })).body;
    const answers = await fifty((i) => org.api.post('/api/instances', { name: `Race ${i}`, slug: 'race', customerId }));
    expect(statuses(answers)).toEqual({ 201: 1, 409: 49 });
    expect(new Set(answers.filter(({ status }) => status === 409).map(({ body }) => body.code))).toEqual(
      new Set(['Instance.SlugTaken']),
    );
    expect(await rowsOf('instances', 'race')).toBe(1);
    expect((await org.api.get('/api/instances')).body.total).toBe(1);
  });

  it('of service accounts, without a user left over', async () => {
    const users = async (): Promise<number> =>
      Number(
        (await testApp().owner.query('SELECT count(*) FROM users WHERE organization_id = $1', [org.org.id]))[0].count,
      );
    const before = await users();
    const answers = await fifty((i) => org.api.post('/api/service-accounts', { name: `Race ${i}`, slug: 'race' }));
    expect(statuses(answers)).toEqual({ 201: 1, 409: 49 });
    expect(new Set(answers.filter(({ status }) => status === 409).map(({ body }) => body.code))).toEqual(
      new Set(['CreateServiceAccount.SlugTaken']),
    );
    expect(await rowsOf('service_accounts', 'race')).toBe(1);
    expect(await users()).toBe(before + 1);
  });

  it('of tokens of one name', async () => {
    const { slug } = (await org.api.post('/api/service-accounts', { name: 'minter' })).body;
    const answers = await fifty(() =>
      org.api.post(`/api/service-accounts/${slug}/tokens`, { name: 'production', scopes: ['read:*'] }),
    );
    expect(statuses(answers)).toEqual({ 201: 1, 409: 49 });
    expect((await org.api.get(`/api/service-accounts/${slug}/tokens`)).body.total).toBe(1);
  });
});

describe('other things at once', () => {
  it('50 creations of one name without a slug: 50 of 201, 50 slugs', async () => {
    const answers = await fifty(() => org.api.post('/api/customers', { name: 'Namesake' }));
    expect(statuses(answers)).toEqual({ 201: 50 });
    expect(new Set(answers.map(({ body }) => body.slug)).size).toBe(50);
  });

  it('50 deletions of one customer: one 204 and 49 times 404', async () => {
    const { slug } = (await org.api.post('/api/customers', { name: 'Going' })).body;
    expect(statuses(await fifty(() => org.api.delete(`/api/customers/${slug}`)))).toEqual({ 204: 1, 404: 49 });
  });

  it('instances created for a customer while it is deleted: either they keep it or there are none', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = (await org.api.post('/api/customers', { name: 'Torn' })).body;
      const [removed, ...created] = await Promise.all([
        org.api.delete(`/api/customers/${id}`),
        ...Array.from({ length: 8 }, (_, i) => org.api.post('/api/instances', { name: `Torn ${i}`, customerId: id })),
      ]);
      const existing = created.filter(({ status }) => status === 201).length;
      expect(statuses([removed!, ...created])).toEqual(
        existing > 0 ? { 400: 1, 201: existing, ...(existing < 8 && { 404: 8 - existing }) } : { 204: 1, 404: 8 },
      );
      expect((await org.api.get(`/api/instances?customerId=${id}`)).body.total).toBe(existing);
    }
  });

  it('two instances that take each other’s slug: one may, and both have one', async () => {
    const { id: customerId } = (await org.api.post('/api/customers', { name: 'Swap' })).body;
    for (const slug of ['swap-a', 'swap-b']) await org.api.post('/api/instances', { name: slug, slug, customerId });
    const answers = await Promise.all(
      ['swap-a', 'swap-b'].map((slug) =>
        org.api.put(`/api/instances/${slug}`, { name: slug, slug: 'swap-c', customerId }),
      ),
    );
    expect(statuses(answers)).toEqual({ 204: 1, 409: 1 });
    expect(await rowsOf('instances', 'swap-c')).toBe(1);
  });

  it('none of it was answered with a 5xx', () => {
    expect(serverErrors()).toEqual([]);
  });
});
