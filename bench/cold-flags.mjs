/**
 * Measures what flags cost that have not been asked for yet: `node bench/cold-flags.mjs [--organizations N]`. A full run, of 1,000 organizations with
 * 100 flags each, writes docs/benchmarks.md.
 *
 * Two server processes on one PostgreSQL. The first is asked once for all flags of each organization, one after the other; then its memory is looked at; then
 * a flag is changed a hundred times through it, and the second is asked until it has the change.
 */
import 'reflect-metadata';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/build.mjs';
import { quantile, writeInto } from './report.mjs';

const { values: options } = parseArgs({ options: { organizations: { type: 'string' } } });
const FULL = 1_000;
const organizationCount = Number(options.organizations ?? FULL);
const FLAGS = 100;
const CHANGES = 100;
const PORTS = { first: 6141, second: 6143 };
const METRICS = { first: 6145, second: 6146 };
/** How long a server is left alone before its memory is looked at, in milliseconds. */
const REST = 20_000;

const root = resolve(import.meta.dirname, '..');
const say = (message) => console.error(message);
await ensureBuilt({ say });
const { runAsOrganization } = await import('../dist/src/tenancy/tenant-context.js');
const { createFlags } = await import('./flag-organizations.mjs');
const { openStage } = await import('./stage.mjs');

const stage = await openStage('cold-flags', say);
try {
  const tokens = await stage.withApp(prepare);
  await stage.owner.query('VACUUM (ANALYZE) feature_flags, tokens, users');
  for (const [name, port] of Object.entries(PORTS)) {
    await stage.start(name, port, { METRICS_LISTEN: `127.0.0.1:${METRICS[name]}`, FLAG_CACHE_MB: '1024' });
  }
  await sleep(REST);
  const idle = await look();
  const first = [];
  for (const token of tokens) first.push(await timed(() => evaluate(PORTS.first, token)));
  await sleep(REST);
  const full = await look();
  const heard = await measureChanges(tokens[0]);
  const sentence = report({ idle, full, first, heard });
  console.log(sentence);
  if (organizationCount === FULL) await writeInto(join(root, 'docs/benchmarks.md'), sentence, 'cold-flags');
} finally {
  await stage.close();
}

/** Organizations with the same flags each, of which the first get theirs through the service. @returns a token of each. */
async function prepare(app) {
  const tokens = [];
  say(`Creating ${organizationCount.toLocaleString('en')} organizations of ${FLAGS} flags...`);
  let template;
  for (let n = 0; n < organizationCount; n += 1) {
    const { id, token } = await stage.createOrganization(app, `Organization ${n}`);
    tokens.push(token);
    if (template) await copyFlags(template, id);
    else await runAsOrganization((template = id), () => createFlags(app, FLAGS));
  }
  return tokens;
}

async function copyFlags(from, to) {
  await stage.owner.query(
    `INSERT INTO feature_flags (organization_id, name, slug, salt, description, type, enabled, event_name, metadata, variants, variant_order,
                                default_variant, targetings, created_by_id, updated_by_id)
     SELECT $2::uuid, f.name, f.slug, f.salt, f.description, f.type, f.enabled, f.event_name, f.metadata, f.variants, f.variant_order,
            f.default_variant, f.targetings, u.id, u.id
     FROM feature_flags f JOIN users u ON u.organization_id = $2::uuid AND u.kind = 'system' WHERE f.organization_id = $1::uuid`,
    [from, to],
  );
}

/** @returns the flags of the answer. @throws Error when these are not all that there are. */
async function evaluate(port, token) {
  const response = await fetch(`http://127.0.0.1:${port}/api/ofrep/v1/evaluate/flags`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ context: { targetingKey: 'user-1', plan: 'pro', seats: 50 } }),
  });
  if (response.status !== 200) throw new Error(`evaluation answered ${response.status}`);
  const { flags } = await response.json();
  if (flags.length !== FLAGS) throw new Error(`the answer has ${flags.length} flags, and not ${FLAGS}`);
  return flags;
}

/** @returns for each change the milliseconds from its answer until the second process has it. */
async function measureChanges(token) {
  const url = `http://127.0.0.1:${PORTS.first}/api/feature-flags/flag-000`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const flag = await (await fetch(url, { headers })).json();
  const times = [];
  for (let n = 0; n < CHANGES; n += 1) {
    const enabled = n % 2 === 1;
    const { status } = await fetch(url, { method: 'PUT', headers, body: JSON.stringify({ ...flag, enabled }) });
    if (status !== 204) throw new Error(`the change was answered ${status}`);
    times.push(
      await timed(async () => {
        while ((await evaluate(PORTS.second, token))[0].reason !== (enabled ? 'STATIC' : 'DISABLED')) await sleep(1);
      }),
    );
  }
  return times;
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** What the first server says of its memory, in bytes. */
async function look() {
  const text = await (await fetch(`http://127.0.0.1:${METRICS.first}/metrics`)).text();
  const of = (name) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)[1]);
  return { resident: of('process_resident_memory_bytes'), heap: of('nodejs_heap_size_used_bytes') };
}

function report({ idle, full, first, heard }) {
  const ms = (times) =>
    `p50 ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms, at most ${quantile(times, 1).toFixed(1)} ms`;
  const each = (what) => ((full[what] - idle[what]) / (organizationCount * FLAGS) / 1000).toFixed(1);
  return (
    `Measured ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus()[0].model}. ${organizationCount.toLocaleString('en')} organizations of ` +
    `${FLAGS} flags: the first evaluation of all flags of an organization after the start takes ${ms(first)}. A flag takes ${each('resident')} kB of resident ` +
    `memory, ${each('heap')} kB of it in the heap. ${CHANGES} changes through another process: heard of after ${ms(heard)} (goal: p99 <= 250 ms), asking once a millisecond.`
  );
}
