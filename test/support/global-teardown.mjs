import { realpath, rm } from 'node:fs/promises';
import { missingPrograms } from './programs.mjs';

export default async function globalTeardown() {
  const database = globalThis.kaitenTestDatabase;
  if (!database) return;
  const missing = missingPrograms();
  if (missing) process.stderr.write(missing);
  await database.postgres.stop();
  // As root, the cluster lies elsewhere.
  const { rootStateOf } = await import('../../dist/src/database/embedded/cluster.js');
  await rm(rootStateOf(await realpath(database.dataDir)), { recursive: true, force: true });
  await rm(database.dataDir, { recursive: true, force: true });
}
