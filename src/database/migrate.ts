import { DataSource } from 'typeorm';
import { commonOptions } from './data-source.js';
import { MIGRATIONS } from './migrations.js';
import { grantToApplication } from './roles.js';

/** Any fixed number does, as long as nothing else in the database takes the same advisory lock. */
const MIGRATION_LOCK = 0x6b6169; // "kai"

/** A data source that runs as the owner, sees all organizations and knows no entities. Not yet connected. */
export function createOwnerDataSource(adminUrl: string): DataSource {
  const options = commonOptions({ url: adminUrl, poolSize: 2, applicationName: 'kaiten-server migrations' });
  return new DataSource({
    ...options,
    // A migration may take longer than a request.
    extra: { ...options.extra, statement_timeout: 0 },
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
  });
}

/**
 * Brings the schema up to date and gives the application role its privileges. Several processes may do so at once: one migrates and
 * the others wait for it.
 *
 * @returns the names of the migrations that this call ran.
 */
export async function migrate(adminUrl: string, applicationRole: string | undefined): Promise<string[]> {
  return withOwner(adminUrl, async (owner) => {
    const lock = owner.createQueryRunner();
    try {
      await lock.query(`SELECT pg_advisory_lock($1)`, [MIGRATION_LOCK]);
      const done = await owner.runMigrations();
      if (applicationRole !== undefined) await grantToApplication(owner, applicationRole);
      return done.map((migration) => migration.name);
    } finally {
      // The connection goes back to a pool that is closed next, and the lock goes with it.
      await lock.release();
    }
  });
}

/** Connects as the owner, runs `work`, and disconnects. */
export async function withOwner<T>(adminUrl: string, work: (owner: DataSource) => Promise<T>): Promise<T> {
  const owner = await createOwnerDataSource(adminUrl).initialize();
  try {
    return await work(owner);
  } finally {
    await owner.destroy();
  }
}
