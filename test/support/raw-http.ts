import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { testApp } from './app.js';

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The parsed body, where there is one. */
  readonly body: any;
}

const PATIENCE_MS = 5_000;

/** A connection to the suite's server, for requests that no HTTP client would send. Texts are sent as Latin-1: one byte per character. */
export class RawConnection {
  private received = Buffer.alloc(0);
  private ended = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    socket.on('error', () => undefined);
    socket.on('end', () => (this.ended = true));
    socket.on('close', () => (this.ended = true));
  }

  /** @param allowHalfOpen keeps this side open when the server closes its own. */
  static async open({ allowHalfOpen = false } = {}): Promise<RawConnection> {
    const { port } = testApp().server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  write(data: string | Buffer): void {
    this.socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
  }

  /** The next answer. @param toHead whether it answers HEAD, and so has no body in spite of its Content-Length. */
  async answer(toHead = false): Promise<RawAnswer> {
    for (;;) {
      const answer = this.take(toHead);
      if (answer) return answer;
      if (this.ended)
        throw new Error(`The server closed the connection after ${JSON.stringify(this.received.toString('latin1'))}`);
      await this.news();
    }
  }

  /** Waits until the server has closed the connection. */
  async closed(): Promise<void> {
    while (!this.ended) await this.news();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async news(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const events = ['data', 'end', 'close'];
      const settle = (error?: Error): void => {
        clearTimeout(timer);
        for (const event of events) this.socket.off(event, heard);
        if (error) reject(error);
        else resolve();
      };
      const heard = (): void => settle();
      const timer = setTimeout(
        () => settle(new Error('The server neither answers nor closes the connection')),
        PATIENCE_MS,
      );
      for (const event of events) this.socket.on(event, heard);
    });
  }

  private take(toHead: boolean): RawAnswer | undefined {
    const headEnd = this.received.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    const [statusLine, ...lines] = this.received.subarray(0, headEnd).toString('latin1').split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.split(':')[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const status = Number(statusLine!.split(' ')[1]);
    const end = headEnd + 4 + (toHead ? 0 : Number(headers['content-length'] ?? 0));
    if (this.received.length < end) return undefined;
    const text = this.received.subarray(headEnd + 4, end).toString();
    this.received = this.received.subarray(end);
    return {
      status,
      headers,
      text,
      body: /json/.test(headers['content-type'] ?? '') && text ? JSON.parse(text) : undefined,
    };
  }
}

/** Sends bytes over a connection of their own and gives the first answer. */
export async function sendRaw(data: string | Buffer): Promise<RawAnswer> {
  const connection = await RawConnection.open();
  try {
    connection.write(data);
    return await connection.answer(typeof data === 'string' && data.startsWith('HEAD '));
  } finally {
    connection.destroy();
  }
}

/** A request's text: request line and headers as given, Host and the token added. */
export function rawRequest(
  requestLine: string,
  headers: readonly string[],
  token: string | undefined,
  body = '',
): string {
  const credential = token === undefined ? [] : [`Authorization: Bearer ${token}`];
  return [`${requestLine} HTTP/1.1`, 'Host: localhost', ...credential, ...headers, '', body].join('\r\n');
}
