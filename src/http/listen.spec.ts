import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { closeServer, createHttpServer } from './listen.js';

/** More than the system takes for a reader that is slow. */
const LARGE = Buffer.alloc(30_000_000, 'a');

let server: Server;
let client: Socket;

/** Asks for the large answer without reading it. */
async function ask(): Promise<void> {
  server = createHttpServer((_, response) => response.end(LARGE));
  const asked = once(server, 'request');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.pause();
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await asked;
  await pause(200);
}

afterEach(() => {
  client.destroy();
  server.closeAllConnections();
});

describe('closeServer', () => {
  it('lets an answer be read that is on its way', async () => {
    await ask();
    const closed = closeServer(server, 20);
    await pause(200);
    let read = 0;
    client.on('data', (chunk) => (read += chunk.length));
    const ended = new Promise((resolve) => client.on('close', resolve));
    client.resume();
    await Promise.all([closed, ended]);
    expect(read).toBeGreaterThan(LARGE.length);
  });

  it('waits no longer than the grace for a reader that does not read', async () => {
    await ask();
    const start = performance.now();
    await closeServer(server, 0.5);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
