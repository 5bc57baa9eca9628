import { realpath, rm } from 'node:fs/promises';

export default async function globalTeardown() {
  const database = globalThis.kaitenTestDatabase;
  if (!database) return;
  await database.postgres.stop();
  // As root, the cluster lies elsewhere.
  const { rootStateOf } = await import('../../dist/src/database/embedded/cluster.js');
  await rm(rootStateOf(await realpath(database.dataDir)), { recursive: true, force: true });
  await rm(database.dataDir, { recursive: true, force: true });
}
