/**
 * Measures how soon clients hear of a change of a feature flag. `node bench/streams.mjs [--streams N] [--changes N]`
 *
 * Two server processes on one PostgreSQL; all streams are open at the first. The changes are made through the first, and then through the
 * second. The time goes from when the client that changes the flag has sent its request, which is before the commit, to when the event is in
 * the hands of a client that listens.
 */
import 'reflect-metadata';
import { get } from 'node:http';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/build.mjs';
import { quantile } from './report.mjs';

const { values: options } = parseArgs({ options: { streams: { type: 'string' }, changes: { type: 'string' } } });
const streamCount = Number(options.streams ?? 500);
const changeCount = Number(options.changes ?? 20);

/** How many streams are opened at a time, and how long a change may take to arrive, in milliseconds. */
const BATCH = 50;
const PATIENCE = 10_000;

const PORTS = { first: 6121, second: 6123 };
const say = (message) => console.error(message);

await ensureBuilt({ say });
const { openStage } = await import('./stage.mjs');

const stage = await openStage('streams', say);
const streams = [];
try {
  const { token } = await stage.withApp((app) => stage.createOrganization(app, 'Streams'));
  const env = { LOG_LEVEL: 'warn', FLAG_STREAMS_PER_ORGANIZATION: String(Math.max(streamCount, 1_000)) };
  for (const [name, port] of Object.entries(PORTS)) await stage.start(name, port, env, '0,1');
  await send(token, PORTS.first, 'POST', '', flag(false));
  await openStreams(token);
  say(`${streams.length} streams are open.`);
  const rows = [];
  for (const [name, port] of Object.entries(PORTS)) rows.push([name, await measure(token, port)]);
  console.log([new Date().toISOString().slice(0, 10), `Node ${process.versions.node}`, cpus()[0].model].join(', '));
  console.log(`${streamCount} streams at the first process, ${changeCount} changes through each; milliseconds`);
  const rounded = (times, share) => Math.round(10 * quantile(times, share)) / 10;
  console.table(
    Object.fromEntries(
      rows.map(([name, times]) => [
        `through the ${name} process`,
        { p50: rounded(times, 0.5), p99: rounded(times, 0.99), longest: rounded(times, 1) },
      ]),
    ),
  );
} finally {
  for (const stream of streams) stream.destroy();
  await stage.close();
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
