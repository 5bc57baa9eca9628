import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { readEnv } from '../src/config/env.js';
import { createLogger } from '../src/config/logger.js';
import { createDataSource } from '../src/database/data-source.js';
import { createOwnerDataSource, migrate } from '../src/database/migrate.js';
import { roleOf } from '../src/database/roles.js';
import { ENTITIES } from '../src/entities.js';
import { RetiredTokensPurge } from '../src/tokens/retired-tokens.purge.js';
import { freshDatabase } from './support/fresh-database.js';
import type { FreshDatabase } from './support/fresh-database.js';
import { aTenant } from './support/tenants.js';
import type { Tenant } from './support/tenants.js';
import { useTokens } from './support/used-tokens.js';

/** In a database of its own: a purge is for all organizations, and would take the tokens of other suites. */
let database: FreshDatabase;
let dataSource: DataSource;
let owner: DataSource;
let tenants: Tenant[];
let lines: string[];

const DAY = 86_400_000;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.adminUrl, roleOf(database.url));
  dataSource = await createDataSource({ url: database.url, poolSize: 2, entities: ENTITIES }).initialize();
  owner = await createOwnerDataSource(database.adminUrl).initialize();
  tenants = [await aTenant(owner, dataSource), await aTenant(owner, dataSource)];
});

afterAll(async () => {
  await dataSource.destroy();
  await owner.destroy();
  await database.drop();
});

/** In each organization: tokens that expire or were revoked so many days ago (ahead, when negative), and one of neither kind. */
beforeEach(async () => {
  lines = [];
  // The connection's plans for the references between tokens are for a few of them, and would go through thousands for each.
  await owner.query('ANALYZE tokens');
  await owner.query('DELETE FROM tokens');
  for (const { id, authorId } of tenants) {
    for (const [name, expires, revoked] of [
      ['forever', null, null],
      ['ahead', -30, null],
      ['expired 5 days ago', 5, null],
      ['expired 100 days ago', 100, null],
      ['revoked 5 days ago', null, 5],
      ['revoked 100 days ago', null, 100],
      ['revoked 100 days ago, expiry ahead', -30, 100],
    ] as const) {
      await owner.query(
        `INSERT INTO tokens (organization_id, service_account_id, name, slug, hash, last_four, scopes, created_by_id, expires_at, revoked_at)
           VALUES ($1, $2, $3, $3, $4, 'abcd', '{read:*}', $2, now() - $5 * interval '1 day', now() - $6 * interval '1 day')`,
        [id, authorId, name, randomBytes(32), expires, revoked],
      );
    }
  }
});

const purge = (retention: string, now?: Date): Promise<number> =>
  new RetiredTokensPurge(
    dataSource,
    readEnv({ RETIRED_TOKEN_RETENTION_DAYS: retention }),
    createLogger({ logLevel: 'info' }, { write: (line: string) => void lines.push(line) }),
  ).purge(now);

async function remaining(): Promise<string[]> {
  const rows = await owner.query<{ name: string; n: string }[]>(
    'SELECT name, count(*) AS n FROM tokens GROUP BY name ORDER BY name',
  );
  // Every organization is treated alike.
  expect(rows.filter(({ n }) => Number(n) !== tenants.length)).toEqual([]);
  return rows.map(({ name }) => name);
}

const LIVE = ['ahead', 'forever'];

