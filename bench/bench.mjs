/**
 * Measures the table of docs/benchmarks.md. `node bench/bench.mjs [--only id,id] [--quick] [--pairs N] [--seconds N]`
 *
 * --only measures some rows; --quick takes one short pair of each, for work; a run of all rows, not quick, writes the document.
 * The database is kept in BENCH_DATA_DIR between runs, because a million rows take a minute to insert.
 */
import 'reflect-metadata';
import { mkdir } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/build.mjs';
import { drive, startFlood } from './drive.mjs';
import { requireTools } from './processes.mjs';
import { figures, isMet, toMarkdown, writeInto } from './report.mjs';
import { Servers } from './servers.mjs';

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

const root = resolve(import.meta.dirname, '..');
const dataDir = resolve(process.env.BENCH_DATA_DIR ?? join(tmpdir(), 'kaiten-bench'));
const say = (message) => console.error(message);

requireTools();
await ensureBuilt({ say });
await mkdir(dataDir, { recursive: true });
// Only now, because they import what was built.
const { countLookUps, openDatabase, seed, setPolicies } = await import('./database.mjs');
const { seedFlags } = await import('./flag-organizations.mjs');
const { flagRows } = await import('./flag-rows.mjs');
const { gatewayRows } = await import('./gateway-rows.mjs');
const { benchRows } = await import('./rows.mjs');

const database = await openDatabase(dataDir, say);
let servers;
try {
  const withBig = !wanted || wanted.some((id) => id.startsWith('million') || id.startsWith('q-'));
  const { organizations, flags, statements } = await prepare(withBig);
  const rows = [
    ...benchRows({ organizations, setPolicies: (enabled) => setPolicies(database.owner, enabled) }),
    ...gatewayRows({ organizations, lookUps: () => countLookUps(database.owner) }),
    ...flagRows({ flags }),
  ];
  const chosen = rows.filter(({ id }) => !wanted || wanted.includes(id));
  servers = new Servers({ database, statements, token: organizations['small-0'].token, flags, dataDir });
  const results = [];
  for (const [index, row] of chosen.entries()) {
    await servers.keep(
      new Set(chosen.slice(index).flatMap(({ subject, baseline }) => [subject.server, baseline.server])),
    );
    results.push(await measure(row));
  }
  const table = toMarkdown(results);
  console.log(table);
  if (!wanted && !options.quick) await writeInto(join(root, 'docs/benchmarks.md'), `${environment()}\n\n${table}`);
} finally {
  await servers?.keep(new Set());
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
  // Without a cache, so that each request that is recorded looks its token up.
  const app = await createApp(readEnv({ TOKEN_CACHE_SIZE: '0' }), createLogger({ logLevel: 'silent' }), dataSource);
  const organizations = await seed(app, database.owner, { withBig, say });
  const statements = await recordStatements(app, organizations['small-0'], organizations.written);
  const flags = await seedFlags(app, database.owner, say);
  await app.close();
  return { organizations, flags, statements };
}

/** Subject and baseline in turn, as often as there are pairs. */
async function measure(row) {
  await assertSameAnswers(row);
  const runs = { subject: [], baseline: [] };
  const ratios = [];
  // Runs that do not count: code gets compiled, connections opened and statements planned.
  const [{ rate: peak }] = [await run(row.subject), await run(row.baseline)];
  const rate = row.rate ?? (row.rateOfPeak && Math.round(row.rateOfPeak * peak));
  const counted = await row.none?.count();
  for (let pair = 0; pair < pairs; pair += 1) {
    const subject = await run(row.subject, rate);
    const baseline = await run(row.baseline, rate);
    runs.subject.push(subject);
    runs.baseline.push(baseline);
    ratios.push(subject.value(row.figure) / baseline.value(row.figure));
  }
  const excess = row.none && (await row.none.count()) - counted;
  await row.after?.();
  const result = { row, ratios, excess, ...runs };
  say(`${row.id}: ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}${isMet(result) ? '' : '  (goal missed)'}`);
  if (row.none) say(`  ${excess} ${row.none.what}`);
  say(`  subject  ${figures(runs.subject)}\n  baseline ${figures(runs.baseline)}`);
  return result;
}

async function run({ server: name, load, over, before, flood }, rate) {
  await before?.();
  const server = await servers.get(name);
  const script = join(dataDir, 'requests.lua');
  const drives = async (what) =>
    drive(server, { ...what, requests: await requestsOf(what, server) }, { seconds, script, rate });
  const stop = flood ? startFlood(server.port, flood) : () => undefined;
  const result = await drives(load).finally(stop);
  const reference = over && (await drives(over));
  return { ...result, value: (figure) => (reference ? result[figure] / reference[figure] : result[figure]) };
}

/** Requests may depend on what the server says first. */
async function requestsOf({ requests }, { port }) {
  return typeof requests === 'function' ? requests(port) : requests;
}

/** Where two servers are compared, both must say the same to a request that only reads, but for what the baseline cannot sign. */
async function assertSameAnswers({ id, subject, baseline, after, answersDiffer }) {
  if (subject.server === baseline.server || answersDiffer) return;
  const { requests } = subject.load;
  for (const { method, path, token } of [requests[0], requests.at(-1)]) {
    if (method === 'POST') return;
    const answers = [];
    for (const { server: name, before } of [subject, baseline]) {
      await before?.();
      const { port } = await servers.get(name);
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      answers.push(outline(response, await response.text()));
    }
    if (answers[0] !== answers[1])
      throw new Error(`${id}: subject and baseline answer differently:\n${answers.join('\n')}`);
  }
  await after?.();
}

/** The body but for its cursor; of an answer without one, which headers it has and how long they are. */
function outline({ status, headers }, text) {
  if (text) {
    const answer = JSON.parse(text);
    return `${status} ${JSON.stringify({ ...answer, nextCursor: answer.nextCursor && 'present' })}`;
  }
  const lengths = [...headers].map(([name, value]) => `${name}: ${value.length}`);
  return `${status} ${lengths.join(', ')}`;
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
