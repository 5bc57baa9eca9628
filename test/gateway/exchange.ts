import type { IncomingMessage, Agent } from 'node:http';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';

export interface Exchange {
  readonly method?: string;
  /** Names and values in turns, sent as they are. */
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly localAddress?: string;
  readonly agent?: Agent;
}

export interface Answered {
  readonly status: number;
  /** Names in lower case; of several of one name, all. */
  readonly headers: Readonly<Record<string, string[]>>;
  /** The parsed body, where it is JSON. */
  readonly body: any;
}

/** Asks through a gateway: unlike `fetch`, with headers of any spelling, from any loopback address, over connections of one's own. */
export async function exchange(url: string, options: Exchange = {}): Promise<Answered> {
  const { method = 'GET', headers = [], body, localAddress, agent = false } = options;
  const { host } = new URL(url);
  const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
  const outgoing = request(url, {
    method,
    headers: ['Host', host, ...headers, ...length],
    agent,
    localAddress,
    timeout: 20_000,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject);
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
  });
  outgoing.end(body);
  const answer = await answered;
  const isJson = /json/.test(answer.headers['content-type'] ?? '');
  const parsed: unknown = isJson ? await json(answer) : await drain(answer);
  return { status: answer.statusCode!, headers: answer.headersDistinct as Record<string, string[]>, body: parsed };
}

async function drain(answer: IncomingMessage): Promise<undefined> {
  for await (const _ of answer) void _;
  return undefined;
}
