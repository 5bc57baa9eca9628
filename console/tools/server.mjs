import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from '../../scripts/prepare.mjs';

/** Nothing changes by being looked at. */
const QUIET = { TOKEN_USE_TRACKING: 'off' };

/**
 * Builds what is out of date, and runs the server on an embedded PostgreSQL of its own, which is gone afterwards.
 *
 * @param work gets { url, port, owner, organization, token, signInUrl }: the console's address, a connection as the tables' owner, a new
 *   organization, a token that may do everything in it, and a function that makes sign-in links.
 */
export async function withServer({ port, name, slug }, work) {
  await prepare({ withConsole: true });
  const { rootStateOf } = await import('../../dist/src/database/embedded/cluster.js');
  const dataDir = await mkdtemp(join(tmpdir(), 'kaiten-console-tool-'));
  try {
    await serve({ dataDir, port, name, slug }, work);
  } finally {
    for (const folder of [dataDir, rootStateOf(dataDir)]) await rm(folder, { recursive: true, force: true });
  }
}

async function serve({ dataDir, port, name, slug }, work) {
  const { readEnv } = await import('../../dist/src/config/env.js');
  const { createLogger } = await import('../../dist/src/config/logger.js');
  const { createOwnerDataSource } = await import('../../dist/src/database/migrate.js');
  const { openDatabase } = await import('../../dist/src/database/open-database.js');
  const { ENTITIES } = await import('../../dist/src/entities.js');
  const { closeServer, listen } = await import('../../dist/src/http/listen.js');
  const { createOrganization } = await import('../../dist/src/organizations/organizations.js');
  const { createRequestHandler } = await import('../../dist/src/request-handler.js');
  const { createApp } = await import('../../dist/src/setup-app.js');

  const env = readEnv({ KAITEN_DATA_DIR: dataDir, CONSOLE_PORT: String(port), LOG_LEVEL: 'error', ...QUIET });
  const database = await openDatabase(env, ENTITIES, () => undefined);
  const app = await createApp(env, createLogger(env), database.dataSource);
  const server = await listen(createRequestHandler(app), { host: env.host, port, variable: 'CONSOLE_PORT' });
  const owner = await createOwnerDataSource(database.embedded.adminUrl).initialize();
  try {
    const organization = await createOrganization(owner, { name, slug });
    const { signInUrl, mint } = await operatorOf(app, database.dataSource, organization);
    await work({ url: env.publicUrl, port, owner, organization, signInUrl, token: await mint() });
  } finally {
    server.closeAllConnections();
    await closeServer(server, 0);
    await app.close();
    await owner.destroy();
    await database.close();
  }
}

/** What the command line can do for an organization. */
async function operatorOf(app, dataSource, organization) {
  const { systemUser } = await import('../../dist/src/organizations/organizations.js');
  const { ServiceAccountsService } = await import('../../dist/src/service-accounts/service-accounts.service.js');
  const { SignInLinks } = await import('../../dist/src/sessions/sign-in-links.js');
  const { runAsOrganization } = await import('../../dist/src/tenancy/tenant-context.js');
  const { TokenMint } = await import('../../dist/src/tokens/token-mint.js');
  const { ensurePerson } = await import('../../dist/src/users/people.js');
  return {
    signInUrl: (name, role = 'owner') =>
      runAsOrganization(organization.id, async () => {
        const person = await ensurePerson(dataSource, { name, role, newRole: role });
        return (await app.get(SignInLinks).issue(person.id)).url;
      }),
    mint: () =>
      runAsOrganization(organization.id, async () => {
        const author = await systemUser(dataSource);
        const account = await app.get(ServiceAccountsService).create({ name: 'Operator', slug: 'operator' }, author);
        const minted = await app.get(TokenMint).create(account.id, { name: 'operator', scopes: ['write:*'] }, author);
        return minted.token;
      }),
  };
}

/** The API under a token. @throws Error when it refuses. @returns what it answers. */
export const apiOf =
  ({ url, token }) =>
  async (method, path, body) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const response = await fetch(`${url}/api${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
