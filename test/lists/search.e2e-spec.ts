import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { MOST_COUNTED, SEARCH_WINDOW } from '../../src/lists/search.js';
import type { Api } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { insertCustomers } from '../support/rows.js';

jest.setTimeout(30_000);
useApp();

interface Row {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
}

/** Names of what `q` finds, over all pages, sorted; the total must agree. */
async function found(api: Api, q: string, { path = '/api/customers', filter = '', limit = 3 } = {}): Promise<string[]> {
  const names: string[] = [];
  for (let cursor = '', more = true; more;) {
    const { status, body } = await api.get(`${path}?limit=${limit}&q=${encodeURIComponent(q)}${filter}${cursor}`);
    expect(status).toBe(200);
    names.push(...body.items.map(({ name }: Row) => name));
    cursor = `&cursor=${body.nextCursor}`;
    more = body.hasMore;
    if (!more) expect(body).toMatchObject({ total: names.length });
  }
  return names.sort();
}

describe('q', () => {
  let api: Api;
  let org: TestOrganization;
  beforeAll(async () => {
    org = await anOrg();
    api = org.api;
    const { api: other } = await anOrg();
    for (const client of [api, other]) {
      await client.post('/api/customers', {
        name: 'Sakura Tokyo',
        slug: 'st-1',
        domain: 'tokyo.example',
        externalCustomerId: 'CRM-4711',
      });
      await client.post('/api/customers', {
        name: 'Sakura Osaka',
        slug: 'so-2',
        domain: 'osaka.example',
        externalCustomerId: 'x_y',
      });
    }
    for (const name of [
      '100%',
      '1000',
      'a_b',
      'axb',
      'back\\slash',
      'ÄHRE',
      'Straße',
      'ДОМ',
      '東京',
      '🌸 Blüte',
      "O'Neill",
      'İzmir',
      'x',
      'ǅungla',
      'Ⅷ',
    ]) {
      await api.post('/api/customers', { name, slug: `n-${Buffer.from(name).toString('hex')}` });
    }
  });

  const BOTH = ['Sakura Osaka', 'Sakura Tokyo'];
  it.each<[string, string[]]>([
    ['sakura', BOTH],
    ['SAKURA', BOTH],
    ['akur', BOTH],
    ['a t', ['Sakura Tokyo']],
    ['A T', ['Sakura Tokyo']],
    ['st-1', ['Sakura Tokyo']],
    ['tokyo.ex', ['Sakura Tokyo']],
    ['crm-47', ['Sakura Tokyo']],
    ['4711', ['Sakura Tokyo']],
    ['X_Y', ['Sakura Osaka']],
    ['%', ['100%']],
    ['0%', ['100%']],
    ['100', ['100%', '1000']],
    ['a_b', ['a_b']],
    ['_', ['Sakura Osaka', 'a_b']],
    ['__', []],
    ['\\', ['back\\slash']],
    ['k\\s', ['back\\slash']],
    ['\\\\', []],
    ['\\%', []],
    ['%%', []],
    ['ähre', ['ÄHRE']],
    ['Ähr', ['ÄHRE']],
    ['AHRE', []],
    ['STRAßE', ['Straße']],
    ['дом', ['ДОМ']],
    ['Д', ['ДОМ']],
    ['東', ['東京']],
    ['京', ['東京']],
    ['🌸', ['🌸 Blüte']],
    ["o'n", ["O'Neill"]],
    ['İZ', ['İzmir']],
    ['ǆ', ['ǅungla']],
    ['ⅷ', ['Ⅷ']],
    ["' OR '1'='1", []],
    // Fields are searched one by one: their seams match nothing.
    ['Tokyost', []],
    ['exampleCRM', []],
  ])('%j finds %j', async (q, names) => {
    expect(await found(api, q)).toEqual([...names].sort());
  });

  it('a letter finds all that have it', async () => {
    const all: Row[] = (await api.get('/api/customers?limit=200')).body.items;
    const having = all.filter((row) => JSON.stringify(row).toLowerCase().includes('k')).map(({ name }) => name);
    expect((await found(api, 'k')).length).toBeGreaterThanOrEqual(3);
    expect(await found(api, 'k')).toEqual(having.filter((name) => /k/i.test(name)).sort());
  });

  it('keeps filters: instances of a customer, by name and slug', async () => {
    for (const slug of ['st-1', 'so-2']) {
      for (const name of ['Production', 'Production 2']) await api.post('/api/instances', { name, customerId: slug });
      // Letters that are drawn for a slug could be those that are searched.
      await api.post('/api/instances', { name: 'Staging', slug: `staging-${slug}`, customerId: slug });
    }
    await api.patch('/api/instances/production-2', { status: 'INCIDENT' });
    const path = '/api/instances';
    expect(await found(api, 'PROD', { path, limit: 1 })).toHaveLength(4);
    expect(await found(api, 'prod', { path, limit: 1, filter: '&customerId=st-1' })).toEqual([
      'Production',
      'Production 2',
    ]);
    expect(await found(api, 'prod', { path, filter: '&customerId=st-1&status=INCIDENT' })).toEqual(['Production 2']);
    expect(await found(api, 'production-2', { path, filter: '&status=HEALTHY&customerId=st-1' })).toEqual([]);
  });

  it('finds a changed row under what it says now', async () => {
    const { body } = await api.post('/api/customers', { name: 'Before', domain: 'before.example' });
    await api.put(`/api/customers/${body.id}`, { name: 'After' });
    expect(await found(api, 'before.example')).toEqual([]);
    expect(await found(api, 'after')).toEqual(['After']);
  });
});

