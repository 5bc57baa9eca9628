import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Account } from './account.js';
import type { Binaries } from './binaries.js';

type Program = 'initdb' | 'postgres';

/**
 * Starts one of PostgreSQL's programs without a shell, with an environment of its own: the caller's PGDATA, PGPORT,
 * LC_ALL and the like would otherwise change what it does. The working directory is one that every account can enter.
 */
export function start(
  binaries: Binaries,
  program: Program,
  parameters: string[],
  options: SpawnOptions & { account?: Account },
): ChildProcess {
  const { account, ...rest } = options;
  return spawn(join(binaries.directory, 'bin', program), parameters, {
    ...rest,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...rest.env },
    ...(account && { uid: account.uid, gid: account.gid }),
  });
}

/** Runs one of PostgreSQL's programs to its end; a failure's error has what the program said. */
export async function run(
  binaries: Binaries,
  program: Program,
  options: { account?: Account; arguments: string[]; input?: string },
): Promise<void> {
  const child = start(binaries, program, options.arguments, {
    account: options.account,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  // A program that fails early closes its input, which is no news beside its exit code.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);
  const [complaints, [code, signal]] = await Promise.all([
    child.stderr ? text(child.stderr) : '',
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  if (code !== 0) throw new Error(`${program} failed (${signal ?? `exit code ${code}`}): ${complaints.trim()}`);
}
