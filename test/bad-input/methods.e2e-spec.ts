import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { makeFixtures } from '../support/fixtures.js';
import type { Fixtures } from '../support/fixtures.js';
import { leavesNoTrace } from '../support/no-trace.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { RawConnection, rawRequest, sendRaw } from '../support/raw-http.js';

jest.setTimeout(30_000);
useApp();

let org: TestOrganization;
let fixtures: Fixtures;
beforeAll(async () => {
  org = await anOrg();
  fixtures = await makeFixtures(org);
});
leavesNoTrace(() => org);

/** Methods that Node's parser knows. CONNECT has its own test: it is no request for a resource. */
const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'SEARCH',
  'QUERY',
  'PURGE',
  'LINK',
];

/** Path -> methods of its routes, and of those that have a parameter where it has a word; HEAD with GET. */
function methodsByPath(): Map<string, Set<string>> {
  const { routes } = testApp();
  return new Map(
    routes.map(({ path }) => {
      const there = routes.filter((route) => new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(path));
      const methods = there.map(({ method }) => method);
      return [path, new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : [])])];
    }),
  );
}

describe('known routes with another method', () => {
  it('405, with what is possible in Allow, for every path and method', async () => {
    let refused = 0;
    for (const [path, methods] of methodsByPath()) {
      for (const method of METHODS.filter((candidate) => !methods.has(candidate))) {
        const answer = await sendRaw(rawRequest(`${method} ${fixtures.path(path)}`, [], org.api.token));
        const { status, headers, body } = answer;
        // An answer to HEAD has no body.
        const code = method === 'HEAD' ? undefined : 'METHOD_NOT_ALLOWED';
        expect([method, path, status, body?.code]).toEqual([method, path, 405, code]);
        expect(headers.allow!.split(', ').sort()).toEqual([...methods].sort());
        expect(headers['content-type']).toBe('application/problem+json');
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(80);
  });

  it('405 to those who have no token, too', async () => {
    expect((await sendRaw(rawRequest('PATCH /api/customers', [], undefined))).status).toBe(405);
  });

  it('a method in an override header or in the query is not one', async () => {
    const { slug } = fixtures.customer;
    const { status } = await sendRaw(
      rawRequest(`GET /api/customers/${slug}?_method=DELETE`, ['X-HTTP-Method-Override: DELETE'], org.api.token),
    );
    expect(status).toBe(200);
  });

  it.each(['get', 'NOPE', 'GETT', 'P\xd6ST'])('400 for a method that HTTP does not have: %s', async (method) => {
    const { status, body } = await sendRaw(rawRequest(`${method} /api/customers`, [], org.api.token));
    expect([status, body.code]).toEqual([400, 'BAD_REQUEST']);
  });

  it('CONNECT ends the connection', async () => {
    const connection = await RawConnection.open();
    connection.write(rawRequest('CONNECT localhost:80', [], org.api.token));
    await connection.closed();
  });
});

describe('HEAD', () => {
  it('answers as GET does, without the body, and the connection goes on', async () => {
    const connection = await RawConnection.open();
    for (const { method, path } of testApp().routes.filter((route) => route.method === 'GET')) {
      connection.write(rawRequest(`${method} ${fixtures.path(path)}`, [], org.api.token));
      const { status, headers } = await connection.answer();
      connection.write(rawRequest(`HEAD ${fixtures.path(path)}`, [], org.api.token));
      const head = await connection.answer(true);
      expect([path, head.status]).toEqual([path, status]);
      for (const name of ['content-type', 'content-length']) expect(head.headers[name]).toBe(headers[name]);
    }
    for (const [target, expected] of [
      ['/api/customers/nobody', 404],
      ['/nope', 404],
      ['/api/customers?limit=0', 422],
      ['/api/customers/%ff', 400],
    ] as const) {
      connection.write(rawRequest(`HEAD ${target}`, [], org.api.token));
      const { status, headers } = await connection.answer(true);
      expect([target, status, headers['content-type']]).toEqual([target, expected, 'application/problem+json']);
    }
    connection.write(rawRequest('GET /api/healthz', [], undefined));
    expect((await connection.answer()).body).toEqual({ status: 'ok' });
    connection.destroy();
  });

  it('401 without a token', async () => {
    expect((await sendRaw(rawRequest('HEAD /api/customers', [], undefined))).status).toBe(401);
  });
});
