import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BodyRequest } from './body-request.js';
import { createRequestClass } from './body-request.js';

const MOST = 100_000;
const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\n';

let server: Server;
let socket: Socket;
/** Settles what comes before a body is collected. */
let mayCollect: Promise<void>;
let seen: string[];
let requests: IncomingMessage[];

beforeEach(async () => {
  [mayCollect, seen, requests] = [Promise.resolve(), [], []];
  server = createServer({ IncomingMessage: createRequestClass() }, serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
});

afterEach(async () => {
  socket.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function serve(request: IncomingMessage, response: ServerResponse): void {
  requests.push(request);
  const end = (what: string): void => {
    seen.push(what);
    response.end(what);
  };
  if (request.url === '/answered') response.end('already');
  const collect = (): void =>
    (request as BodyRequest).collect({
      most: MOST,
      done: (body) => end(`done ${body}`),
      failed: end,
    });
  if (request.url === '/later') void mayCollect.then(collect);
  else collect();
}

async function untilSeen(count = 1): Promise<string[]> {
  for (let i = 0; seen.length < count && i < 500; i += 1) await sleep(10);
  return seen;
}

/** Nothing is left of any request. */
async function expectOver(): Promise<void> {
  await sleep(20);
  for (const { readableEnded, destroyed } of requests) expect([readableEnded, destroyed]).toEqual([true, true]);
}

describe('the body of a request', () => {
  it.each([
    ['that comes with its head', [`${HEAD}Content-Length: 5\r\n\r\nhello`], 'done hello'],
    ['that comes in pieces', [`${HEAD}Content-Length: 5\r\n\r\nhe`, 'l', 'lo'], 'done hello'],
    [
      'that comes in chunks',
      [`${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n`, '3\r\nllo\r\n0\r\n\r\n'],
      'done hello',
    ],
    ['that is empty', [`${HEAD}Content-Length: 0\r\n\r\n`], 'done '],
    ['that is none', [`${HEAD}\r\n`], 'done '],
    [
      'that is as large as may be',
      [`${HEAD}Content-Length: ${MOST}\r\n\r\n`, 'x'.repeat(MOST)],
      `done ${'x'.repeat(MOST)}`,
    ],
    ['that is larger', [`${HEAD}Transfer-Encoding: chunked\r\n\r\n20000\r\n`, 'x'.repeat(0x20000)], 'too large'],
  ])('%s', async (_, pieces, expected) => {
    for (const piece of pieces) {
      socket.write(piece);
      await sleep(20);
    }
    expect(await untilSeen()).toEqual([expected]);
  });

  it.each([
    ['has arrived as a whole', 5, 'hello', ''],
    ['has arrived in part', 10, 'hello', 'world'],
    ['has filled the buffers', 90_000, 'x'.repeat(70_000), 'x'.repeat(20_000)],
  ])('that %s before anybody wants it', async (_, length, early, late) => {
    let collect = (): void => undefined;
    mayCollect = new Promise((resolve) => (collect = resolve));
    socket.write(`POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${early}`);
    await sleep(100);
    expect(seen).toEqual([]);
    collect();
    socket.write(late);
    expect(await untilSeen()).toEqual([`done ${early}${late}`]);
    await expectOver();
  });

  it('is read to its end when the answer did not wait for it', async () => {
    socket.write('POST /answered HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
    await sleep(20);
    socket.write('world');
    expect(await untilSeen()).toEqual(['done helloworld']);
    await expectOver();
  });

  it('of which there is too much is thrown away, however long it goes on', async () => {
    socket.write('POST /answered HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n');
    await sleep(20);
    socket.write('x'.repeat(2_000_000));
    expect(await untilSeen()).toEqual(['too large']);
    socket.write(`${HEAD}Content-Length: 5\r\n\r\nhello`);
    expect(await untilSeen(2)).toEqual(['too large', 'done hello']);
  });

  it('that ends before it is there', async () => {
    socket.write(`${HEAD}Content-Length: 5\r\n\r\nhe`);
    await sleep(20);
    socket.destroy();
    expect(await untilSeen()).toEqual(['cut']);
  });

  it('leaves the connection to the next request, and nothing of itself', async () => {
    for (const body of ['one', 'two', 'three']) socket.write(`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`);
    expect(await untilSeen(3)).toEqual(['done one', 'done two', 'done three']);
    await expectOver();
  });
});

it('a request that nobody collects is the stream that it always was', async () => {
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void text(request).then((body) => {
      seen.push(body);
      response.end();
    });
  });
  socket.write(`${HEAD}Content-Length: 5\r\n\r\nhello`);
  expect(await untilSeen()).toEqual(['hello']);
});
