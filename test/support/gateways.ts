import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { project } from './embedded-process.js';
import type { ProxyFaults } from './forward-auth-proxy.js';
import { createForwardAuthProxy } from './forward-auth-proxy.js';
import { freePorts } from './ports.js';
import { pause } from './server-process.js';

/** `proxy` is test/support/forward-auth-proxy.ts, which is always there; the others are where they are installed. */
export type Kind = 'proxy' | 'nginx' | 'caddy';

/** The gateways that there are on this machine. */
export const KINDS: readonly Kind[] = [
  'proxy',
  ...(['nginx', 'caddy'] as const).filter((kind) => programOf(kind) !== undefined),
];

/** A change to a shipped configuration: what stands there, and what stands there instead. */
export type Edit = readonly [from: string, to: string];

/** What makes a bad gateway of a good one, for each kind. */
export interface Fault {
  readonly proxy: ProxyFaults;
  readonly nginx?: readonly Edit[];
  readonly caddy?: readonly Edit[];
}

export interface Upstream {
  /** Ports of the server on 127.0.0.1. */
  readonly api: number;
  readonly console: number;
}

export interface Gateway {
  /** Where the API and the console are behind it. */
  readonly url: string;
  readonly consoleUrl: string;
  stop(): Promise<void>;
}

const NO_FAULT: Fault = { proxy: {} };

/** Starts a gateway with the configuration that is shipped, its ports, its upstreams and the places of its files put in. */
export async function startGateway(kind: Kind, upstream: Upstream, fault: Fault = NO_FAULT): Promise<Gateway> {
  const ports = await freePorts();
  const at = { url: `http://127.0.0.1:${ports.api}`, consoleUrl: `http://127.0.0.1:${ports.console}` };
  if (kind === 'proxy') {
    const servers = [
      createForwardAuthProxy({ upstream: upstream.api, isConsole: false, faults: fault.proxy }),
      createForwardAuthProxy({ upstream: upstream.console, isConsole: true, faults: fault.proxy }),
    ];
    await Promise.all(servers.map((server, index) => listen(server, index === 0 ? ports.api : ports.console)));
    return { ...at, stop: async () => void (await Promise.all(servers.map(close))) };
  }
  const folder = await mkdtemp(join(tmpdir(), `kaiten-${kind}-`));
  // nginx's workers are another account when it is started by root.
  await chmod(folder, 0o755);
  const child = await (kind === 'nginx' ? startNginx : startCaddy)(folder, upstream, ports, fault);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  await accepting(child, [ports.api, ports.console]).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { ...at, stop };
}

async function startNginx(folder: string, upstream: Upstream, ports: Upstream, fault: Fault): Promise<ChildProcess> {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const places = kinds.map((kind) => `  ${kind}_temp_path ${folder}/${kind};`).join('\n');
  const file = await configure(folder, 'nginx.conf', fault.nginx, [
    ['listen 6000;', `listen 127.0.0.1:${ports.api};`],
    ['listen 3000;', `listen 127.0.0.1:${ports.console};`],
    ['server 127.0.0.1:16000;', `server 127.0.0.1:${upstream.api};`],
    ['server 127.0.0.1:13000;', `server 127.0.0.1:${upstream.console};`],
    ['pid /tmp/kaiten-nginx.pid;', `pid ${folder}/nginx.pid;`],
    ['access_log /dev/stdout combined;', `access_log off;\n${places}`],
  ]);
  return run(programOf('nginx')!, ['-p', folder, '-e', 'stderr', '-c', file, '-g', 'daemon off;'], folder);
}

async function startCaddy(folder: string, upstream: Upstream, ports: Upstream, fault: Fault): Promise<ChildProcess> {
  const file = await configure(folder, 'Caddyfile', fault.caddy, [
    ['\n:6000 {', `\n:${ports.api} {\n\tbind 127.0.0.1`],
    ['\n:3000 {', `\n:${ports.console} {\n\tbind 127.0.0.1`],
    [' 127.0.0.1:16000', ` 127.0.0.1:${upstream.api}`],
    [' 127.0.0.1:13000', ` 127.0.0.1:${upstream.console}`],
  ]);
  return run(programOf('caddy')!, ['run', '--config', file, '--adapter', 'caddyfile'], folder);
}

/** Writes an edited copy. @throws Error when something to be edited is not there: the copy would be another configuration than it is meant to be. */
async function configure(
  folder: string,
  name: string,
  faults: readonly Edit[] | undefined,
  places: readonly Edit[],
): Promise<string> {
  let text = await readFile(join(project, 'docker', name), 'utf8');
  for (const [from, to] of [...(faults ?? []), ...places]) {
    if (!text.includes(from)) throw new Error(`docker/${name} does not have ${JSON.stringify(from)}`);
    text = text.replaceAll(from, () => to);
  }
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

function run(program: string, args: readonly string[], home: string): ChildProcess {
  const env = { PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home };
  return spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Waits until it takes connections. @throws Error with what it says when it ends before, or takes longer than 10 s. */
async function accepting(child: ChildProcess, ports: readonly number[]): Promise<void> {
  let said = '';
  let failed: string | undefined;
  child.stderr!.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  child.on('error', (error) => (failed = error.message));
  child.on('exit', (code) => (failed ??= `it ended with ${code}`));
  const deadline = Date.now() + 10_000;
  for (const port of ports) {
    while (!(await takesConnections(port))) {
      if (failed !== undefined || Date.now() > deadline) {
        throw new Error(`${child.spawnfile} does not start: ${failed ?? 'it takes too long'}\n${said}`);
      }
      await pause(20);
    }
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => settle(true)).on('error', () => settle(false));
  });
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** Where the program is; the global set-up has looked for it. */
function programOf(kind: 'nginx' | 'caddy'): string | undefined {
  return process.env[`KAITEN_TEST_${kind.toUpperCase()}`];
}
