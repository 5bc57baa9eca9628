import { once } from 'node:events';
import { METHODS } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import { leavesNoTrace } from '../support/no-trace.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import type { RawAnswer } from '../support/raw-http.js';
import { RawConnection, rawRequest, sendRaw } from '../support/raw-http.js';

jest.setTimeout(60_000);
useApp();

let org: TestOrganization;
beforeAll(async () => {
  org = await anOrg();
});
leavesNoTrace(() => org);

const PATH = '/api/tokens/validate';
const token = (): string => org.api.token!;

/** Sends bytes and takes all that is answered until the server closes the connection. */
async function answersUntilClosed(bytes: string): Promise<RawAnswer[]> {
  const connection = await RawConnection.open();
  const answers: RawAnswer[] = [];
  connection.write(bytes);
  await connection.closed();
  try {
    for (;;) answers.push(await connection.answer());
  } catch (error) {
    // What is left must not be the beginning of another answer.
    expect((error as Error).message).toBe('The server closed the connection after ""');
  }
  return answers;
}

const outline = ({ status, body, headers }: RawAnswer): unknown[] => [status, body?.code, headers.connection];

/** Whether the log has a line for a request of this id by now. */
const isLogged = (requestId: string): boolean => testApp().log().includes(`"requestId":"${requestId}"`);

describe.each([
  ['validate', PATH],
  ['the API', '/api/me'],
])('too long a head, sent to %s: 431, and the connection ends', (_, path) => {
  const get = (...headers: string[]): string => rawRequest(`GET ${path}`, headers, token());

  it.each([
    ['a bearer of 1 MB', () => rawRequest(`GET ${path}`, [], `ksh_${'a'.repeat(1_000_000)}`)],
    ['16 KiB of headers beside the token', () => get(`X-A: ${'a'.repeat(16 * 1024)}`)],
    ['1,000 short headers', () => get(...Array.from({ length: 1_000 }, (_, i) => `X-${i}: ${'a'.repeat(16)}`))],
    ['a query of 17 KiB', () => rawRequest(`GET ${path}?q=${'a'.repeat(17 * 1024)}`, [], token())],
    [
      'a header that never ends',
      () => `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${'a'.repeat(200_000)}`,
    ],
  ])('%s', async (_, bytes) => {
    const answers = await answersUntilClosed(bytes());
    expect(answers.map(outline)).toEqual([[431, 'HEADERS_TOO_LARGE', 'close']]);
  });

  it('15 KiB are none too many', async () => {
    expect((await sendRaw(get(`X-A: ${'a'.repeat(15 * 1024)}`))).status).toBe(200);
  });
});

describe('control bytes in headers: 400, and the connection ends', () => {
  const bytes = [...Array.from({ length: 32 }, (_, byte) => byte).filter((byte) => byte !== 0x09), 0x7f];

  it.each(bytes.map((byte) => [byte.toString(16).padStart(2, '0'), String.fromCharCode(byte)]))(
    '%s',
    async (_, byte) => {
      for (const header of [
        `X-A: a${byte}b`,
        `X${byte}A: a`,
        `Authorization: Bearer ${token().slice(0, 20)}${byte}x`,
      ]) {
        for (const path of [PATH, '/api/me']) {
          const answers = await answersUntilClosed(rawRequest(`GET ${path}`, [header], undefined));
          expect(answers.map(outline)).toEqual([[400, 'BAD_REQUEST', 'close']]);
        }
      }
    },
  );

  it('but for the tab, which is a blank', async () => {
    expect((await sendRaw(rawRequest(`GET ${PATH}`, ['X-A: a\tb'], token()))).status).toBe(200);
    expect((await sendRaw(rawRequest(`GET ${PATH}`, [`Authorization: Bearer\t${token()}`], undefined))).status).toBe(
      401,
    );
  });
});

