import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readEnv } from '../dist/src/config/env.js';
import { createLogger } from '../dist/src/config/logger.js';
import { createDataSource } from '../dist/src/database/data-source.js';
import { rootStateOf } from '../dist/src/database/embedded/cluster.js';
import { startEmbeddedPostgres } from '../dist/src/database/embedded/embedded-postgres.js';
import { createOwnerDataSource, migrate } from '../dist/src/database/migrate.js';
import { roleOf } from '../dist/src/database/roles.js';
import { ENTITIES } from '../dist/src/entities.js';
import { createOrganization } from '../dist/src/organizations/organizations.js';
import { createApp } from '../dist/src/setup-app.js';
import { runAsOrganization } from '../dist/src/tenancy/tenant-context.js';
import { mintToken } from './database.mjs';
import { startServer } from './processes.mjs';

const MAIN = resolve(import.meta.dirname, '../dist/src/main.js');

/** A migrated PostgreSQL of a measurement's own, and the server processes on it; `close` ends them and removes all that they have written. */
export async function openStage(name, say) {
  const dataDir = await mkdtemp(join(tmpdir(), `kaiten-${name}-`));
  const postgres = await startEmbeddedPostgres({ dataDir, log: say });
  const servers = [];
  let owner;
  const { applicationUrl } = postgres;
  const close = async () => {
    for (const server of servers) await server.stop();
    await owner?.destroy();
    await postgres.stop();
    await rm(rootStateOf(await realpath(dataDir)), { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await migrate(postgres.adminUrl, roleOf(applicationUrl));
    owner = await createOwnerDataSource(postgres.adminUrl).initialize();
  } catch (error) {
    await close();
    throw error;
  }
  return { owner, applicationUrl, start, withApp, createOrganization: create, close };

  /** Starts what `npm start` runs, on a port, its console on the next one. */
  async function start(title, port, env, cores) {
    const server = await startServer({
      name: title,
      args: [MAIN],
      env: { DATABASE_URL: applicationUrl, PORT: String(port), CONSOLE_PORT: String(port + 1), ...env },
      logFile: join(dataDir, `${title}.log`),
      readyUrl: `http://127.0.0.1:${port}/api/readyz`,
      cores,
    });
    servers.push(server);
  }

  /** The application in this process, for as long as the work takes. */
  async function withApp(work) {
    const settings = { url: applicationUrl, poolSize: 2, entities: ENTITIES };
    const dataSource = await createDataSource(settings).initialize();
    const app = await createApp(readEnv({}), createLogger({ logLevel: 'silent' }), dataSource);
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  }

  /** @returns a new organization's id, and a token of it that may do everything. */
  async function create(app, title) {
    const { id } = await createOrganization(owner, { name: title });
    return { id, token: await runAsOrganization(id, () => mintToken(app)) };
  }
}