describe('the purge of retired tokens', () => {
  it('deletes those that were revoked or have expired longer ago than the retention, in every organization', async () => {
    expect(await purge('90')).toBe(6);
    expect(await remaining()).toEqual(['ahead', 'expired 5 days ago', 'forever', 'revoked 5 days ago']);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'retired tokens purged', count: 6 }]);
  });

  it('finds nothing to do afterwards, and says nothing then', async () => {
    await purge('90');
    lines = [];
    expect(await purge('90')).toBe(0);
    expect(lines).toEqual([]);
  });

  it('deletes the rest of them when their time has come', async () => {
    expect(await purge('90', new Date(Date.now() + 86 * DAY))).toBe(10);
    expect(await remaining()).toEqual(LIVE);
  });

  it('never deletes a token that is live, even with a clock that is years ahead', async () => {
    await purge('1', new Date(Date.now() + 10_000 * DAY));
    expect(await remaining()).toEqual(LIVE);
  });

  it('of a token or its successor takes nothing from the other but the reference', async () => {
    const { id, authorId } = tenants[0]!;
    const insert = async (slug: string, columns: Record<string, string>): Promise<string> => {
      const [row] = await owner.query<{ id: string }[]>(
        `INSERT INTO tokens (organization_id, service_account_id, name, slug, hash, last_four, scopes, created_by_id
           ${Object.keys(columns)
             .map((name) => `, ${name}`)
             .join('')})
         VALUES ($1, $2, 'rotated', $3, $4, 'abcd', '{read:*}', $2 ${Object.values(columns)
           .map((value) => `, ${value}`)
           .join('')})
         RETURNING id`,
        [id, authorId, slug, randomBytes(32)],
      );
      return row!.id;
    };
    const dead = `now() - interval '100 days'`;
    const alive = `now() + interval '1 day'`;
    await owner.query('DELETE FROM tokens');
    // A dead one with a successor that lives; one in its grace whose successor is dead; and another that has taken over the name.
    const first = await insert('first', { expires_at: dead, replaced_at: dead });
    const second = await insert('second', { expires_at: alive, replaced_at: dead, replaces_id: `'${first}'` });
    const third = await insert('third', { revoked_at: dead, replaces_id: `'${second}'` });
    await insert('fourth', {});
    await owner.query('UPDATE tokens SET replaced_by_id = $1 WHERE id = $2', [second, first]);
    await owner.query('UPDATE tokens SET replaced_by_id = $1 WHERE id = $2', [third, second]);
    expect(await purge('90')).toBe(2);
    const rows = await owner.query(
      `SELECT slug, replaces_id, replaced_by_id, replaced_at IS NOT NULL AS replaced FROM tokens ORDER BY slug`,
    );
    expect(rows).toEqual([
      { slug: 'fourth', replaces_id: null, replaced_by_id: null, replaced: false },
      { slug: 'second', replaces_id: null, replaced_by_id: null, replaced: true },
    ]);
  });

  it('runs several times at once', async () => {
    const counts = await Promise.all([1, 2, 3].map(() => purge('90')));
    expect(counts.reduce((sum, count) => sum + count)).toBe(6);
  });

  it('waits for last uses that are being written, of the successors that it touches as well, and not in a circle', async () => {
    const { id, authorId } = tenants[0]!;
    await owner.query(
      `WITH pairs AS (SELECT gen_random_uuid() AS old, gen_random_uuid() AS new, i FROM generate_series(1, 3000) i)
       INSERT INTO tokens (organization_id, id, service_account_id, name, slug, hash, last_four, scopes, created_by_id,
         expires_at, replaced_at, replaces_id, replaced_by_id)
       SELECT $1, token, $2, 'pair ' || i, slug || i, sha256(token::text::bytea), 'abcd', '{read:*}', $2, dead, dead, predecessor, successor
       FROM pairs, LATERAL (VALUES ('old-', old, now() - interval '100 days', NULL, new), ('new-', new, NULL, old, NULL)) both_of_them
         (slug, token, dead, predecessor, successor)`,
      [id, authorId],
    );
    const living = await owner.query<{ id: string }[]>(`SELECT id FROM tokens WHERE slug LIKE 'new-%'`);
    const stop = useTokens(
      owner,
      living.map((token) => token.id),
    );
    const purged = await purge('90');
    await stop();
    expect(purged).toBe(3_006);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['retired tokens purged']);
    expect(
      await owner.query(`SELECT count(*)::int AS n FROM tokens WHERE slug LIKE 'new-%' AND replaces_id IS NULL`),
    ).toEqual([{ n: 3000 }]);
  });

  it('logs a failure, and throws nothing', async () => {
    const away = createDataSource({ url: 'postgresql://nobody@127.0.0.1:1/none', poolSize: 1, entities: [] });
    const logger = createLogger({ logLevel: 'info' }, { write: (line: string) => void lines.push(line) });
    expect(await new RetiredTokensPurge(away, readEnv({}), logger).purge()).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 40, msg: 'retired tokens could not be purged' },
    ]);
  });
});
