import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { databaseUrl, openDataSource, openOwner } from '../support/database.js';
import { aTenant, customerNames } from '../support/tenants.js';
import type { Tenant } from '../support/tenants.js';

let dataSource: DataSource;
let owner: DataSource;
let client: pg.Client;
let a: Tenant;
let b: Tenant;

beforeAll(async () => {
  [dataSource, owner] = await Promise.all([openDataSource(1), openOwner()]);
  a = await aTenant(owner, dataSource, 'a1');
  b = await aTenant(owner, dataSource, 'b1');
});

afterAll(async () => {
  await dataSource.destroy();
  await owner.destroy();
});

beforeEach(async () => {
  client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
});

afterEach(() => client.end());

const names = async (): Promise<string[]> =>
  (await client.query('SELECT name FROM customers')).rows.map(({ name }) => name as string);

describe('a client that the subscriber does not know', () => {
  it('sees no row, and writes none', async () => {
    expect(await names()).toEqual([]);
    expect((await client.query(`UPDATE customers SET name = 'x'`)).rowCount).toBe(0);
    expect((await client.query(`DELETE FROM customers`)).rowCount).toBe(0);
    const insert = `INSERT INTO customers (name, slug, created_by_id, updated_by_id) VALUES ('x', 'x', $1, $1)`;
    await expect(client.query(insert, [a.authorId])).rejects.toThrow(/row-level security|not-null/);
  });

  it('sees no row with an empty setting, as SET LOCAL and COMMIT leave it, and no error', async () => {
    await client.query(`BEGIN`);
    await client.query(`SELECT set_config('app.organization_id', $1, true)`, [a.id]);
    expect(await names()).toEqual(['a1']);
    await client.query(`COMMIT`);
    expect((await client.query(`SELECT current_setting('app.organization_id', true) AS it`)).rows).toEqual([
      { it: '' },
    ]);
    expect(await names()).toEqual([]);
    expect((await client.query('SELECT current_organization_id() AS it')).rows).toEqual([{ it: null }]);
  });

  it('cannot lift the policies: they hold whatever row_security says, and it is no one else', async () => {
    await client.query('SET row_security = off');
    await expect(names()).rejects.toThrow('would be affected by row-level security');
    await client.query('RESET row_security');
    await expect(client.query('SET ROLE kaiten_owner')).rejects.toThrow('permission denied');
    await expect(client.query('SET SESSION AUTHORIZATION kaiten_owner')).rejects.toThrow('permission denied');
    await expect(client.query('ALTER TABLE customers DISABLE ROW LEVEL SECURITY')).rejects.toThrow('must be owner');
    await expect(client.query('DROP POLICY customers_organization ON customers')).rejects.toThrow('must be owner');
    await expect(client.query('CREATE POLICY mine ON customers USING (true)')).rejects.toThrow('must be owner');
    await expect(client.query('CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$')).rejects.toThrow(
      'permission denied',
    );
    await expect(client.query('CREATE TEMP TABLE tokens (hash bytea)')).rejects.toThrow('permission denied');
    await expect(client.query('TRUNCATE customers')).rejects.toThrow('permission denied');
    await expect(client.query('SELECT * FROM server_keys')).rejects.toThrow('permission denied');
    await expect(
      client.query(`INSERT INTO organizations (external_id, name, slug) VALUES ('x', 'x', 'x')`),
    ).rejects.toThrow('permission denied');
  });

  it('gets no other organization’s ids from the search functions', async () => {
    await client.query(`SELECT set_config('app.organization_id', $1, false)`, [b.id]);
    const { rows } = await client.query(`SELECT search_customers('%', NULL) AS id`);
    const own = (await client.query('SELECT id FROM customers')).rows;
    expect(rows).toEqual(own);
    await client.query(`SELECT set_config('app.organization_id', '', false)`);
    expect((await client.query(`SELECT search_customers('%', NULL)`)).rows).toEqual([]);
  });
});

describe('the owner', () => {
  it('sees and changes every organization’s rows: a backfill reaches them all', async () => {
    const [rows, changed] = await owner.query(
      `UPDATE customers SET external_customer_id = 'backfilled' WHERE organization_id IN ($1, $2) RETURNING name`,
      [a.id, b.id],
    );
    expect([rows.map(({ name }: { name: string }) => name).sort(), changed]).toEqual([['a1', 'b1'], 2]);
    const seen = await b.as(() =>
      dataSource.query('SELECT name FROM customers WHERE external_customer_id = $1', ['backfilled']),
    );
    expect(seen).toEqual([{ name: 'b1' }]);
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1']);
  });
});

describe('the sources', () => {
  const root = resolve(import.meta.dirname, '../../src');
  /** Where connections are opened, what runs as the owner, and what connects to nothing. All else goes through the data source. */
  const allowed = /^(database\/|tenancy\/org-scope\.subscriber\.ts$|write-openapi\.ts$)/;
  /** Who reaches for the pool itself: to call a function that may look across organizations, and to count its connections. */
  const pool: Readonly<Record<string, string>> = {
    'tenancy/across-organizations.ts': 'poolOf(dataSource).connect()',
    'tenancy/batched-look-up.ts': 'callAcrossOrganizations<Row>(',
    'sessions/sign-in-links.ts': 'callAcrossOrganizations<',
    'gateway/signing-keys.ts': 'callAcrossOrganizations<',
    'metrics/metrics.ts': 'poolOf(this.dataSource)',
  };

  it('reach PostgreSQL nowhere but through the data source', async () => {
    const files = (await readdir(root, { recursive: true })).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
    );
    expect(files.length).toBeGreaterThan(50);
    const offenders = [];
    for (const file of files.filter((name) => !allowed.test(name))) {
      const text = (await readFile(join(root, file), 'utf8'))
        .replace(/^import .*$/gm, (line) => (line.includes("'pg'") ? line : ''))
        .replace(pool[file] ?? '', '')
        .replace('function callAcrossOrganizations', '');
      const way =
        /from 'pg'|import\('pg'\)|\.driver\b|\.stream\(|new DataSource\(|createQueryRunner|\.connect\(\)|poolOf\(|callAcrossOrganizations|obtainMasterConnection/.exec(
          text,
        );
      if (way) offenders.push(`${file}: ${way[0]}`);
    }
    expect(offenders).toEqual([]);
  });
});
