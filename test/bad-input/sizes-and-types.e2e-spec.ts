import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Api } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { bodyRoutes, makeFixtures } from '../support/fixtures.js';
import type { Fixtures } from '../support/fixtures.js';
import { leavesNoTrace } from '../support/no-trace.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import type { RawAnswer } from '../support/raw-http.js';
import { RawConnection, rawRequest } from '../support/raw-http.js';

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

const MIB = 1024 * 1024;
const TOO_LARGE = [413, 'PAYLOAD_TOO_LARGE', 'the body is larger than 1048576 bytes'];

const chunk = (data: string): string => `${data.length.toString(16)}\r\n${data}\r\n`;
const post = (...headers: string[]): string =>
  rawRequest('POST /api/customers', ['Content-Type: application/json', ...headers], api.token);

/** An object of exactly so many bytes that does not fit the schema, so that nothing is created where it is read. */
const unfit = (size: number): string => `{"x":"${'x'.repeat(size - 8)}"}`;

describe('bodies of more than 1 MiB: 413', () => {
  it('on every route that takes one; 1 MiB exactly is read', async () => {
    for (const { method, path } of bodyRoutes()) {
      const { status, body } = await api.send(method, fixtures.path(path), { raw: unfit(2 * MIB) });
      expect([status, body.code, body.detail]).toEqual(TOO_LARGE);
    }
    expect((await api.send('POST', '/api/customers', { raw: unfit(MIB + 1) })).status).toBe(413);
    expect((await api.send('POST', '/api/customers', { raw: unfit(MIB) })).status).toBe(422);
  });

  it('by its length alone, before a byte of it has come', async () => {
    const connection = await RawConnection.open();
    connection.write(post(`Content-Length: ${100 * MIB}`));
    const { status, headers } = await connection.answer();
    expect([status, headers.connection]).toEqual([413, 'close']);
    await connection.closed();
  });

  it('in chunks, as soon as there are too many; the answer arrives while the client still sends', async () => {
    const connection = await RawConnection.open();
    connection.write(post('Transfer-Encoding: chunked'));
    const data = chunk('x'.repeat(64 * 1024));
    let answer: RawAnswer | undefined;
    void connection.answer().then((value) => (answer = value));
    for (let sent = 0; sent < 512 && !answer; sent++) {
      connection.write(data);
      await sleep(1);
    }
    expect([answer?.status, answer?.body.code, answer?.body.detail]).toEqual(TOO_LARGE);
    expect(answer!.headers.connection).toBe('close');
    await connection.closed();
  });

  it('arrives whole at clients that send all before they read, time after time', async () => {
    for (let i = 0; i < 10; i++) {
      for (const head of [post(`Content-Length: ${2 * MIB}`), post('Transfer-Encoding: chunked')]) {
        const connection = await RawConnection.open();
        connection.socket.pause();
        connection.write(
          head + (head.includes('chunked') ? chunk('x'.repeat(2 * MIB)) + chunk('') : 'x'.repeat(2 * MIB)),
        );
        await sleep(20);
        connection.socket.resume();
        expect((await connection.answer()).status).toBe(413);
        connection.destroy();
      }
    }
  });

  it('is not read at all for those who have no token', async () => {
    const connection = await RawConnection.open();
    connection.write(
      rawRequest('POST /api/customers', ['Content-Type: application/json', `Content-Length: ${2 * MIB}`], undefined),
    );
    expect((await connection.answer()).status).toBe(401);
    connection.destroy();
  });
});

describe('bodies of another kind: 415 on every route that takes one', () => {
  it.each([
    ...[
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/json',
      'application/jsonp',
      '*/*',
    ],
    ...[
      'application/json; charset=latin1',
      'application/json;charset=utf-16',
      'application/json; charset=',
      'application/json; boundary=x',
    ],
    ...[
      'application/problem+json',
      'application/merge-patch+json',
      'application/json, text/plain',
      'json',
      ';',
      'application/octet-stream',
    ],
  ])('%s', async (type) => {
    for (const route of bodyRoutes()) {
      const raw = JSON.stringify(fixtures.body(route));
      const { status, body, headers } = await api.send(route.method, fixtures.path(route.path), {
        raw,
        headers: { 'Content-Type': type },
      });
      expect([status, body.code, headers.accept]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE', 'application/json']);
    }
  });

  it.each(['gzip', 'br', 'deflate', 'x-gzip', 'identity, gzip', 'nonsense', ''])(
    'Content-Encoding: %s',
    async (encoding) => {
      for (const route of bodyRoutes()) {
        const raw = gzipSync(JSON.stringify(fixtures.body(route)));
        const answer = await api.send(route.method, fixtures.path(route.path), {
          raw,
          headers: { 'Content-Encoding': encoding },
        });
        expect([answer.status, answer.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
      }
    },
  );

  it.each([
    ...[
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON;charset=UTF-8',
      'application/json ; charset="utf-8" ',
    ],
  ])('%s is read', async (type) => {
    const { status } = await api.send('POST', '/api/customers', {
      raw: '{}',
      headers: { 'Content-Type': type, 'Content-Encoding': 'identity' },
    });
    expect(status).toBe(422);
  });

  it('JSON without a Content-Type is read', async () => {
    const connection = await RawConnection.open();
    connection.write(rawRequest('POST /api/customers', ['Content-Length: 2'], api.token, '{}'));
    expect((await connection.answer()).status).toBe(422);
    connection.destroy();
  });
});

describe('bodies that take their time', () => {
  it('are read to their end', async () => {
    const connection = await RawConnection.open();
    connection.write(post('Content-Length: 12'));
    for (const byte of '{"unfit": 1}') {
      await sleep(10);
      connection.write(byte);
    }
    expect((await connection.answer()).body.errors[0].location).toBe('body.unfit');
    connection.destroy();
  });

  it('and end early: nothing is written, the log has the request as aborted, the server goes on', async () => {
    for (const [index, sent] of ['', '{"name":"Abo', '{"name":"Aborted"}'].entries()) {
      const connection = await RawConnection.open();
      connection.write(post('Content-Length: 100', `X-Request-Id: aborted-${index}`) + sent);
      await sleep(index === 1 ? 0 : 50);
      connection.destroy();
    }
    const lines = (): string[] =>
      testApp()
        .log()
        .split('\n')
        .filter((line) => line.includes('"requestId":"aborted-'));
    for (let i = 0; i < 100 && lines().length < 3; i++) await sleep(20);
    expect(lines()).toHaveLength(3);
    for (const line of lines())
      expect(JSON.parse(line)).toMatchObject({ msg: 'request', route: '/api/customers', aborted: true });
    expect((await api.get('/api/healthz')).status).toBe(200);
  });
});
