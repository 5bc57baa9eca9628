import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureConsoleBuilt } from '../../scripts/build-console.mjs';
import { ensureBuilt } from '../../scripts/build.mjs';
import { findPrograms } from './programs.mjs';

/**
 * One PostgreSQL for all suites: they work in organizations of their own, and so test what keeps those apart. Jest loads this file
 * without its transform, hence the built sources.
 */
export default async function globalSetup() {
  await ensureBuilt();
  findPrograms();
  await ensureConsoleBuilt();
  const { startEmbeddedPostgres } = await import('../../dist/src/database/embedded/embedded-postgres.js');
  const { migrate } = await import('../../dist/src/database/migrate.js');
  const { roleOf } = await import('../../dist/src/database/roles.js');
  const dataDir = await mkdtemp(join(tmpdir(), 'kaiten-test-'));
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined });
  await migrate(postgres.adminUrl, roleOf(postgres.applicationUrl));
  globalThis.kaitenTestDatabase = { postgres, dataDir };
  process.env.KAITEN_TEST_DATABASE_URL = postgres.applicationUrl;
  process.env.KAITEN_TEST_DATABASE_ADMIN_URL = postgres.adminUrl;
  const { passwords } = JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8'));
  const superuser = new URL(postgres.adminUrl);
  superuser.username = 'postgres';
  superuser.password = passwords.postgres;
  process.env.KAITEN_TEST_SUPERUSER_URL = superuser.href;
}
