import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import type { Env } from '../config/env.js';
import { createLogger, NestLog } from '../config/logger.js';
import { createDataSource } from '../database/data-source.js';
import { attachEmbeddedPostgres } from '../database/embedded/embedded-postgres.js';
import { withOwner } from '../database/migrate.js';
import { LATEST_MIGRATION } from '../database/migrations.js';
import { assertApplicationRole } from '../database/roles.js';
import { ENTITIES } from '../entities.js';
import { withoutTokens } from '../http/problem.js';
import type { Organization } from '../organizations/organizations.js';
import { findOrganization } from '../organizations/organizations.js';
import { runAsOrganization } from '../tenancy/tenant-context.js';
import { applicationUrlOf } from './application-role.js';
import { Failure, reasonOf } from './failure.js';
import { say } from './outcome.js';

/** The database that an operator works on. */
export interface OperatorDatabase {
  readonly adminUrl: string;
  /** Absent where DATABASE_URL is unset and PostgreSQL is not ours. */
  readonly applicationUrl?: string;
}

interface Attached extends OperatorDatabase {
  close(): Promise<void>;
}

interface Options {
  /** Makes the embedded cluster when there is none yet. */
  readonly create?: boolean;
  readonly say: (message: string) => void;
}

/**
 * Runs `work` on the database of DATABASE_ADMIN_URL, or on the embedded one, which is started for as long as it takes if it is down.
 * Told to stop, the process does not leave a PostgreSQL behind that it started.
 */
export async function withDatabase<T>(
  env: Env,
  options: Options,
  work: (database: OperatorDatabase) => Promise<T>,
): Promise<T> {
  const database = await attach(env, options);
  const onSignal = (signal: NodeJS.Signals): void => {
    void database.close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await work(database);
  } finally {
    await tellFailure(database.close());
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

async function attach(env: Env, { create = false, say }: Options): Promise<Attached> {
  if (env.databaseAdminUrl !== undefined) {
    return { adminUrl: env.databaseAdminUrl, applicationUrl: env.databaseUrl, close: () => Promise.resolve() };
  }
  if (env.databaseUrl !== undefined) {
    throw new Failure(
      'DATABASE_URL is set but DATABASE_ADMIN_URL is not; the command line needs the owner of the tables',
    );
  }
  const embedded = await attachEmbeddedPostgres({ dataDir: env.dataDir, create, log: say });
  return { adminUrl: embedded.adminUrl, applicationUrl: embedded.applicationUrl, close: () => embedded.stop() };
}

/** Connects as the owner. @throws Failure when the schema is not this version's. */
export function asOwner<T>(database: OperatorDatabase, work: (owner: DataSource) => Promise<T>): Promise<T> {
  return withOwner(database.adminUrl, async (owner) => {
    const [{ exists }] = (await owner.query(`SELECT to_regclass('migrations') IS NOT NULL AS exists`)) as [
      { exists: boolean },
    ];
    const latest = exists
      ? await owner.query<unknown[]>('SELECT 1 FROM migrations WHERE name = $1', [LATEST_MIGRATION])
      : [];
    if (latest.length === 0)
      throw new Failure('the database is not migrated to this version; run: npm run -s kaiten -- migrate');
    return work(owner);
  });
}

/**
 * Runs `work` with the application's services, for one organization and as the application role: the policies keep every other
 * organization's rows out of its reach, as they do for a request.
 *
 * @throws Failure when there is no such organization.
 */
export async function asOrganization<T>(
  env: Env,
  database: OperatorDatabase,
  slug: string,
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const { organization, url } = await asOwner(database, async (owner) => ({
    organization: await getOrganization(owner, slug),
    url: database.applicationUrl ?? (await applicationUrlOf(owner, database.adminUrl)),
  }));
  const settings = { url, poolSize: 2, entities: ENTITIES, applicationName: 'kaiten-server command line' };
  const dataSource = await createDataSource(settings).initialize();
  try {
    await assertApplicationRole(dataSource, { maySetRole: true });
    const logger = createLogger({ logLevel: 'error' }, pino.destination({ dest: 2, sync: true }));
    // Made, but not initialized: what a server does beside its requests is no business of a command.
    const app = await NestFactory.create(AppModule.forRoot(env, logger, dataSource), {
      logger: new NestLog(logger),
      abortOnError: false,
    });
    return await runAsOrganization(organization.id, () => work(app));
  } finally {
    await tellFailure(dataSource.destroy());
  }
}

/** By now the command is done or has failed. A secret that it has minted must be printed, and why it failed, whatever becomes of its connections. */
async function tellFailure(closing: Promise<void>): Promise<void> {
  await closing.catch((error: unknown) => say(`note: the database could not be closed: ${reasonOf(error)}`));
}

async function getOrganization(owner: DataSource, slug: string): Promise<Organization> {
  const organization = await findOrganization(owner, slug);
  if (!organization)
    throw new Failure(
      `there is no organization ${JSON.stringify(withoutTokens(slug))}; "kaiten organization list" shows all`,
    );
  return organization;
}