/** What two readers could take for two different requests: the body ends where neither can be sure of it. */
const AMBIGUOUS: readonly string[][] = [
  ['Content-Length: 5', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Content-Length: 5'],
  ['Content-Length: 0', 'Transfer-Encoding: chunked'],
  ['Content-Length: 5', 'Content-Length: 5'],
  ['Content-Length: 5', 'Content-Length: 0'],
  ['Content-Length: 5, 5'],
  ['Content-Length: 5,6'],
  ['Content-Length: 0x5'],
  ['Content-Length: +5'],
  ['Content-Length: -5'],
  ['Content-Length: 5.0'],
  ['Content-Length: 5 5'],
  ['Content-Length: \x0b5'],
  ['Content-Length: '],
  ['Content-Length : 5'],
  ['Content-Length: 5\n'],
  ['Content-Length: 18446744073709551621'],
  ['X-A: b\nContent-Length: 5'],
  ['X-A: b\rContent-Length: 5'],
  ['Transfer-Encoding: xchunked'],
  ['Transfer-Encoding: chunkedx'],
  ['Transfer-Encoding: identity'],
  ['Transfer-Encoding: '],
  ['Transfer-Encoding: "chunked"'],
  ['Transfer-Encoding: chunked;a=b'],
  ['Transfer-Encoding: chunked, identity'],
  ['Transfer-Encoding: gzip, chunked'],
  ['Transfer-Encoding: chunked,'],
  ['Transfer-Encoding: \x0bchunked'],
  ['Transfer-Encoding: chunked\x00'],
  ['Transfer-Encoding : chunked'],
  ['Transfer-Encoding:\r\n chunked'],
  ['X-A: b\r\n Transfer-Encoding: chunked'],
  ['X-A: b\nTransfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
  ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: cow', 'Content-Length: 5'],
];

describe.each([
  ['validate', PATH],
  ['the API', '/api/customers'],
])('requests whose end is ambiguous, sent to %s: 400, and the connection ends', (name, path) => {
  it.each(AMBIGUOUS.map((headers) => [headers]))('%j', async (headers) => {
    const mark = `smuggled-${name}-${AMBIGUOUS.indexOf(headers)}`.replace(' ', '-');
    const carried = rawRequest(`POST ${path}`, [`X-Request-Id: ${mark}-carrier`, ...headers], token());
    const smuggled = rawRequest('DELETE /api/customers/nobody', [`X-Request-Id: ${mark}`], token());
    for (const body of ['', '0\r\n\r\n', 'hello', '5\r\nhello\r\n0\r\n\r\n']) {
      const answers = await answersUntilClosed(carried + body + smuggled);
      expect([body, answers.map(outline)]).toEqual([body, [[400, 'BAD_REQUEST', 'close']]]);
    }
    await sleep(20);
    expect([isLogged(mark), isLogged(`${mark}-carrier`)]).toEqual([false, false]);
  });
});

describe('a body, which validate does not read', () => {
  const HUGE = 'Content-Length: 2000000000';
  const CHUNKED = 'Transfer-Encoding: chunked';

  it.each([
    ['2 GB announced and none sent', HUGE, ''],
    ['2 GB announced and begun', HUGE, 'x'.repeat(100_000)],
    ['2 GB announced, waiting to be asked for it', `Expect: 100-continue\r\n${HUGE}`, ''],
    ['chunks announced, waiting to be asked for them', `Expect: 100-Continue\r\n${CHUNKED}`, ''],
    ['chunks without an end', CHUNKED, 'a\r\n0123456789\r\n'],
    ['a whole body', 'Content-Length: 5', 'hello'],
    ['a whole body in chunks', CHUNKED, '5\r\nhello\r\n0\r\n\r\n'],
  ])('%s: one answer at once, without 100 Continue, and the connection ends', async (_, headers, body) => {
    for (const [credential, status] of [
      [token(), 200],
      [`${token()}x`, 401],
      [undefined, 401],
    ] as const) {
      const answers = await answersUntilClosed(rawRequest(`POST ${PATH}`, [headers], credential, body));
      expect(answers.map(({ status, headers: { connection } }) => [status, connection])).toEqual([[status, 'close']]);
    }
  });

  it('does not become the next request', async () => {
    const smuggled = rawRequest('DELETE /api/customers/nobody', ['X-Request-Id: smuggled-in-a-body'], token());
    const length = `Content-Length: ${smuggled.length}`;
    const [answer, ...more] = await answersUntilClosed(rawRequest(`POST ${PATH}`, [length], token(), smuggled));
    expect([answer!.status, more]).toEqual([200, []]);
    await sleep(20);
    expect(isLogged('smuggled-in-a-body')).toBe(false);
  });

  it('where there is none, the connection stays, whatever is expected', async () => {
    const connection = await RawConnection.open();
    for (const headers of [[], ['Content-Length: 0'], ['Expect: miracles'], []]) {
      connection.write(rawRequest(`GET ${PATH}`, headers, token()));
      const { status, headers: answered } = await connection.answer();
      expect([status, answered.connection]).toEqual([200, 'keep-alive']);
    }
    connection.destroy();
  });
});

describe('methods', () => {
  it('all are answered alike', async () => {
    for (const method of METHODS.filter((name) => name !== 'CONNECT')) {
      const connection = await RawConnection.open();
      for (const [credential, status] of [
        [token(), 200],
        [`${token()}x`, 401],
        [undefined, 401],
      ] as const) {
        connection.write(rawRequest(`${method} ${PATH}`, [], credential));
        const answer = await connection.answer(method === 'HEAD');
        expect([method, answer.status, /^Bearer ey/.test(answer.headers.authorization ?? '')]).toEqual([
          method,
          status,
          status === 200,
        ]);
      }
      connection.destroy();
    }
  });

  it('HEAD has no body, so that the next answer is the next one', async () => {
    const connection = await RawConnection.open();
    connection.write(rawRequest(`HEAD ${PATH}`, [], undefined) + rawRequest(`GET ${PATH}`, [], token()));
    const head = await connection.answer(true);
    expect([head.status, Number(head.headers['content-length']) > 0]).toEqual([401, true]);
    expect((await connection.answer()).status).toBe(200);
    connection.destroy();
  });

  it.each(['FOO', 'get', 'G ET', 'GET\t', 'POST\x00', 'PRI', ''])('%j is none: 400', async (method) => {
    const answers = await answersUntilClosed(rawRequest(`${method} ${PATH}`, [], token()));
    expect(answers.map(outline)).toEqual([[400, 'BAD_REQUEST', 'close']]);
  });

  it('CONNECT ends the connection', async () => {
    expect(await answersUntilClosed(rawRequest(`CONNECT ${PATH}`, [], token()))).toEqual([]);
  });

  it('an upgrade is not made', async () => {
    const headers = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'];
    const { status, headers: answered } = await sendRaw(rawRequest(`GET ${PATH}`, headers, token()));
    expect([status, answered.upgrade]).toEqual([200, undefined]);
  });
});

describe('paths', () => {
  it.each([
    `${PATH}/`,
    `${PATH}/x`,
    `${PATH}/../validate`,
    `${PATH}//`,
    `${PATH};a=b`,
    `${PATH}%20`,
    `${PATH}%2f`,
    `${PATH}%3fa`,
    `${PATH}#a`,
    `${PATH}.`,
    '/api/tokens/%76alidate',
    '/api/tokens/validat%65',
    '/api%2ftokens%2fvalidate',
    '/api/tokens/Validate',
    '/API/tokens/validate',
    '/api/TOKENS/VALIDATE',
    '//api/tokens/validate',
    '/api//tokens/validate',
    '/api/tokens//validate',
    '/./api/tokens/validate',
    '/api/./tokens/validate',
    '/api/tokens/./validate',
    '/x/../api/tokens/validate',
    '/api/tokens/validate/../validate',
    '/api\\tokens\\validate',
    '/tokens/validate',
    '/api/tokens/validates',
    '/api/tokens/validat',
    '/api/customers/../tokens/validate',
  ])('%s is another: 404, whoever asks', async (path) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      for (const credential of [token(), undefined]) {
        const { status, headers, body } = await sendRaw(rawRequest(`${method} ${path}`, [], credential));
        expect([method, status, body.code, headers.authorization]).toEqual([method, 404, 'NOT_FOUND', undefined]);
      }
    }
  });

  it.each(['%00', '%ff', '%c0%af', '%', '%zz', '%ed%a0%80'])('%s behind it is no text: 400', async (tail) => {
    const { status, headers } = await sendRaw(rawRequest(`GET ${PATH}${tail}`, [], token()));
    expect([status, headers.authorization]).toEqual([400, undefined]);
  });

  it('the query means nothing, least of all a token', async () => {
    for (const query of ['?', '?a', `?access_token=${token()}`, `?token=${token()}`, '?%ff', '??', '?/../x']) {
      expect((await sendRaw(rawRequest(`GET ${PATH}${query}`, [], token()))).status).toBe(200);
      const { status, body } = await sendRaw(rawRequest(`GET ${PATH}${query}`, [], undefined));
      expect([status, body.code]).toEqual([401, 'ValidateToken.MissingAuthorizationHeader']);
    }
  });
});

