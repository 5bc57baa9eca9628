/**
 * Measures what a token in memory costs: `node bench/token-memory.mjs [--tokens N]`. A full run, of 1,000,000, writes docs/benchmarks.md.
 *
 * The server is the one that `npm start` runs. It is asked for each of the tokens once, and then left alone for two minutes.
 */
import 'reflect-metadata';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { crc32 } from 'node:zlib';
import { ensureBuilt } from '../scripts/build.mjs';
import { writeInto } from './report.mjs';

const { values: options } = parseArgs({ options: { tokens: { type: 'string' } } });
const FULL = 1_000_000;
const count = Number(options.tokens ?? FULL);
const PORT = 6131;
const METRICS_PORT = 6133;
const ORGANIZATIONS = 100;
const ACCOUNTS_EACH = 10;
const CONNECTIONS = 20;
/** Tokens that are inserted by one statement. */
const BATCH = 10_000;
/** How long the server is left alone before it is looked at, in milliseconds: uses get written, and garbage is collected. */
const REST = 120_000;

const root = resolve(import.meta.dirname, '..');
const say = (message) => console.error(message);
await ensureBuilt({ say });
const { createOrganization } = await import('../dist/src/organizations/organizations.js');
const { openStage } = await import('./stage.mjs');

const stage = await openStage('memory', say);
try {
  const tokens = await insertTokens();
  await stage.start('kaiten', PORT, {
    METRICS_LISTEN: `127.0.0.1:${METRICS_PORT}`,
    TOKEN_CACHE_SIZE: String(count),
  });
  await sleep(REST);
  const idle = await look();
  const began = performance.now();
  await useAll(tokens);
  const seconds = (performance.now() - began) / 1000;
  // While the machine stutters nothing is taken into memory.
  for (let pass = 0; (await look()).records < count; pass += 1) {
    if (pass === 3) throw new Error('not all tokens are in memory');
    await useAll(tokens);
  }
  await sleep(REST);
  const full = await look();
  const sentence = report(idle, full, seconds);
  console.log(sentence);
  if (count === FULL) await writeInto(join(root, 'docs/benchmarks.md'), sentence, 'memory');
} finally {
  await stage.close();
}

/** Accounts with as many tokens each, their names, slugs and scopes as people have them. @returns the tokens. */
async function insertTokens() {
  const accounts = await insertAccounts();
  say(`Inserting ${count.toLocaleString('en')} tokens...`);
  // Kept totals and the like, a row at a time, are nothing to what is measured.
  await stage.owner.query('ALTER TABLE tokens DISABLE TRIGGER USER');
  const scopes = [
    '{read:customers}',
    '{read:customers,write:instances}',
    '{read:*}',
    '{write:*}',
    '{read:feature_flags}',
  ];
  const tokens = [];
  while (tokens.length < count) {
    const batch = Array.from({ length: Math.min(BATCH, count - tokens.length) }, (_, i) => tokens.length + i);
    const fresh = batch.map(generateToken);
    await stage.owner.query(
      `INSERT INTO tokens (organization_id, service_account_id, created_by_id, name, slug, hash, last_four, scopes)
       SELECT t.organization, t.account, t.account, t.name, replace(t.name, ' ', '-'), decode(t.hash, 'hex'), t.last_four, t.scopes::text[]
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
         AS t (organization, account, name, hash, last_four, scopes)`,
      [
        batch.map((n) => accounts[n % accounts.length].organization),
        batch.map((n) => accounts[n % accounts.length].account),
        batch.map((n) => `production ${n}`),
        fresh.map((token) => createHash('sha256').update(token).digest('hex')),
        fresh.map((token) => token.slice(-4)),
        batch.map((n) => scopes[n % scopes.length]),
      ],
    );
    tokens.push(...fresh);
  }
  await stage.owner.query('ALTER TABLE tokens ENABLE TRIGGER USER');
  await stage.owner.query('VACUUM (ANALYZE) tokens');
  return tokens;
}

async function insertAccounts() {
  const accounts = [];
  for (let n = 0; n < ORGANIZATIONS; n += 1) {
    const { id } = await createOrganization(stage.owner, { name: `Organization ${n}` });
    const rows = await stage.owner.query(
      `WITH made AS (
         INSERT INTO users (organization_id, kind, external_id, name)
         SELECT $1, 'machine', gen_random_uuid(), 'backend ' || n FROM generate_series(1, $2::int) n
         RETURNING organization_id, id, name, external_id)
       INSERT INTO service_accounts (organization_id, id, name, slug, external_id, created_by_id, updated_by_id)
       SELECT made.organization_id, made.id, made.name, replace(made.name, ' ', '-'), made.external_id, u.id, u.id
       FROM made JOIN users u ON u.organization_id = made.organization_id AND u.kind = 'system'
       RETURNING organization_id AS organization, id AS account`,
      [id, ACCOUNTS_EACH],
    );
    accounts.push(...rows);
  }
  return accounts;
}

/** As the application's, which takes a safe minute for a million. */
function generateToken() {
  const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const secret = `ksh_${[...randomBytes(32)].map((byte) => letters[byte % 62]).join('')}`;
  let checksum = '';
  for (let rest = crc32(secret), i = 0; i < 6; i += 1, rest = Math.floor(rest / 62))
    checksum = letters[rest % 62] + checksum;
  return secret + checksum;
}

async function useAll(tokens) {
  say('Using each of them...');
  const share = Math.ceil(tokens.length / CONNECTIONS);
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, n) => useOver(tokens.slice(n * share, (n + 1) * share))));
}

/** One after the other over one connection, each until it is allowed. @throws Error when one is refused. */
async function useOver(tokens) {
  const socket = connect({ port: PORT, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let received = '';
  let next = 0;
  const ended = new Promise((resolve, reject) => {
    const send = () => {
      if (next === tokens.length) return resolve();
      socket.write(`GET /api/tokens/validate HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${tokens[next]}\r\n\r\n`);
    };
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const [, status, length] =
        /^HTTP\/1\.1 (\d+) [^]*?\r\nContent-Length: (\d+)\r\n[^]*?\r\n\r\n/.exec(received) ?? [];
      if (status === undefined || received.length < received.indexOf('\r\n\r\n') + 4 + Number(length)) return;
      received = '';
      if (status === '200') {
        next += 1;
        send();
      } else if (status === '503') setTimeout(send, 1_000);
      else reject(new Error(`validate answered ${status}`));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed a connection')));
    send();
  });
  await ended.finally(() => socket.destroy());
}

/** @returns what the server says of itself, in bytes; and how many tokens it has in memory. */
async function look() {
  const text = await (await fetch(`http://127.0.0.1:${METRICS_PORT}/metrics`)).text();
  const of = (name) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)[1]);
  return {
    resident: of('process_resident_memory_bytes'),
    heap: of('nodejs_heap_size_used_bytes'),
    records: of('kaiten_token_cache_records'),
  };
}

function report(idle, full, seconds) {
  const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
  const each = (what) => `${Math.round((full[what] - idle[what]) / count)} bytes`;
  const ratio = (full.resident / idle.resident).toFixed(2);
  return (
    `Measured ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}: ${count.toLocaleString('en')} tokens of ` +
    `${(ORGANIZATIONS * ACCOUNTS_EACH).toLocaleString('en')} accounts in memory take ${each('resident')} each. The process has ` +
    `${megabytes(full.resident)} resident with them and ${megabytes(idle.resident)} without, which is ${ratio} times as much (goal: <= 4); its ` +
    `heap ${megabytes(full.heap)} and ${megabytes(idle.heap)}. Looking all of them up took ${Math.round(seconds)} s.`
  );
}
