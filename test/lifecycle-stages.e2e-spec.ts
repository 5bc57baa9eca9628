import { describe, expect, it } from '@jest/globals';
import { anonymous } from './support/api.js';
import type { Api } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';

useApp();

const PATH = '/api/lifecycle-stages';

async function instanceIn(api: Api, customerId: string, lifecycleStage?: string): Promise<string> {
  const { slug } = (await api.post('/api/instances', { name: 'In a stage', customerId })).body;
  if (lifecycleStage !== undefined) await api.patch(`/api/instances/${slug}`, { lifecycleStage });
  return slug as string;
}

describe('GET /api/lifecycle-stages', () => {
  it('200: each stage once that an instance is in, and no other organization’s', async () => {
    const { api } = await anOrg();
    const stranger = await anOrg();
    expect((await api.get(PATH)).body).toEqual({ items: [], hasMore: false });
    const customer = (await api.post('/api/customers', { name: 'C' })).body.id;
    await instanceIn(stranger.api, (await stranger.api.post('/api/customers', { name: 'C' })).body.id, 'FOREIGN');
    let last = '';
    for (const stage of ['TRIAL', undefined, 'ACTIVE', 'TRIAL', '試用中', '<b>"x"</b>', 'constructor', 'active']) {
      last = await instanceIn(api, customer, stage);
    }
    const names = async (): Promise<string[]> =>
      (await api.get(PATH)).body.items.map(({ name }: { name: string }) => name);
    expect((await names()).sort()).toEqual(['<b>"x"</b>', 'ACTIVE', 'TRIAL', 'active', 'constructor', '試用中'].sort());
    await api.delete(`/api/instances/${last}`);
    expect(await names()).not.toContain('active');
    for (const name of await names()) {
      const { body } = await api.get(`/api/instances?lifecycleStage=${encodeURIComponent(name)}`);
      expect([name, body.total > 0]).toEqual([name, true]);
    }
  });

  it('200: 200 at the most, and says that there are more', async () => {
    const { api, org, account } = await anOrg();
    const customer = (await api.post('/api/customers', { name: 'C' })).body.id;
    const insert = (from: number, to: number): Promise<unknown> =>
      testApp().owner.query(
        `INSERT INTO instances (organization_id, customer_id, name, slug, lifecycle_stage, license_starts_at, license_ends_at, created_by_id, updated_by_id)
         SELECT $1, $2, 'I', 'i' || i, 'stage ' || i, now(), now(), $3, $3 FROM generate_series($4::int, $5::int) i`,
        [org.id, customer, account.id, from, to],
      );
    await insert(1, 200);
    const whole = (await api.get(PATH)).body;
    expect([whole.items.length, whole.hasMore]).toEqual([200, false]);
    await insert(201, 230);
    const cut = (await api.get(PATH)).body;
    expect([cut.items.length, cut.hasMore]).toEqual([200, true]);
  });

  it('401 without a token', async () => {
    expect((await anonymous.get(PATH)).status).toBe(401);
  });

  it('403 without the scope', async () => {
    const api = await (await anOrg()).as('write:customers');
    expect((await api.get(PATH)).body.detail).toBe('missing required scope: read:instances');
  });
});

describe('what is shown of the other side', () => {
  it('customers have the number of their instances, alone and in lists', async () => {
    const { api } = await anOrg();
    const [first, second] = [
      (await api.post('/api/customers', { name: 'First', slug: 'first' })).body,
      (await api.post('/api/customers', { name: 'Second', slug: 'second' })).body,
    ];
    for (const { id } of [first, second, second]) await instanceIn(api, id as string);
    const counts = async (query: string): Promise<unknown> =>
      (await api.get(`/api/customers?sort=name&${query}`)).body.items.map(
        (item: { instanceCount: number }) => item.instanceCount,
      );
    expect(await counts('')).toEqual([1, 2]);
    expect(await counts('q=second')).toEqual([2]);
    expect((await api.get('/api/customers/second')).body).toEqual({ ...second, instanceCount: 2 });
    expect((await api.get(`/api/customers/${first.id}`)).body.instanceCount).toBe(1);
    const { items } = (await api.get('/api/instances?customerId=second')).body;
    await api.delete(`/api/instances/${items[0].slug}`);
    expect(await counts('')).toEqual([1, 1]);
  });

  it('instances have the name of their customer, also when it is renamed', async () => {
    const { api } = await anOrg();
    const customer = (await api.post('/api/customers', { name: 'Before', slug: 'renamed' })).body;
    const slug = await instanceIn(api, 'renamed');
    expect((await api.get(`/api/instances/${slug}`)).body.customerName).toBe('Before');
    await api.put('/api/customers/renamed', { name: '</script> 🌸' });
    expect((await api.get(`/api/instances/${slug}`)).body.customerName).toBe('</script> 🌸');
    expect((await api.get('/api/instances')).body.items).toMatchObject([
      { customerId: customer.id, customerSlug: 'renamed', customerName: '</script> 🌸' },
    ]);
  });
});
