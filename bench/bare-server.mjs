import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import pg from 'pg';

/**
 * The baseline: what the measured requests cost without framework, validation, log and error handling. It sends the statements that the
 * application sends, as named prepared statements, over a pool of the same size, and prints answers of the same shape.
 *
 * The token look-up and the statement share one connection, which the look-up leaves scoped to the token's organization, so there
 * are two round trips to a request and never a third.
 */
const { port, databaseUrl, poolSize, statements } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize, idleTimeoutMillis: 0 });

const bearer = 'Bearer '.length;
const named = (name) => ({ name, text: statements[name].text });
const AUTHENTICATE = {
  name: 'authenticate',
  text: `SELECT found.*, set_config('app.organization_id', found.organization_id::text, false) FROM authenticate_tokens(ARRAY[$1::bytea]) found`,
};
const GET = named('get');
const LIST = named('list');
const INSERT = named('insert');

async function query(request, statement, values) {
  const hash = createHash('sha256')
    .update((request.headers.authorization ?? '').slice(bearer))
    .digest();
  const client = await pool.connect();
  try {
    const { rows } = await client.query({ ...AUTHENTICATE, values: [hash] });
    if (rows.length === 0) return undefined;
    return (await client.query({ ...statement, values })).rows;
  } finally {
    client.release();
  }
}

function send(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

const toItem = (row) => ({
  id: row.id,
  name: row.name,
  slug: row.slug,
  domain: row.domain ?? undefined,
  externalCustomerId: row.externalCustomerId ?? undefined,
  createdBy: { id: row.createdById, name: row.createdByName },
  createdAt: row.createdAt,
  updatedBy: { id: row.updatedById, name: row.updatedByName },
  updatedAt: row.updatedAt,
});

function toPage(rows, limit) {
  const items = rows.slice(0, limit);
  const hasMore = rows.length > limit;
  const last = items.at(-1);
  return {
    items: items.map(toItem),
    total: rows[0].listTotal,
    hasMore,
    nextCursor: hasMore ? Buffer.from(JSON.stringify([last.sortValue, last.id])).toString('base64url') : undefined,
  };
}

function readBody(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    request.on('error', reject);
  });
}

async function insert(request, response) {
  const input = await readBody(request);
  const slug = input.slug ?? input.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const fields = { ...input, slug };
  const values = statements.insert.values.map((value) => (value?.field ? (fields[value.field] ?? null) : value));
  const rows = await query(request, INSERT, values);
  if (!rows) return send(response, 401, {});
  const row = rows[0];
  send(response, 201, {
    id: row.id,
    name: input.name,
    slug,
    domain: input.domain,
    externalCustomerId: input.externalCustomerId,
    createdBy: statements.author,
    createdAt: row.created_at ?? row.createdAt,
    updatedBy: statements.author,
    updatedAt: row.updated_at ?? row.updatedAt,
  });
}

const LIST_PATH = '/api/customers?limit=20';
const ITEM_PATH = '/api/customers/';

async function handle(request, response) {
  const { method, url } = request;
  if (method === 'POST') return insert(request, response);
  if (url === LIST_PATH) {
    const rows = await query(request, LIST, statements.list.values);
    return rows ? send(response, 200, toPage(rows, 20)) : send(response, 401, {});
  }
  if (url.startsWith(ITEM_PATH)) {
    const rows = await query(request, GET, [url.slice(ITEM_PATH.length)]);
    if (!rows) return send(response, 401, {});
    return rows.length === 0 ? send(response, 404, {}) : send(response, 200, toItem(rows[0]));
  }
  return send(response, url === '/ready' ? 200 : 404, {});
}

createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    send(response, 500, {});
  });
}).listen(port, '127.0.0.1');
