import { beforeAll, describe, expect, it } from '@jest/globals';
import { heldContexts } from '../../src/tenancy/tenant-context.js';
import { testApp, useApp } from '../support/app.js';
import { waitsForLock } from '../support/locks.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { RawConnection, rawRequest } from '../support/raw-http.js';

useApp({ poolSize: 2 });

let a: TestOrganization;
let b: TestOrganization;
beforeAll(async () => {
  [a, b] = [await anOrg(), await anOrg()];
  await a.api.post('/api/customers', { name: 'of a', slug: 'same' });
  await b.api.post('/api/customers', { name: 'of b', slug: 'same' });
});

const get = (path: string, token: string | undefined): string => rawRequest(`GET ${path}`, [], token);

describe('requests of several organizations on one connection', () => {
  it('are each its own token’s, also when they are sent without waiting for answers', async () => {
    const connection = await RawConnection.open();
    try {
      const [ofA, ofB] = [a.api.token, b.api.token];
      const tokens = [ofA, ofB, undefined, ofB, ofA, undefined, ofA, ofB];
      connection.write(tokens.map((token) => get('/api/customers/same', token)).join(''));
      const names = [];
      for (const _ of tokens) {
        const { status, body } = await connection.answer();
        names.push(status === 200 ? body.name : body.code);
      }
      const nobody = 'Auth.NoIdentity';
      expect(names).toEqual(['of a', 'of b', nobody, 'of b', 'of a', nobody, 'of a', 'of b']);
    } finally {
      connection.destroy();
    }
  });
});

describe('requests whose clients go away', () => {
  it('leave no connection of the pool behind, and nothing on it', async () => {
    for (let round = 0; round < 20; round++) {
      const connections = await Promise.all([1, 2, 3, 4, 5].map(() => RawConnection.open()));
      for (const [i, connection] of connections.entries()) {
        const token = i % 2 ? a.api.token : b.api.token;
        connection.write(
          i < 3
            ? get('/api/customers', token)
            : rawRequest('POST /api/customers', ['Content-Length: 100'], token, '{"na'),
        );
      }
      await new Promise((resolve) => setTimeout(resolve, round % 5));
      for (const connection of connections) connection.destroy();
    }
    for (const { api, name } of [
      { api: a.api, name: 'of a' },
      { api: b.api, name: 'of b' },
    ]) {
      const { body } = await api.get('/api/customers');
      expect([body.total, body.items[0].name]).toEqual([1, name]);
    }
    const { master } = testApp().dataSource.driver as unknown as {
      master: { totalCount: number; idleCount: number; waitingCount: number };
    };
    await new Promise((resolve) => setImmediate(resolve));
    expect([master.totalCount - master.idleCount, master.waitingCount]).toEqual([0, 0]);
  });

  it('are done as their organization’s, though nothing else is under way', async () => {
    const { owner, log } = testApp();
    const nameOf = async (): Promise<string> => {
      const [row] = await owner.query('SELECT name FROM customers WHERE organization_id = $1', [a.org.id]);
      return row.name;
    };
    const body = JSON.stringify({ name: 'renamed', slug: 'same' });
    await owner.transaction(async (manager) => {
      await manager.query('LOCK TABLE customers');
      const connection = await RawConnection.open();
      connection.write(rawRequest('PUT /api/customers/same', [`Content-Length: ${body.length}`], a.api.token, body));
      await waitsForLock('customers');
      connection.destroy();
      await until(() => /"method":"PUT".*"aborted":true/.test(log()));
    });
    await until(async () => (await nameOf()) === 'renamed');
    await until(() => heldContexts() === 0);
  });

  it('leave no context behind, whenever they go: in the middle of the body, while the guard waits, before their turn', async () => {
    const body = JSON.stringify({ name: 'never', slug: 'never' });
    const post = (token: string, sent: string): string =>
      rawRequest('POST /api/customers', [`Content-Length: ${body.length}`], token, sent);
    const unknown = async (): Promise<string> => (await a.as('write:customers')).token!;
    const cases = [
      post(a.api.token!, body.slice(0, 5)),
      // Tokens that have to be looked up first.
      post(await unknown(), body.slice(0, 5)),
      post(await unknown(), body),
      get('/api/customers', await unknown()).repeat(3),
    ];
    await testApp().owner.transaction(async (manager) => {
      await manager.query('LOCK TABLE tokens');
      for (const data of cases) {
        const connection = await RawConnection.open();
        connection.write(data);
        await until(() => heldContexts() > 0);
        connection.destroy();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(heldContexts()).toBeGreaterThan(1);
    });
    await until(() => heldContexts() === 0);
    const { body: customers } = await a.api.get('/api/customers');
    expect(customers.total).toBe(1);
  });
});

/** Jest ends it when it takes too long. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
