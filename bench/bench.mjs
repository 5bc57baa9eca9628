/**
 * Measures the table of docs/benchmarks.md. `node bench/bench.mjs [--only id,id] [--quick] [--pairs N] [--seconds N]`
 *
 * --only measures some rows; --quick takes one short pair of each, for work; a run of all rows, not quick, writes the document.
 * The database is kept in BENCH_DATA_DIR between runs, because a million rows take a minute to insert.
 */
import 'reflect-metadata';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/build.mjs';
import { requireTools, startServer } from './processes.mjs';
import { figures, isMet, median, toMarkdown, writeInto } from './report.mjs';
import { drive } from './wrk.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    pairs: { type: 'string' },
    seconds: { type: 'string' },
  },
});
const pairs = Number(options.pairs ?? (options.quick ? 1 : 5));
const seconds = Number(options.seconds ?? (options.quick ? 3 : 5));
const wanted = options.only?.split(',');

const PORTS = { kaiten: 6101, console: 6102, bare: 6103, unscoped: 6104 };
/** Connections of each server's pool to PostgreSQL: what the application has by default. */
const POOL_SIZE = 10;
const root = resolve(import.meta.dirname, '..');
const dataDir = resolve(process.env.BENCH_DATA_DIR ?? join(tmpdir(), 'kaiten-bench'));
const say = (message) => console.error(message);

requireTools();
await ensureBuilt({ say });
await mkdir(dataDir, { recursive: true });
// Only now, because they import what was built.
const { openDatabase, seed, setPolicies } = await import('./database.mjs');
const { benchRows } = await import('./rows.mjs');

const database = await openDatabase(dataDir, say);
const servers = {};
try {
  const withBig = !wanted || wanted.some((id) => id.startsWith('million') || id.startsWith('q-'));
  const { organizations, statements } = await prepare(withBig);
  const rows = benchRows({ organizations, setPolicies: (enabled) => setPolicies(database.owner, enabled) });
  const chosen = rows.filter(({ id }) => !wanted || wanted.includes(id));
  await startServers(statements, new Set(chosen.flatMap((row) => [row.subject.server, row.baseline.server])));
  const results = [];
  for (const row of chosen) results.push(await measure(row));
  const table = toMarkdown(results);
  console.log(table);
  if (!wanted && !options.quick) await writeInto(join(root, 'docs/benchmarks.md'), `${environment()}\n\n${table}`);
} finally {
  for (const server of Object.values(servers)) await server.stop();
  await database.close();
}

/** Fills the database through the application's own services, and records what SQL the application sends. */
async function prepare(withBig) {
  const { createDataSource } = await import('../dist/src/database/data-source.js');
  const { ENTITIES } = await import('../dist/src/entities.js');
  const { createApp } = await import('../dist/src/setup-app.js');
  const { createLogger } = await import('../dist/src/config/logger.js');
  const { readEnv } = await import('../dist/src/config/env.js');
  const { recordStatements } = await import('./recorder.mjs');
  const dataSource = await createDataSource({
    url: database.applicationUrl,
    poolSize: 2,
    entities: ENTITIES,
  }).initialize();
  const app = await createApp(readEnv({}), createLogger({ logLevel: 'silent' }), dataSource);
  const organizations = await seed(app, database.owner, { withBig, say });
  const statements = await recordStatements(app, organizations['small-0'], organizations.written);
  await app.close();
  return { organizations, statements };
}

async function startServers(statements, names) {
  const environmentOf = (port) => ({
    DATABASE_URL: database.applicationUrl,
    DATABASE_ADMIN_URL: database.adminUrl,
    DATABASE_POOL_SIZE: String(POOL_SIZE),
    LOG_LEVEL: 'info',
    PORT: String(port),
    CONSOLE_PORT: String(PORTS.console),
  });
  const config = async (name, content) => {
    const file = join(dataDir, `${name}.json`);
    await writeFile(file, JSON.stringify(content), { mode: 0o600 });
    return file;
  };
  const start = async (name, args, path) => {
    servers[name] = await startServer({
      name,
      args: [...(name === process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${dataDir}`] : []), ...args],
      env: environmentOf(PORTS[name]),
      logFile: join(dataDir, `${name}.log`),
      readyUrl: `http://127.0.0.1:${PORTS[name]}${path}`,
    });
  };
  if (names.has('kaiten')) await start('kaiten', [join(root, 'dist/src/main.js')], '/api/readyz');
  if (names.has('bare')) {
    const bare = { port: PORTS.bare, databaseUrl: database.applicationUrl, poolSize: POOL_SIZE, statements };
    await start('bare', [join(root, 'bench/bare-server.mjs'), await config('bare', bare)], '/ready');
  }
  if (names.has('unscoped')) {
    const { TENANT_TABLES } = await import('./database.mjs');
    const file = await config('unscoped', { tables: TENANT_TABLES });
    await start('unscoped', [join(root, 'bench/unscoped-server.mjs'), file], '/api/healthz');
  }
}

/** Subject and baseline in turn, as often as there are pairs. */
async function measure(row) {
  await assertSameAnswers(row);
  const runs = { subject: [], baseline: [] };
  const ratios = [];
  // Runs that do not count: code gets compiled, connections opened and statements planned.
  await run(row.subject);
  await run(row.baseline);
  for (let pair = 0; pair < pairs; pair += 1) {
    const subject = await run(row.subject);
    const baseline = await run(row.baseline);
    runs.subject.push(subject);
    runs.baseline.push(baseline);
    ratios.push(subject.value(row.figure) / baseline.value(row.figure));
  }
  await row.after?.();
  const verdict = isMet(row, median(ratios)) ? '' : '  (goal missed)';
  say(`${row.id}: ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}${verdict}`);
  say(`  subject  ${figures(runs.subject)}\n  baseline ${figures(runs.baseline)}`);
  return { row, ratios, ...runs };
}

async function run({ server, load, over, before }) {
  await before?.();
  const script = join(dataDir, 'requests.lua');
  const drives = (what) => drive(servers[server], PORTS[server], what, { seconds, script });
  const result = await drives(load);
  const reference = over && (await drives(over));
  return { ...result, value: (figure) => (reference ? result[figure] / reference[figure] : result[figure]) };
}

/** Where two servers are compared, both must say the same to a request that only reads, but for its cursor, which the baseline cannot sign. */
async function assertSameAnswers({ id, subject, baseline, after }) {
  if (subject.server === baseline.server) return;
  for (const { method, path, token } of [subject.load.requests[0], subject.load.requests.at(-1)]) {
    if (method === 'POST') return;
    const answers = [];
    for (const { server, before } of [subject, baseline]) {
      await before?.();
      const response = await fetch(`http://127.0.0.1:${PORTS[server]}${path}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const answer = await response.json();
      answers.push(JSON.stringify({ ...answer, nextCursor: answer.nextCursor && 'present' }));
    }
    if (answers[0] !== answers[1])
      throw new Error(`${id}: subject and baseline answer differently:\n${answers.join('\n')}`);
  }
  await after?.();
}

function environment() {
  const facts = [
    `${new Date().toISOString().slice(0, 10)}`,
    `Node ${process.versions.node}`,
    cpus()[0].model,
    `${pairs} pairs of ${seconds} s each`,
  ];
  return `Measured ${facts.join(', ')}. In bold: goal missed. "CPU" is the server's processor time per request.`;
}
