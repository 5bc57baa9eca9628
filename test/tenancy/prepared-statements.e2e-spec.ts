import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { prepared } from '../../src/database/prepared-client.js';
import { openDataSource, openOwner } from '../support/database.js';

let dataSource: DataSource;
let owner: DataSource;

beforeAll(async () => {
  [dataSource, owner] = await Promise.all([openDataSource(1), openOwner()]);
  await owner.query('CREATE SCHEMA shapes');
  await owner.query('GRANT USAGE ON SCHEMA shapes TO PUBLIC');
});

afterAll(async () => {
  await owner.query('DROP SCHEMA shapes CASCADE');
  await dataSource.destroy();
  await owner.destroy();
});

const define = async (columns: string, row: string): Promise<void> => {
  await owner.query('DROP FUNCTION IF EXISTS shapes.of_rows()');
  await owner.query(`CREATE FUNCTION shapes.of_rows() RETURNS TABLE (${columns}) LANGUAGE sql AS 'SELECT ${row}'`);
  await owner.query('GRANT EXECUTE ON FUNCTION shapes.of_rows() TO PUBLIC');
};

const SHAPE = prepared('SELECT * FROM shapes.of_rows()');

describe('a prepared statement whose rows come to look different', () => {
  beforeEach(async () => {
    await define('n integer', '1');
    expect(await dataSource.query(SHAPE)).toEqual([{ n: 1 }]);
    expect(await dataSource.query(SHAPE)).toEqual([{ n: 1 }]);
    await define('n integer, at timestamptz', "1, ''2026-11-24 08:30:50Z''::timestamptz");
  });

  it('is prepared anew', async () => {
    expect(await dataSource.query(SHAPE)).toEqual([{ n: 1, at: new Date('2026-11-24T08:30:50Z') }]);
  });

  it('costs a transaction, and only one', async () => {
    await expect(dataSource.transaction((manager) => manager.query(SHAPE))).rejects.toThrow();
    const rows = await dataSource.transaction((manager) => manager.query<unknown[]>(SHAPE));
    expect(rows).toEqual([{ n: 1, at: new Date('2026-11-24T08:30:50Z') }]);
  });
});

describe('a prepared statement', () => {
  it('fails as others do, and works again', async () => {
    const divide = prepared('SELECT 1 / $1::int AS n');
    await expect(dataSource.query(divide, [0])).rejects.toMatchObject({ code: '22012' });
    await expect(
      dataSource.query(divide, [
        {
          toPostgres: () => {
            throw new Error('cannot be sent');
          },
        },
      ]),
    ).rejects.toThrow('cannot be sent');
    await expect(dataSource.query(divide, ['x'])).rejects.toMatchObject({ code: '22P02' });
    expect(await dataSource.query(divide, [1])).toEqual([{ n: 1 }]);
  });

  it('that is no statement at all fails each time', async () => {
    const broken = prepared('SELEC 1');
    for (let i = 0; i < 2; i++) await expect(dataSource.query(broken)).rejects.toMatchObject({ code: '42601' });
  });

  it('tells how many rows it changed', async () => {
    expect(await dataSource.query(prepared(`UPDATE customers SET name = 'x' WHERE false`))).toEqual([[], 0]);
  });
});
