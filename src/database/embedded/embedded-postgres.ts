import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { claimServing, claimUse, releaseUse, sessionName } from './claim.js';
import { type Cluster, DATABASE, openCluster, rememberPort, type RoleName } from './cluster.js';
import { readPrivate, writePrivate } from './files.js';
import { stopPostmaster } from './lock-file.js';
import { reachPostmaster } from './postmaster.js';

export interface EmbeddedPostgres {
  /** Connection URL of the owner role, which is no superuser. */
  adminUrl: string;
  /** Connection URL of the application role. */
  applicationUrl: string;
  /** True when this call created the cluster. */
  created: boolean;
  /** Stops PostgreSQL (fast shutdown) unless another process uses it too; then that one will. Idempotent. */
  stop(): Promise<void>;
}

/** What the server of a data directory tells those who come after it, in `server.json`. */
export interface ServingRecord {
  pid: number;
  since: string;
  apiUrl?: string;
  consoleUrl?: string;
}

export interface ServingPostgres extends EmbeddedPostgres {
  /** Notes where the server listens, for the message that a second start on this data directory prints. */
  recordServing(urls: { apiUrl: string; consoleUrl: string }): Promise<void>;
}

export class AlreadyRunningError extends Error {
  constructor(
    readonly pid: number,
    readonly apiUrl?: string,
    readonly since?: string,
  ) {
    const facts = [`pid ${pid || 'unknown'}`, apiUrl ?? 'still starting', since && `since ${since}`];
    super(`kaiten-server already runs on this data directory (${facts.filter(Boolean).join(', ')})`);
    this.name = 'AlreadyRunningError';
  }
}

interface Options {
  /** Made if absent; cluster, credentials and PostgreSQL's log are found from here. */
  dataDir: string;
  log: (message: string) => void;
}

/**
 * For the server: creates the cluster when there is none, starts PostgreSQL or takes over one that survived its server,
 * and starts it again whenever it goes away before `stop`. Throws AlreadyRunningError when the data directory has a server.
 */
export async function startEmbeddedPostgres(options: Options): Promise<ServingPostgres> {
  const { cluster, created } = await openCluster({ dataDirectory: options.dataDir, create: true, log: options.log });
  const session = new Session('server', cluster, created, options.log);
  await session.open();
  return session;
}

/**
 * For the command line: uses PostgreSQL beside a running server, or starts it, and then `stop` stops it again. Throws when
 * the data directory has no cluster, unless `create` is set.
 */
export async function attachEmbeddedPostgres(options: Options & { create?: boolean }): Promise<EmbeddedPostgres> {
  const { dataDir, create = false, log } = options;
  const { cluster, created } = await openCluster({ dataDirectory: dataDir, create, log });
  const session = new Session('guest', cluster, created, log);
  await session.open();
  return session;
}

/** One process's use of a cluster, held by a database session for as long as it lasts. */
class Session implements ServingPostgres {
  adminUrl = '';
  applicationUrl = '';
  private readonly stopping = new AbortController();
  private readonly record: ServingRecord = { pid: process.pid, since: new Date().toISOString() };
  private client?: pg.Client;
  private recovery?: Promise<void>;
  private stopped?: Promise<void>;

  constructor(
    private readonly role: 'server' | 'guest',
    private readonly cluster: Cluster,
    readonly created: boolean,
    private readonly log: (message: string) => void,
  ) {}

  /** Connects and claims. A server that its last user is just stopping ends our session; then it is started anew. */
  async open(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const { client, port } = await reachPostmaster(this.cluster, {
        name: sessionName(),
        keepPort: this.adminUrl !== '',
        signal: this.stopping.signal,
        log: this.log,
      });
      try {
        await this.claim(client);
        await rememberPort(this.cluster, port);
        this.adminUrl = this.url('kaiten_owner', port);
        this.applicationUrl = this.url('kaiten_app', port);
        this.client = client;
        if (this.role === 'server') client.once('end', () => this.onEnd());
        return;
      } catch (error) {
        await this.leave(client, false);
        if (error instanceof AlreadyRunningError || attempt === 5) throw error;
      }
    }
  }

  async recordServing(urls: { apiUrl: string; consoleUrl: string }): Promise<void> {
    Object.assign(this.record, urls);
    await writePrivate(this.recordPath(), this.record);
  }

  stop(): Promise<void> {
    this.stopped ??= this.shutDown();
    return this.stopped;
  }

  private async claim(client: pg.Client): Promise<void> {
    await claimUse(client);
    if (this.role === 'guest') return;
    const { ours, pid } = await claimServing(client);
    if (ours) return writePrivate(this.recordPath(), this.record);
    const other = await readPrivate<ServingRecord>(this.recordPath());
    throw other?.pid === pid ? new AlreadyRunningError(pid, other.apiUrl, other.since) : new AlreadyRunningError(pid);
  }

  private onEnd(): void {
    if (this.stopping.signal.aborted) return;
    this.client = undefined;
    this.recovery = this.recover();
  }

  /** The server answers 503 meanwhile. It may take any number of attempts, since somebody may be repairing the machine. */
  private async recover(): Promise<void> {
    const { signal } = this.stopping;
    this.log('PostgreSQL went away; starting it again');
    for (let pause = 100; !signal.aborted; pause = Math.min(2 * pause, 2_000)) {
      try {
        await this.open();
        this.log('PostgreSQL is back');
        return;
      } catch (error) {
        if (!signal.aborted) this.log(`PostgreSQL is not back yet: ${(error as Error).message}`);
        await sleep(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async shutDown(): Promise<void> {
    this.stopping.abort();
    await this.recovery;
    if (this.role === 'server') await rm(this.recordPath(), { force: true });
    await this.leave(this.client, true);
  }

  /** The session ends last: until then, the lock it holds keeps others from counting on a server that is being stopped. */
  private async leave(client: pg.Client | undefined, lastIfLost: boolean): Promise<void> {
    const last = client ? await releaseUse(client).catch(() => lastIfLost) : lastIfLost;
    if (last) await stopPostmaster(this.cluster.directory);
    await client?.end();
  }

  private recordPath(): string {
    return join(this.cluster.dataDirectory, 'server.json');
  }

  private url(role: RoleName, port: number): string {
    return `postgresql://${role}:${this.cluster.passwords[role]}@127.0.0.1:${port}/${DATABASE}?sslmode=disable`;
  }
}
