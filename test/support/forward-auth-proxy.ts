import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Agent, createServer, request as ask } from 'node:http';
import { pipeline } from 'node:stream';

/** Ways to be a bad gateway, for tests of what finds them. */
export interface ProxyFaults {
  /** Which requests are validated; all but the public ones, unless said otherwise. What is not keeps the client's Authorization. */
  readonly validates?: (request: IncomingMessage) => boolean;
  /** What the API is told of the client; the address at the other end of the socket, unless said otherwise. */
  readonly forwardedFor?: (peer: string, said: string | undefined) => string;
  /** Passes on every header of the client besides its own. */
  readonly passesAllHeaders?: boolean;
  /** Validates the first of several Authorization headers, replaces that one and passes on the others. */
  readonly readsFirst?: boolean;
  /** Passes on an Authorization header of the answer, and anybody's request to validate. */
  readonly exposesValidate?: boolean;
  /** Answers refusals without their bodies, or without any word of whose they are. */
  readonly hides?: 'problems' | 'everything';
}

export interface ProxyOptions {
  /** Port of the server on 127.0.0.1. */
  readonly upstream: number;
  /** Lets requests without a credential pass, as before the console. */
  readonly isConsole: boolean;
  readonly faults: ProxyFaults;
}

const PUBLIC =
  /^(?:\/api\/(?:healthz|readyz|openapi\.json|ofrep\/v1\/events|docs(?:\/[\w-]+(?:\.[\w-]+)*)?)|\/\.well-known\/jwks\.json)(?:\?|$)/;
const FLAGS = /^\/api\/ofrep\/v1\/evaluate\/flags(?:\/[^/?]+)?(?:\?|$)/;
const HOP_BY_HOP = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect)$/;
const WORD_OF_CLIENT = /^(?:authorization|forwarded|x-forwarded-.*|(?:x-real|x-client|true-client|cf-connecting)-ip)$/;

/** What validate may take, in milliseconds. */
const PATIENCE = 5_000;

/**
 * A gateway as small as it can be: asks `/api/tokens/validate` and passes on the principal. Where no real one is installed, the suites use it.
 */
export function createForwardAuthProxy(options: ProxyOptions): Server {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    serve(request, response, options, agent).catch(() => refuse(response, 502));
  });
  server.on('close', () => agent.destroy());
  return server;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { upstream, isConsole, faults }: ProxyOptions,
  agent: Agent,
): Promise<void> {
  const peer = request.socket.remoteAddress!;
  const xForwardedFor = faults.forwardedFor?.(peer, request.headers['x-forwarded-for'] as string | undefined) ?? peer;
  const [first = '', ...others] = valuesOf(request, 'authorization');
  const credential = faults.readsFirst ? first : [first, ...others].join(',');
  const passOn = (authorization: string[]): void => {
    const headers = [...passedHeaders(request, faults), 'X-Forwarded-For', xForwardedFor];
    for (const value of authorization) headers.push('Authorization', value);
    const outgoing = ask({
      port: upstream,
      agent,
      method: request.method,
      path: request.url,
      headers: withHost(headers),
    });
    outgoing.on('response', (answer) => relay(answer, response, faults));
    pipeline(request, outgoing, (error) => error && refuse(response, 502));
  };

  if (faults.validates?.(request) === false) return passOn(valuesOf(request, 'authorization'));
  if (request.url!.split('?')[0] === '/api/tokens/validate' && !faults.exposesValidate) return refuse(response, 404);
  if (isPublic(request) || (isConsole && credential === '')) return passOn([]);
  const answer = await validate(upstream, agent, { Authorization: credential, 'X-Forwarded-For': xForwardedFor });
  if (answer.statusCode !== 200) return relay(answer, response, faults);
  answer.resume();
  const principal = answer.headers.authorization ? [answer.headers.authorization] : [];
  passOn(faults.readsFirst ? [...principal, ...others] : principal);
}

/** What has no credential: a few paths, and what browsers ask before a page may evaluate flags. */
const isPublic = ({ method, url, headers }: IncomingMessage): boolean =>
  PUBLIC.test(url!) ||
  (method === 'OPTIONS' &&
    FLAGS.test(url!) &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] === 'POST');

function validate(port: number, agent: Agent, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = ask({ port, agent, path: '/api/tokens/validate', headers, timeout: PATIENCE });
    outgoing.on('response', resolve).on('error', reject);
    outgoing.on('timeout', () => outgoing.destroy(new Error('validate does not answer')));
    outgoing.end();
  });
}

/** Names and values in turns, with the spelling and the order that they came in. */
function passedHeaders({ rawHeaders }: IncomingMessage, faults: ProxyFaults): string[] {
  return rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)]!.toLowerCase();
    if (HOP_BY_HOP.test(name) || name === 'authorization') return false;
    if (faults.passesAllHeaders) return name !== 'x-forwarded-for';
    return /^[a-z0-9-]+$/.test(name) && !WORD_OF_CLIENT.test(name);
  });
}

/** A list of headers has to bring its own Host. */
function withHost(headers: string[]): string[] {
  return headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
    ? headers
    : ['Host', 'localhost', ...headers];
}

function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name);
}

function relay(answer: IncomingMessage, response: ServerResponse, faults: ProxyFaults): void {
  const { rawHeaders } = answer;
  const hides = answer.statusCode! >= 400 ? faults.hides : undefined;
  const hidden = { problems: /^content-/, everything: /^(?:content-.*|www-authenticate)$/ };
  const headers = rawHeaders.filter((_, index) => {
    const name = rawHeaders[index - (index % 2)]!.toLowerCase();
    if (hides && hidden[hides].test(name)) return false;
    return !HOP_BY_HOP.test(name) && (name !== 'authorization' || faults.exposesValidate);
  });
  response.writeHead(answer.statusCode!, headers);
  if (hides) {
    answer.resume();
    response.end();
  } else pipeline(answer, response, () => undefined);
}

function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'Content-Length': 0 }).end();
}
