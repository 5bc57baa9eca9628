import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { roleOf } from '../../src/database/roles.js';
import { databaseAdminUrl, databaseUrl } from './database.js';

/** Connection URL of the cluster's superuser, for what no role of ours may do: make databases, take privileges from PUBLIC. */
export const superuserUrl = (): string => process.env.KAITEN_TEST_SUPERUSER_URL!;

/** A database of its own, set up as the embedded one is and not yet migrated. */
export interface FreshDatabase {
  readonly url: string;
  readonly adminUrl: string;
  readonly superuserUrl: string;
  drop(): Promise<void>;
}

/** Makes an empty database for a suite that must not meet the others: one that migrates, or takes privileges away. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const owner = roleOf(databaseAdminUrl());
  const application = roleOf(databaseUrl());
  await asSuperuser(superuserUrl(), [
    `CREATE DATABASE ${name} OWNER ${owner}`,
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${name} TO ${application}`,
  ]);
  await asSuperuser(at(superuserUrl(), name), [
    `ALTER SCHEMA public OWNER TO ${owner}`,
    `REVOKE ALL ON SCHEMA public FROM PUBLIC`,
    `GRANT USAGE ON SCHEMA public TO ${application}`,
  ]);
  return {
    url: at(databaseUrl(), name),
    adminUrl: at(databaseAdminUrl(), name),
    superuserUrl: at(superuserUrl(), name),
    drop: () => asSuperuser(superuserUrl(), [`DROP DATABASE ${name} WITH (FORCE)`]),
  };
}

/** Runs statements one after the other on a connection of their own. */
export async function asSuperuser(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function at(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}
