import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createOwnerDataSource, migrate } from '../../src/database/migrate.js';
import { LATEST_MIGRATION, MIGRATIONS } from '../../src/database/migrations.js';
import { roleOf } from '../../src/database/roles.js';
import { openDataSource, openOwner } from '../support/database.js';
import { freshDatabase } from '../support/fresh-database.js';
import type { FreshDatabase } from '../support/fresh-database.js';
import { describeSchema } from '../support/schema.js';

describe('the entities', () => {
  let dataSource: DataSource;
  let owner: DataSource;

  beforeAll(async () => {
    [dataSource, owner] = await Promise.all([openDataSource(1), openOwner()]);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await owner.destroy();
  });

  interface Column {
    table: string;
    name: string;
    type: string;
    nullable: boolean;
    generated: boolean;
  }

  const tableColumns = (): Promise<Column[]> =>
    owner.query(
      `SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
         a.attgenerated <> '' AS generated
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'`,
    );

  it('have columns that are in the tables, with the same type and nullability', async () => {
    const columns = new Map((await tableColumns()).map((column) => [`${column.table}.${column.name}`, column]));
    const mismatches: unknown[] = [];
    let compared = 0;
    for (const entity of dataSource.entityMetadatas) {
      for (const column of entity.columns) {
        const name = `${entity.tableName}.${column.databaseName}`;
        const actual = columns.get(name);
        const type = typeOf(column.type as string, column.precision, column.isArray);
        if (actual?.type !== type || actual.nullable !== column.isNullable)
          mismatches.push({ name, type, nullable: column.isNullable, actual });
        compared++;
      }
    }
    expect(mismatches).toEqual([]);
    expect(compared).toBeGreaterThan(40);
  });

  it('have every column of their tables, but those that PostgreSQL generates', async () => {
    const known = new Set(
      dataSource.entityMetadatas.flatMap((entity) =>
        entity.columns.map((column) => `${entity.tableName}.${column.databaseName}`),
      ),
    );
    const tables = new Set(dataSource.entityMetadatas.map(({ tableName }) => tableName));
    const missing = (await tableColumns()).filter(
      ({ table, name }) => tables.has(table) && !known.has(`${table}.${name}`),
    );
    expect(missing.filter(({ generated }) => !generated)).toEqual([]);
    expect([...new Set(missing.map(({ name }) => name))].sort()).toEqual([
      'document_bytes',
      'last_used_on',
      'rule_symbols',
      'search_text',
      'sort_name',
    ]);
  });

  it('are there for every table, but those that are no domain’s', async () => {
    const tables = new Set((await tableColumns()).map(({ table }) => table));
    for (const { tableName } of dataSource.entityMetadatas) tables.delete(tableName);
    expect([...tables].sort()).toEqual([
      'flag_evaluations',
      'migrations',
      'organizations',
      'principal_keys',
      'row_counts',
      'server_keys',
    ]);
  });

  function typeOf(type: string, precision: number | null | undefined, array: boolean): string {
    const name = type === 'timestamptz' ? `timestamp(${precision}) with time zone` : type;
    return array ? `${name}[]` : name;
  }
});

describe('the migrations', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  it('several at once run each migration once: one migrates, the others wait for it', async () => {
    const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(database.adminUrl, roleOf(database.url))));
    expect(runs.map((names) => names.length).sort()).toEqual([0, 0, 0, MIGRATIONS.length]);
    expect(runs.flat().at(-1)).toBe(LATEST_MIGRATION);
  });

  it('go down to nothing and up again to the same schema', async () => {
    const owner = await createOwnerDataSource(database.adminUrl).initialize();
    try {
      const before = await describeSchema(owner);
      expect(before.join('\n')).toContain('customers_organization');
      for (const _ of MIGRATIONS) await owner.undoLastMigration();
      expect((await describeSchema(owner)).filter((line) => !/migrations|PK_/.test(line))).toEqual([]);
      await migrate(database.adminUrl, roleOf(database.url));
      expect(await describeSchema(owner)).toEqual(before);
    } finally {
      await owner.destroy();
    }
  });

  it('that have all run leave nothing to do', async () => {
    expect(await migrate(database.adminUrl, roleOf(database.url))).toEqual([]);
  });
});
