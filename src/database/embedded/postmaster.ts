import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Cluster } from './cluster.js';
import { isPostmaster, type LockFile, readLockFile } from './lock-file.js';
import { start } from './run.js';

/** A superuser's session with the running server of a cluster. */
export interface Link {
  client: pg.Client;
  port: number;
}

interface ReachOptions {
  /** The session's application name. */
  name: string;
  /** Refuses another port than the last one, because there are connection pools that know that one. */
  keepPort: boolean;
  /** Gives up, leaving nothing behind that was started here. */
  signal: AbortSignal;
  log: (message: string) => void;
}

/** How many starts in a row may fail, as they do when another program takes the port just then. */
const MAX_FAILURES = 5;
/** For how long they may fail because processes of a killed server still have to end. */
const PATIENCE_MS = 20_000;
const MAX_LOG_BYTES = 4 * 1024 * 1024;

/**
 * Connects to the server of this cluster, starting it if none runs. Any number of processes may do this at the same time:
 * PostgreSQL itself admits one server to a cluster, and whoever loses finds the winner's.
 */
export async function reachPostmaster(cluster: Cluster, options: ReachOptions): Promise<Link> {
  let child: ChildProcess | undefined;
  let failures = 0;
  let foreignPid: number | undefined;
  const begin = Date.now();
  let nextNews = begin + 10_000;
  try {
    for (;;) {
      options.signal.throwIfAborted();
      const lock = await readLockFile(cluster.directory);
      if (lock && lock.pid !== foreignPid && (await isPostmaster(lock))) {
        failures = 0;
        const result = await tryConnect(cluster, lock, options.name);
        if (typeof result === 'object') return result;
        if (result === 'not ours') foreignPid = lock.pid;
      } else if (!child || hasEnded(child)) {
        if (child) {
          failures += 1;
          const end = await endOfLog(cluster);
          const isTemporary = end.includes('shared memory block') && Date.now() < begin + PATIENCE_MS;
          if (failures > MAX_FAILURES && !isTemporary) throw new Error(`PostgreSQL does not start: ${end}`);
          await sleep(200, undefined, { signal: options.signal });
        }
        child = await spawnPostmaster(cluster, await choosePort(cluster, options.keepPort), lock?.pid);
      }
      if (Date.now() > nextNews) {
        options.log(
          `Still waiting for PostgreSQL, which may be recovering from a crash; its log is ${logPath(cluster)}`,
        );
        nextNews += 10_000;
      }
      await sleep(20, undefined, { signal: options.signal });
    }
  } catch (error) {
    if (child && !hasEnded(child)) {
      child.ref();
      child.kill('SIGINT');
      await once(child, 'exit');
    }
    throw error;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function tryConnect(cluster: Cluster, lock: LockFile, name: string): Promise<Link | 'not yet' | 'not ours'> {
  if (!lock.ready || !lock.port) return 'not yet';
  const client = new pg.Client({
    host: '127.0.0.1',
    port: lock.port,
    user: 'postgres',
    database: 'postgres',
    password: cluster.passwords.postgres,
    application_name: name,
    ssl: false,
    connectionTimeoutMillis: 5_000,
    // Said explicitly, or the driver would take the caller's PGOPTIONS.
    options: '-c statement_timeout=0',
  });
  client.on('error', () => undefined); // Who needs the session listens for its 'end'.
  try {
    await client.connect();
    if (await serves(client, cluster)) return { client, port: lock.port };
    await client.end();
    return 'not ours';
  } catch (error) {
    const invalidPassword = (error as pg.DatabaseError).code === '28P01';
    return invalidPassword ? 'not ours' : 'not yet';
  }
}

/** Whether the server at the other end works in this very directory, and not in one that this is a copy of. */
async function serves(client: pg.Client, cluster: Cluster): Promise<boolean> {
  const name = `kaiten-probe-${randomBytes(8).toString('hex')}`;
  const path = join(cluster.directory, name);
  await writeFile(path, '');
  try {
    const { rows } = await client.query('SELECT (pg_stat_file($1, true)).size IS NOT NULL AS here', [name]);
    return rows[0].here;
  } finally {
    await rm(path, { force: true });
  }
}

async function spawnPostmaster(cluster: Cluster, port: number, stalePid?: number): Promise<ChildProcess> {
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=100',
    'shared_buffers=128MB',
    // Statements that fail are the application's to report; here they would fill the disk, with people's data.
    'log_min_messages=log',
    'log_min_error_statement=panic',
    'log_checkpoints=off',
  ];
  const log = await openLog(cluster);
  try {
    const child = start(
      cluster.binaries,
      'postgres',
      ['-D', cluster.directory, ...settings.flatMap((setting) => ['-c', setting])],
      {
        account: cluster.account,
        // A session of its own: what the terminal sends to us must not stop the database before we are done with it.
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        // Names a process that holds the cluster's lock file but is known to be no server of it. PostgreSQL made this
        // for pg_ctl; it lets PostgreSQL itself replace the file, with all its own precautions.
        env: stalePid ? { PG_GRANDPARENT_PID: String(stalePid) } : {},
      },
    );
    await once(child, 'spawn');
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

/** The last port if it is still free, else one from below the range that systems hand out to outgoing connections. */
async function choosePort(cluster: Cluster, keep: boolean): Promise<number> {
  if (cluster.port && (await isFree(cluster.port))) return cluster.port;
  if (keep) throw new Error(`port ${cluster.port}, where PostgreSQL was, is taken by another program`);
  for (;;) {
    const port = randomInt(20_000, 30_000);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  } finally {
    server.close();
  }
}

function logPath(cluster: Cluster): string {
  return join(cluster.dataDirectory, 'postgres.log');
}

async function openLog(cluster: Cluster): Promise<FileHandle> {
  const path = logPath(cluster);
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size > MAX_LOG_BYTES) await rename(path, `${path}.old`);
  return open(path, 'a', 0o600);
}

async function endOfLog(cluster: Cluster): Promise<string> {
  const path = logPath(cluster);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return [`the end of ${path} is`, ...lines.slice(-4)].join('\n  ');
}
