import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { testApp, useApp } from '../support/app.js';
import { leavesNoTrace } from '../support/no-trace.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import type { RawAnswer } from '../support/raw-http.js';
import { RawConnection, rawRequest, sendRaw } from '../support/raw-http.js';

jest.setTimeout(30_000);
useApp();

let org: TestOrganization;
beforeAll(async () => {
  org = await anOrg();
});
leavesNoTrace(() => org);

/** Stands for the token in requests that are written down before there is one. */
const token = '{token}';
const send = (bytes: string): Promise<RawAnswer> => sendRaw(withToken(bytes));
const withToken = (bytes: string): string => bytes.replaceAll(token, org.api.token!);

const post = (headers: string[], body = ''): string =>
  rawRequest('POST /api/customers', ['Content-Type: application/json', ...headers], token, body);
const get = (...headers: string[]): string => rawRequest('GET /api/customers', headers, token);
const A_BODY = '{"name":"A"}';

describe('what is not HTTP: 400, and the connection ends', () => {
  it.each([
    ['nonsense', 'nonsense\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['an unknown version', 'GET /api/customers HTTP/9.9\r\nHost: a\r\n\r\n'],
    ['a blank in the target', 'GET /api/customers /x HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['NUL in the target', 'GET /api/\0 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['NUL in a header', get('X-A: a\0b')],
    ['a lone CR in a header', get('X-A: a\rX-B: b')],
    ['a blank in a header name', get('X A: a')],
    ['a blank before the colon', get('Content-Length : 0')],
    ['a folded header', get('X-A: a\r\n  b')],
    ['no colon', get('nonsense')],
    ['two lengths', post(['Content-Length: 12', 'Content-Length: 13'], A_BODY)],
    ['a negative length', post(['Content-Length: -1'])],
    ['a length with a sign', post(['Content-Length: +12'], A_BODY)],
    ['a length that is no number', post(['Content-Length: 1e1'])],
    ['a length beyond all bounds', post(['Content-Length: 99999999999999999999999'])],
    ['length and chunks', post(['Content-Length: 12', 'Transfer-Encoding: chunked'], `c\r\n${A_BODY}\r\n0\r\n\r\n`)],
    ['chunks, but not in the end', post(['Transfer-Encoding: chunked, gzip'], `c\r\n${A_BODY}\r\n0\r\n\r\n`)],
    ['a chunk size that is no number', post(['Transfer-Encoding: chunked'], `zz\r\n${A_BODY}\r\n0\r\n\r\n`)],
    ['a chunk longer than it says', post(['Transfer-Encoding: chunked'], `2\r\n${A_BODY}\r\n0\r\n\r\n`)],
  ])('%s', async (_, bytes) => {
    const connection = await RawConnection.open();
    connection.write(withToken(bytes));
    const { status, headers, body } = await connection.answer();
    expect([status, body.code, headers.connection]).toEqual([400, 'BAD_REQUEST', 'close']);
    await connection.closed();
  });

  it('an answer of its own kind: a problem with an id', async () => {
    const { headers, body } = await send('nonsense\r\n\r\n');
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'the request is not valid HTTP',
      code: 'BAD_REQUEST',
    });
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('closes also when the client does not, and goes on serving others', async () => {
    const connection = await RawConnection.open({ allowHalfOpen: true });
    connection.write('nonsense\r\n\r\n');
    await connection.answer();
    await connection.closed();
    await expectFreed(connection);
    expect((await send(rawRequest('GET /api/healthz', [], undefined))).status).toBe(200);
  });

  it.each([
    ['one header of 17 KiB', get(`X-A: ${'a'.repeat(17 * 1024)}`)],
    ['many headers', get(...Array.from({ length: 400 }, (_, i) => `X-${i}: ${'a'.repeat(50)}`))],
    ['a target of 17 KiB', rawRequest(`GET /api/customers?q=${'a'.repeat(17 * 1024)}`, [], undefined)],
    ['a header without an end', `GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(100 * 1024)}`],
  ])('431 for %s', async (_, bytes) => {
    const { status, body, headers } = await send(bytes);
    expect([status, body.code, headers['x-request-id'] !== undefined]).toEqual([431, 'HEADERS_TOO_LARGE', true]);
  });

  it('15 KiB of headers are none too many', async () => {
    expect((await send(get(`X-A: ${'a'.repeat(15 * 1024)}`))).status).toBe(200);
  });

  /** The server no longer holds the connection, although this side never closed it. */
  async function expectFreed(connection: RawConnection): Promise<void> {
    const open = (): Promise<number> =>
      new Promise((resolve, reject) =>
        testApp().server.getConnections((error, n) => (error ? reject(error) : resolve(n))),
      );
    for (let i = 0; i < 150 && (await open()) > 0; i++) await sleep(20);
    expect(await open()).toBe(0);
    connection.destroy();
  }
});

describe('more than one request on a connection', () => {
  it('pipelined ones are answered in their order', async () => {
    const connection = await RawConnection.open();
    connection.write(
      withToken(get('X-Request-Id: 1') + rawRequest('GET /nope', ['X-Request-Id: 2'], token) + get('X-Request-Id: 3')),
    );
    const answers = [await connection.answer(), await connection.answer(), await connection.answer()];
    expect(answers.map(({ status, headers }) => [status, headers['x-request-id']])).toEqual([
      [200, '1'],
      [404, '2'],
      [200, '3'],
    ]);
    connection.destroy();
  });

  it('a body that nobody reads does not become the next request', async () => {
    const smuggled = withToken(rawRequest('DELETE /api/customers/sakura', [], token));
    const requests = [
      rawRequest('GET /api/healthz', [`Content-Length: ${smuggled.length}`], undefined, smuggled),
      rawRequest('POST /api/customers', [`Content-Length: ${smuggled.length}`], undefined, smuggled),
      rawRequest('POST /nope', [`Content-Length: ${smuggled.length}`], undefined, smuggled),
      post([`Content-Length: ${smuggled.length}`, 'Content-Encoding: gzip'], smuggled),
      rawRequest('DELETE /api/customers/nobody', [`Content-Length: ${smuggled.length}`], token, smuggled),
    ];
    const connection = await RawConnection.open();
    const statuses = [];
    for (const request of requests) {
      connection.write(withToken(request));
      statuses.push((await connection.answer()).status);
    }
    connection.write(rawRequest('GET /api/healthz', ['X-Request-Id: last'], undefined));
    expect(statuses).toEqual([200, 401, 404, 415, 404]);
    expect((await connection.answer()).headers['x-request-id']).toBe('last');
    connection.destroy();
  });

  it('Expect: 100-continue is told to go on; another expectation is nothing to us', async () => {
    const connection = await RawConnection.open();
    connection.write(withToken(post(['Content-Length: 2', 'Expect: 100-continue'])));
    expect((await connection.answer()).status).toBe(100);
    connection.write('{}');
    expect((await connection.answer()).status).toBe(422);
    connection.write(withToken(get('Expect: miracles')));
    expect((await connection.answer()).status).toBe(200);
    connection.destroy();
  });

  it('no Host and two of them are 400; HTTP/1.0 needs none', async () => {
    for (const hosts of ['', 'Host: a\r\nHost: a\r\n', 'Host: a\r\nhost: b\r\n']) {
      const { status, body, headers } = await send(`GET /api/healthz HTTP/1.1\r\n${hosts}X-Request-Id: host\r\n\r\n`);
      expect([status, body.code, body.detail]).toEqual([400, 'BAD_REQUEST', 'the request must have one Host header']);
      expect(headers['x-request-id']).toBe('host');
    }
    expect((await send('GET /api/healthz HTTP/1.0\r\n\r\n')).body).toEqual({ status: 'ok' });
  });

  it('two Authorization headers are none', async () => {
    const { status, body } = await send(get(`Authorization: Bearer ${token}`));
    expect([status, body.code]).toEqual([401, 'Auth.InvalidToken']);
  });
});
