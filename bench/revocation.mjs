/**
 * Measures the table of docs/revocation.md: how soon a revoked token is dead. `node bench/revocation.mjs [--rounds N] [--cut-rounds N]`
 *
 * Two server processes on one PostgreSQL, both driven by wrk for as long as it takes. In each round a token is minted, used at both until
 * both have it in memory, and revoked at the first while the second is asked with it again and again. A full run writes the document.
 */
import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { ensureBuilt } from '../scripts/build.mjs';
import { requireTools } from './processes.mjs';
import { writeInto } from './report.mjs';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string' }, 'cut-rounds': { type: 'string' } },
});
const rounds = Number(options.rounds ?? 1_000);
const cutRounds = Number(options['cut-rounds'] ?? 20);
const isFull = options.rounds === undefined && options['cut-rounds'] === undefined;

const PORTS = { first: 6111, second: 6113 };
/** Process ids of the backends that tell the servers of changes. */
const listening = {};
const root = resolve(import.meta.dirname, '..');
const say = (message) => console.error(message);

requireTools();
await ensureBuilt({ say });
const { openStage } = await import('./stage.mjs');

const stage = await openStage('revocation', say);
// A role may end its own sessions, and the owner nobody else's.
const application = new pg.Client({ connectionString: stage.applicationUrl });
await application.connect();
const agent = new Agent({ keepAlive: true });
const loads = [];
try {
  const { token: admin } = await stage.withApp((app) => stage.createOrganization(app, 'Revocation'));
  for (const [name, port] of Object.entries(PORTS)) {
    await stage.start(name, port, { LOG_LEVEL: 'warn' }, '0,1');
    listening[name] = (await listeningBackends()).find((pid) => !Object.values(listening).includes(pid));
  }
  loads.push(drive(PORTS.first, admin), drive(PORTS.second, admin));
  await sleep(1_000);
  const rows = [
    ['nothing is wrong', rounds, await measure(admin, rounds)],
    ["the second process' LISTEN connection is ended by `pg_terminate_backend`", cutRounds, await cut('second', admin)],
    ['the backend of that connection is stopped by SIGSTOP', cutRounds, await freeze('second', admin)],
    ["the backend of the first process' LISTEN connection is stopped", cutRounds, await freeze('first', admin)],
  ];
  const table = toMarkdown(rows);
  console.log(table);
  const facts = [new Date().toISOString().slice(0, 10), `Node ${process.versions.node}`, cpus()[0].model].join(', ');
  if (isFull) await writeInto(join(root, 'docs/revocation.md'), `Measured ${facts}.\n\n${table}`);
} finally {
  for (const load of loads) load.kill();
  agent.destroy();
  await application.end();
  await stage.close();
}

/** Other requests, as many as the server can answer. */
function drive(port, token) {
  const args = ['-t1', '-c20', '-d3600s', '-H', `Authorization: Bearer ${token}`];
  return spawn('wrk', [...args, `http://127.0.0.1:${port}/api/tokens/validate`], { stdio: 'ignore' });
}

/** @returns one result per round. */
async function measure(admin, count, { before = () => undefined, after = () => undefined } = {}) {
  const results = [];
  for (let round = 0; round < count; round += 1) {
    const { token, path } = await mint(admin, `round ${Math.random()}`);
    for (const port of [PORTS.first, PORTS.second]) {
      for (let use = 0; use < 2; use += 1) {
        if ((await validate(port, token)) !== 200) throw new Error('a live token was refused');
      }
    }
    await before();
    let revokedAt = Infinity;
    const second = askUntilRefused(token, () => revokedAt);
    const began = performance.now();
    const status = await send(PORTS.first, 'DELETE', path, admin).then((answer) => answer.status);
    revokedAt = performance.now();
    if (status !== 204) throw new Error(`revoking answered ${status}`);
    const first = await Promise.all(Array.from({ length: 4 }, () => validate(PORTS.first, token)));
    results.push({
      revoking: revokedAt - began,
      first: first.filter((answer) => answer !== 401).length,
      ...(await second),
    });
    await after();
  }
  return results;
}

/** Four at a time. @returns when, after the revocation's answer, a request began that was still accepted, and the first refusal arrived; in ms. */
async function askUntilRefused(token, revokedAt) {
  let [lastAccepted, firstRefused] = [-Infinity, Infinity];
  const ask = async () => {
    while (performance.now() < firstRefused) {
      const began = performance.now();
      const status = await validate(PORTS.second, token);
      if (status === 200) lastAccepted = Math.max(lastAccepted, began);
      else if (status === 401) firstRefused = Math.min(firstRefused, performance.now());
      else throw new Error(`the second process answered ${status}`);
    }
  };
  await Promise.all([ask(), ask(), ask(), ask()]);
  return {
    lastAccepted: Math.max(0, lastAccepted - revokedAt()),
    firstRefused: Math.max(0, firstRefused - revokedAt()),
  };
}

function cut(name, admin) {
  return measure(admin, cutRounds, {
    before: async () => {
      await application.query('SELECT pg_terminate_backend($1)', [await listeningBackend(name)]);
    },
    after: () => sleep(1_500),
  });
}

function freeze(name, admin) {
  let pid;
  return measure(admin, cutRounds, {
    before: async () => {
      pid = await listeningBackend(name);
      process.kill(pid, 'SIGSTOP');
    },
    after: async () => {
      process.kill(pid, 'SIGCONT');
      await sleep(1_500);
    },
  });
}

/** Process id of the PostgreSQL backend that tells a server of changes: the one that is not the other server's. */
async function listeningBackend(name) {
  const [other] = Object.keys(listening).filter((one) => one !== name);
  for (;;) {
    const [pid] = (await listeningBackends()).filter((one) => one !== listening[other]);
    if (pid !== undefined) return (listening[name] = pid);
    await sleep(20);
  }
}

async function listeningBackends() {
  const rows = await stage.owner.query(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'kaiten-server listening'`,
  );
  return rows.map(({ pid }) => pid);
}

async function mint(admin, name) {
  const tokens = '/api/service-accounts/bench/tokens';
  const { status, body } = await send(PORTS.first, 'POST', tokens, admin, { name, scopes: ['read:*'] });
  if (status !== 201) throw new Error(`minting answered ${status}`);
  return { token: body.token, path: `${tokens}/${body.id}` };
}

async function validate(port, token) {
  return (await send(port, 'GET', '/api/tokens/validate', token)).status;
}

/** One request over a connection that is kept. */
function send(port, method, path, token, body) {
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode, body: text && JSON.parse(text) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body && JSON.stringify(body));
  });
}

function toMarkdown(rows) {
  const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.ceil(q * values.length) - 1];
  const spread = (values) => [0.5, 0.99, 1].map((q) => `${quantile(values, q).toFixed(0)} ms`).join(' | ');
  const lines = rows.map(([title, count, results]) => {
    const accepted = results.reduce((sum, { first }) => sum + first, 0);
    const latest = Math.max(...results.map(({ lastAccepted }) => lastAccepted)).toFixed(0);
    return `| ${title} | ${count} | ${accepted} | ${spread(results.map((result) => result.firstRefused))} | ${latest} ms | ${spread(results.map((result) => result.revoking))} |`;
  });
  return [
    '| while | rounds | same process: accepted after the 204 | second process: first refusal, p50 | p99 | max | last one that was accepted began | revoking took, p50 | p99 | max |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}
