import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Route } from '../../src/http/route-table.js';
import type { Api, Answer } from '../support/api.js';
import { useApp } from '../support/app.js';
import { bodyRoutes, makeFixtures, OPTIONAL_BODIES } from '../support/fixtures.js';
import type { Fixtures } from '../support/fixtures.js';
import { nameOf } from '../support/routes.js';
import { leavesNoTrace } from '../support/no-trace.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';

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

const needsBody = (route: Route): boolean => !OPTIONAL_BODIES.includes(nameOf(route));

/** Sends the same bytes to every route that takes a body; nothing, to every route that needs one. */
async function toEveryRoute(raw: string | Buffer, headers?: Record<string, string>): Promise<Answer[]> {
  const routes = raw === '' ? bodyRoutes().filter(needsBody) : bodyRoutes();
  expect(routes.length).toBeGreaterThanOrEqual(8);
  return Promise.all(routes.map(({ method, path }) => api.send(method, fixtures.path(path), { raw, headers })));
}

const outcome = ({ status, body }: Answer): unknown[] => [status, body.code, body.detail];

const NOT_JSON = 'the body is not valid JSON';
const NOT_OBJECT = 'the body is not a JSON object';
const NOT_UTF8 = 'the body is not UTF-8';
const TWICE = 'the body has the same key twice in one object';
const SURROGATE = 'the body has half of a surrogate pair';

describe('bodies that cannot be read: 400 on every route that takes one', () => {
  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'the request has no body'],
    ['a blank', ' ', NOT_JSON],
    ['half of an object', '{"name":', NOT_JSON],
    ['a trailing comma', '{"name":"A",}', NOT_JSON],
    ['a comment', '{"name":"A"/* */}', NOT_JSON],
    ['single quotes', "{'name':'A'}", NOT_JSON],
    ['two values', '{"name":"A"}{"name":"B"}', NOT_JSON],
    ['NaN', '{"name":NaN}', NOT_JSON],
    ['a raw line feed in a text', '{"name":"A\nB"}', NOT_JSON],
    ['a raw NUL', '{"name":"A\0B"}', NOT_JSON],
    ['an array', '[{"name":"A"}]', NOT_OBJECT],
    ['a text', '"name"', NOT_OBJECT],
    ['null', 'null', NOT_OBJECT],
    ['a number', '1', NOT_OBJECT],
    ['true', 'true', NOT_OBJECT],
    ['the same key twice', '{"name":"A","name":"B"}', TWICE],
    ['the same key twice, equal', '{"name":"A","name":"A"}', TWICE],
    ['the same key twice, one escaped', '{"name":"A","n\\u0061me":"B"}', TWICE],
    ['the same key twice, deep down', '{"name":"A","metadata":{"a":[{"b":{"c":1,"c":2}}]}}', TWICE],
    ['__proto__', '{"name":"A","__proto__":{"admin":true}}', 'the body has a key __proto__'],
    ['__proto__, escaped', '{"name":"A","\\u005f_proto__":{}}', 'the body has a key __proto__'],
    ['__proto__ deep down', '{"name":"A","metadata":{"a":{"__proto__":[]}}}', 'the body has a key __proto__'],
    ['NUL in a text', '{"name":"A\\u0000B"}', 'the body has a NUL character'],
    ['NUL in a key', '{"name":"A","metadata":{"\\u0000":1}}', 'the body has a NUL character'],
    ['a high surrogate', '{"name":"A\\ud800"}', SURROGATE],
    ['a low surrogate', '{"name":"\\udc00A"}', SURROGATE],
    ['surrogates in the wrong order', '{"name":"\\ude00\\ud83d"}', SURROGATE],
    ['a surrogate in a key', '{"name":"A","\\ud800":1}', SURROGATE],
    ['a number without bounds', '{"name":"A","metadata":{"n":1e999}}', 'the body has a number that is too large'],
    [
      'a body 65 deep',
      `{"name":"A","metadata":${'{"a":'.repeat(65)}1${'}'.repeat(65)}}`,
      'the body is nested more than 64 deep',
    ],
    ['a million brackets', '['.repeat(1_000_000), NOT_JSON],
    [
      'half a million arrays in each other',
      `${'['.repeat(500_000)}${']'.repeat(500_000)}`,
      'the body is nested more than 64 deep',
    ],
    ['a byte that is no UTF-8', Buffer.from('{"name":"A\xff"}', 'latin1'), NOT_UTF8],
    ['overlong UTF-8', Buffer.from('{"name":"\xc0\xaf"}', 'latin1'), NOT_UTF8],
    ['an encoded surrogate', Buffer.from('{"name":"\xed\xa0\x80"}', 'latin1'), NOT_UTF8],
    ['UTF-16', Buffer.from('{"name":"A"}', 'utf16le'), NOT_JSON],
    ['UTF-16 with its mark', Buffer.from('\ufeff{"name":"A"}', 'utf16le'), NOT_UTF8],
  ])('%s', async (_, raw, detail) => {
    for (const answer of await toEveryRoute(raw)) expect(outcome(answer)).toEqual([400, 'BAD_REQUEST', detail]);
  });

  it('none at all, without a Content-Type either', async () => {
    for (const { method, path } of bodyRoutes().filter(needsBody)) {
      expect(outcome(await api.send(method, fixtures.path(path)))).toEqual([
        400,
        'BAD_REQUEST',
        'the request has no body',
      ]);
    }
  });
});

