import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../src/database/data-source.js';
import { migrate } from '../src/database/migrate.js';
import { roleOf } from '../src/database/roles.js';
import { ENTITIES } from '../src/entities.js';
import { generateToken, hashToken } from '../src/tokens/token-format.js';
import { TokenLookUp } from '../src/tokens/token-look-up.js';
import type { FreshDatabase } from './support/fresh-database.js';
import { freshDatabase } from './support/fresh-database.js';

jest.setTimeout(60_000);

const POOL = 6;

/** Of its own, because look-ups are kept waiting here. */
let database: FreshDatabase;
let dataSource: DataSource;
let owner: pg.Client;
let lookUp: TokenLookUp;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.adminUrl, roleOf(database.url));
  dataSource = await createDataSource({ url: database.url, poolSize: POOL, entities: ENTITIES }).initialize();
  owner = new pg.Client({ connectionString: database.adminUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await dataSource.destroy();
  await database.drop();
});

/** From here on no look-up gets an answer. */
beforeEach(async () => {
  lookUp = new TokenLookUp(dataSource, POOL);
  await owner.query('BEGIN');
  await owner.query('LOCK TABLE tokens IN ACCESS EXCLUSIVE MODE');
});

afterEach(() => owner.query('ROLLBACK'));

const find = (): Promise<unknown> => lookUp.find(hashToken(generateToken())).catch((error: unknown) => error);

describe('look-ups that get no answer', () => {
  it('leave half of the pool to others', async () => {
    const all = Array.from({ length: 50 }, find);
    const waiting = async (): Promise<number> => {
      const { rows } = await owner.query(`SELECT FROM pg_locks WHERE NOT granted AND relation = 'tokens'::regclass`);
      return rows.length;
    };
    while ((await waiting()) < POOL / 2) await new Promise((resolve) => setTimeout(resolve, 10));
    for (let i = 0; i < 20; i += 1) expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await waiting()).toBe(POOL / 2);
    await owner.query('ROLLBACK');
    expect(new Set(await Promise.all(all))).toEqual(new Set(['unknown']));
    await owner.query('BEGIN');
  });

  it('end after five seconds, those that wait for their turn included; one too many ends at once', async () => {
    const began = performance.now();
    const all = Array.from({ length: POOL / 2 + 1_000 }, find);
    expect(await find()).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(performance.now() - began).toBeLessThan(4_000);
    const answers = await Promise.all(all);
    expect(performance.now() - began).toBeLessThan(9_000);
    for (const answer of answers) expect(answer).toBeInstanceOf(Error);
    await owner.query('ROLLBACK');
    // The connections that were given up are replaced.
    expect(await Promise.all(Array.from({ length: 20 }, find))).toEqual(Array(20).fill('unknown'));
    await owner.query('BEGIN');
  });
});