describe('slow heads', () => {
  /** `headersTimeout` and `connectionsCheckingInterval` of the server, in milliseconds. */
  const STATED = 10_000;
  const CHECKED = 2_000;
  /** What a busy machine may add. */
  const SLACK = 4_000;

  it('are waited for ten seconds, and two at most until that is noticed', async () => {
    const trickle = async (first: string, trickled: string): Promise<{ text: string; milliseconds: number }> => {
      const { socket } = await RawConnection.open();
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.write(first);
      const started = performance.now();
      let sent = 0;
      const timer = setInterval(() => socket.writable && socket.write(trickled[sent++ % trickled.length]!), 200);
      await once(socket, 'close');
      clearInterval(timer);
      return { text, milliseconds: performance.now() - started };
    };
    const silence = async (): Promise<{ text: string; milliseconds: number }> => {
      const { socket } = await RawConnection.open();
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      const started = performance.now();
      await once(socket, 'close');
      return { text, milliseconds: performance.now() - started };
    };
    const good = rawRequest(`GET ${PATH}`, [], token());
    const ends = await Promise.all([
      trickle(`GET ${PATH} HTTP/1.1\r\nHost: a\r\n`, 'X-A: b\r\n'),
      trickle('GET /api/me HTTP/1.1\r\nHost: a\r\n', 'X-A: b\r\n'),
      trickle(`GET ${PATH} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer `, 'ksh_a'),
      trickle('GET /', 'a'),
      trickle(`${good}GET ${PATH} HTTP/1.1\r\n`, 'X-A: b\r\n'),
      silence(),
    ]);
    for (const { text, milliseconds } of ends) {
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status);
      expect(statuses.at(-1)).toBe('408');
      expect(statuses.slice(0, -1).every((status) => status === '200')).toBe(true);
      expect(milliseconds).toBeGreaterThan(STATED - 100);
      expect(milliseconds).toBeLessThan(STATED + CHECKED + SLACK);
    }
  });
});