describe('bodies that do not fit: 422 on every route that takes one', () => {
  const locations = ({ body }: Answer): string[] => body.errors.map((error: { location: string }) => error.location);

  it.each([
    'unknown',
    'organizationId',
    'organization_id',
    'constructor',
    'prototype',
    'hasOwnProperty',
    'isPrototypeOf',
    'toString',
    'valueOf',
    'toJSON',
    'then',
    'length',
    '__defineGetter__',
    '',
    '0',
    'name ',
    'Name',
    '🌸',
  ])('an unknown key: %j', async (key) => {
    const answers = await Promise.all(
      bodyRoutes().map((route) => {
        const body = { ...fixtures.body(route), [key]: 1 };
        return api.send(route.method, fixtures.path(route.path), { raw: JSON.stringify(body) });
      }),
    );
    for (const answer of answers) {
      expect([answer.status, answer.body.code]).toEqual([422, 'VALIDATION_FAILED']);
      expect(locations(answer)).toContain(`body.${key}`);
    }
  });

  const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  // Names that are whole numbers are the first ones of an object, wherever they stand: 100 is.
  const nameAt = (i: number): string => [3844, 62, 1].map((place) => DIGITS[Math.floor(i / place) % 62]).join('');
  /** As many members as there is room for in a body. */
  const members = (others = '', value = '1'): string =>
    `{${others}${Array.from({ length: value === '1' ? 130_000 : 115_000 }, (_, i) => `"${nameAt(i)}":${value}`).join()}}`;

  it.each([
    ['/api/customers', members(), 'body.100'],
    ['/api/feature-flags', `{"variants":[${members()}]}`, 'body.variants[0].100'],
    ['/api/feature-flags', `{"targetings":[${members('"type":"basic",')}]}`, 'body.targetings[0].100'],
    [
      '/api/feature-flags',
      `{"default_variant":{"type":"rollout_percentage","distribution":${members('', '-1')}}}`,
      'body.default_variant.distribution.100',
    ],
  ])('more than 100,000 wrong members: soon, and naming no more than a hundred: POST %s %#', async (path, raw, at) => {
    const started = performance.now();
    const answer = await api.send('POST', path, { raw });
    expect([answer.status, answer.body.errors?.length]).toEqual([422, 100]);
    expect(locations(answer)).toContain(at);
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it.each([
    ['a number', 1],
    ['null', null],
    ['true', true],
    ['an array', ['A']],
    ['an object', { a: 1 }],
    ['an object with hostile keys', { constructor: 1, length: -1, toString: null, then: 1 }],
    ['an array of objects with hostile keys', [{ constructor: { constructor: 1 } }]],
    ['nothing', ''],
    ['a blank', '  '],
    ['blanks of other scripts', '\u00a0\u3000'],
    ['a tab', 'A\tB'],
    ['a line feed', 'A\n'],
    ['10,000 characters', 'x'.repeat(10_000)],
    ['256 characters', '🌸'.repeat(256)],
    ['256 characters with variation selectors', 'a\ufe0f'.repeat(128)],
  ])('a name that is %s', async (_, name) => {
    for (const route of bodyRoutes()) {
      if (route.method === 'PATCH') continue;
      const body = { ...fixtures.body(route), name };
      const answer = await api.send(route.method, fixtures.path(route.path), { body });
      expect([route.path, answer.status, answer.body.code]).toEqual([route.path, 422, 'VALIDATION_FAILED']);
      expect(locations(answer)).toContain('body.name');
    }
  });

  it.each([
    ...[
      '',
      'localhost',
      'Upper.example',
      'a b.example',
      '.example',
      'a..example',
      'a.example.',
      'http://a.example',
      'a.example/x',
    ],
    ...[
      'a.example:80',
      'пример.рф',
      'a.example\n',
      'a.exämple',
      `${'a.'.repeat(127)}`,
      `${'a'.repeat(250)}.com`,
      "a'.example",
    ],
    ...[1, true, [], {}, ['a.example']],
  ])('a domain that is %j', async (domain) => {
    const answer = await api.post('/api/customers', { name: 'A', domain });
    expect([answer.status, locations(answer)]).toEqual([422, expect.arrayContaining(['body.domain'])]);
  });

  it('does not repeat long or deep input in its answer', async () => {
    const answer = await api.post('/api/customers', {
      name: 'n'.repeat(500_000),
      slug: { a: 'secret' },
      ['k'.repeat(5_000)]: 1,
    });
    expect(answer.status).toBe(422);
    expect(answer.text.length).toBeLessThan(2_000);
    expect(answer.text).not.toContain('secret');
  });
});

describe('what looks bad and is not', () => {
  it('names of 255 characters of any plane, and words of JavaScript', async () => {
    for (const name of [
      '🌸'.repeat(255),
      'constructor',
      '__proto__',
      'null',
      '<script>',
      "Robert'); DROP TABLE customers;--",
      '\\',
      '%',
    ]) {
      const { status, body } = await api.post('/api/customers', { name });
      expect([status, body.name]).toEqual([201, name]);
      expect((await api.get(`/api/customers/${body.id}`)).body.name).toBe(name);
      expect((await api.delete(`/api/customers/${body.id}`)).status).toBe(204);
    }
  });

  it('a byte order mark, blanks around, escapes', async () => {
    for (const raw of ['\ufeff{"name":"Mark"}', ' \r\n\t{"name":"Mark"}\n', '{"\\u006eame":"M\\u0061rk"}']) {
      const { status, body } = await api.send('POST', '/api/customers', { raw });
      expect([status, body.name]).toEqual([201, 'Mark']);
      await api.delete(`/api/customers/${body.id}`);
    }
  });
});
