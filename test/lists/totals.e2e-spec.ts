import { describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { Api } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { databaseUrl } from '../support/database.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

jest.setTimeout(30_000);
useApp({ poolSize: 8 });

/** Rows of a table, and the sum of the deltas that stand for their number, in one snapshot. */
async function counts(organizationId: string, table: string): Promise<{ rows: number; sum: number; deltas: number }> {
  const [row] = await testApp().owner.query<{ rows: number; sum: number; deltas: number }[]>(
    `SELECT (SELECT count(*)::int FROM ${table} WHERE organization_id = $1) AS rows,
            coalesce(sum(delta), 0)::int AS sum, count(*)::int AS deltas
     FROM row_counts WHERE organization_id = $1 AND table_name = $2`,
    [organizationId, table],
  );
  return row!;
}

const total = async (api: Api): Promise<number> => (await api.get('/api/customers?limit=1')).body.total;

describe('totals', () => {
  it('count creations and deletions, one by one', async () => {
    const { api } = await anOrg();
    for (let i = 1; i <= 3; i++) {
      await api.post('/api/customers', { name: `c${i}` });
      expect(await total(api)).toBe(i);
    }
    await api.delete('/api/customers/c2');
    expect(await total(api)).toBe(2);
    await api.delete('/api/customers/c2');
    await api.post('/api/customers', { name: 'x', slug: 'c1' });
    expect(await total(api)).toBe(2);
  });

  it('are the organization’s own, and the account’s own for tokens', async () => {
    const first = await anOrg();
    const second = await anOrg();
    for (const name of ['a', 'b']) await first.api.post('/api/customers', { name });
    expect([await total(first.api), await total(second.api)]).toEqual([2, 0]);
    await first.api.post('/api/service-accounts', { name: 'other', slug: 'other' });
    for (const name of ['a', 'b', 'c'])
      await first.api.post('/api/service-accounts/other/tokens', { name, scopes: ['read:*'] });
    expect((await first.api.get('/api/service-accounts/other/tokens?limit=1')).body.total).toBe(3);
    expect((await first.api.get(`/api/service-accounts/${first.account.slug}/tokens?limit=1`)).body.total).toBe(1);
  });

  it('are exact while others create and delete: never below what is settled, never above what was begun', async () => {
    const { api } = await anOrg();
    for (let i = 0; i < 5; i++) await api.post('/api/customers', { name: `settled-${i}` });
    let begun = 5;
    let settled = 5;
    let writing = true;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; i < 40; i++) {
        begun++;
        const { body } = await api.post('/api/customers', { name: `w${writer}-${i}` });
        settled++;
        if (i % 2 === 0) continue;
        settled--;
        await api.delete(`/api/customers/${body.id}`);
        begun--;
      }
    });
    const reader = (async () => {
      let seen = 0;
      for (; writing; seen++) {
        const lowest = settled;
        const { body } = await api.get('/api/customers?limit=2');
        expect(body.total).toBeGreaterThanOrEqual(lowest - 4);
        expect(body.total).toBeLessThanOrEqual(begun + 4);
      }
      return seen;
    })();
    await Promise.all(writers);
    writing = false;
    expect(await reader).toBeGreaterThan(10);
    expect(settled).toBe(85);
    expect(await total(api)).toBe(85);
  });
});

describe('a storm of writes from many connections', () => {
  /** A client of the application's role, scoped to an organization for good, outside of the server. */
  async function connect(organization: TestOrganization): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: databaseUrl() });
    await client.connect();
    await client.query(`SELECT set_config('app.organization_id', $1, false)`, [organization.org.id]);
    return client;
  }

  it('leaves the sum of the deltas equal to the number of rows, and folds them', async () => {
    const organizations = [await anOrg(), await anOrg()];
    const clients = await Promise.all(
      organizations.flatMap((organization) => Array.from({ length: 5 }, () => connect(organization))),
    );
    // What random() says decides when they fold: the same every time.
    await Promise.all(clients.map((client, index) => client.query('SELECT setseed($1)', [index / 10])));
    let watching = true;
    const watch = (async () => {
      let looks = 0;
      for (; watching; looks++) {
        for (const { org } of organizations) {
          const { rows, sum } = await counts(org.id, 'customers');
          expect(sum).toBe(rows);
        }
      }
      return looks;
    })();
    await Promise.all(
      clients.map(async (client, index) => {
        const { account } = organizations[Math.floor(index / 5)]!;
        const insert = (rows: number, tag: string): Promise<unknown> =>
          client.query(
            `INSERT INTO customers (name, slug, created_by_id, updated_by_id) SELECT 'n', $1 || i, $2, $2 FROM generate_series(1, $3::int) i`,
            [`s-${index}-${tag}-`, account.id, rows],
          );
        for (let i = 0; i < 60; i++) {
          const inTransaction = i % 3 === 0;
          if (inTransaction) await client.query('BEGIN');
          await insert(1 + (i % 4), String(i));
          if (i % 5 === 0) await client.query(`DELETE FROM customers WHERE slug LIKE $1`, [`s-${index}-${i}-%`]);
          if (i % 7 === 0) await client.query(`DELETE FROM customers WHERE slug = 'nobody'`);
          if (i % 4 === 1) await client.query(`UPDATE customers SET name = 'm' WHERE slug LIKE $1`, [`s-${index}-%`]);
          if (i % 11 === 0) {
            await client.query('SAVEPOINT s').catch(() => undefined);
            if (inTransaction) {
              await insert(3, `undone-${i}`);
              await client.query('ROLLBACK TO SAVEPOINT s');
            }
          }
          if (inTransaction) await client.query(i % 2 === 0 ? 'COMMIT' : 'ROLLBACK');
        }
      }),
    );
    watching = false;
    expect(await watch).toBeGreaterThan(5);
    await Promise.all(clients.map((client) => client.end()));
    for (const { org, api } of organizations) {
      const { rows, sum, deltas } = await counts(org.id, 'customers');
      expect(rows).toBeGreaterThan(200);
      expect(sum).toBe(rows);
      // Some hundred statements wrote a delta each; one in thirty-two folds what it finds.
      expect(deltas).toBeLessThan(300);
      expect(await total(api)).toBe(rows);
    }
  });

  it('a fold waits for nobody, and takes only what is committed', async () => {
    const organization = await anOrg();
    const { org, account } = organization;
    const [slow, fast] = [await connect(organization), await connect(organization)];
    const insert = (client: pg.Client, slug: string): Promise<unknown> =>
      client.query(`INSERT INTO customers (name, slug, created_by_id, updated_by_id) VALUES ('n', $1, $2, $2)`, [
        slug,
        account.id,
      ]);
    // What random() says decides when it folds: the same every time.
    await fast.query('SELECT setseed(0.5)');
    await slow.query('BEGIN');
    for (let i = 0; i < 100; i++) await insert(slow, `slow-${i}`);
    for (let i = 0; i < 200; i++) await insert(fast, `fast-${i}`);
    expect(await counts(org.id, 'customers')).toMatchObject({ rows: 200, sum: 200 });
    await slow.query('ROLLBACK');
    expect(await counts(org.id, 'customers')).toMatchObject({ rows: 200, sum: 200 });
    expect((await counts(org.id, 'customers')).deltas).toBeLessThan(100);
    await Promise.all([slow.end(), fast.end()]);
  });
});
