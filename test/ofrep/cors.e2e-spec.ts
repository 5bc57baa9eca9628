import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExtraServer } from '../support/extra-server.js';
import { startExtraServer } from '../support/extra-server.js';
import { useApp } from '../support/app.js';
import { createFlag, FLAGS } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';

useApp();

const PAGE = 'https://app.example.com';
const OTHER_PAGE = 'http://localhost:5173';
const STRANGER = 'https://evil.example';
const HEADERS = ['origin', 'methods', 'headers', 'max-age', 'credentials'].map(
  (name) => `access-control-allow-${name}`,
);

let listed: ExtraServer;
let open: ExtraServer;
let token: string;

beforeAll(async () => {
  listed = await startExtraServer({ FLAGS_CORS_ORIGINS: `${PAGE}, ${OTHER_PAGE}` });
  open = await startExtraServer({ FLAGS_CORS_ORIGINS: '*' });
  const org = await anOrg();
  token = (await org.as('read:feature_flags')).token!;
  await createFlag(org.api, 'plain');
});
afterAll(() => Promise.all([listed?.close(), open?.close()]));

const preflight = (server: ExtraServer, origin: string, path = FLAGS): Promise<Response> =>
  fetch(server.url + path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,if-none-match',
    },
  });

const post = (
  server: ExtraServer,
  origin: string,
  headers: Record<string, string> = {},
  path = FLAGS,
): Promise<Response> =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', origin, ...headers },
    body: '{}',
  });

const cors = ({ headers }: Response): Record<string, string | null> =>
  Object.fromEntries([...HEADERS, 'access-control-expose-headers'].map((name) => [name.slice(15), headers.get(name)]));

const ALLOWED = {
  'allow-methods': 'POST',
  'allow-headers': 'Authorization, Content-Type, If-None-Match',
  'allow-credentials': null,
  'expose-headers': null,
};

describe.each([
  ['bulk', FLAGS],
  ['single', `${FLAGS}/plain`],
])('%s', (_, path) => {
  it('answers the preflight of pages that are listed, without a token', async () => {
    for (const origin of [PAGE, OTHER_PAGE]) {
      const response = await preflight(listed, origin, path);
      expect(response.status).toBe(204);
      expect(cors(response)).toMatchObject({ ...ALLOWED, 'allow-origin': origin });
      expect(Number(response.headers.get('access-control-max-age'))).toBeGreaterThan(60);
      expect(response.headers.get('x-request-id')).toBeTruthy();
    }
    expect(cors(await preflight(open, STRANGER, path))).toMatchObject({ ...ALLOWED, 'allow-origin': '*' });
  });

  it('tells others nothing', async () => {
    for (const origin of [STRANGER, 'null', `${PAGE}:443`, `${PAGE}.evil.example`, PAGE.toUpperCase()]) {
      for (const response of [await preflight(listed, origin, path), await post(listed, origin, {}, path)]) {
        expect([origin, ...Object.values(cors(response))]).toEqual([origin, ...Array(6).fill(null)]);
      }
    }
  });

  it('lets pages read answers of every status, with the headers that they need', async () => {
    const ok = await post(listed, PAGE, {}, path);
    const refused = await post(listed, PAGE, { authorization: 'Bearer ksh_none' }, path);
    const forAll = await post(open, STRANGER, {}, path);
    expect([ok.status, refused.status, forAll.status]).toEqual([200, 401, 200]);
    for (const [response, origin] of [
      [ok, PAGE],
      [refused, PAGE],
      [forAll, '*'],
    ] as const) {
      expect(cors(response)).toMatchObject({
        'allow-origin': origin,
        'allow-credentials': null,
        'expose-headers': 'ETag, Retry-After, X-Request-Id',
      });
    }
  });
});

it('lets pages read a 304, which depends on the origin where only some may', async () => {
  for (const [server, origin, vary] of [
    [listed, PAGE, 'Authorization, Origin'],
    [open, '*', 'Authorization'],
  ] as const) {
    const first = await post(server, PAGE);
    const again = await post(server, PAGE, { 'if-none-match': first.headers.get('etag')! });
    expect([first.status, again.status, again.headers.get('vary')]).toEqual([200, 304, vary]);
    expect(cors(again)['allow-origin']).toBe(origin);
  }
});

it('is for flags alone', async () => {
  const response = await fetch(`${open.url}/api/customers`, {
    method: 'OPTIONS',
    headers: { origin: PAGE, 'access-control-request-method': 'GET' },
  });
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([405, null]);
});

it('an OPTIONS request that is no preflight is a method like others', async () => {
  const response = await fetch(open.url + FLAGS, { method: 'OPTIONS' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});
