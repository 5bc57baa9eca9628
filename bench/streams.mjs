/**
 * Measures how soon clients hear of a change of a feature flag. `node bench/streams.mjs [--streams N] [--changes N]`
 *
 * Two server processes on one PostgreSQL; all streams are open at the first. The changes are made through the first, and then through the
 * second. The time goes from when the client that changes the flag has sent its request, which is before the commit, to when the event is in
 * the hands of a client that listens.
 */
import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/build.mjs';
import { startServer } from './processes.mjs';

const { values: options } = parseArgs({ options: { streams: { type: 'string' }, changes: { type: 'string' } } });
const streamCount = Number(options.streams ?? 500);
const changeCount = Number(options.changes ?? 20);

/** How many streams are opened at a time, and how long a change may take to arrive, in milliseconds. */
const BATCH = 50;
const PATIENCE = 10_000;

const PORTS = { first: 6121, second: 6123 };
const root = resolve(import.meta.dirname, '..');
const say = (message) => console.error(message);

await ensureBuilt({ say });
const { startEmbeddedPostgres } = await import('../dist/src/database/embedded/embedded-postgres.js');
const { createOwnerDataSource, migrate } = await import('../dist/src/database/migrate.js');
const { roleOf } = await import('../dist/src/database/roles.js');
const { createOrganization } = await import('../dist/src/organizations/organizations.js');
const { createDataSource } = await import('../dist/src/database/data-source.js');
const { ENTITIES } = await import('../dist/src/entities.js');
const { createApp } = await import('../dist/src/setup-app.js');
const { createLogger } = await import('../dist/src/config/logger.js');
const { readEnv } = await import('../dist/src/config/env.js');
const { mintToken } = await import('./database.mjs');
const { runAsOrganization } = await import('../dist/src/tenancy/tenant-context.js');

const dataDir = await mkdtemp(join(tmpdir(), 'kaiten-streams-'));
const postgres = await startEmbeddedPostgres({ dataDir, log: say });
await migrate(postgres.adminUrl, roleOf(postgres.applicationUrl));
const owner = await createOwnerDataSource(postgres.adminUrl).initialize();
const servers = [];
const streams = [];
try {
  const token = await mintFirstToken();
  for (const [name, port] of Object.entries(PORTS)) servers.push(await start(name, port));
  await send(token, PORTS.first, 'POST', '', flag(false));
  await openStreams(token);
  say(`${streams.length} streams are open.`);
  const rows = [];
  for (const [name, port] of Object.entries(PORTS)) rows.push([name, await measure(token, port)]);
  console.log([new Date().toISOString().slice(0, 10), `Node ${process.versions.node}`, cpus()[0].model].join(', '));
  console.log(`${streamCount} streams at the first process, ${changeCount} changes through each; milliseconds`);
  console.table(
    Object.fromEntries(
      rows.map(([name, times]) => [
        `through the ${name} process`,
        { p50: quantile(times, 0.5), p99: quantile(times, 0.99), longest: quantile(times, 1) },
      ]),
    ),
  );
} finally {
  for (const stream of streams) stream.destroy();
  for (const server of servers) await server.stop();
  await owner.destroy();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}

function start(name, port) {
  return startServer({
    name,
    args: [join(root, 'dist/src/main.js')],
    env: {
      DATABASE_URL: postgres.applicationUrl,
      LOG_LEVEL: 'warn',
      PORT: String(port),
      CONSOLE_PORT: String(port + 1),
      FLAG_STREAMS_PER_ORGANIZATION: String(Math.max(streamCount, 1_000)),
    },
    logFile: join(dataDir, `${name}.log`),
    readyUrl: `http://127.0.0.1:${port}/api/readyz`,
    cores: '0,1',
  });
}

async function openStreams(token) {
  while (streams.length < streamCount) {
    const response = await fetch(`http://127.0.0.1:${PORTS.first}/api/ofrep/v1/evaluate/flags`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    const { eventStreams } = await response.json();
    const path = eventStreams[0].endpoint.requestUri;
    const size = Math.min(BATCH, streamCount - streams.length);
    streams.push(...(await Promise.all(Array.from({ length: size }, () => openStream(path)))));
  }
}

/** A stream that counts its events in `events`, and calls `onEvent` for each. */
function openStream(path) {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: PORTS.first, path, agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`a stream was answered ${response.statusCode}`));
      response.setEncoding('utf8');
      response.on('error', () => undefined);
      response.on('data', (chunk) => {
        if (chunk.includes('refetchEvaluation')) response.onEvent?.();
      });
      resolve(response);
    }).on('error', reject);
  });
}

/** @returns for each change and stream, how long the event took to arrive. */
async function measure(token, port) {
  const times = [];
  for (let change = 0; change < changeCount; change += 1) {
    await sleep(100);
    let began;
    const arrived = streams.map(
      (stream) => new Promise((done) => (stream.onEvent = () => done(performance.now() - began))),
    );
    began = performance.now();
    const late = sleep(PATIENCE, undefined, { ref: false }).then(() => {
      throw new Error('an event did not arrive');
    });
    const sent = send(token, port, 'PUT', '/switch', flag(change % 2 === 0));
    times.push(...(await Promise.race([Promise.all(arrived), late])));
    await sent;
  }
  return times;
}

async function send(token, port, method, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}/api/feature-flags${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} was answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

function flag(isOn) {
  return {
    name: 'Switch',
    slug: 'switch',
    description: null,
    type: 'boolean',
    enabled: true,
    event_name: 'switch_evaluated',
    metadata: {},
    variants: [
      { name: 'on', description: '', value: true },
      { name: 'off', description: '', value: false },
    ],
    default_variant: { type: 'basic', value: isOn ? 'on' : 'off' },
    targetings: [],
  };
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(10 * sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]) / 10;
}

async function mintFirstToken() {
  const { id } = await createOrganization(owner, { name: 'Streams' });
  const settings = { url: postgres.applicationUrl, poolSize: 2, entities: ENTITIES };
  const dataSource = await createDataSource(settings).initialize();
  const app = await createApp(readEnv({}), createLogger({ logLevel: 'silent' }), dataSource);
  const token = await runAsOrganization(id, () => mintToken(app));
  await app.close();
  return token;
}
