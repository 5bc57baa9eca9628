import type { DataSource } from 'typeorm';
import type { Env } from '../config/env.js';
import type { Entities } from './data-source.js';
import { createDataSource } from './data-source.js';
import type { ServingPostgres } from './embedded/embedded-postgres.js';
import { startEmbeddedPostgres } from './embedded/embedded-postgres.js';
import { migrate } from './migrate.js';
import { assertApplicationRole, roleOf } from './roles.js';

/** The database that this process serves from. */
export interface OpenDatabase {
  readonly dataSource: DataSource;
  /** Present when PostgreSQL is ours: the embedded one. */
  readonly embedded?: ServingPostgres;
  close(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL or takes the external one, migrates it where the owner's URL is known, and connects as the
 * application role.
 *
 * @throws UnsafeRoleError when policies do not hold for that role; AlreadyRunningError; whatever kept the database from being reached.
 */
export async function openDatabase(
  env: Env,
  entities: Entities,
  say: (message: string) => void,
): Promise<OpenDatabase> {
  if (env.databaseAdminUrl && !env.databaseUrl) {
    throw new Error(
      'DATABASE_ADMIN_URL is set and DATABASE_URL is not: set both, or neither for the embedded PostgreSQL.',
    );
  }
  const embedded = env.databaseUrl ? undefined : await startEmbeddedPostgres({ dataDir: env.dataDir, log: say });
  const url = env.databaseUrl ?? embedded!.applicationUrl;
  const adminUrl = embedded?.adminUrl ?? env.databaseAdminUrl;
  const dataSource = createDataSource({ url, poolSize: env.databasePoolSize, entities });
  const close = async (): Promise<void> => {
    // Nest's TypeORM module closes it with the application.
    if (dataSource.isInitialized) await dataSource.destroy();
    await embedded?.stop();
  };
  try {
    if (adminUrl) {
      const done = await migrate(adminUrl, roleOf(url));
      if (done.length > 0) say(`Ran ${done.length} ${done.length === 1 ? 'migration' : 'migrations'}`);
    }
    await dataSource.initialize();
    await assertApplicationRole(dataSource);
    return { dataSource, embedded, close };
  } catch (error) {
    await close();
    throw error;
  }
}
