import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { CONTEXT } from './flag-context.mjs';
import { startServer } from './processes.mjs';

/** Connections of each server's pool to PostgreSQL: what the application has by default. */
const POOL_SIZE = 10;
const root = resolve(import.meta.dirname, '..');

/** The application, by what is set besides what all of them have. */
const APPLICATIONS = {
  kaiten: {},
  /** Has nothing to do but validate. */
  validating: {},
  signed: { PRINCIPAL_JWT: 'signed' },
  cacheless: { TOKEN_CACHE_SIZE: '0' },
  untracked: { TOKEN_USE_TRACKING: 'off' },
  trusting: { GATEWAY_TRUSTED_CIDRS: '127.0.0.0/8' },
  /** Has nothing to do but evaluate flags. */
  evaluating: {},
  uncounted: { FLAG_EVALUATION_COUNTS: 'off' },
};

/** Baselines that send what the application answers about the flags of an organization. */
const BARE_FLAGS = ['bare-flags-5', 'bare-flags-350', 'bare-flags-rules'];

const FIRST_PORT = 6101;
const NAMES = [...Object.keys(APPLICATIONS), 'bare', 'unscoped', 'bareValidate', 'selectOne', ...BARE_FLAGS];
const portOf = (name) => FIRST_PORT + 2 * NAMES.indexOf(name);

/** The programs that rows compare, each started when the first row needs it and stopped after the last. */
export class Servers {
  #running = new Map();
  #settings;

  /** @param settings database; statements, which baselines send; token, of an organization; flags, organizations that have some; dataDir for logs and configurations. */
  constructor(settings) {
    this.#settings = settings;
  }

  /** @returns the server, running: { name, pid, port, logFile }. */
  async get(name) {
    if (!this.#running.has(name)) this.#running.set(name, await this.#start(name));
    return this.#running.get(name);
  }

  /** Stops all but those of the given names. */
  async keep(names) {
    for (const [name, server] of this.#running) {
      if (names.has(name)) continue;
      this.#running.delete(name);
      await server.stop();
    }
  }

  async #start(name) {
    const port = portOf(name);
    const { dataDir } = this.#settings;
    const { program, config, readyPath } = await this.#programOf(name, port);
    const args = name === process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${dataDir}`] : [];
    args.push(join(root, program));
    if (config) {
      const file = join(dataDir, `${name}.json`);
      await writeFile(file, JSON.stringify({ port, ...config }), { mode: 0o600 });
      args.push(file);
    }
    const logFile = join(dataDir, `${name}.log`);
    const readyUrl = `http://127.0.0.1:${port}${readyPath}`;
    const server = await startServer({ name, args, env: this.#environmentOf(name, port), logFile, readyUrl });
    return { ...server, port };
  }

  async #programOf(name, port) {
    const { database, statements } = this.#settings;
    const pool = { port, databaseUrl: database.applicationUrl, poolSize: POOL_SIZE };
    switch (name) {
      case 'bare':
        return { program: 'bench/bare-server.mjs', config: { ...pool, statements }, readyPath: '/ready' };
      case 'unscoped': {
        const { TENANT_TABLES } = await import('./database.mjs');
        return { program: 'bench/unscoped-server.mjs', config: { tables: TENANT_TABLES }, readyPath: '/api/healthz' };
      }
      case 'bareValidate': {
        return { program: 'bench/bare-validate-server.mjs', config: await this.#validated(), readyPath: '/' };
      }
      case 'selectOne':
        return {
          program: 'bench/select-one-server.mjs',
          config: { ...pool, ...(await this.#validated()) },
          readyPath: '/',
        };
      case 'bare-flags-5':
      case 'bare-flags-350':
      case 'bare-flags-rules':
        return {
          program: 'bench/bare-flags-server.mjs',
          config: { ...(await this.#evaluated(name.slice('bare-'.length))), parses: name === 'bare-flags-5' },
          readyPath: '/',
        };
      default:
        return { program: 'dist/src/main.js', readyPath: '/api/readyz' };
    }
  }

  #environmentOf(name, port) {
    const { database } = this.#settings;
    return {
      DATABASE_URL: database.applicationUrl,
      DATABASE_ADMIN_URL: database.adminUrl,
      DATABASE_POOL_SIZE: String(POOL_SIZE),
      LOG_LEVEL: 'info',
      PORT: String(port),
      CONSOLE_PORT: String(port + 1),
      ...APPLICATIONS[name],
    };
  }

  /** The headers with which the application allows a token, but for those that Node adds by itself; and how long Node keeps a connection. */
  async #validated() {
    const { port } = await this.get('validating');
    const { rawHeaders } = await answerOf({ port, path: '/api/tokens/validate', token: this.#settings.token });
    return splitHeaders(rawHeaders);
  }

  /** What the application answers about an organization's flags. */
  async #evaluated(slug) {
    const { port } = await this.get('evaluating');
    const { token } = this.#settings.flags[slug];
    const path = '/api/ofrep/v1/evaluate/flags';
    const { rawHeaders, body } = await answerOf({ port, method: 'POST', path, token, body: CONTEXT });
    return { ...splitHeaders(rawHeaders), body };
  }
}

/** The headers but for those that Node adds by itself, and how long Node keeps a connection. */
function splitHeaders(rawHeaders) {
  const headers = [];
  let keepAliveTimeout;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name, value] = rawHeaders.slice(i, i + 2);
    if (name === 'Keep-Alive') keepAliveTimeout = Number(/^timeout=(\d+)$/.exec(value)[1]) * 1000;
    else if (name !== 'Date' && name !== 'Connection') headers.push(name, value);
  }
  return { headers, keepAliveTimeout };
}

/** @returns the answer's raw headers and body. @throws Error when it is none of 200. */
async function answerOf({ port, method = 'GET', path, token, body }) {
  const headers = { authorization: `Bearer ${token}`, connection: 'keep-alive', 'content-type': 'application/json' };
  const asking = request({ host: '127.0.0.1', port, method, path, headers });
  asking.end(body);
  const [response] = await once(asking, 'response');
  const answer = { rawHeaders: response.rawHeaders, body: await text(response) };
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}: ${answer.body}`);
  return answer;
}
