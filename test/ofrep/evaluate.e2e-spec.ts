import { beforeAll, describe, expect, it } from '@jest/globals';
import { levels } from 'pino';
import { Api, anonymous } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { createFlag, evaluateAll, evaluateOne, FLAGS, when } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { RawConnection, rawRequest, sendRaw } from '../support/raw-http.js';

useApp();

let org: TestOrganization;
let api: Api;
const WIDE = { a: [1, 'two'], b: { c: null } };

beforeAll(async () => {
  org = await anOrg();
  api = await org.as('read:feature_flags');
  await createFlag(org.api, 'plain', {
    metadata: { owner: 'web', retries: 3, beta: true, list: [1], fallback_value: true },
  });
  await createFlag(org.api, 'targeted', { targetings: [when('plan == "pro"')] });
  await createFlag(org.api, 'split', {
    default_variant: { type: 'rollout_percentage', distribution: { on: 100, off: 0 } },
  });
  await createFlag(org.api, 'disabled', { enabled: false, targetings: [when('true')] });
  await createFlag(org.api, 'broken', { targetings: [when('plan.missing == 1'), when('plan == "pro"')] });
  await createFlag(org.api, 'json', {
    type: 'object',
    variants: [{ name: 'wide "quoted"', description: '', value: WIDE }],
    default_variant: { type: 'basic', value: 'wide "quoted"' },
  });
});

