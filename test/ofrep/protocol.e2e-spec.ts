import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStream } from '../support/announced-streams.js';
import { Api, anonymous } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { CutOff } from '../support/cut-off.js';
import { databaseUrl } from '../support/database.js';
import type { ExtraServer } from '../support/extra-server.js';
import { startExtraServer } from '../support/extra-server.js';
import { createFlag, evaluateAll, evaluateOne, FLAGS, replaceFlag, when } from '../support/flags.js';
import type { ProtocolAnswer } from '../support/ofrep-protocol.js';
import { assertEventData, assertProtocol } from '../support/ofrep-protocol.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { untold } from '../support/told.js';

useApp();

let org: TestOrganization;
let api: Api;

/** Rules that each cost more than one may. */
const HEAVY = ['1', '2', '3'].map((name) => ({ ...when('items.all(x, items.all(y, x + y >= 0.0))'), name }));
const ITEMS = Array.from({ length: 3_000 }, (_, i) => i);

beforeAll(async () => {
  org = await anOrg();
  api = await org.as('read:feature_flags');
  const values = (type: string, value: unknown): object => ({
    type,
    variants: [{ name: 'v', description: '', value }],
    default_variant: { type: 'basic', value: 'v' },
  });
  const half = { type: 'rollout_percentage', distribution: { on: 1, off: 1 } };
  await createFlag(org.api, 'boolean', { metadata: { owner: 'web', retries: 3, beta: true, list: [1], none: null } });
  await createFlag(org.api, 'string', values('string', ''));
  await createFlag(org.api, 'integer', values('number', -3));
  await createFlag(org.api, 'float', values('number', 2.5));
  await createFlag(org.api, 'object', values('object', { list: [null, 1], deep: { a: {} } }));
  await createFlag(org.api, 'targeted', { targetings: [when('plan == "pro"')] });
  await createFlag(org.api, 'by-percentage', { default_variant: half });
  await createFlag(org.api, 'disabled', { enabled: false });
  for (let i = 0; i < 16; i += 1) await createFlag(org.api, `heavy-${i}`, { targetings: HEAVY });
});

/** What the client has found to be of the protocol, as status and reason or code: the client throws when it is not. */
async function outcomeOf(slug: string, context?: object): Promise<unknown[]> {
  const { status, body } = await evaluateOne(api, slug, context);
  return [status, body.reason ?? body.errorCode];
}

describe('every kind of answer is one of the protocol', () => {
  it.each<[string, object, number, string]>([
    ['boolean', {}, 200, 'STATIC'],
    ['string', {}, 200, 'STATIC'],
    ['integer', {}, 200, 'STATIC'],
    ['float', {}, 200, 'STATIC'],
    ['object', {}, 200, 'STATIC'],
    ['targeted', { plan: 'pro' }, 200, 'TARGETING_MATCH'],
    ['targeted', {}, 200, 'DEFAULT'],
    ['by-percentage', { targetingKey: 'user-1' }, 200, 'SPLIT'],
    ['disabled', {}, 200, 'DISABLED'],
    ['heavy-0', { items: ITEMS }, 200, 'DEFAULT'],
    ['by-percentage', {}, 400, 'TARGETING_KEY_MISSING'],
    ['boolean', { targetingKey: 7 }, 400, 'INVALID_CONTEXT'],
    ['no-such-flag', {}, 404, 'FLAG_NOT_FOUND'],
  ])('single: %s for %j: %d %s', async (slug, context, status, outcome) => {
    expect(await outcomeOf(slug, context)).toEqual([status, outcome]);
  });

  it('bulk: successes and failures side by side, with a stream', async () => {
    const { status, body } = await evaluateAll(api, { items: ITEMS });
    const outcomes = body.flags.map((flag: { reason?: string; errorCode?: string }) => flag.reason ?? flag.errorCode);
    expect([status, body.eventStreams.length]).toEqual([200, 1]);
    expect([...new Set(outcomes)].sort()).toEqual([
      'DEFAULT',
      'DISABLED',
      'GENERAL',
      'STATIC',
      'TARGETING_KEY_MISSING',
    ]);
  });

  it('bulk: 304', async () => {
    const { headers } = await evaluateAll(api);
    expect((await evaluateAll(api, {}, { 'If-None-Match': headers.etag! })).status).toBe(304);
  });

  it.each([
    ['bulk', FLAGS],
    ['single', `${FLAGS}/boolean`],
  ])('%s: what is refused', async (_, path) => {
    const send = async (client: Api, raw: string, type = 'application/json'): Promise<unknown[]> => {
      const { status, body } = await client.send('POST', path, { raw, headers: { 'Content-Type': type } });
      return [status, body.errorCode];
    };
    expect(await send(api, '{')).toEqual([400, 'PARSE_ERROR']);
    expect(await send(api, '{"context":1}')).toEqual([400, 'INVALID_CONTEXT']);
    expect(await send(anonymous, '{}')).toEqual([401, 'GENERAL']);
    expect(await send(new Api('ksh_none'), '{}')).toEqual([401, 'GENERAL']);
    expect(await send(await org.as('read:customers'), '{}')).toEqual([403, 'GENERAL']);
    expect(await send(api, ' '.repeat(1024 * 1024 + 1))).toEqual([413, 'GENERAL']);
    expect(await send(api, '{}', 'text/plain')).toEqual([415, 'GENERAL']);
    // Before it is known what it is for, so not in the words of the protocol.
    expect((await api.send('POST', `${path}?%00`, { raw: '{}' })).body.code).toBe('BAD_REQUEST');
  });

  it('the event that tells of a change', async () => {
    const stream = await openStream(testApp().url, api.token!);
    await replaceFlag(org.api, 'boolean');
    const { data, event } = await stream.event(1);
    stream.close();
    expect([event, data.type]).toEqual(['message', 'refetchEvaluation']);
    assertEventData(data);
  });
});