describe('more rows than a search looks at', () => {
  const ROWS = SEARCH_WINDOW * 2 + 500;
  /** By position in the list: everywhere, in every hundredth row, in three rows, only at the end, only at the beginning, nowhere. */
  const NAME = `'all ' || i || CASE WHEN i % 100 = 7 THEN ' hundredth' ELSE '' END || CASE WHEN i IN (3, 5300, ${ROWS - 1}) THEN ' Rare Ö' ELSE '' END
    || CASE WHEN i > ${ROWS - 30} THEN ' last' ELSE '' END || CASE WHEN i <= 30 THEN ' first' ELSE '' END || CASE WHEN i BETWEEN 5100 AND 5400 THEN ' mid' ELSE '' END`;
  let org: TestOrganization;
  let all: Row[];

  beforeAll(async () => {
    org = await anOrg();
    await insertCustomers(org, ROWS, NAME);
    const { api: neighbour } = await anOrg();
    await neighbour.post('/api/customers', { name: 'all hundredth Rare Ö last first mid' });
    all = await testApp().owner.query<Row[]>(
      `SELECT id, name, slug FROM customers WHERE organization_id = $1 ORDER BY created_at, id`,
      [org.org.id],
    );
    expect(all).toHaveLength(ROWS);
  });

  const matching = (q: string): Row[] =>
    all.filter(({ name, slug }) => `${name}\n${slug}\nd`.toLowerCase().includes(q.toLowerCase()));
  const KEYS: Record<string, (row: Row) => string> = {
    createdAt: (row) => String(all.indexOf(row)).padStart(9, '0'),
    name: (row) => row.name.toLowerCase(),
    slug: (row) => row.slug,
  };

  it.each(['all', 'hundredth', 'rare ö', 'LAST', 'first', 'mid', 'nowhere', 'row-77', '99', '7'])(
    '%j: the pages are the true ones in every order',
    async (q) => {
      const hits = matching(q);
      for (const sort of ['createdAt', '-createdAt', 'name', '-slug']) {
        const position = new Map(all.map((row, index) => [row.id, index]));
        const key = sort.endsWith('createdAt')
          ? (row: Row) => String(position.get(row.id)).padStart(9, '0')
          : KEYS[sort.replace('-', '')]!;
        const expected = [...hits].sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(({ id }) => id);
        if (sort.startsWith('-')) expected.reverse();
        // Where there are many pages, the first ones and, by a cursor from near the end, the last.
        const got: string[] = [];
        let cursor = '';
        for (let page = 0; page < 4; page++) {
          const { body } = await org.api.get(
            `/api/customers?q=${encodeURIComponent(q)}&sort=${sort}&limit=200${cursor}`,
          );
          got.push(...body.items.map(({ id }: Row) => id));
          const more = expected.length > got.length;
          expect(body.hasMore).toBe(more);
          expect([body.total, body.totalIsLowerBound]).toEqual(
            hits.length > MOST_COUNTED ? [MOST_COUNTED, true] : [hits.length, undefined],
          );
          if (!more) break;
          cursor = `&cursor=${body.nextCursor}`;
        }
        expect(got).toEqual(expected.slice(0, got.length));
        expect(got.length).toBe(Math.min(expected.length, 800));
      }
    },
  );

  it('walks to the end of what the index finds and of what looking finds, none twice, none missed', async () => {
    for (const [q, limit] of [
      ['hundredth', 20],
      ['mid', 100],
      ['rare ö', 1],
      ['last', 7],
    ] as const) {
      const names = await found(org.api, q, { limit });
      expect(names).toEqual(
        matching(q)
          .map(({ name }) => name)
          .sort(),
      );
    }
  });

  it('a total beyond 10,000 is a lower bound where it is filtered, and exact where it is not', async () => {
    const filtered = (await org.api.get('/api/customers?q=all&limit=1')).body;
    expect(filtered).toMatchObject({ total: MOST_COUNTED, totalIsLowerBound: true });
    const unfiltered = (await org.api.get('/api/customers?limit=1')).body;
    expect(unfiltered.total).toBe(ROWS);
    expect(unfiltered).not.toHaveProperty('totalIsLowerBound');
    // Exactly as many as are counted, and one more.
    await testApp().owner.query(
      `UPDATE customers SET name = 'edge ' || name WHERE organization_id = $1 AND substr(slug, 5)::int <= $2`,
      [org.org.id, MOST_COUNTED],
    );
    const exact = (await org.api.get('/api/customers?q=edge&limit=1')).body;
    expect([exact.total, exact.totalIsLowerBound]).toEqual([MOST_COUNTED, undefined]);
    await testApp().owner.query(
      `UPDATE customers SET name = 'edge ' || name WHERE organization_id = $1 AND slug = $2`,
      [org.org.id, `row-${MOST_COUNTED + 1}`],
    );
    expect((await org.api.get('/api/customers?q=edge&limit=1')).body).toMatchObject({
      total: MOST_COUNTED,
      totalIsLowerBound: true,
    });
  });
});
