import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { LONGEST_SILENCE } from '../../src/database/notifications.js';
import type { FreshDatabase } from '../support/fresh-database.js';
import { freshDatabase } from '../support/fresh-database.js';
import { kaitenWith } from '../support/kaiten.js';
import { freePorts } from '../support/ports.js';
import { pause, ServerProcess } from '../support/server-process.js';

jest.setTimeout(60_000);

const VALIDATE = '/api/tokens/validate';

let database: FreshDatabase;
let first: ServerProcess;
let second: ServerProcess;
/** As the servers' role, which may end its own sessions. */
let application: pg.Client;
let admin: string;
/** The backends that tell the servers of changes. */
const backends = new Map<ServerProcess, number>();

beforeAll(async () => {
  database = await freshDatabase();
  const env = { DATABASE_URL: database.url, DATABASE_ADMIN_URL: database.adminUrl };
  application = new pg.Client({ connectionString: database.url });
  await application.connect();
  const start = async (): Promise<ServerProcess> => {
    const server = new ServerProcess(join(tmpdir(), `kaiten-unused-${randomUUID()}`), await freePorts(), env);
    await server.ready();
    backends.set(server, await listeningBackendOf(server));
    return server;
  };
  first = await start();
  second = await start();
  const ofAcme = ['--organization', 'acme', '--name', 'app', '--slug', 'app'];
  await kaitenWith(env, 'organization', 'create', '--name', 'Acme', '--slug', 'acme');
  await kaitenWith(env, 'service-account', 'create', ...ofAcme);
  const minted = await kaitenWith(
    env,
    ...['token', 'create', '--organization', 'acme', '--service-account', 'app', '--name', 'admin'],
    ...['--scope', 'write:*', '--json'],
  );
  admin = minted.value.token;
});

afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()]);
  await application?.end();
  await database?.drop();
});

/** The one that is not the other server's, nor `before`: then it waits until the server has connected anew. */
async function listeningBackendOf(server: ServerProcess, before?: number): Promise<number> {
  const others = [before, ...[...backends].filter(([owner]) => owner !== server).map(([, pid]) => pid)];
  for (;;) {
    const { rows } = await application.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'kaiten-server listening' AND datname = current_database()`,
    );
    const own = rows.find(({ pid }) => !others.includes(pid));
    if (own) return own.pid;
    await pause(20);
  }
}

const statusOf = async (server: ServerProcess, token: string): Promise<number> =>
  (await server.get(VALIDATE, token))!.status;

interface Minted {
  readonly token: string;
  readonly path: string;
}

/** A token that both processes have in memory. */
async function mint(): Promise<Minted> {
  const tokens = '/api/service-accounts/app/tokens';
  const response = await fetch(first.url + tokens, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: randomUUID(), scopes: ['read:*'] }),
  });
  const { token, id } = (await response.json()) as { token: string; id: string };
  for (const server of [first, first, second, second]) expect(await statusOf(server, token)).toBe(200);
  return { token, path: `${tokens}/${id}` };
}

/** Revokes at the first process. @returns what `performance.now()` said when the 204 was there. */
async function revoke({ path }: Minted): Promise<number> {
  const response = await fetch(first.url + path, { method: 'DELETE', headers: { authorization: `Bearer ${admin}` } });
  expect(response.status).toBe(204);
  return performance.now();
}

/** Asks until it is refused, and then a few times more. @returns when the last request began that was accepted. */
async function lastAccepted(server: ServerProcess, { token }: Minted): Promise<number> {
  let last = -Infinity;
  for (let refused = 0; refused < 20;) {
    const began = performance.now();
    const status = await statusOf(server, token);
    if (status === 200) last = began;
    else refused += 1;
    expect([200, 401]).toContain(status);
    // Once dead it stays dead.
    if (refused > 0) expect(status).toBe(401);
  }
  return last;
}

describe('a token that two processes have in memory, revoked at one of them', () => {
  it('is refused by both', async () => {
    for (let round = 0; round < 20; round += 1) {
      const minted = await mint();
      const revokedAt = await revoke(minted);
      expect(await statusOf(first, minted.token)).toBe(401);
      expect((await lastAccepted(second, minted)) - revokedAt).toBeLessThan(LONGEST_SILENCE);
    }
  });

  it('is refused by the other though its LISTEN connection was ended before, and nobody told it', async () => {
    for (let round = 0; round < 3; round += 1) {
      const minted = await mint();
      const backend = await listeningBackendOf(second);
      await application.query('SELECT pg_terminate_backend($1)', [backend]);
      const revokedAt = await revoke(minted);
      expect(await statusOf(first, minted.token)).toBe(401);
      expect((await lastAccepted(second, minted)) - revokedAt).toBeLessThan(LONGEST_SILENCE);
      backends.set(second, await listeningBackendOf(second, backend));
    }
  });

  it('is refused by the other within two seconds though that one’s notifications are stuck', async () => {
    const minted = await mint();
    const backend = await listeningBackendOf(second);
    process.kill(backend, 'SIGSTOP');
    try {
      const revokedAt = await revoke(minted);
      expect((await lastAccepted(second, minted)) - revokedAt).toBeLessThan(LONGEST_SILENCE);
    } finally {
      process.kill(backend, 'SIGCONT');
    }
    // What was stuck arrives, and changes nothing.
    expect(await statusOf(second, minted.token)).toBe(401);
  });

  it('is refused after the 204 though the notifications of the process that says so are stuck', async () => {
    const minted = await mint();
    const backend = await listeningBackendOf(first);
    process.kill(backend, 'SIGSTOP');
    try {
      await revoke(minted);
      expect(await statusOf(first, minted.token)).toBe(401);
    } finally {
      process.kill(backend, 'SIGCONT');
    }
  });

  it('is refused by both though the connection stays stuck until they give it up', async () => {
    const minted = await mint();
    const backend = await listeningBackendOf(second);
    process.kill(backend, 'SIGSTOP');
    try {
      backends.set(second, await listeningBackendOf(second, backend));
      await revoke(minted);
      await lastAccepted(second, minted);
    } finally {
      process.kill(backend, 'SIGCONT');
    }
  });
});
