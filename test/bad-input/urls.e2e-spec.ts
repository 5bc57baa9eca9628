import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Api } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { listRoutes, makeFixtures } from '../support/fixtures.js';
import type { Fixtures } from '../support/fixtures.js';
import { leavesNoTrace } from '../support/no-trace.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import type { RawAnswer } from '../support/raw-http.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';

jest.setTimeout(30_000);
useApp();

let org: TestOrganization;
let api: Api;
let fixtures: Fixtures;
beforeAll(async () => {
  org = await anOrg();
  api = org.api;
  fixtures = await makeFixtures(org);
});
leavesNoTrace(() => org);

/** Requests byte for byte: clients would escape the target, or refuse it. */
const get = (target: string, method = 'GET'): Promise<RawAnswer> =>
  sendRaw(rawRequest(`${method} ${target}`, ['Content-Type: application/json', 'Content-Length: 2'], api.token, '{}'));

/** Routes with a parameter, and what they answer to a token about what does not exist. */
function parameterRoutes(): { method: string; path: string; status: number; code: string }[] {
  const codes: Record<string, string> = {
    customerSlug: 'Customer.NotFound',
    instanceSlug: 'Instance.NotFound',
    featureFlagSlug: 'FeatureFlag.NotFound',
    key: 'FLAG_NOT_FOUND',
    serviceAccountSlug: 'ServiceAccount.NotFound',
    tokenSlug: 'Token.NotFound',
    // Only a session may ask.
    sessionId: 'Session.Required',
  };
  const routes = testApp().routes.filter(({ path }) => path.includes(':'));
  expect(routes.length).toBeGreaterThanOrEqual(14);
  return routes.map(({ method, path }) => {
    const code = codes[/.*:(\w+)/.exec(path)![1]!]!;
    return { method, path, status: code === 'Session.Required' ? 403 : 404, code };
  });
}

const NO_TEXT = 'the URL must be percent-encoded UTF-8 without NUL';

describe('URLs that are no text: 400, in the path of every route and in the query of every list', () => {
  it.each([
    ...[
      '%',
      '%4',
      '%zz',
      '%00',
      'a%00b',
      '%ff',
      '%c0%af',
      '%c0%80',
      '%e0%80%af',
      '%f0%80%80%af',
      '%ed%a0%80',
      '%f4%90%80%80',
      '%u0041',
    ],
    ...['100%', '%E6%9D', '%E6%9D%', '%fe%ff%00A'],
  ])('%s', async (escapes) => {
    const targets = [
      ...parameterRoutes().map(({ method, path }) => [fixtures.path(path, escapes), method] as const),
      ...listRoutes().flatMap(({ path }) =>
        ['q=', 'cursor=', 'limit=', 'unknown=', ''].map(
          (name) => [`${fixtures.path(path)}?${name}${escapes}`] as const,
        ),
      ),
      [`/${escapes}`] as const,
      [`/api/${escapes}`] as const,
    ];
    for (const { status, body, headers } of await Promise.all(targets.map(([target, method]) => get(target, method)))) {
      expect([status, body.code, body.detail]).toEqual([400, 'BAD_REQUEST', NO_TEXT]);
      expect(headers['content-type']).toBe('application/problem+json');
      expect(headers['x-request-id']).toBeDefined();
    }
  });
});

describe('bytes outside of ASCII, which a URL does not have (RFC 3986): 400, be they UTF-8 or not', () => {
  it.each([
    '\xff',
    '\xc3',
    'a\xc0\xafb',
    '\xed\xa0\x80',
    '%E6%9D\xb1',
    '\xe6%9D%B1',
    Buffer.from('東京').toString('latin1'),
  ])('%j', async (bytes) => {
    const { slug } = fixtures.customer;
    for (const target of [
      `/api/customers/${bytes}`,
      `/api/customers?q=${bytes}`,
      `/${bytes}`,
      `/api/customers/${slug}?${bytes}=1`,
    ]) {
      const { status, body, headers } = await get(target);
      expect([target, status, body.code]).toEqual([target, 400, 'BAD_REQUEST']);
      expect(headers['content-type']).toBe('application/problem+json');
      expect(headers['x-request-id']).toBeDefined();
    }
  });
});

