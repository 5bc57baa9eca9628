import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import type { TokenHolder } from './support/token-holders.js';
import { aHolder } from './support/token-holders.js';

// Uses are set by hand here.
useApp({ env: { TOKEN_USE_TRACKING: 'off' } });

let api: Api;
let holder: TokenHolder;
let paths: string[];

/** Name of a token: days until it expires, and days since it was last used; null for never. Some of each are equal. */
const MADE: Readonly<Record<string, readonly [number | null, number | null]>> = {
  a: [null, 1],
  b: [30, null],
  c: [10, 5],
  d: [null, null],
  e: [30, 3],
  f: [20, 5],
  g: [null, 2],
};

beforeAll(async () => {
  ({ api } = await anOrg());
  holder = await aHolder(api);
  paths = [holder.path, `/api/tokens?serviceAccount=${holder.slug}`];
  const now = new Date();
  for (const [name, [expires, used]] of Object.entries(MADE)) {
    const { id } = await holder.created({ name });
    await testApp().owner.query(
      `UPDATE tokens SET expires_at = $4::timestamptz + $2 * interval '1 day', last_used_at = $4::timestamptz - $3 * interval '1 day' WHERE id = $1`,
      [id, expires, used, now],
    );
  }
});

interface Listed {
  readonly id: string;
  readonly name: string;
}

async function walk(path: string, query: string, limit: number): Promise<Listed[]> {
  const walked: Listed[] = [];
  let cursor = '';
  do {
    const { body } = await api.get(`${path}${path.includes('?') ? '&' : '?'}${query}&limit=${limit}${cursor}`);
    walked.push(...(body.items as Listed[]));
    expect(body.total).toBe(Object.keys(MADE).length);
    cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
  } while (cursor);
  return walked;
}

/** What a row is sorted by, then its id. */
const KEYS = {
  expiresAt: ({ name }: Listed) => MADE[name]![0] ?? Infinity,
  lastUsedAt: ({ name }: Listed) => -(MADE[name]![1] ?? Infinity),
};

describe.each(['expiresAt', 'lastUsedAt'] as const)('?sort=%s', (field) => {
  it.each([1, 2, 3, 200])('200: in pages of %s, what has none at its place, both ways, in each list', async (limit) => {
    for (const path of paths) {
      const up = await walk(path, `sort=${field}`, limit);
      const expected = [...up].sort((a, b) => {
        const [x, y] = [KEYS[field](a), KEYS[field](b)];
        return x === y ? (a.id < b.id ? -1 : 1) : x - y;
      });
      expect(up.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
      expect(new Set(up.map(({ name }) => name)).size).toBe(Object.keys(MADE).length);
      const down = await walk(path, `sort=-${field}`, limit);
      expect(down).toEqual([...up].reverse());
    }
  });

  it('200: with a search and a state', async () => {
    const { body } = await api.get(`${holder.path}?sort=-${field}&q=a&state=permanent`);
    const found = body.items.map(({ name }: Listed) => name) as string[];
    expect(found).toContain('a');
    // Others may have the letter in what is shown of their secrets.
    expect(found.filter((name) => !'adg'.includes(name))).toEqual([]);
  });

  it('400 for a cursor of the other order', async () => {
    const { nextCursor } = (await api.get(`${holder.path}?limit=1&sort=${field}`)).body;
    const { status, body } = await api.get(`${holder.path}?limit=1&sort=-${field}&cursor=${nextCursor}`);
    expect([status, body.errors[0].location]).toEqual([400, 'query.cursor']);
  });
});

describe('the order of tokens', () => {
  it('never expires last, and was never used first', async () => {
    const names = async (sort: string): Promise<string> =>
      (await walk(holder.path, `sort=${sort}`, 200)).map(({ name }) => name).join('');
    expect((await names('expiresAt')).slice(-3).split('').sort().join('')).toBe('adg');
    expect((await names('-expiresAt')).slice(0, 3).split('').sort().join('')).toBe('adg');
    expect((await names('lastUsedAt')).slice(0, 2).split('').sort().join('')).toBe('bd');
    expect((await names('-lastUsedAt')).slice(0, 3)).toBe('age');
  });

  it.each(['updatedAt', 'state', '-', 'expires_at'])('422 for ?sort=%s', async (sort) => {
    for (const path of [holder.path, '/api/tokens']) {
      const { status, body } = await api.get(`${path}?sort=${sort}`);
      expect([status, body.errors[0].location]).toEqual([422, 'query.sort']);
    }
  });

  it.each(['expiresAt', '-lastUsedAt'])('422 for ?sort=%s of customers', async (sort) => {
    const { status, body } = await api.get(`/api/customers?sort=${sort}`);
    expect([status, body.errors[0].location]).toEqual([422, 'query.sort']);
  });
});
