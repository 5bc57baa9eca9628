import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Api } from '../support/api.js';
import { useApp } from '../support/app.js';
import { anOrg } from '../support/organizations.js';

jest.setTimeout(30_000);
useApp();

interface Row {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What happens between two pages of a walk. `pick` chooses one of the rows that are there. */
type Step = { create: string } | { remove: number } | { touch: number } | 'next';

/** Few names, so that many rows have the same sort value, and cases that are equal in it. */
const name = fc.constantFrom('a', 'A', 'b', 'ab', 'B', 'Ä', 'ä', 'z', 'aa', 'Sakura a', '🌸', '東');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('next' as const) },
  { weight: 3, arbitrary: fc.record({ create: name }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat(100) }) },
  { weight: 1, arbitrary: fc.record({ touch: fc.nat(100) }) },
);
const scenario = fc.record({
  initial: fc.array(name, { minLength: 1, maxLength: 9 }),
  limit: fc.integer({ min: 1, max: 4 }),
  searching: fc.boolean(),
  steps: fc.array(step, { maxLength: 14 }),
});

/** The rows that there are, as the model has them. */
class Model {
  readonly rows: Row[] = [];
  /** Rows that were there at the beginning and have not been deleted since. */
  readonly throughout = new Set<string>();

  constructor(private readonly api: Api) {}

  async create(rowName: string): Promise<Row> {
    const { status, body } = await this.api.post('/api/customers', { name: rowName });
    expect(status).toBe(201);
    this.rows.push(body);
    return body;
  }

  async remove(pick: number): Promise<void> {
    const [row] = this.rows.splice(pick % Math.max(this.rows.length, 1), 1);
    if (!row) return;
    this.throughout.delete(row.id);
    expect((await this.api.delete(`/api/customers/${row.id}`)).status).toBe(204);
  }

  /** Changes a row, but for what lists are sorted by, except for the time of it. */
  async touch(pick: number): Promise<void> {
    const row = this.rows[pick % Math.max(this.rows.length, 1)];
    if (row)
      expect((await this.api.put(`/api/customers/${row.id}`, { name: row.name, domain: 'touched.com' })).status).toBe(
        204,
      );
  }
}

const sortKey = (row: Row, field: keyof Row): string => (field === 'name' ? row.name.toLowerCase() : row[field]);

function isAfter(later: Row, earlier: Row, sort: string): boolean {
  const field = sort.replace('-', '') as keyof Row;
  const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const order = compare(sortKey(later, field), sortKey(earlier, field)) || compare(later.id, earlier.id);
  return sort.startsWith('-') ? order < 0 : order > 0;
}

describe('a walk through a list that changes meanwhile', () => {
  const sorts = ['name', 'createdAt', 'updatedAt', 'slug'].flatMap((field) => [field, `-${field}`]);

  it.each(sorts)(
    'sort=%s: sees no row twice and misses none that was there throughout',
    async (sort) => {
      await fc.assert(
        fc.asyncProperty(scenario, async ({ initial, limit, searching, steps }) => {
          const { api } = await anOrg();
          const model = new Model(api);
          for (const rowName of initial) model.throughout.add((await model.create(rowName)).id);

          const seen: Row[] = [];
          let cursor = '';
          let more = true;
          const next = async (): Promise<void> => {
            if (!more) return;
            const { status, body } = await api.get(
              `/api/customers?sort=${sort}&limit=${limit}${searching ? '&q=A' : ''}${cursor}`,
            );
            expect(status).toBe(200);
            expect(body.items.length).toBeLessThanOrEqual(limit);
            if (body.hasMore) expect(body.items).toHaveLength(limit);
            const there = model.rows.filter((row) => !searching || /a/i.test(`${row.name}${row.slug}`));
            expect(body.total).toBe(there.length);
            seen.push(...body.items);
            cursor = `&cursor=${body.nextCursor}`;
            more = body.hasMore;
          };
          for (const action of steps) {
            if (action === 'next') await next();
            else if ('create' in action) await model.create(action.create);
            else if ('remove' in action) await model.remove(action.remove);
            // A walk is promised for rows whose sort value stays what it is.
            else if (!sort.endsWith('updatedAt')) await model.touch(action.touch);
          }
          while (more) await next();

          const ids = seen.map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
          for (const row of model.rows) {
            if (!model.throughout.has(row.id) || (searching && !/a/i.test(`${row.name}${row.slug}`))) continue;
            expect(ids).toContain(row.id);
          }
          for (const [index, row] of seen.slice(1).entries()) expect(isAfter(row, seen[index]!, sort)).toBe(true);
        }),
        { numRuns: 8 },
      );
    },
    30_000,
  );
});

describe('a walk while many write at once', () => {
  it('sees every row that was there before exactly once', async () => {
    const { api } = await anOrg();
    const settled = await Promise.all(
      Array.from({ length: 60 }, (_, i) => api.post('/api/customers', { name: `Settled ${i % 7}` })),
    );
    let walking = true;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; walking; i++) {
        const { body } = await api.post('/api/customers', { name: `Settled ${i % 7} ${writer}` });
        if (i % 2 === 0) await api.delete(`/api/customers/${body.id}`);
      }
    });
    for (const sort of ['createdAt', '-createdAt', 'name', '-slug']) {
      const ids: string[] = [];
      for (let cursor = '', more = true; more;) {
        const { body } = await api.get(`/api/customers?sort=${sort}&limit=7${cursor}`);
        ids.push(...body.items.map(({ id }: Row) => id));
        cursor = `&cursor=${body.nextCursor}`;
        // In the order of creation the writers may stay ahead for ever.
        more = body.hasMore && ids.length < 400;
      }
      expect(new Set(ids).size).toBe(ids.length);
      const seen = new Set(ids);
      if (ids.length < 400) expect(settled.filter(({ body }) => !seen.has(body.id))).toEqual([]);
      else expect(sort).toBe('createdAt');
    }
    walking = false;
    await Promise.all(writers);
  }, 30_000);
});
