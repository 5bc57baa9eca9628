/**
 * What records of tokens take of the process' memory: `node bench/record-memory.mjs [count]`
 *
 * The whole application on an embedded PostgreSQL, whose cache is filled directly with records as the look-up makes them of rows. Nothing else
 * that a million requests would leave behind is in it: `token-memory.mjs` sends those, and takes much longer.
 */
import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { ensureBuilt } from '../scripts/build.mjs';

await ensureBuilt({ say: console.error });
const { openDatabase } = await import('../dist/src/database/open-database.js');
const { ENTITIES } = await import('../dist/src/entities.js');
const { createApp } = await import('../dist/src/setup-app.js');
const { createLogger } = await import('../dist/src/config/logger.js');
const { readEnv } = await import('../dist/src/config/env.js');
const { TokenCache } = await import('../dist/src/tokens/token-cache.js');
const { TokenLookUp } = await import('../dist/src/tokens/token-look-up.js');

const count = Number(process.argv[2] ?? 1_000_000);
const dataDir = await mkdtemp(join(tmpdir(), 'kaiten-memory-'));
const env = readEnv({ KAITEN_DATA_DIR: dataDir, TOKEN_CACHE_SIZE: String(count) });
const database = await openDatabase(env, ENTITIES, () => undefined);
const app = await createApp(env, createLogger({ logLevel: 'silent' }), database.dataSource);
try {
  await sleep(5_000);
  const idle = process.memoryUsage();
  await fill(app.get(TokenCache));
  await sleep(20_000);
  const full = process.memoryUsage();
  const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
  const each = (what) => `${Math.round((full[what] - idle[what]) / count)} bytes`;
  console.log(
    `${count.toLocaleString('en')} records of 1,000 accounts: ${each('rss')} each resident, ${each('heapUsed')} each in the heap. ` +
      `${megabytes(full.rss)} resident with them and ${megabytes(idle.rss)} without: ${(full.rss / idle.rss).toFixed(2)} times as much.`,
  );
} finally {
  await app.close();
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
}

async function fill(cache) {
  const lookUp = new TokenLookUp(database.dataSource, env.databasePoolSize);
  for (let n = 0; n < count; n += 1) {
    const hash = randomBytes(32).toString('latin1');
    cache.store(hash, lookUp.judge(hash, row(n % 1_000)));
    if (n % 2_000 === 0) await turn();
  }
}

/** As the driver reads it; its texts are in one piece, as those that are read from a socket. */
function row(account) {
  return {
    token_id: Buffer.from(randomUUID()).toString(),
    scopes: ['read:customers'],
    expires_at: null,
    revoked_at: null,
    allowed_cidrs: null,
    user_id: `user ${account}`,
    user_external_id: `sa_${account}`,
    user_name: `backend ${account}`,
    organization_id: 'organization',
    organization_external_id: 'org_x',
    organization_name: 'Organization',
    organization_slug: 'organization',
  };
}
