import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Api, Answer } from '../support/api.js';
import { useApp } from '../support/app.js';
import { listRoutes, makeFixtures } from '../support/fixtures.js';
import type { Fixtures } from '../support/fixtures.js';
import { leavesNoTrace } from '../support/no-trace.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

jest.setTimeout(30_000);
useApp();

let org: TestOrganization;
let api: Api;
let fixtures: Fixtures;
beforeAll(async () => {
  org = await anOrg();
  api = org.api;
  fixtures = await makeFixtures(org);
});
leavesNoTrace(() => org);

/** Asks every list with the same query string. */
async function ofEveryList(query: string): Promise<Answer[]> {
  const lists = listRoutes();
  expect(lists.length).toBeGreaterThanOrEqual(4);
  return Promise.all(lists.map(({ path }) => api.get(`${fixtures.path(path)}?${query}`)));
}

const BROKEN_CURSOR = 'the cursor is not one of this list';

describe('queries that do not fit: 422 on every list', () => {
  it.each([
    ...[
      'limit=0',
      'limit=201',
      'limit=-1',
      'limit=abc',
      'limit=1e3',
      'limit=%20',
      'limit=',
      'limit=1.5',
      'limit=0x10',
      'limit=+5',
    ],
    ...[
      'limit=5%20',
      'limit=1,2',
      'limit=NaN',
      'limit=Infinity',
      'limit=99999999999999999999',
      'limit=%D9%A1',
      'limit=null',
    ],
    ...[
      'sort=nope',
      'sort=',
      'sort=--name',
      'sort=%2Bname',
      'sort=Name',
      'sort=name,slug',
      'sort=id',
      'sort=constructor',
      'sort=created_at',
    ],
    ...['sort=name;DROP%20TABLE%20customers', 'q=', 'q=%20%20', `q=${'x'.repeat(201)}`, 'q=a%0Ab', 'q=%7F'],
    ...['cursor=', 'cursor=%20', `cursor=${'A'.repeat(4097)}`, 'cursor=%0A'],
    ...[
      'unknown=1',
      'Limit=1',
      'LIMIT=1',
      'offset=10',
      'page=2',
      '__proto__=1',
      'constructor=1',
      'toString=1',
      'hasOwnProperty=1',
      '=1',
      '1=1',
    ],
    ...['limit[]=1', 'limit[gt]=1', 'q[$ne]=1', 'organizationId=x', 'access_token=x'],
  ])('?%s', async (query) => {
    for (const { status, body } of await ofEveryList(query)) {
      expect([status, body.code]).toEqual([422, 'VALIDATION_FAILED']);
      const name = new URLSearchParams(query).keys().next().value;
      expect(body.errors.map((error: { location: string }) => error.location)).toContain(`query.${name}`);
    }
  });

  it.each([
    'limit=1&limit=2',
    'limit=1&limit=1',
    'q=a&q=b',
    'sort=name&sort=slug',
    'cursor=a&cursor=b',
    'q=a&q=b&q=c',
    'a=1&a=2',
  ])('?%s', async (query) => {
    const name = query.split('=')[0];
    for (const { status, body } of await ofEveryList(query)) {
      expect([status, body.errors]).toEqual([422, [{ location: `query.${name}`, message: 'must be given once' }]]);
    }
  });

  it('one parameter five thousand times: 422, soon', async () => {
    const started = performance.now();
    for (const { status } of await ofEveryList(Array.from({ length: 5_000 }, () => 'a').join('&')))
      expect(status).toBe(422);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('filters of the list of instances', () => {
  it.each([
    ['status=healthy', 422],
    ['status=', 422],
    ['status=HEALTHY&status=HEALTHY', 422],
    ['lifecycleStage=', 422],
    [`lifecycleStage=${'x'.repeat(101)}`, 422],
    ['customerId=', 422],
    [`customerId=${'x'.repeat(256)}`, 422],
    ['customer=sakura-tokyo', 422],
    ["customerId='%20OR%201=1--", 200],
    ['lifecycleStage=%25', 200],
  ])('?%s: %i', async (query, expected) => {
    const { status, body } = await api.get(`/api/instances?${query}`);
    expect(status).toBe(expected);
    if (status === 200) expect(body).toEqual({ items: [], total: 0, hasMore: false });
  });
});

describe('broken cursors: 400 on every list', () => {
  it.each([
    ...[
      'x',
      'AQ',
      'AA',
      'null',
      '0',
      'undefined',
      'A'.repeat(22),
      'A'.repeat(23),
      'A'.repeat(24),
      'A'.repeat(4096),
      '%F0%9F%8C%B8',
    ],
    ...[
      "'%20OR%201=1--",
      'eyJpZCI6MX0',
      'AQ==',
      '-_-_',
      '%2B%2F%3D',
      Buffer.from([1, ...Buffer.alloc(40)]).toString('base64url'),
    ],
  ])('?cursor=%s', async (cursor) => {
    for (const { status, body } of await ofEveryList(`cursor=${cursor}`)) {
      expect([status, body.code, body.detail]).toEqual([400, 'BAD_REQUEST', BROKEN_CURSOR]);
      expect(body.errors).toHaveLength(1);
      expect(body.errors[0].location).toBe('query.cursor');
    }
  });
});

describe('searches that look like something else', () => {
  it.each(['%25', '_', '%5C', "'", '%22', ';', '--', '%2525', '$1', '%00'.replace('00', '41')])(
    '?q=%s: 200',
    async (q) => {
      for (const { status } of await ofEveryList(`q=${q}`)) expect(status).toBe(200);
    },
  );

  it('+ and %20 are blanks, and an empty query string is none', async () => {
    const { id } = (await api.post('/api/customers', { name: 'Sakura Tokyo' })).body;
    for (const query of ['q=sakura+tokyo', 'q=sakura%20tokyo', 'q=SAKURA%20tokyo&']) {
      const { body } = await api.get(`/api/customers?${query}`);
      expect(body.items.map((item: { slug: string }) => item.slug)).toEqual(['sakura-tokyo']);
    }
    expect((await api.delete(`/api/customers/${id}`)).status).toBe(204);
    expect((await api.get('/api/customers?')).status).toBe(200);
    expect((await api.get('/api/customers?&&')).status).toBe(200);
  });
});
