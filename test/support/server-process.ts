import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Quickstart } from '../../src/demo/quickstart.js';

/** A server as `npm start` runs it, in a process of its own. */
export class ServerProcess {
  stderr = '';
  stdout = '';
  /** Exit code; a signal's name when one ended the process. */
  readonly exited: Promise<number | string>;
  private readonly child: ChildProcess;

  constructor(
    readonly dataDir: string,
    readonly ports: { readonly api: number; readonly console: number },
    env: Readonly<Record<string, string | undefined>> = {},
  ) {
    this.child = spawn(process.execPath, ['scripts/start.mjs'], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        KAITEN_DATA_DIR: dataDir,
        PORT: String(ports.api),
        CONSOLE_PORT: String(ports.console),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout!.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr!.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exited = once(this.child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.api}`;
  }

  /** Waits until it says that it is ready. @throws Error with its output when it ends before, or takes longer than 30 s. */
  async ready(): Promise<this> {
    const deadline = Date.now() + 30_000;
    let ended = false;
    void this.exited.then(() => (ended = true));
    while (!this.stderr.includes('is ready')) {
      if (ended || Date.now() > deadline)
        throw new Error(`the server did not get ready:\n${this.stderr}\n${this.stdout}`);
      await pause(20);
    }
    return this;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(): Promise<number | string> {
    this.kill('SIGTERM');
    return this.exited;
  }

  async quickstart(): Promise<Quickstart> {
    return JSON.parse(await readFile(join(this.dataDir, 'quickstart.json'), 'utf8'));
  }

  /** Asks the API; undefined when nobody answers. */
  async get(path: string, token?: string): Promise<Response | undefined> {
    const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
    return fetch(this.url + path, { headers, redirect: 'manual', signal: AbortSignal.timeout(10_000) }).catch(
      () => undefined,
    );
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
