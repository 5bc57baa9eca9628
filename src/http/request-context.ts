import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { NextFunction, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { KaitenRequest } from '../auth/principal.js';
import type { RequestMetrics } from '../metrics/request-metrics.js';
import { ABORTED } from '../metrics/request-metrics.js';
import { runInNewContext } from '../tenancy/tenant-context.js';
import { malformed, sendProblem } from './problem.js';
import { normalizeUrl } from './request-url.js';

const REQUEST_ID = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/**
 * The first thing that a request meets: it gets its id and its tenancy context, its URL is checked, and when it is over, it is
 * counted and gets its line in the log. The line has the route's pattern and not the URL, whose query may hold anything.
 */
export function requestContext(logger: Logger, metrics: RequestMetrics): RequestHandler {
  return (incoming, response: Response, next: NextFunction) => {
    const request = incoming as KaitenRequest;
    const started = performance.now();
    const given = request.headers['x-request-id'];
    request.requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    response.setHeader('X-Request-Id', request.requestId);
    response.on('close', () => {
      const milliseconds = performance.now() - started;
      const route = routeOf(request);
      const status = response.writableFinished ? response.statusCode : ABORTED;
      metrics.ended(request.method, route, status, milliseconds / 1000);
      logger.info(accessLine(request, response, route, milliseconds));
    });

    const url = normalizeUrl(request.url);
    if (url === undefined || !hasOneHost(request)) {
      const detail =
        url === undefined
          ? 'the URL must be percent-encoded UTF-8 without NUL'
          : 'the request must have one Host header';
      sendProblem(response, malformed(detail), '/');
      return;
    }
    request.url = url;
    runInNewContext(next);
  };
}

/** RFC 9112, section 3.2. Several headers arrive joined by commas, which no host contains. */
function hasOneHost({ headers: { host }, httpVersion }: IncomingMessage): boolean {
  return host === undefined ? httpVersion !== '1.1' : !host.includes(',');
}

/** The path of Nest's own route for whatever no controller has. */
const UNROUTED = '*path';

function routeOf(request: KaitenRequest): string | undefined {
  const route = (request.route as { path?: string } | undefined)?.path;
  return route === UNROUTED ? undefined : route;
}

function accessLine(
  request: KaitenRequest,
  response: Response,
  route: string | undefined,
  milliseconds: number,
): object {
  return {
    msg: 'request',
    requestId: request.requestId,
    method: request.method,
    route,
    status: response.statusCode,
    durationMs: Math.round(milliseconds * 100) / 100,
    organizationId: request.principal?.organization.id,
    tokenId: request.principal?.token?.id,
    sessionId: request.principal?.session?.id,
    // The client went away before it had the whole answer.
    aborted: response.writableFinished ? undefined : true,
  };
}
