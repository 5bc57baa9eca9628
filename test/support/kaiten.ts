import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { databaseAdminUrl, databaseUrl } from './database.js';
import { project } from './embedded-process.js';
import { mintedTokens } from './minted-tokens.js';

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What was printed, as JSON. */
  readonly value: any;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A command line of its own process. Its environment holds nothing of ours but what is given. */
export const kaitenWith = (environment: Environment, ...args: string[]): Promise<Run> =>
  runKaiten({ environment, input: '' }, args);

/** The process of a command line, as it has just been started. */
export function startKaiten(environment: Environment, ...args: string[]): ChildProcessWithoutNullStreams {
  const { PATH, HOME } = process.env;
  return spawn(process.execPath, [join(project, 'dist/src/cli/kaiten.js'), ...args], {
    // The default data directory is relative to here.
    cwd: tmpdir(),
    env: { PATH, HOME, ...environment },
    stdio: 'pipe',
  });
}

async function runKaiten(
  { environment, input }: { environment: Environment; input: string },
  args: string[],
): Promise<Run> {
  const child = startKaiten(environment, ...args);
  // It may end without having read it.
  child.stdin.on('error', () => undefined).end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const minted = stdout.match(/ksh_\w+/g) ?? [];
  mintedTokens.push(...minted);
  return {
    exitCode: child.exitCode ?? -1,
    stdout,
    stderr,
    get value(): unknown {
      return JSON.parse(stdout);
    },
  };
}

const suiteDatabase = (): Environment => ({ DATABASE_URL: databaseUrl(), DATABASE_ADMIN_URL: databaseAdminUrl() });

/** A command line on the suites' database. */
export const kaiten = (...args: string[]): Promise<Run> => kaitenWith(suiteDatabase(), ...args);

/** The same, with something to read from stdin. */
export const kaitenReading = (input: string, ...args: string[]): Promise<Run> =>
  runKaiten({ environment: suiteDatabase(), input }, args);
