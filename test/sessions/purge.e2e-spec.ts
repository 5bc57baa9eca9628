import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { createLogger } from '../../src/config/logger.js';
import { createDataSource } from '../../src/database/data-source.js';
import { createOwnerDataSource, migrate } from '../../src/database/migrate.js';
import { roleOf } from '../../src/database/roles.js';
import { ENTITIES } from '../../src/entities.js';
import { SessionsPurge } from '../../src/sessions/sessions.purge.js';
import { ensurePerson } from '../../src/users/people.js';
import type { FreshDatabase } from '../support/fresh-database.js';
import { freshDatabase } from '../support/fresh-database.js';
import { aTenant } from '../support/tenants.js';

/** In a database of its own: a purge is for all organizations. */
let database: FreshDatabase;
let dataSource: DataSource;
let owner: DataSource;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.adminUrl, roleOf(database.url));
  dataSource = await createDataSource({ url: database.url, poolSize: 2, entities: ENTITIES }).initialize();
  owner = await createOwnerDataSource(database.adminUrl).initialize();
});

afterAll(async () => {
  await dataSource.destroy();
  await owner.destroy();
  await database.drop();
});

const columnOf = async (table: string, column: string): Promise<unknown[]> =>
  (await owner.query<{ it: unknown }[]>(`SELECT ${column} AS it FROM ${table} ORDER BY 1`)).map(({ it }) => it);

describe('the purge', () => {
  it('deletes what has expired, of every organization, and nothing else', async () => {
    for (const tenant of [await aTenant(owner, dataSource), await aTenant(owner, dataSource)]) {
      const person = await tenant.as(() => ensurePerson(dataSource, { name: 'Hanako', newRole: 'viewer' }));
      for (const [name, ahead] of [
        ['ended', '-1 second'],
        ['goes on', '1 minute'],
      ]) {
        await owner.query(
          `INSERT INTO sessions (organization_id, user_id, hash, user_agent, expires_at) VALUES ($1, $2, $3, $4, now() + $5::interval)`,
          [tenant.id, person.id, randomBytes(32), name, ahead],
        );
        await owner.query(
          `INSERT INTO sign_in_links (organization_id, user_id, hash, expires_at, used_at) VALUES ($1, $2, $3, now() + $4::interval, $5)`,
          [tenant.id, person.id, randomBytes(32), ahead, name === 'ended' ? null : new Date()],
        );
      }
    }
    await new SessionsPurge(dataSource, createLogger({ logLevel: 'silent' })).purge();
    expect(await columnOf('sessions', 'user_agent')).toEqual(['goes on', 'goes on']);
    expect(await columnOf('sign_in_links', 'expires_at > now()')).toEqual([true, true]);
    expect(await columnOf('users', 'name')).toEqual(['Hanako', 'Hanako', 'Kaiten', 'Kaiten']);
  });

  it('logs a failure, and tries again another time', async () => {
    const lines: string[] = [];
    const logger = createLogger({ logLevel: 'warn' }, { write: (line: string) => void lines.push(line) });
    const closed = await createDataSource({ url: database.url, poolSize: 1, entities: ENTITIES }).initialize();
    await closed.destroy();
    await new SessionsPurge(closed, logger).purge();
    expect(lines.join()).toContain('sessions could not be purged');
  });
});