describe('while the database is away', () => {
  let way: CutOff;
  let server: ExtraServer;
  beforeAll(async () => {
    const url = new URL(databaseUrl());
    way = await CutOff.to(Number(url.port));
    url.port = String(way.port);
    server = await startExtraServer({}, { databaseUrl: url.href });
  });
  afterAll(async () => {
    await server?.close();
    await way?.cut();
  });

  it('503 is an answer of the protocol, and no 401', async () => {
    await way.cut();
    await untold(server);
    for (const path of [FLAGS, `${FLAGS}/boolean`]) {
      const response = await fetch(server.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
        body: '{}',
      });
      const headers = Object.fromEntries(response.headers);
      const body = (await response.json()) as { key?: string };
      assertProtocol('POST', path, { status: response.status, headers, body });
      expect([response.status, body.key]).toEqual([503, path === FLAGS ? undefined : 'boolean']);
    }
  });
});

describe('the check itself', () => {
  const json = { 'content-type': 'application/json', etag: '"x"' };
  const of = (body: unknown, status = 200, headers: ProtocolAnswer['headers'] = json): ProtocolAnswer => ({
    status,
    headers,
    body,
  });
  const flag = { key: 'a', value: true, variant: 'on', reason: 'STATIC' };
  const bulk = (eventStream: object): ProtocolAnswer => of({ flags: [flag], eventStreams: [eventStream] });

  it.each<[string, ProtocolAnswer]>([
    ['a value that is an array', of({ ...flag, value: [] })],
    ['a value that is null', of({ ...flag, value: null })],
    ['a key that is no text', of({ ...flag, key: 1 })],
    ['metadata that are nested', of({ ...flag, metadata: { a: {} } })],
    ['an error that is a success', of({ key: 'a', errorCode: 'GENERAL' })],
    ['an unknown error', of({ key: 'a', errorCode: 'TYPE_MISMATCH' }, 400)],
    ['no such flag, as a bad request', of({ key: 'a', errorCode: 'FLAG_NOT_FOUND' }, 400)],
    ['another error, as no such flag', of({ key: 'a', errorCode: 'GENERAL' }, 404)],
    ['an error without its key', of({ errorCode: 'GENERAL' }, 400)],
    ['a 304', of(undefined, 304)],
    ['a status that the protocol does not have', of(flag, 201)],
    ['no JSON', of(flag, 200, { 'content-type': 'text/plain' })],
    ['no words for clients of the protocol', of({ code: 'Auth.NoIdentity' }, 401)],
    ['no Retry-After', of({ errorCode: 'GENERAL', errorDetails: '' }, 503)],
    [
      'a Retry-After in parts of seconds',
      of({ errorCode: 'GENERAL', errorDetails: '' }, 503, { 'retry-after': '0.5' }),
    ],
  ])('single: refuses %s', (_, answer) => {
    expect(() => assertProtocol('POST', `${FLAGS}/a`, answer)).toThrow('single evaluation');
  });

  it.each<[string, ProtocolAnswer]>([
    ['no flags', of({})],
    ['a flag that is not found', of({ flags: [{ key: 'a', errorCode: 'FLAG_NOT_FOUND' }] })],
    ['a flag that is no flag', of({ flags: [true] })],
    ['no tag', of({ flags: [] }, 200, { 'content-type': 'application/json' })],
    ['no tag of a 304', of(undefined, 304, {})],
    ['a 304 with a body', of({ flags: [] }, 304)],
    ['a failure without a code', of({ errorDetails: '' }, 400)],
    ['a stream without an address', bulk({ type: 'sse' })],
    ['a stream with two', bulk({ type: 'sse', url: 'https://a.example/x', endpoint: { requestUri: '/x' } })],
    ['a stream whose URL has no origin', bulk({ type: 'sse', url: '/x' })],
    ['a stream whose path has no slash', bulk({ type: 'sse', endpoint: { requestUri: 'x' } })],
    ['a stream that closes at once', bulk({ type: 'sse', endpoint: { requestUri: '/x' }, inactivityDelaySec: 0 })],
    ['a stream without a type', bulk({ endpoint: { requestUri: '/x' } })],
  ])('bulk: refuses %s', (_, answer) => {
    expect(() => assertProtocol('POST', FLAGS, answer)).toThrow('bulk evaluation');
  });

  it('takes what the protocol leaves open', () => {
    const { value: _, ...codeDefault } = flag;
    assertProtocol('POST', `${FLAGS}/a`, of(codeDefault));
    for (const stream of [
      { type: 'sse', url: 'https://a.example/x' },
      { type: 'other', endpoint: { requestUri: '/x', origin: 'https://a.example' }, inactivityDelaySec: 1 },
    ]) {
      assertProtocol('POST', FLAGS, bulk(stream));
    }
  });

  it('refuses events without a type, or with a time that is none', () => {
    expect(() => assertEventData({ etag: 'x' })).toThrow();
    expect(() => assertEventData({ type: 'refetchEvaluation', lastModified: 1.5 })).toThrow();
    assertEventData({ type: 'something-new' });
  });
});
