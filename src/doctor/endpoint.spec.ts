import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { Answer } from './answer.js';
import { Endpoint } from './endpoint.js';

/** Asks a server that does with a connection what it is told. @param patience in milliseconds */
async function asking(serve: (socket: Socket) => void, patience?: number): Promise<Answer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    serve(socket.on('error', () => undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await new Endpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, patience).ask({});
  } finally {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}

describe('Endpoint', () => {
  it('has an answer', async () => {
    expect(await asking((socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))).toMatchObject({ status: 204 });
  });

  it('waits for a whole answer so long and no longer, though it come byte by byte', async () => {
    const drip = (socket: Socket): void => {
      const timer = setInterval(() => socket.write('H'), 50);
      socket.on('close', () => clearInterval(timer));
    };
    await expect(asking(drip, 300)).rejects.toMatchObject({ stage: 'waiting', message: 'it does not answer in time' });
    await expect(asking(() => undefined, 300)).rejects.toMatchObject({ stage: 'waiting' });
  });

  it('knows a connection that is ended from one that nobody takes', async () => {
    await expect(asking((socket) => socket.end())).rejects.toMatchObject({ stage: 'closed' });
    await expect(asking((socket) => socket.once('data', () => socket.resetAndDestroy()))).rejects.toMatchObject({
      stage: 'closed',
    });
    await expect(new Endpoint('http://127.0.0.1:1').ask({})).rejects.toMatchObject({ stage: 'connecting' });
  });
});
