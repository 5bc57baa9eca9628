import { Agent, request } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { anOrg } from '../support/organizations.js';

/** Eight organizations over a pool of four: every connection serves all of them, in no order. */
useApp({ poolSize: 4 });

const ORGANIZATIONS = 8;
const CONNECTIONS = 32;
const REQUESTS = 10_000;

interface Known {
  readonly token: string;
  readonly mark: string;
  readonly slugs: string[];
  readonly ids: Set<string>;
  created: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const known: Known[] = [];

interface Reply {
  readonly status: number;
  readonly body: any;
}

/** supertest opens a connection per request; these stay open. */
function ask(token: string, method: string, path: string, body?: object): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
    const outgoing = request(testApp().url + path, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode!, body: text ? JSON.parse(text) : undefined });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body && JSON.stringify(body));
  });
}

beforeAll(async () => {
  for (let i = 0; i < ORGANIZATIONS; i++) {
    const { api } = await anOrg();
    const mark = `org-${i}`;
    const slugs: string[] = [];
    const ids = new Set<string>();
    for (let n = 0; n < 3; n++) {
      // The same slugs in every organization, so that a slug alone does not tell them apart.
      const { body } = await api.post('/api/customers', {
        name: `${mark} customer ${n}`,
        slug: `customer-${n}`,
        externalCustomerId: mark,
      });
      slugs.push(body.slug);
      ids.add(body.id);
    }
    known.push({ token: api.token!, mark, slugs, ids, created: 0 });
  }
}, 30_000);

/** One request of an organization, chosen by its number. @returns what is wrong with the answer. */
async function turn(n: number): Promise<string | undefined> {
  // Neighbours in time are of different organizations, and of different ones in each round.
  const organization = known[(n * 7 + Math.floor(n / 64)) % ORGANIZATIONS]!;
  const foreign = known[(n + 1) % ORGANIZATIONS]!;
  const { token, mark, slugs, ids } = organization;
  const kind = n % 10;
  if (kind < 4) {
    const { status, body } = await ask(token, 'GET', '/api/customers?limit=200');
    const wrong = status !== 200 || body.items.some((item: { name: string }) => !item.name.startsWith(`${mark} `));
    return wrong || body.total < 3 ? `list: ${status}` : undefined;
  }
  if (kind < 7) {
    const { status, body } = await ask(token, 'GET', `/api/customers/${slugs[n % 3]}`);
    return status === 200 && body.externalCustomerId === mark && ids.has(body.id)
      ? undefined
      : `get: ${status} ${body.name}`;
  }
  if (kind === 7) {
    if (foreign === organization) return undefined;
    const { status } = await ask(token, 'GET', `/api/customers/${[...foreign.ids][n % 3]}`);
    return status === 404 ? undefined : `foreign get: ${status}`;
  }
  if (kind === 8) {
    const { status, body } = await ask(token, 'GET', '/api/me');
    return status === 200 && body.organization.name && body.token ? undefined : `me: ${status}`;
  }
  const { status } = await ask(token, 'PUT', `/api/customers/${slugs[n % 3]}`, {
    name: `${mark} customer, turn ${n}`,
    externalCustomerId: mark,
  });
  if (status !== 204) return `put: ${status}`;
  if (n % 100 !== 99) return undefined;
  const { status: created, body } = await ask(token, 'POST', '/api/customers', {
    name: `${mark} new ${n}`,
    externalCustomerId: mark,
  });
  organization.created++;
  return created === 201 && body.name.startsWith(`${mark} `) ? undefined : `post: ${created}`;
}

describe('10,000 requests of eight organizations over 32 connections and a pool of four', () => {
  it('have no row of another organization in their answers', async () => {
    const wrong: string[] = [];
    let next = 0;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        for (let n = next++; n < REQUESTS; n = next++) {
          const problem = await turn(n);
          if (problem) wrong.push(`${n}: ${problem}`);
        }
      }),
    );
    agent.destroy();
    expect(wrong).toEqual([]);
  }, 120_000);

  it('have written into their own organizations only', async () => {
    const { owner } = testApp();
    for (const { mark, ids, created, slugs } of known) {
      expect(created).toBeGreaterThan(3);
      const of = '(SELECT organization_id FROM customers WHERE id = $1)';
      const rows = await owner.query(`SELECT name, external_customer_id FROM customers WHERE organization_id = ${of}`, [
        [...ids][0],
      ]);
      expect(rows).toHaveLength(slugs.length + created);
      for (const row of rows) expect([row.name.startsWith(`${mark} `), row.external_customer_id]).toEqual([true, mark]);
    }
  });
});
