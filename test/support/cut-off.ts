import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { freePort } from './ports.js';

/** A way to a TCP server that can be cut: the database goes away for one suite and stays for the others. */
export class CutOff {
  private readonly sockets = new Set<Socket>();
  private state: 'open' | 'silent' = 'open';

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(port: number): Promise<CutOff> {
    const server = createServer();
    // While it is cut, nobody else is given its port.
    const nearPort = await freePort();
    server.listen(nearPort, '127.0.0.1');
    await once(server, 'listening');
    const way = new CutOff(server, nearPort);
    server.on('connection', (socket) => way.join(socket, port));
    return way;
  }

  /** Ends all connections and refuses new ones. */
  async cut(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Takes connections again. */
  async mend(): Promise<void> {
    this.state = 'open';
    if (this.server.listening) return;
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Ends all connections, takes new ones and never says a word on them. */
  async silence(): Promise<void> {
    this.state = 'silent';
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => setImmediate(resolve));
  }

  private join(near: Socket, port: number): void {
    this.remember(near);
    if (this.state === 'silent') return;
    const far = connect(port, '127.0.0.1');
    this.remember(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }

  private remember(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
  }
}
