import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** What a connection that listens for changes says of itself when it begins. */
const LISTENING = 'kaiten-server listening';

/** A way to PostgreSQL on which what the server says arrives late, or never; of connections that listen for changes only. */
export class DelayedWay {
  /** In milliseconds; Infinity for never. */
  delay = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param url connection URL, by TCP. */
  static async to(url: string): Promise<DelayedWay> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const through = new URL(url);
    const { hostname, port } = through;
    through.hostname = '127.0.0.1';
    through.port = String((server.address() as AddressInfo).port);
    const way = new DelayedWay(server, through.href);
    server.on('connection', (near) => way.join(near, connect(Number(port), hostname)));
    return way;
  }

  /** Ends all connections; new ones may come. */
  async cut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    await new Promise((resolve) => setImmediate(resolve));
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private join(near: Socket, far: Socket): void {
    let isListening = false;
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
    near.on('data', (chunk: Buffer) => {
      isListening ||= chunk.includes(LISTENING);
      far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => {
      const delay = isListening ? this.delay : 0;
      if (delay === 0) near.write(chunk);
      else if (delay !== Infinity) setTimeout(() => near.destroyed || near.write(chunk), delay);
    });
  }
}
