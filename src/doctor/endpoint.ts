import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Answer } from './answer.js';
import { parseAnswer } from './answer.js';

/** In milliseconds. */
const PATIENCE = 10_000;

/** The most that is read of an answer, in bytes. */
const LONGEST_ANSWER = 1024 * 1024;

/** A header as it is sent: its name in any spelling, and its value. */
export type Header = readonly [name: string, value: string];

export interface Question {
  /** GET unless said otherwise. */
  readonly method?: string;
  /** The request's target as it is sent, in no way normalized; `/api/me` unless said otherwise. */
  readonly target?: string;
  readonly headers?: readonly Header[];
}

/** Nobody answers there; the message says why. */
export class Unreachable extends Error {
  /** @param stage how far it got: nobody takes the connection; it is taken, and nothing comes; it is ended without an answer. */
  constructor(
    message: string,
    readonly stage: 'connecting' | 'waiting' | 'closed',
  ) {
    super(message);
  }
}

/**
 * An HTTP server that is asked with bytes of our own making: no client would send two Authorization headers, a path with `..` in it, or a
 * header name with a blank. Each question has a connection of its own, so that no answer can be another's.
 */
export class Endpoint {
  private readonly url: URL;

  /**
   * @param url http or https, with a path under which the API lies or without one.
   * @param patience milliseconds that one request may take, its connection included.
   */
  constructor(
    url: string,
    private readonly patience = PATIENCE,
  ) {
    this.url = new URL(url);
  }

  /** @throws Unreachable */
  async ask({ method = 'GET', target = '/api/me', headers = [] }: Question): Promise<Answer> {
    const lines = [
      `${method} ${this.targetOf(target)} HTTP/1.1`,
      `Host: ${this.url.host}`,
      'User-Agent: kaiten-doctor',
      'Accept: application/json',
      ...headers.map(([name, value]) => `${name}: ${value}`),
      // One that a probe sends has its own.
      ...(headers.some(([name]) => name.toLowerCase() === 'connection') ? [] : ['Connection: close']),
    ];
    const socket = this.open();
    // Not the time between two bytes: an answer may come byte by byte.
    const timer = setTimeout(() => socket.destroy(new LateError()), this.patience);
    try {
      await this.opened(socket);
      socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
      return await receive(socket, method === 'HEAD');
    } finally {
      clearTimeout(timer);
      socket.destroy();
    }
  }

  private get isTls(): boolean {
    return this.url.protocol === 'https:';
  }

  private open(): Socket {
    const host = this.url.hostname.replace(/^\[|\]$/g, '');
    const where = { host, port: Number(this.url.port || (this.isTls ? 443 : 80)) };
    // A server's name may not be an address.
    return this.isTls ? connectTls({ ...where, servername: /^[\d.]+$|:/.test(host) ? '' : host }) : connect(where);
  }

  private async opened(socket: Socket): Promise<void> {
    try {
      await once(socket, this.isTls ? 'secureConnect' : 'connect');
    } catch (error) {
      throw new Unreachable(reasonOf(error), 'connecting');
    }
  }

  /** Below the path that the URL has. A target in absolute form stays as it is. */
  private targetOf(target: string): string {
    return target.startsWith('http') ? target : this.url.pathname.replace(/\/$/, '') + target;
  }

  /** `target` in the absolute form that proxies are asked in. */
  absolute(target: string): string {
    return this.url.origin + this.targetOf(target);
  }
}

/** Reads until the answer is whole, or the connection's end. @throws Unreachable when nothing came that is an answer. */
async function receive(socket: Socket, toHead: boolean): Promise<Answer> {
  let received = Buffer.alloc(0);
  let reason = 'it closes the connection without an answer';
  let isLate = false;
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > LONGEST_ANSWER || parseAnswer(received, { toHead, isWhole: false })) resolve();
    });
    socket.on('error', (error) => {
      reason = reasonOf(error);
      isLate = error instanceof LateError;
      resolve();
    });
    socket.on('close', () => resolve());
  });
  const answer = parseAnswer(received, { toHead, isWhole: true });
  if (!answer) throw new Unreachable(reason, isLate ? 'waiting' : 'closed');
  return answer;
}

class LateError extends Error {
  constructor() {
    super('it does not answer in time');
  }
}

/** An address that was tried in several ways fails with one error for each, and no words of its own. */
function reasonOf(error: unknown): string {
  const { message, errors } = error as Error & { errors?: Error[] };
  return message || (errors?.map((each) => each.message).join('; ') ?? 'no reason given');
}
