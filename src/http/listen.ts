import type { RequestListener, Server, ServerOptions } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { newRequestId } from './request-id.js';

interface Where {
  readonly host: string;
  readonly port: number;
  /** The environment variable that says the port, or both, for the message when it is taken. */
  readonly variable: 'PORT' | 'CONSOLE_PORT' | 'METRICS_LISTEN';
}

/** Classes of requests and responses. */
export type Messages = Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>;

/** What answers requests, and what these are made of, where that matters to it. */
export type Handler = RequestListener & { readonly messages?: Messages };

/** Serves `handler`. @throws Error naming the port and its variable when it cannot listen there. */
export async function listen(handler: Handler, where: Where): Promise<Server> {
  const server = createHttpServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, where)));
    server.listen(where.port, where.host, resolve);
  });
  return server;
}

/** A server for `serve`, not yet listening. */
export function createHttpServer(serve: Handler): Server {
  const handler: RequestListener = (request, response) => {
    // What follows on a connection after it was refused is nobody's.
    if (!request.socket.writable) return;
    if (hasKnownCoding(request.rawHeaders)) serve(request, response);
    else refuse(request.socket, undefined);
  };
  const server = createServer(
    {
      // Two Authorization headers must not be read as the first of them.
      joinDuplicateHeaders: true,
      // The request context asks for one; Node would refuse without a problem and without a line in the log.
      requireHostHeader: false,
      headersTimeout: 10_000,
      requestTimeout: 60_000,
      // Node looks every 30 s unless told otherwise, so that ten seconds would be up to forty.
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 65_000,
      ...serve.messages,
    },
    handler,
  );
  // Node would refuse an expectation other than 100-continue; RFC 9110, section 10.1.1, lets us do without it.
  server.on('checkExpectation', handler);
  // Node would ask the client for its body before anybody has looked at the head; the handler asks.
  server.on('checkContinue', handler);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuse(socket, error.code));
  keepSending(server);
  return server;
}

/** Node calls a connection idle whose answer is complete, whether it has left the process or not, and close() closes idle ones as well. */
function keepSending(server: Server): void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    if (![...sockets].some(({ writableLength }) => writableLength > 0)) closeIdle();
  };
}

/**
 * Node's parser refuses a body in a coding other than chunked (RFC 9112, section 6.3) as well, but after it has handed the request over,
 * which would be served by then. Whoever reads the coding as chunked sees another request in what follows.
 */
function hasKnownCoding(rawHeaders: readonly string[]): boolean {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (
      name.length === 17 &&
      name.toLowerCase() === 'transfer-encoding' &&
      rawHeaders[i + 1]!.toLowerCase() !== 'chunked'
    )
      return false;
  }
  return true;
}

/** How long a client whose request was refused may keep its side of the connection open, in milliseconds. */
const PARTING = 1_000;

/** What Node's parser refuses never becomes a request; it gets a problem all the same, and the connection ends. */
function refuse(socket: Socket, code: string | undefined): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, title, name] =
    code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large', 'HEADERS_TOO_LARGE']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout', 'REQUEST_TIMEOUT']
        : [400, 'Bad Request', 'BAD_REQUEST'];
  // The server's sockets outlive the end of one side, and end() ends ours only.
  socket.setTimeout(PARTING, () => socket.destroy());
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status,
    detail: 'the request is not valid HTTP',
    code: name,
  });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `X-Request-Id: ${newRequestId()}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Takes no new connections, lets requests end and their answers be read, and closes what is still open when the grace is over. */
export async function closeServer(server: Server, graceSeconds: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last request ends after close() would stay open until its client lets go of it.
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const over = setTimeout(() => server.closeAllConnections(), graceSeconds * 1000);
  await closed;
  clearInterval(idle);
  clearTimeout(over);
}

function explain(error: NodeJS.ErrnoException, { host, port, variable }: Where): Error {
  const isBoth = variable === 'METRICS_LISTEN';
  const setting = isBoth ? `${variable}=<address>:<port>` : `${variable}=<port>`;
  if (error.code === 'EADDRINUSE') {
    return new Error(
      `Port ${port} of ${host} is taken by another program. Free it, or choose another with ${setting}.`,
    );
  }
  if (error.code === 'EACCES')
    return new Error(`Port ${port} may not be used by this account. Choose another with ${setting}.`);
  if (error.code === 'EADDRNOTAVAIL')
    return new Error(`${host} is no address of this machine; ${isBoth ? variable : 'HOST'} names it.`);
  return error;
}