describe('references that nothing has: 404 of the resource, on every route with one', () => {
  it.each([
    ["' OR 1=1--", '%27%20OR%201=1--'],
    ["'; DROP TABLE customers; --", "';%20DROP%20TABLE%20customers;%20--"],
    ['$1', '$1'],
    ['a backslash', '%5C'],
    ['a slash', '%2F'],
    ['an escaped escape', '%2500'],
    ['a blank', '%20'],
    ['a line feed', '%0A'],
    ['U+FFFD', '%EF%BF%BD'],
    ['escaped UTF-8', encodeURIComponent('東京')],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['a semicolon', 'a;b=c'],
    ['a UUID without hyphens', '00000000000040008000000000000000'],
    ['a UUID in braces', '%7B00000000-0000-4000-8000-000000000000%7D'],
    ['a UUID', '00000000-0000-4000-8000-000000000000'],
    ['5,000 characters', 'x'.repeat(5_000)],
    ['5,000 bytes beyond the BMP', '%F0%9F%8C%B8'.repeat(1_250)],
  ])('%s', async (_, reference) => {
    const routes = parameterRoutes();
    const answers = await Promise.all(
      routes.map(({ method, path }) => {
        // What PUT and PATCH check before they look the resource up must be right.
        const body = JSON.stringify(fixtures.body({ method, path }) ?? {});
        const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`];
        return sendRaw(rawRequest(`${method} ${fixtures.path(path, reference)}`, headers, api.token, body));
      }),
    );
    for (const [index, { status, body, text }] of answers.entries()) {
      // OFREP has forms of its own.
      const code = body.code ?? body.errorCode;
      const route = routes[index]!;
      expect([route.path, status, code]).toEqual([route.path, route.status, route.code]);
      expect(text.length).toBeLessThan(3_000);
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toMatch(/\\ud[89a-f]/i);
    }
  });
});

describe('paths that are no routes: 404', () => {
  it.each([
    ...[
      '/nope',
      '/api',
      '/api/',
      '/api/nope',
      '/api/customers/a/b',
      '/api/customers/a/instances',
      '/apicustomers',
      '/v1/customers',
    ],
    ...['/API/customers', '/api/Customers', '/api/CUSTOMERS', '/api//customers', '//api/customers', '/api/customers//'],
    ...['/api/./customers', '/api/../api/customers', '/api%2Fcustomers', '/%61pi/customers', '/api/customers;a=b'],
    ...[
      '/api/c%75stomers',
      '/api/service-accounts/a/tokens/b/c',
      '/favicon.ico',
      '/.env',
      '*',
      '//',
      '/api/docs/../customers',
    ],
  ])('%s', async (target) => {
    const { status, body, headers } = await get(target);
    expect(status).toBe(404);
    expect(body.code).toBe('NOT_FOUND');
    expect(body.status).toBe(404);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers['x-request-id']).toBeDefined();
  });

  it('leads from / to the documentation, with an id like every answer', async () => {
    const response = await fetch(testApp().url, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/api/docs']);
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });

  it('says the same to those who have no token', async () => {
    for (const target of ['/nope', '/api/nope', '/api/Customers']) {
      const { status, body } = await sendRaw(rawRequest(`GET ${target}`, [], undefined));
      expect([status, body.code, body.instance]).toEqual([404, 'NOT_FOUND', target]);
    }
  });
});

describe('other spellings of a route', () => {
  it('a trailing slash is forgiven, for reading and for writing', async () => {
    const without = await api.get('/api/customers');
    expect((await api.get('/api/customers/')).body).toEqual(without.body);
    expect((await api.get(`/api/customers/${fixtures.customer.slug}/`)).body.id).toBe(fixtures.customer.id);
  });

  it('an absolute target, as a proxy sends it, is the same resource', async () => {
    const { status, body } = await get(`http://localhost/api/customers/${fixtures.customer.slug}`);
    expect([status, body.id]).toEqual([200, fixtures.customer.id]);
  });

  it('an escaped slug is the same slug, and an id is one in capitals as well', async () => {
    const { slug, id } = fixtures.customer;
    for (const reference of [slug.replace('c', '%63'), id.toUpperCase()]) {
      expect((await get(`/api/customers/${reference}`)).body.id).toBe(id);
    }
  });
});
