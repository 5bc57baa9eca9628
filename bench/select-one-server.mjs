import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { createDataSource } from '../dist/src/database/data-source.js';
import { poolOf } from '../dist/src/database/pool.js';
import { prepared } from '../dist/src/database/prepared-client.js';
import { listen } from '../dist/src/http/listen.js';

/**
 * The baseline of a token that is not in memory: the application's own server and pool, and for each request the least that a database
 * can be asked, as a named statement. It sends the headers that the application sends.
 */
const { port, databaseUrl, poolSize, headers } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const dataSource = await createDataSource({ url: databaseUrl, poolSize, entities: [] }).initialize();
const pool = poolOf(dataSource);
const SELECT_ONE = prepared('SELECT 1');

async function answer(response) {
  const client = await pool.connect();
  try {
    await client.query(SELECT_ONE, []);
  } finally {
    client.release();
  }
  response.writeHead(200, headers);
  response.end();
}

const handler = (request, response) => {
  answer(response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
};
await listen(handler, { host: '127.0.0.1', port, variable: 'PORT' });
