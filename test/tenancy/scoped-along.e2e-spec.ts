import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { prepared } from '../../src/database/prepared-client.js';
import { openDataSource, openOwner } from '../support/database.js';
import { aTenant, customerNames } from '../support/tenants.js';
import type { Tenant } from '../support/tenants.js';

/** One connection, so that every statement meets what the one before it left behind. */
let dataSource: DataSource;
let owner: DataSource;
let a: Tenant;
let b: Tenant;

const NAMES = prepared('SELECT name FROM customers ORDER BY name');
const DIVIDE = prepared('SELECT 1 / $1::int AS result');
const ECHO = prepared('SELECT $1::jsonb AS value');

beforeAll(async () => {
  [dataSource, owner] = await Promise.all([openDataSource(1), openOwner()]);
  a = await aTenant(owner, dataSource, 'a1', 'a2');
  b = await aTenant(owner, dataSource, 'b1');
});

afterAll(async () => {
  await dataSource.destroy();
  await owner.destroy();
});

const names = async (): Promise<string[]> =>
  (await dataSource.query<{ name: string }[]>(NAMES)).map(({ name }) => name);

/** How often PostgreSQL was asked and waited for. */
async function roundTrips(work: () => Promise<unknown>): Promise<number> {
  const { query } = pg.Client.prototype;
  let count = 0;
  pg.Client.prototype.query = function (this: pg.Client, ...args: never[]) {
    count += 1;
    return (query as (...all: never[]) => never).apply(this, args);
  } as never;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return count;
}

/** The connection is `a`'s, and has prepared everything. */
beforeEach(async () => {
  await b.as(() => dataSource.query(DIVIDE, [1]));
  await b.as(() => dataSource.query(ECHO, ['{}']));
  await b.as(names);
  await a.as(names);
});

describe('a prepared statement of another organization than the one before', () => {
  it('is scoped in its own round trip', async () => {
    for (const _ of [1, 2, 3]) {
      expect(await roundTrips(async () => expect(await b.as(names)).toEqual(['b1']))).toBe(1);
      expect(await roundTrips(async () => expect(await a.as(names)).toEqual(['a1', 'a2']))).toBe(1);
    }
    expect(await roundTrips(async () => expect(await names()).toEqual([]))).toBe(1);
    expect(await roundTrips(async () => expect(await a.as(names)).toEqual(['a1', 'a2']))).toBe(1);
  });

  it('leaves the connection scoped for the statement after it, prepared or not', async () => {
    await b.as(names);
    expect(await roundTrips(async () => expect(await b.as(() => customerNames(dataSource))).toEqual(['b1']))).toBe(1);
  });

  it('that fails has scoped nothing, and the next one is scoped as if nothing had been', async () => {
    await expect(b.as(() => dataSource.query(DIVIDE, [0]))).rejects.toThrow('division by zero');
    expect(await a.as(names)).toEqual(['a1', 'a2']);
    await expect(b.as(() => dataSource.query(DIVIDE, [0]))).rejects.toThrow('division by zero');
    expect(await b.as(names)).toEqual(['b1']);
    await expect(a.as(() => dataSource.query(DIVIDE, [0]))).rejects.toThrow('division by zero');
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
    expect(await names()).toEqual([]);
  });

  it('that PostgreSQL cannot parse is no different', async () => {
    const broken = prepared(`SELECT nonsense FROM customers`);
    await expect(b.as(() => dataSource.query(broken))).rejects.toThrow('does not exist');
    expect(await a.as(names)).toEqual(['a1', 'a2']);
    await expect(b.as(() => dataSource.query(broken))).rejects.toThrow('does not exist');
    expect(await b.as(names)).toEqual(['b1']);
  });

  it('that has a value which cannot be sent is no different, though the scoping was sent', async () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    await expect(b.as(() => dataSource.query(ECHO, [circular]))).rejects.toThrow('circular');
    expect(await a.as(names)).toEqual(['a1', 'a2']);
    await expect(b.as(() => dataSource.query(ECHO, [circular]))).rejects.toThrow('circular');
    expect(await b.as(() => customerNames(dataSource))).toEqual(['b1']);
  });

  it('in a transaction is scoped by a statement of its own', async () => {
    await b.as(() =>
      dataSource.transaction(async (manager) => {
        expect((await manager.query<{ name: string }[]>(NAMES)).map(({ name }) => name)).toEqual(['b1']);
      }),
    );
    expect(await a.as(names)).toEqual(['a1', 'a2']);
  });

  it('is scoped when two are sent at once, whichever of them fails', async () => {
    for (const [divisor, expected] of [
      [0, 'rejected'],
      [1, 'fulfilled'],
    ] as const) {
      await a.as(names);
      const results = await b.as(async () => {
        const runner = dataSource.createQueryRunner();
        try {
          return await Promise.allSettled([runner.query(DIVIDE, [divisor]), runner.query(NAMES), runner.query(NAMES)]);
        } finally {
          await runner.release();
        }
      });
      expect(results).toEqual([
        expect.objectContaining({ status: expected }),
        { status: 'fulfilled', value: [{ name: 'b1' }] },
        { status: 'fulfilled', value: [{ name: 'b1' }] },
      ]);
      expect(await a.as(names)).toEqual(['a1', 'a2']);
    }
  });

  it('whose rows look different since a migration is sent again, scoped', async () => {
    await owner.query('CREATE SCHEMA scoped_along');
    try {
      // Elsewhere than where the server, and other suites, look for tables.
      await owner.query('CREATE TABLE scoped_along.changed (x int)');
      await owner.query('GRANT USAGE ON SCHEMA scoped_along TO PUBLIC');
      await owner.query('GRANT SELECT ON scoped_along.changed TO PUBLIC');
      const changed = prepared(
        `SELECT (SELECT string_agg(name, ' ' ORDER BY name) FROM customers) AS names, s.* FROM (SELECT 1) one LEFT JOIN scoped_along.changed s ON true`,
      );
      const read = async (): Promise<string> => (await dataSource.query<{ names: string }[]>(changed))[0]!.names;
      expect(await a.as(read)).toBe('a1 a2');
      await owner.query('ALTER TABLE scoped_along.changed ADD COLUMN y int');
      expect(await b.as(read)).toBe('b1');
      expect(await a.as(read)).toBe('a1 a2');
    } finally {
      await owner.query('DROP SCHEMA scoped_along CASCADE');
    }
  });
});
