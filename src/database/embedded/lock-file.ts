import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine } from './processes.js';

/** What `postmaster.pid` says. The file outlives a crash, so what it says may have been true once. */
export interface LockFile {
  pid: number;
  dataDirectory: string;
  port?: number;
  /** Whether connections are accepted. */
  ready: boolean;
}

export async function readLockFile(directory: string): Promise<LockFile | undefined> {
  const content = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => undefined);
  return content === undefined ? undefined : parseLockFile(content);
}

/** Its lines are: process, data directory, start time, port, socket directory, listen address, shared memory, status. */
export function parseLockFile(content: string): LockFile | undefined {
  const [pid, dataDirectory, , port, , , , status] = content.split('\n');
  if (!(Number(pid) > 0) || !dataDirectory) return undefined;
  return {
    pid: Number(pid),
    dataDirectory,
    port: Number(port) || undefined,
    ready: status?.trim() === 'ready',
  };
}

/** Whether the process is still the one that wrote the file, and not another that was given the same id since. */
export async function isPostmaster(lock: LockFile): Promise<boolean> {
  return `${await commandLine(lock.pid)} `.includes(` -D ${lock.dataDirectory} `);
}

/** Stops the server of this cluster, waiting for its end; politely first. */
export async function stopPostmaster(directory: string): Promise<void> {
  const lock = await readLockFile(directory);
  if (!lock) return;
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', 10_000], // fast shutdown
    ['SIGQUIT', 2_000], // immediate shutdown: the next start recovers from the write-ahead log
    ['SIGKILL', 2_000],
  ];
  for (const [signal, patience] of steps) {
    if (!(await isPostmaster(lock))) return;
    kill(lock.pid, signal);
    const deadline = Date.now() + patience;
    while (Date.now() < deadline && (await isPostmaster(lock))) await sleep(20);
  }
}

/** Asks the server of this cluster to end as soon as nobody is connected to it. */
export async function stopUnusedPostmaster(directory: string): Promise<void> {
  const lock = await readLockFile(directory);
  if (lock && (await isPostmaster(lock))) kill(lock.pid, 'SIGTERM');
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
