import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Api } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

jest.setTimeout(30_000);
useApp();

interface Row {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

let org: TestOrganization;
let api: Api;
/** What the organization has, as a client sees it. */
let rows: Row[];

const NAMES = [
  'delta',
  'Alpha',
  'alpha',
  'ALPHA',
  'Ähre',
  'ähre',
  'zulu',
  'Zulu',
  'beta 10',
  'beta 9',
  'a b',
  'a-b',
  'ab',
  '東京',
  '大阪',
  'Ωmega',
  'ωmega',
  '🌸',
  '0',
  '10',
  '9',
];

beforeAll(async () => {
  org = await anOrg();
  api = org.api;
  for (const [index, name] of NAMES.entries())
    await api.post('/api/customers', { name, slug: `c-${(index * 7) % 30}-${index}` });
  // Times that several rows share, so that only the id orders them.
  await testApp().owner.query(
    `UPDATE customers SET created_at = date_trunc('second', created_at), updated_at = date_trunc('minute', updated_at) WHERE organization_id = $1`,
    [org.org.id],
  );
  rows = (await api.get('/api/customers?limit=200')).body.items;
  expect(rows).toHaveLength(NAMES.length);
});

/** All pages from the first to the last. */
async function walk(query: string, path = '/api/customers'): Promise<{ items: Row[]; pages: any[] }> {
  const pages: any[] = [];
  for (let cursor: string | undefined, more = true; more;) {
    const { status, body } = await api.get(`${path}?${query}${cursor ? `&cursor=${cursor}` : ''}`);
    expect(status).toBe(200);
    pages.push(body);
    expect(body.hasMore).toBe(body.nextCursor !== undefined);
    cursor = body.nextCursor;
    more = body.hasMore;
  }
  return { items: pages.flatMap((page) => page.items), pages };
}

const byText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The order of a list, said once more: by the field (names in lower case, texts by code point), then by id. */
function ordered(sort: string): Row[] {
  const field = sort.replace('-', '') as keyof Row;
  const key = (row: Row): string => (field === 'name' ? row.name.toLowerCase() : row[field]);
  const ascending = [...rows].sort((a, b) => byText(key(a), key(b)) || byText(a.id, b.id));
  return sort.startsWith('-') ? ascending.reverse() : ascending;
}

const SORTS = ['name', 'createdAt', 'updatedAt', 'slug'].flatMap((field) => [field, `-${field}`]);

describe('order and pages', () => {
  it.each(SORTS)('sort=%s: the whole list and all its pages of 1, 2, 5, 20 and 21 are in order', async (sort) => {
    const expected = ordered(sort).map(({ id }) => id);
    for (const limit of [1, 2, 5, NAMES.length - 1, NAMES.length, 200]) {
      const { items, pages } = await walk(`sort=${sort}&limit=${limit}`);
      expect(items.map(({ id }) => id)).toEqual(expected);
      expect(pages).toHaveLength(Math.ceil(NAMES.length / limit));
      for (const page of pages) expect(page).toMatchObject({ total: NAMES.length });
      for (const page of pages) expect(page).not.toHaveProperty('totalIsLowerBound');
    }
  });

  it('the default order is that of creation, 50 on a page', async () => {
    expect((await api.get('/api/customers')).body.items.map(({ id }: Row) => id)).toEqual(
      ordered('createdAt').map(({ id }) => id),
    );
    const { api: full } = await anOrg();
    await Promise.all(Array.from({ length: 51 }, (_, i) => full.post('/api/customers', { name: `n${i}` })));
    const { body } = await full.get('/api/customers');
    expect(body).toMatchObject({ total: 51, hasMore: true, nextCursor: expect.any(String) });
    expect(body.items).toHaveLength(50);
    expect((await full.get(`/api/customers?cursor=${body.nextCursor}`)).body).toMatchObject({
      total: 51,
      hasMore: false,
      items: [{}],
    });
  });

  it('the page size may change on the way', async () => {
    const first = (await api.get('/api/customers?sort=slug&limit=3')).body;
    const second = (await api.get(`/api/customers?sort=slug&limit=200&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items].map(({ id }: Row) => id)).toEqual(ordered('slug').map(({ id }) => id));
  });

  it('other lists sort as well, tokens by what they have', async () => {
    const path = `/api/service-accounts/${org.account.slug}/tokens`;
    for (const name of ['b', 'A', 'c']) await api.post(path, { name, scopes: ['read:*'] });
    const names = async (sort: string): Promise<string[]> =>
      (await walk(`sort=${sort}&limit=1`, path)).items.map(({ name }) => name).filter((name) => name.length === 1);
    expect(await names('name')).toEqual(['A', 'b', 'c']);
    expect(await names('-name')).toEqual(['c', 'b', 'A']);
    expect(await names('createdAt')).toEqual(['b', 'A', 'c']);
    const answer = await api.get(`${path}?sort=updatedAt`);
    expect([answer.status, answer.body.errors[0].location]).toEqual([422, 'query.sort']);
    expect((await walk('limit=1', '/api/service-accounts')).items).toHaveLength(1);
  });
});

describe('cursors', () => {
  const list = '/api/customers?limit=2&sort=name&q=a';
  let cursor: string;
  beforeAll(async () => {
    cursor = (await api.get(list)).body.nextCursor;
    expect((await api.get(`${list}&cursor=${cursor}`)).status).toBe(200);
  });

  const refused = async (client: Api, path: string): Promise<void> => {
    const { status, body } = await client.get(path);
    expect([path, status, body.code, body.detail]).toEqual([
      path,
      400,
      'BAD_REQUEST',
      'the cursor is not one of this list',
    ]);
  };

  it('400 in another organization', async () => {
    await refused((await anOrg()).api, `${list}&cursor=${cursor}`);
  });

  it('400 in another list, also of the same names', async () => {
    for (const other of ['instances', 'service-accounts', `service-accounts/${org.account.slug}/tokens`]) {
      await refused(api, `/api/${other}?limit=2&sort=name&q=a&cursor=${cursor}`);
    }
    const tokens = async (slug: string): Promise<string> => {
      await api.post('/api/service-accounts', { name: slug, slug });
      for (const name of ['1', '2'])
        await api.post(`/api/service-accounts/${slug}/tokens`, { name, scopes: ['read:*'] });
      return (await api.get(`/api/service-accounts/${slug}/tokens?limit=1`)).body.nextCursor;
    };
    const [first] = [await tokens('cursor-1'), await tokens('cursor-2')];
    expect((await api.get(`/api/service-accounts/cursor-1/tokens?cursor=${first}`)).status).toBe(200);
    await refused(api, `/api/service-accounts/cursor-2/tokens?cursor=${first}`);
  });

  it('400 with another sort or another search', async () => {
    for (const query of ['sort=-name&q=a', 'sort=slug&q=a', 'q=a', 'sort=name&q=b', 'sort=name&q=A', 'sort=name']) {
      await refused(api, `/api/customers?limit=2&${query}&cursor=${cursor}`);
    }
  });

  it('400 with another filter; the same by another reference is the same', async () => {
    // Others than those that are deleted below: they cannot be any more.
    const [{ id, slug }, other] = ['zulu', 'Zulu'].map((wanted) => rows.find(({ name }) => name === wanted)!) as [
      Row,
      Row,
    ];
    for (const name of ['i1', 'i2', 'i3']) await api.post('/api/instances', { name, customerId: id });
    const next = (await api.get(`/api/instances?limit=1&customerId=${id}&status=HEALTHY`)).body.nextCursor;
    expect((await api.get(`/api/instances?limit=1&customerId=${slug}&status=HEALTHY&cursor=${next}`)).status).toBe(200);
    for (const query of [
      '',
      `customerId=${id}`,
      'status=HEALTHY',
      `customerId=${id}&status=INCIDENT`,
      `customerId=${id}&status=HEALTHY&lifecycleStage=x`,
      `customerId=${other.id}&status=HEALTHY`,
    ]) {
      await refused(api, `/api/instances?limit=1&${query}&cursor=${next}`);
    }
  });

  it('400 with any byte changed, taken away or added, and in a stale format', async () => {
    const bytes = Buffer.from(cursor, 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i]! ^= 1 << (i % 8);
      await refused(api, `${list}&cursor=${changed.toString('base64url')}`);
    }
    for (const version of [0, 2, 255]) {
      await refused(
        api,
        `${list}&cursor=${Buffer.concat([Buffer.from([version]), bytes.subarray(1)]).toString('base64url')}`,
      );
    }
    for (const other of [
      cursor.slice(0, -1),
      cursor.slice(1),
      `${cursor}A`,
      `${cursor}AA`,
      `${cursor}=`,
      `%20${cursor}`,
      cursor.toLowerCase(),
      cursor + cursor,
    ]) {
      await refused(api, `${list}&cursor=${other}`);
    }
  });

  it('a cursor tells nothing that its page did not, and goes on after its row is deleted', async () => {
    const { body } = await api.post('/api/customers', { name: 'aaa-first' });
    const page = (await api.get('/api/customers?limit=1&sort=name&q=aaa')).body;
    expect(page).toMatchObject({ items: [{ id: body.id }], hasMore: false });
    const first = (await api.get('/api/customers?limit=3&sort=slug')).body;
    const last = first.items[2];
    expect((await api.delete(`/api/customers/${last.id}`)).status).toBe(204);
    const second = (await api.get(`/api/customers?limit=200&sort=slug&cursor=${first.nextCursor}`)).body;
    expect(second.items.map(({ slug }: Row) => slug).every((slug: string) => byText(slug, last.slug) > 0)).toBe(true);
    expect(second.total).toBe(first.items.length + second.items.length - 1);
  });
});