describe('POST /api/ofrep/v1/evaluate/flags/:key', () => {
  it.each([
    [
      'plain',
      {},
      { value: false, variant: 'off', reason: 'STATIC', metadata: { owner: 'web', retries: 3, beta: true } },
    ],
    ['targeted', { plan: 'pro' }, { value: true, variant: 'on', reason: 'TARGETING_MATCH' }],
    ['targeted', { plan: 'free' }, { value: false, variant: 'off', reason: 'DEFAULT' }],
    ['split', { targetingKey: 'user-1' }, { value: true, variant: 'on', reason: 'SPLIT' }],
    ['disabled', {}, { value: false, variant: 'off', reason: 'DISABLED' }],
    ['json', {}, { value: WIDE, variant: 'wide "quoted"', reason: 'STATIC' }],
    [
      'broken',
      { plan: 'pro' },
      {
        value: true,
        variant: 'on',
        reason: 'TARGETING_MATCH',
        metadata: { 'kaiten.brokenTargetingRules': '["plan.missing == 1"]' },
      },
    ],
  ])('200: %s for %j', async (slug, context, expected) => {
    const { status, body, headers } = await evaluateOne(api, slug, context);
    expect([status, body]).toEqual([200, { key: slug, ...expected }]);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('400 TARGETING_KEY_MISSING only where a bucket is needed', async () => {
    const { status, body } = await evaluateOne(api, 'split');
    expect([status, body]).toEqual([
      400,
      { key: 'split', errorCode: 'TARGETING_KEY_MISSING', errorDetails: expect.any(String) },
    ]);
    expect((await evaluateOne(api, 'plain')).status).toBe(200);
  });

  it('404 FLAG_NOT_FOUND, without what may be a token', async () => {
    for (const [key, echo] of [
      ['nothing', 'nothing'],
      ['ksh_abcdefghijklmnop', 'ksh_...'],
      [encodeURIComponent('東京'), '東京'],
      ['constructor', 'constructor'],
      ['__proto__', '__proto__'],
    ]) {
      const { status, body } = await evaluateOne(api, key!);
      expect([status, body]).toEqual([
        404,
        { key: echo, errorCode: 'FLAG_NOT_FOUND', errorDetails: expect.any(String) },
      ]);
    }
  });
});

describe('POST /api/ofrep/v1/evaluate/flags', () => {
  it('200: every flag, by slug, as it is alone', async () => {
    const context = { plan: 'pro' };
    const { status, body } = await evaluateAll(api, context);
    expect(status).toBe(200);
    const slugs = ['broken', 'disabled', 'json', 'plain', 'split', 'targeted'];
    expect(body.flags.map(({ key }: { key: string }) => key)).toEqual(slugs);
    for (const [index, slug] of slugs.entries()) {
      expect(body.flags[index]).toEqual((await evaluateOne(api, slug, context)).body);
    }
    expect(body.flags[4].errorCode).toBe('TARGETING_KEY_MISSING');
  });

  it('200: without a body, for an empty context', async () => {
    const { status, body } = await api.send('POST', FLAGS);
    expect([status, body.flags]).toEqual([200, (await evaluateAll(api)).body.flags]);
  });

  it('200: none of an organization that has none', async () => {
    const empty = await anOrg();
    expect((await evaluateAll(empty.api)).body.flags).toEqual([]);
  });
});

describe.each([
  ['single', `${FLAGS}/plain`, { key: 'plain' }],
  ['bulk', FLAGS, {}],
])('what is refused: %s', (_, path, key) => {
  it.each<[string, string | Buffer]>([
    ['PARSE_ERROR', '{'],
    ['PARSE_ERROR', '[]'],
    ['PARSE_ERROR', '"context"'],
    ['PARSE_ERROR', Buffer.from('{"context":{"a":"\xff"}}', 'latin1')],
    ['INVALID_CONTEXT', '{"context":[]}'],
    ['INVALID_CONTEXT', '{"context":null}'],
    ['INVALID_CONTEXT', '{"context":{"targetingKey":7}}'],
    ['INVALID_CONTEXT', JSON.stringify({ context: { a: 'x'.repeat(65_536) } })],
    ['INVALID_CONTEXT', `{"context":{"a":${'['.repeat(40)}${']'.repeat(40)}}}`],
  ])('400 %s: case %#', async (errorCode, raw) => {
    const { status, body, headers } = await api.send('POST', path, { raw });
    expect([status, body]).toEqual([400, { ...key, errorCode, errorDetails: expect.any(String) }]);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('401: a problem with the words of the protocol', async () => {
    for (const [client, code, challenge] of [
      [anonymous, 'Auth.NoIdentity', 'Bearer realm="kaiten"'],
      [new Api('ksh_none'), 'Auth.InvalidToken', expect.stringContaining('error="invalid_token"')],
      [new Api('a b'), 'Auth.InvalidToken', expect.anything()],
    ] as const) {
      const { status, body, headers } = await client.send('POST', path, { raw: '{' });
      expect([status, headers['content-type'], headers['www-authenticate']]).toEqual([
        401,
        'application/problem+json',
        challenge,
      ]);
      expect(body).toMatchObject({ ...key, code, status: 401, errorCode: 'GENERAL', errorDetails: body.detail });
    }
  });

  it('403 before the body is looked at', async () => {
    const reader = await org.as('read:customers');
    const { status, body, headers } = await reader.send('POST', path, { raw: '{' });
    expect([status, body]).toEqual([
      403,
      expect.objectContaining({ ...key, code: 'Auth.MissingScope', errorCode: 'GENERAL' }),
    ]);
    expect(headers['www-authenticate']).toContain('scope="read:feature_flags"');
  });

  it('405 with Allow for other methods, and for preflights where there is no page that may ask', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await sendRaw(
        rawRequest(
          `${method} ${path}`,
          ['Origin: https://a.example', 'Access-Control-Request-Method: POST'],
          api.token,
        ),
      );
      expect([status, headers.allow, headers['access-control-allow-origin']]).toEqual([405, 'POST', undefined]);
    }
  });

  it('413 and 415 as everywhere, in the words of the protocol too', async () => {
    const large = await api.send('POST', path, { raw: `{"x":"${'x'.repeat(1024 * 1024)}"}` });
    expect([large.status, large.body]).toEqual([
      413,
      expect.objectContaining({ ...key, code: 'PAYLOAD_TOO_LARGE', errorCode: 'GENERAL' }),
    ]);
    const text = await api.send('POST', path, { raw: '{}', headers: { 'Content-Type': 'text/plain' } });
    expect([text.status, text.body, text.headers.accept]).toEqual([
      415,
      expect.objectContaining({ ...key, code: 'UNSUPPORTED_MEDIA_TYPE' }),
      'application/json',
    ]);
  });
});

describe('as everywhere', () => {
  const lines = (requestId: string): unknown[] =>
    testApp()
      .log()
      .split('\n')
      .filter((line) => line.includes(`"${requestId}"`))
      .map((line) => JSON.parse(line) as unknown);

  it('a request has an id and a line in the log, at debug where it was answered, which has the pattern and not the key', async () => {
    for (const [path, route, requestId, level] of [
      [FLAGS, FLAGS, 'ofrep-bulk', levels.values.debug],
      [`${FLAGS}/secret-name`, `${FLAGS}/:key`, 'ofrep-single', levels.values.info],
    ] as const) {
      const { headers, status } = await api.send('POST', path, { raw: '{}', headers: { 'X-Request-Id': requestId } });
      expect(headers['x-request-id']).toBe(requestId);
      expect(lines(requestId)).toEqual([
        expect.objectContaining({
          level,
          msg: 'request',
          method: 'POST',
          route,
          status,
          organizationId: org.org.id,
          tokenId: expect.any(String),
        }),
      ]);
    }
    expect(testApp().log()).not.toContain('secret-name');
  });

  it('a 304 and an evaluation that was refused have theirs, at debug and at info', async () => {
    const send = (headers: Record<string, string> = {}) => api.send('POST', FLAGS, { raw: '{}', headers });
    const { etag } = (await send()).headers;
    expect((await send({ 'If-None-Match': etag!, 'X-Request-Id': 'ofrep-304' })).status).toBe(304);
    expect((await send({ 'Content-Type': 'text/plain', 'X-Request-Id': 'ofrep-415' })).status).toBe(415);
    expect(lines('ofrep-304')).toEqual([expect.objectContaining({ level: levels.values.debug, status: 304 })]);
    expect(lines('ofrep-415')).toEqual([expect.objectContaining({ level: levels.values.info, status: 415 })]);
  });

  it('a malformed id is replaced', async () => {
    const { headers } = await api.send('POST', FLAGS, { headers: { 'X-Request-Id': 'two words' } });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('spellings of the path are one: a slash behind it, escapes in the key, a query, a whole URL', async () => {
    const expected = (await evaluateOne(api, 'plain')).body;
    for (const target of [
      `${FLAGS}/plain/`,
      `${FLAGS}/pl%61in`,
      `${FLAGS}/plain?a=b`,
      `http://localhost${FLAGS}/plain`,
    ]) {
      const { status, body } = await sendRaw(rawRequest(`POST ${target}`, ['Content-Length: 2'], api.token, '{}'));
      expect([target, status, body]).toEqual([target, 200, expected]);
    }
    for (const target of [`${FLAGS}/plain/x`, `${FLAGS}x`, `${FLAGS}//plain`, `${FLAGS}/plain//`]) {
      const { status, body } = await sendRaw(rawRequest(`POST ${target}`, ['Content-Length: 2'], api.token, '{}'));
      expect([target, status, body.code]).toEqual([target, 404, 'NOT_FOUND']);
    }
  });

  it('a client that waits to be asked for its body is asked', async () => {
    const connection = await RawConnection.open();
    connection.write(rawRequest(`POST ${FLAGS}/plain`, ['Expect: 100-continue', 'Content-Length: 2'], api.token));
    expect((await connection.answer()).status).toBe(100);
    connection.write('{}');
    expect((await connection.answer()).body.key).toBe('plain');
    connection.destroy();
  });

  it('and one without a token is not', async () => {
    const connection = await RawConnection.open();
    connection.write(rawRequest(`POST ${FLAGS}/plain`, ['Expect: 100-continue', 'Content-Length: 2'], undefined));
    expect((await connection.answer()).status).toBe(401);
    connection.destroy();
  });

  it('requests follow each other on a connection', async () => {
    const connection = await RawConnection.open();
    const one = rawRequest(`POST ${FLAGS}/plain`, ['Content-Length: 2'], api.token, '{}');
    connection.write(one + rawRequest(`POST ${FLAGS}`, ['Content-Length: 1'], undefined, '{') + one);
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await connection.answer()).status);
    expect(statuses).toEqual([200, 401, 200]);
    connection.destroy();
  });
});
