import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, unlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { rootStateOf } from '../src/database/embedded/cluster.js';
import { freePorts } from './support/ports.js';
import { pause, ServerProcess } from './support/server-process.js';

jest.setTimeout(60_000);

let dataDir: string;
const running: ServerProcess[] = [];

beforeAll(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'kaiten-start-')), 'data dir');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});
afterAll(async () => {
  await rm(rootStateOf(await realpath(dataDir)), { recursive: true, force: true });
  await rm(join(dataDir, '..'), { recursive: true, force: true });
});

async function start(env?: Record<string, string | undefined>): Promise<ServerProcess> {
  const server = new ServerProcess(dataDir, await freePorts(), env);
  running.push(server);
  return server;
}

async function customersOf(server: ServerProcess, token: string): Promise<{ status: number; body: any }> {
  const response = (await server.get('/api/customers', token))!;
  return { status: response.status, body: await response.json() };
}

const SIGN_IN_URL = /^http:\/\/localhost:\d+\/sign-in#[A-Za-z0-9_-]{43}$/;

/** What the console does with a sign-in link. */
async function signIn(server: ServerProcess, url: string): Promise<{ status: number; body: any }> {
  const origin = `http://localhost:${server.ports.console}`;
  const response = await fetch(`${origin.replace('localhost', '127.0.0.1')}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ secret: url.split('#')[1] }),
  });
  return { status: response.status, body: await response.json() };
}

describe('npm start', () => {
  let token: string;
  let person: string;

  it('on an empty data directory ends in a curl that answers the demo customers', async () => {
    const server = await (await start()).ready();
    const quickstart = await server.quickstart();
    token = quickstart.token;
    expect(quickstart).toEqual({
      apiUrl: `http://localhost:${server.ports.api}/api`,
      consoleUrl: `http://localhost:${server.ports.console}`,
      token: expect.stringMatching(/^ksh_[0-9A-Za-z]{38}$/),
      signInUrl: expect.stringMatching(SIGN_IN_URL),
      organization: 'sakura',
    });
    expect((await stat(join(dataDir, 'quickstart.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect(server.stderr).toContain(
      `curl http://localhost:${server.ports.api}/api/customers -H "Authorization: Bearer ${token}"`,
    );
    expect(server.stderr).toContain(`http://localhost:${server.ports.console}/api/docs`);
    expect(server.stderr).toContain(dataDir);

    const { body } = await customersOf(server, token);
    expect(body.items.map(({ name, slug }: { name: string; slug: string }) => [name, slug])).toEqual([
      ['Sakura Tokyo', 'sakura-tokyo'],
      ['Sakura Osaka', 'sakura-osaka'],
      ['Sakura Kyoto', 'sakura-kyoto'],
    ]);
    expect(body.total).toBe(3);
    expect(await (await server.get('/api/instances', token))!.json()).toMatchObject({ total: 6 });
    expect(await (await server.get('/api/feature-flags', token))!.json()).toMatchObject({ total: 4 });
    expect(server.stdout).not.toContain(token);

    expect(server.stderr).toContain(`  ${quickstart.signInUrl}\n`);
    expect(quickstart.signInUrl).toContain(`http://localhost:${server.ports.console}/sign-in#`);
    const signedIn = await signIn(server, quickstart.signInUrl);
    expect([signedIn.status, signedIn.body]).toMatchObject([
      201,
      { person: { name: 'Owner' }, role: 'owner', organization: { slug: 'sakura' } },
    ]);
    expect((await signIn(server, quickstart.signInUrl)).status).toBe(401);
    expect(server.stdout).not.toContain(quickstart.signInUrl.split('#')[1]);
    person = signedIn.body.person.id;
  });

  it('keeps the token and the data at the next start, signs the same person in with another link, and listens on both ports', async () => {
    const server = await (await start()).ready();
    expect((await server.quickstart()).token).toBe(token);
    expect((await customersOf(server, token)).body.total).toBe(3);
    const signedIn = await signIn(server, (await server.quickstart()).signInUrl);
    expect([signedIn.status, signedIn.body.person.id]).toEqual([201, person]);
    const root = (await server.get('/'))!;
    expect([root.status, root.headers.get('location')]).toEqual([302, '/api/docs']);
    expect(root.headers.get('x-request-id')).toBeTruthy();
    const api = await fetch(`http://127.0.0.1:${server.ports.console}/api/customers`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(api.status).toBe(200);
  });

  it('revokes the token and mints another when quickstart.json was lost', async () => {
    await unlink(join(dataDir, 'quickstart.json'));
    const server = await (await start({ NODE_ENV: 'production' })).ready();
    const { token: next } = await server.quickstart();
    expect(next).not.toBe(token);
    expect((await customersOf(server, token)).status).toBe(401);
    expect((await customersOf(server, next)).body.total).toBe(3);
    token = next;
  });

  it('mints another when it was rotated, within the policy that somebody has set meanwhile, and leaves the successor alone', async () => {
    const before = await (await start()).ready();
    const send = (method: string, path: string, body: object): Promise<Response> =>
      fetch(before.url + path, {
        method,
        body: JSON.stringify(body),
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      });
    const requiredCidrs = ['127.0.0.0/8', '::1/128'];
    const tokens = '/api/service-accounts/quick-start/tokens';
    const [{ slug }] = (
      (await (await before.get(`${tokens}?state=active`, token))!.json()) as { items: { slug: string }[] }
    ).items as [{ slug: string }];
    const rotated = await send('POST', `${tokens}/${slug}/rotate`, { graceSeconds: 1 });
    const successor = (await rotated.json()) as { token: string };
    const policy = { longestLifetimeDays: 7, expiryRequired: true, requiredCidrs };
    expect((await send('PUT', '/api/token-policy', policy)).status).toBe(204);
    await pause(1_000);
    await before.stop();

    const server = await (await start()).ready();
    const { token: next } = await server.quickstart();
    expect(next).not.toBe(token);
    expect((await customersOf(server, token)).status).toBe(401);
    expect((await customersOf(server, next)).body.total).toBe(3);
    expect((await customersOf(server, successor.token)).status).toBe(200);
    const { items } = (await (await server.get(`${tokens}?state=active&sort=createdAt`, next))!.json()) as any;
    expect(items).toMatchObject([
      { name: 'quick-start', replaces: { slug } },
      { name: 'quick-start 2', allowedCidrs: requiredCidrs, flags: expect.arrayContaining(['expiring']) },
    ]);
    await server.stop();

    // What it has minted itself it replaces, under whatever name.
    await unlink(join(dataDir, 'quickstart.json'));
    const again = await (await start()).ready();
    const { token: last } = await again.quickstart();
    const statuses = [next, successor.token, last].map(async (secret) => (await customersOf(again, secret)).status);
    expect(await Promise.all(statuses)).toEqual([401, 200, 200]);
    token = last;
  });

  it('says what already runs on the data directory', async () => {
    const first = await (await start()).ready();
    const second = await start();
    expect(await second.exited).toBe(1);
    expect(second.stderr).toContain('already runs on this data directory');
    expect(second.stderr).toContain(`http://localhost:${first.ports.api}/api`);
    expect((await customersOf(first, token)).status).toBe(200);
  });

  it('names a taken port and its variable', async () => {
    const ports = await freePorts();
    const squatter = createServer().listen(ports.console, '127.0.0.1');
    const server = new ServerProcess(dataDir, ports);
    expect(await server.exited).toBe(1);
    squatter.close();
    expect(server.stderr).toContain(`Port ${ports.console}`);
    expect(server.stderr).toContain('CONSOLE_PORT=');
  });

  it('comes up again after kill -9, with the same token', async () => {
    const killed = await (await start()).ready();
    killed.kill('SIGKILL');
    await killed.exited;
    const server = await (await start()).ready();
    expect((await customersOf(server, token)).body.total).toBe(3);
  });

  it('lets requests end on SIGTERM, refuses new ones, and exits with 0', async () => {
    const server = await (await start()).ready();
    const answers = Promise.all(Array.from({ length: 50 }, () => server.get('/api/customers?q=sakura', token)));
    await pause(15);
    const stopped = server.stop();
    for (const answer of await answers) if (answer) expect(answer.status).toBe(200);
    expect(await stopped).toBe(0);
    expect(await server.get('/api/healthz')).toBeUndefined();
  });

  it('answers 503 while PostgreSQL is down, and recovers by itself', async () => {
    const server = await (await start()).ready();
    process.kill(await postmasterOf(dataDir), 'SIGKILL');
    const response = (await server.get('/api/customers', token))!;
    if (response.status !== 200) {
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await response.json()).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    }
    expect((await server.get('/api/healthz'))!.status).toBe(200);
    const deadline = Date.now() + 20_000;
    let status: number | undefined;
    while (status !== 200 && Date.now() < deadline) {
      status = (await server.get('/api/readyz'))?.status;
      if (status !== 200) await pause(50);
    }
    expect(status).toBe(200);
    expect((await customersOf(server, token)).body.total).toBe(3);
  });

  it('told to stop while it is starting, leaves no PostgreSQL behind', async () => {
    const server = await start();
    while (!server.stderr.includes('Building') && !(await isServed(dataDir))) await pause(20);
    await pause(100);
    const code = await server.stop();
    expect([0, 'SIGTERM']).toContain(code);
    await expect(postmasterOf(dataDir)).rejects.toThrow('ENOENT');
  });

  it('that fails late stops PostgreSQL, and leaves no token lying about', async () => {
    await rename(join(dataDir, 'quickstart.json'), join(dataDir, 'aside.json'));
    await mkdir(join(dataDir, 'quickstart.json'));
    const server = await start();
    expect(await server.exited).toBe(1);
    await expect(postmasterOf(dataDir)).rejects.toThrow('ENOENT');
    expect((await readdir(dataDir)).filter((name) => name.startsWith('quickstart.json.'))).toEqual([]);
    await rm(join(dataDir, 'quickstart.json'), { recursive: true });
    await rename(join(dataDir, 'aside.json'), join(dataDir, 'quickstart.json'));
  });

  it('names every variable that is wrong, and no value', async () => {
    const server = await start({
      LOG_LEVEL: 'loud-secret',
      DATABASE_URL: 'mysql://u:hunter2@host/x',
      DATABASE_POOL_SIZE: '0',
    });
    expect(await server.exited).toBe(1);
    for (const name of ['LOG_LEVEL', 'DATABASE_URL', 'DATABASE_POOL_SIZE']) expect(server.stderr).toContain(name);
    expect(server.stderr).not.toMatch(/hunter2|loud-secret/);
  });
});

/** Whether a postmaster is there. */
const isServed = (directory: string): Promise<boolean> =>
  postmasterOf(directory).then(
    () => true,
    () => false,
  );

/** Process id of the postmaster; the data directory says where its cluster lies. */
async function postmasterOf(directory: string): Promise<number> {
  const { cluster } = JSON.parse(await readFile(join(directory, 'postgres.json'), 'utf8')) as { cluster: string };
  return Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}
