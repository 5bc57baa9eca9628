import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { OrganizationChangedError } from '../../src/tenancy/org-scope.subscriber.js';
import { openDataSource, openOwner } from '../support/database.js';
import { asSuperuser, superuserUrl } from '../support/fresh-database.js';
import { aTenant, customerNames, insertCustomer } from '../support/tenants.js';
import type { Tenant } from '../support/tenants.js';

/** One connection, so that every statement meets what the one before it left behind. */
let dataSource: DataSource;
let owner: DataSource;
let a: Tenant;
let b: Tenant;

beforeAll(async () => {
  [dataSource, owner] = await Promise.all([openDataSource(1), openOwner()]);
  a = await aTenant(owner, dataSource, 'a1', 'a2');
  b = await aTenant(owner, dataSource, 'b1');
});

afterAll(async () => {
  await dataSource.destroy();
  await owner.destroy();
});

/** The connection itself: what it is sent, the subscriber does not hear of. */
async function rawClient(runner: QueryRunner): Promise<Client> {
  return (await runner.connect()) as Client;
}

async function withRunner<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}

describe('the organization of a statement', () => {
  it('is the one of its context, whoever had the connection before', async () => {
    for (const _ of [1, 2, 3]) {
      expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
      expect(await b.as(() => customerNames(dataSource))).toEqual(['b1']);
    }
  });

  it('is none without a context: no row is seen, changed or deleted, and none can be written', async () => {
    await a.as(() => customerNames(dataSource));
    expect(await customerNames(dataSource)).toEqual([]);
    expect(await dataSource.query('UPDATE customers SET domain = $1', ['none.example'])).toEqual([[], 0]);
    expect(await dataSource.query('DELETE FROM customers')).toEqual([[], 0]);
    await expect(insertCustomer(dataSource, a, 'nobody')).rejects.toThrow(/row-level security|not-null/);
    await expect(
      dataSource.query(
        `INSERT INTO customers (organization_id, name, slug, created_by_id, updated_by_id) VALUES ($1, 'x', 'x', $2, $2)`,
        [a.id, a.authorId],
      ),
    ).rejects.toThrow(/row-level security/);
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
  });

  it('is right after a statement that failed', async () => {
    await expect(a.as(() => dataSource.query('SELECT 1 / 0'))).rejects.toThrow('division by zero');
    expect(await b.as(() => customerNames(dataSource))).toEqual(['b1']);
    await expect(b.as(() => dataSource.query('no statement'))).rejects.toThrow('syntax error');
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
  });

  it('is right on a new connection after the old one was ended', async () => {
    const pid = await a.as(
      async () => (await dataSource.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid'))[0]!.pid,
    );
    await asSuperuser(superuserUrl(), [`SELECT pg_terminate_backend(${pid}, 2000)`]);
    // Whether the pool has noticed yet is a race that both ends of may win.
    await b.as(() => customerNames(dataSource)).catch(() => undefined);
    expect(await b.as(() => customerNames(dataSource))).toEqual(['b1']);
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
  });
});

describe('a transaction', () => {
  it('writes and reads as its organization, and leaves the connection as that', async () => {
    await a.as(() =>
      dataSource.transaction(async (manager) => {
        await insertCustomer(manager, a, 'a3');
        expect(await customerNames(manager)).toEqual(['a1', 'a2', 'a3']);
        await manager.query(`DELETE FROM customers WHERE name = 'a3'`);
      }),
    );
    expect(await b.as(() => customerNames(dataSource))).toEqual(['b1']);
  });

  it('leaves nothing behind when it is rolled back', async () => {
    const work = a.as(() =>
      dataSource.transaction(async (manager) => {
        await insertCustomer(manager, a, 'undone');
        throw new Error('on purpose');
      }),
    );
    await expect(work).rejects.toThrow('on purpose');
    expect(await b.as(() => customerNames(dataSource))).toEqual(['b1']);
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
  });

  it('may set its isolation level', async () => {
    const level = await a.as(() =>
      dataSource.transaction('REPEATABLE READ', (manager) => manager.query('SHOW transaction_isolation')),
    );
    expect(level).toEqual([{ transaction_isolation: 'repeatable read' }]);
  });

  it.each([
    ['ROLLBACK', async (runner: QueryRunner) => runner.rollbackTransaction()],
    [
      'ROLLBACK TO SAVEPOINT',
      async (runner: QueryRunner) => {
        await runner.startTransaction();
        await runner.rollbackTransaction();
      },
    ],
  ])('%s undoes settings: nothing is believed of the connection afterwards', async (_, undo) => {
    await b.as(() =>
      withRunner(async (runner) => {
        expect(await customerNames(runner as never)).toEqual(['b1']);
        // What the connection returns to: another organization's setting, from before the part that is undone.
        await (await rawClient(runner)).query(`SELECT set_config('app.organization_id', $1, false)`, [a.id]);
        await runner.startTransaction();
        await undo(runner);
        expect(await customerNames(runner as never)).toEqual(['b1']);
        if (runner.isTransactionActive) await runner.rollbackTransaction();
      }),
    );
  });

  it('cannot change organization, and what it wrote until then is undone', async () => {
    const work = a.as(() =>
      dataSource.transaction(async (manager) => {
        await insertCustomer(manager, a, 'half');
        await b.as(() => insertCustomer(manager, b, 'other half'));
      }),
    );
    await expect(work).rejects.toThrow(OrganizationChangedError);
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
    expect(await b.as(() => customerNames(dataSource))).toEqual(['b1']);
  });

  it('cannot be committed by another organization', async () => {
    await a.as(() =>
      withRunner(async (runner) => {
        await runner.startTransaction();
        await insertCustomer(runner as never, a, 'uncommitted');
        await expect(b.as(() => runner.commitTransaction())).rejects.toThrow(OrganizationChangedError);
        await runner.rollbackTransaction();
      }),
    );
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
  });

  it('that was abandoned is undone before the connection serves another organization', async () => {
    await a.as(async () => {
      const runner = dataSource.createQueryRunner();
      await runner.startTransaction();
      await insertCustomer(runner as never, a, 'abandoned');
      await runner.release();
    });
    await b.as(async () => {
      // The server answers COMMIT of a failed transaction with ROLLBACK, which would bring back the setting from before it.
      await dataSource.transaction(async (manager) => {
        await expect(manager.query('SELECT 1 / 0')).rejects.toThrow('division by zero');
      });
      expect(await customerNames(dataSource)).toEqual(['b1']);
    });
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
  });

  it('that was begun with raw SQL is undone likewise', async () => {
    await a.as(() => dataSource.query('BEGIN'));
    await b.as(async () => {
      await expect(dataSource.query('SELECT 1 / 0')).rejects.toThrow('division by zero');
      await dataSource.query('COMMIT');
      expect(await customerNames(dataSource)).toEqual(['b1']);
    });
  });
});

describe('a query runner', () => {
  it('is one organization’s, also outside of a transaction', async () => {
    await withRunner(async (runner) => {
      await a.as(() => runner.query('SELECT 1'));
      await expect(b.as(() => runner.query('SELECT 1'))).rejects.toThrow(OrganizationChangedError);
      await expect(runner.query('SELECT 1')).rejects.toThrow(OrganizationChangedError);
      expect(await a.as(() => customerNames(runner as never))).toEqual(['a1', 'a2']);
    });
  });

  it('that two contexts share at once serves the first and refuses the other', async () => {
    await withRunner(async (runner) => {
      await runner.connect();
      const [first, second] = await Promise.allSettled([
        a.as(() => customerNames(runner as never)),
        b.as(() => customerNames(runner as never)),
      ]);
      expect(first).toEqual({ status: 'fulfilled', value: ['a1', 'a2'] });
      expect(second).toMatchObject({ status: 'rejected', reason: expect.any(OrganizationChangedError) });
    });
  });

  it('streams nothing', async () => {
    await a.as(() =>
      withRunner((runner) => expect(runner.stream('SELECT 1')).rejects.toThrow('stream() is not scoped')),
    );
    const query = a.as(() => dataSource.createQueryBuilder().select('name').from('customers', 'c').stream());
    await expect(query).rejects.toThrow('stream() is not scoped');
  });
});

describe('a statement for the session', () => {
  const reserved = [
    `SET search_path = public`,
    `set role postgres`,
    `SET LOCAL statement_timeout = 0`,
    `SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY`,
    `SET SESSION AUTHORIZATION DEFAULT`,
    `SET/**/search_path TO public`,
    `  RESET ALL`,
    `\n\tDISCARD ALL`,
    `SELECT 1; RESET app.x`,
    `SELECT 1 ;\n DISCARD TEMP`,
    `-- a comment\nRESET ALL`,
    `-- a comment\rRESET ALL`,
    `/* a comment */ RESET ALL`,
    `/* one /* within */ another */ RESET ALL`,
    `SELECT '--'; RESET ALL`,
    `SELECT '/*'; RESET ALL; SELECT '*/'`,
    `SELECT set_config('search_path', 'public', false)`,
    `SELECT "set_config"('search_path', 'public', false)`,
    `UPDATE pg_settings SET setting = '' WHERE name = 'app.organization_id'`,
    `DECLARE c CURSOR WITH HOLD FOR SELECT name FROM customers`,
  ];

  it.each(reserved)('is refused: %j', async (sql) => {
    await expect(a.as(() => dataSource.query(sql))).rejects.toThrow('reserved for OrgScopeSubscriber');
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
  });

  it('does not hide what follows a ROLLBACK: that is the organization’s as ever', async () => {
    await a.as(() => customerNames(dataSource));
    await b.as(() => dataSource.query('ROLLBACK; DELETE FROM customers'));
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
    expect(await b.as(() => customerNames(dataSource))).toEqual([]);
    await b.as(() => insertCustomer(dataSource, b, 'b1'));
  });

  it('is none where SET is a clause, or DISCARD a value', async () => {
    const [, changed] = await a.as(() =>
      dataSource.query(`UPDATE customers\n SET domain = $1 WHERE false`, ['x.example']),
    );
    expect(changed).toBe(0);
    expect(await a.as(() => dataSource.query(`SELECT $1 AS word`, ['; DISCARD ALL']))).toEqual([
      { word: '; DISCARD ALL' },
    ]);
  });
});
