import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../src/database/data-source.js';
import { migrate } from '../src/database/migrate.js';
import { roleOf } from '../src/database/roles.js';
import { ENTITIES } from '../src/entities.js';
import { BatchedLookUp } from '../src/tenancy/batched-look-up.js';
import { generateToken, hashToken } from '../src/tokens/token-format.js';
import { TokenLookUp } from '../src/tokens/token-look-up.js';
import type { FreshDatabase } from './support/fresh-database.js';
import { freshDatabase } from './support/fresh-database.js';

jest.setTimeout(60_000);

interface Waiting {
  readonly resolve: (row: undefined) => void;
}

/** What of a `BatchedLookUp` is its own. */
interface Sender {
  /** When it last sent a statement, in milliseconds. */
  readonly sentAt: number;
  answer(batch: readonly Waiting[]): Promise<void>;
}

const POOL = 6;
/** Statements at a time. */
const MOST = 2;

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

/** As many as asked for, each in a turn of the event loop of its own, so that each may have a statement of its own. */
async function findOneByOne(count: number): Promise<Promise<unknown>[]> {
  const all = [];
  for (let i = 0; i < count; i += 1) {
    all.push(find());
    await new Promise((resolve) => setImmediate(resolve));
  }
  return all;
}

async function statementsUnderWay(): Promise<number> {
  const { rows } = await owner.query(`SELECT FROM pg_locks WHERE NOT granted AND relation = 'tokens'::regclass`);
  return rows.length;
}

async function whenStatementsAre(count: number): Promise<void> {
  while ((await statementsUnderWay()) < count) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('look-ups', () => {
  it('of one turn of the event loop are one statement', async () => {
    const all = Array.from({ length: 100 }, find);
    await whenStatementsAre(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await statementsUnderWay()).toBe(1);
    await owner.query('ROLLBACK');
    expect(await Promise.all(all)).toEqual(Array(100).fill('unknown'));
    await owner.query('BEGIN');
  });

  it('that come soon after a statement wait for more, and not for long', async () => {
    await owner.query('ROLLBACK');
    const sent: { readonly at: number; readonly count: number }[] = [];
    const sender = BatchedLookUp.prototype as unknown as Sender;
    const send = jest.spyOn(sender, 'answer').mockImplementation(function (this: Sender, batch) {
      sent.push({ at: this.sentAt, count: batch.length });
      for (const { resolve } of batch) resolve(undefined);
      return Promise.resolve();
    });
    try {
      expect(await find()).toBe('unknown');
      const all = await findOneByOne(5);
      expect(await Promise.all(all)).toEqual(Array(5).fill('unknown'));
      expect(await Promise.all(Array.from({ length: 20 }, find))).toEqual(Array(20).fill('unknown'));
    } finally {
      send.mockRestore();
    }
    expect(sent.reduce((sum, { count }) => sum + count, 0)).toBe(26);
    // A timer may be a millisecond early.
    sent.slice(1).forEach(({ at, count }, i) => expect(count >= 8 || at - sent[i]!.at > 2).toBe(true));
    expect(sent.at(-1)!.count).toBeGreaterThanOrEqual(20);
    await owner.query('BEGIN');
  });

  it('that get no answer leave most of the pool to others', async () => {
    const all = await findOneByOne(50);
    await whenStatementsAre(MOST);
    for (let i = 0; i < 20; i += 1) expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await statementsUnderWay()).toBe(MOST);
    await owner.query('ROLLBACK');
    expect(new Set(await Promise.all(all))).toEqual(new Set(['unknown']));
    await owner.query('BEGIN');
  });

  it('that get no answer end after five seconds, those that wait included; one too many ends at once', async () => {
    const began = performance.now();
    const all = await findOneByOne(MOST);
    await whenStatementsAre(MOST);
    for (let i = 0; i < 10_000; i += 1) all.push(find());
    expect(await find()).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(performance.now() - began).toBeLessThan(4_000);
    const answers = await Promise.all(all);
    expect(performance.now() - began).toBeLessThan(9_000);
    expect(answers.every((answer) => answer instanceof Error)).toBe(true);
    await owner.query('ROLLBACK');
    // The connections that were given up are replaced.
    expect(new Set(await Promise.all(await findOneByOne(20)))).toEqual(new Set(['unknown']));
    await owner.query('BEGIN');
  });
});
