import { once } from 'node:events';
import { PreparedClient } from '../dist/src/database/prepared-client.js';
import { createHttpServer } from '../dist/src/http/listen.js';

/**
 * The SQL that the application sends for each of the measured requests, recorded from itself, so that the baseline sends the very same.
 *
 * @param reads organization that is read from. @param writes organization that is written to.
 * @returns get, list and insert: { text, values }. Of the insert, `values` has, in place of what the request said, the name
 * of the field: { field }; and `author` is who is recorded as its author.
 */
export async function recordStatements(app, reads, writes) {
  const server = createHttpServer(app.getHttpAdapter().getInstance()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/api/customers`;
  const headers = { authorization: `Bearer ${reads.token}` };
  const input = { name: 'Marker', domain: 'marker.example', externalCustomerId: 'marker-1' };
  try {
    const [, get] = await recording(() => fetch(`${url}/${reads.customerIds[0]}`, { headers }));
    const [, list] = await recording(() => fetch(`${url}?limit=20`, { headers }));
    let author;
    const [, insert] = await recording(async () => {
      const creation = { authorization: `Bearer ${writes.token}`, 'content-type': 'application/json' };
      const response = await fetch(url, {
        method: 'POST',
        headers: creation,
        body: JSON.stringify({ ...input, slug: 'marker' }),
      });
      const created = await response.clone().json();
      author = created.createdBy;
      if (created.id)
        await fetch(`${url}/${created.id}`, { method: 'DELETE', headers: { authorization: creation.authorization } });
      return response;
    });
    const fields = new Map(Object.entries(input).map(([field, value]) => [value, { field }]));
    fields.set('marker', { field: 'slug' });
    insert.values = insert.values.map((value) => fields.get(value) ?? value);
    return { get, list, insert, author };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function recording(request) {
  const statements = [];
  const { query } = PreparedClient.prototype;
  PreparedClient.prototype.query = function (text, values, ...rest) {
    if (typeof text === 'string' && !text.startsWith('SELECT set_config')) statements.push({ text, values });
    return query.call(this, text, values, ...rest);
  };
  try {
    const response = await request();
    if (!response.ok)
      throw new Error(`The request to record was answered ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  } finally {
    PreparedClient.prototype.query = query;
  }
  return statements;
}
