import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Account } from '../../src/database/embedded/account.js';
import { commandLine } from '../../src/database/embedded/processes.js';

export const project = resolve(import.meta.dirname, '../..');

/** A process that uses an embedded PostgreSQL as the server ("server") or the command line ("guest") does. */
const PROGRAM = `
  const embedded = await import(process.argv[1] + '/dist/src/database/embedded/embedded-postgres.js');
  const open = process.argv[2] === 'server' ? embedded.startEmbeddedPostgres : embedded.attachEmbeddedPostgres;
  const say = (event) => process.stdout.write(JSON.stringify(event) + '\\n');
  try {
    const postgres = await open({ dataDir: process.argv[3], log: (message) => say({ log: message }) });
    await postgres.recordServing?.({ apiUrl: 'http://localhost:6000', consoleUrl: 'http://localhost:3000' });
    process.stdin.once('data', () => postgres.stop().then(() => process.exit()));
    say({ ready: postgres });
  } catch (error) {
    say({ failed: error.message });
  }`;

interface Ready {
  adminUrl: string;
  applicationUrl: string;
  created: boolean;
}

/** All that were started and not yet killed by `killAll`. */
const processes: EmbeddedProcess[] = [];

export class EmbeddedProcess {
  ready?: Ready;
  failed?: string;
  readonly messages: string[] = [];
  private readonly child: ChildProcess;

  constructor(role: 'server' | 'guest', dataDir: string, options: { account?: Account; project?: string } = {}) {
    const program = ['--input-type=module', '-e', PROGRAM, options.project ?? project, role, dataDir];
    // What a developer's shell may hold, all of it wrong for this database.
    const hostile = { PGHOST: 'nowhere.invalid', PGPORT: '1', PGDATA: '/nowhere', PGUSER: 'x', PGPASSWORD: 'x' };
    this.child = spawn(process.execPath, program, {
      ...options.account,
      cwd: '/',
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...process.env,
        ...hostile,
        PGSSLMODE: 'require',
        LC_ALL: 'xx_XX',
        TZ: 'Asia/Tokyo',
        NODE_ENV: 'production',
      },
    });
    processes.push(this);
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      const { ready, failed, log } = JSON.parse(line);
      this.ready ??= ready;
      this.failed ??= failed;
      if (log) this.messages.push(log);
    });
  }

  async opened(): Promise<this & { ready: Ready }> {
    await until(() => this.ready ?? this.failed);
    if (!this.ready) throw new Error(this.failed);
    return this as this & { ready: Ready };
  }

  async refused(): Promise<string> {
    await until(() => this.ready ?? this.failed);
    if (!this.failed) throw new Error('It opened, although it should have been refused.');
    return this.failed;
  }

  async stop(): Promise<void> {
    this.child.stdin!.write('stop\n');
    await this.ended();
    if (this.child.exitCode !== 0) throw new Error(`Ended with ${this.child.exitCode ?? this.child.signalCode}.`);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended();
  }

  get pid(): number {
    return this.child.pid!;
  }

  private async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}

export async function until<T>(condition: () => T | Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 45_000; Date.now() < deadline; await sleep(20)) {
    const value = await condition();
    if (value) return value;
  }
  throw new Error(`Waited in vain for ${condition}`);
}

export function cluster(dataDir: string): string {
  const { cluster } = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8'));
  return resolve(dataDir, cluster);
}

export function postmasterPid(dataDir: string): number {
  return parseInt(readFileSync(join(cluster(dataDir), 'postmaster.pid'), 'utf8'));
}

/** A killed process may stay on as a zombie, which has no command line. */
export async function isRunning(pid: number): Promise<boolean> {
  return (await commandLine(pid)) !== '';
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function killAll(): Promise<void> {
  for (const process of processes.splice(0)) await process.kill();
}
