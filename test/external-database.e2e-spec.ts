import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { migrate } from '../src/database/migrate.js';
import { MIGRATIONS } from '../src/database/migrations.js';
import { roleOf } from '../src/database/roles.js';
import { asSuperuser, freshDatabase } from './support/fresh-database.js';
import type { FreshDatabase } from './support/fresh-database.js';
import { freePorts } from './support/ports.js';
import { ServerProcess } from './support/server-process.js';

jest.setTimeout(30_000);

const dataDir = join(tmpdir(), `kaiten-unused-${randomUUID()}`);
const running: ServerProcess[] = [];
let database: FreshDatabase;

async function start(env: Record<string, string | undefined>): Promise<ServerProcess> {
  const server = new ServerProcess(dataDir, await freePorts(), env);
  running.push(server);
  return server;
}

const statusOf = async (server: ServerProcess, path: string): Promise<number> => (await server.get(path))!.status;

beforeAll(async () => {
  database = await freshDatabase();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});
afterAll(() => database.drop());

describe('with DATABASE_URL alone', () => {
  it('nothing migrates: readyz and every request are 503 until somebody does', async () => {
    const server = await (await start({ DATABASE_URL: database.url })).ready();
    expect(await statusOf(server, '/api/healthz')).toBe(200);
    const ready = (await server.get('/api/readyz'))!;
    expect([ready.status, ready.headers.get('retry-after'), ((await ready.json()) as { code: string }).code]).toEqual([
      503,
      '5',
      'SCHEMA_BEHIND',
    ]);
    const answer = (await server.get('/api/customers', `ksh_${'0'.repeat(32)}2iqUun`))!;
    expect(answer.status).toBe(503);

    await migrate(database.adminUrl, roleOf(database.url));
    expect(await statusOf(server, '/api/readyz')).toBe(200);
    expect((await server.get('/api/customers', `ksh_${'0'.repeat(32)}2iqUun`))!.status).toBe(401);
  });
});

describe('with DATABASE_URL and DATABASE_ADMIN_URL', () => {
  it('several processes start at once on an empty database; nothing is seeded, no token minted, no PostgreSQL started', async () => {
    const empty = await freshDatabase();
    try {
      const env = { DATABASE_URL: empty.url, DATABASE_ADMIN_URL: empty.adminUrl };
      const servers = await Promise.all([start(env), start(env), start(env)]);
      await Promise.all(servers.map((server) => server.ready()));
      for (const server of servers) expect(await statusOf(server, '/api/readyz')).toBe(200);
      expect(servers.filter((server) => server.stderr.includes(`Ran ${MIGRATIONS.length} migrations`))).toHaveLength(1);
      for (const server of servers) expect(server.stderr).not.toContain('ksh_');
      expect(existsSync(dataDir)).toBe(false);
      await Promise.all(running.splice(0).map((server) => server.stop()));
    } finally {
      await empty.drop();
    }
  });
});

describe('an application role for which policies do not hold', () => {
  const refused = async (url: string): Promise<string> => {
    const server = await start({ DATABASE_URL: url });
    expect(await server.exited).toBe(1);
    expect(server.stderr).not.toContain(decodeURIComponent(new URL(url).password));
    return server.stderr;
  };

  const withRole = async (attributes: string, work: (url: string) => Promise<void>): Promise<void> => {
    const role = `role_${randomUUID().slice(0, 8)}`;
    const url = new URL(database.url);
    url.username = role;
    url.password = 'not-shown-anywhere';
    await asSuperuser(database.superuserUrl, [
      `CREATE ROLE ${role} LOGIN PASSWORD 'not-shown-anywhere' ${attributes}`,
      `GRANT CONNECT ON DATABASE ${url.pathname.slice(1)} TO ${role}`,
    ]);
    try {
      await work(url.href);
    } finally {
      await asSuperuser(database.superuserUrl, [`DROP OWNED BY ${role}`, `DROP ROLE ${role}`]);
    }
  };

  it('owns the tables', async () => {
    const output = await refused(database.adminUrl);
    expect(output).toContain('it owns customers, ');
    expect(output).toContain('CREATE ROLE kaiten_app LOGIN');
  });

  it('is a superuser', () =>
    withRole('SUPERUSER', async (url) => {
      const output = await refused(url);
      expect(output).toContain('it is a superuser');
      expect(output).toContain('CREATE ROLE kaiten_app LOGIN');
    }));

  it('has BYPASSRLS', () =>
    withRole('BYPASSRLS', async (url) => {
      const output = await refused(url);
      expect(output).toContain('it has BYPASSRLS');
      expect(output).toMatch(/ALTER ROLE "role_\w+" NOBYPASSRLS;/);
    }));

  it('is a member of the owner', () =>
    withRole(`IN ROLE ${roleOf(database.adminUrl)}`, async (url) => {
      const output = await refused(url);
      expect(output).toContain('member of the role that owns the tables');
      expect(output).toMatch(/REVOKE "kaiten_owner" FROM "role_\w+";/);
    }));
});

describe('a database that is not there', () => {
  it('is said, without the password', async () => {
    const server = await start({ DATABASE_URL: 'postgresql://kaiten:hunter2@127.0.0.1:1/kaiten' });
    expect(await server.exited).toBe(1);
    expect(server.stderr).toContain('ECONNREFUSED');
    expect(server.stderr).not.toContain('hunter2');
  });
});
