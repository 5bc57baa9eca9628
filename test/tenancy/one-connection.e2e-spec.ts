import { beforeAll, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
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
});
