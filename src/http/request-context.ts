import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextFunction, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { KaitenRequest, Principal } from '../auth/principal.js';
import type { RequestMetrics } from '../metrics/request-metrics.js';
import { ABORTED } from '../metrics/request-metrics.js';
import { runInNewContext } from '../tenancy/tenant-context.js';
import { malformed, sendProblem } from './problem.js';
import { requestIdOf } from './request-id.js';
import { normalizeUrl } from './request-url.js';

/** What a request leaves behind when it is over. */
export interface RequestRecord {
  readonly requestId: string;
  readonly method: string;
  /** The route's pattern and not the URL, whose query may hold anything; undefined where there is no route. */
  readonly route: string | undefined;
  readonly principal: Principal | undefined;
}

/** Counts requests that are over and writes their lines in the log: those of the framework, and those that are answered ahead of it. */
export class RequestLog {
  constructor(
    private readonly logger: Logger,
    private readonly metrics: RequestMetrics,
  ) {}

  /**
   * Follows a request to its end.
   *
   * @param describe is asked at the end: neither the route nor who asks is known in the beginning.
   * @param answered the line's level where the request was answered whole, and not refused: of some there would be too many.
   */
  follow(response: ServerResponse, describe: () => RequestRecord, answered: 'info' | 'debug' = 'info'): void {
    const started = performance.now();
    response.on('close', () => {
      const milliseconds = performance.now() - started;
      const { requestId, method, route, principal } = describe();
      const isWhole = response.writableFinished;
      const status = isWhole ? response.statusCode : ABORTED;
      this.metrics.ended(method, route, status, milliseconds / 1000);
      const level = isWhole && response.statusCode < 400 ? answered : 'info';
      if (!this.logger.isLevelEnabled(level)) return;
      this.logger[level]({
        msg: 'request',
        requestId,
        method,
        route,
        status: response.statusCode,
        durationMs: Math.round(milliseconds * 100) / 100,
        organizationId: principal?.organization.id,
        tokenId: principal?.token?.id,
        sessionId: principal?.session?.id,
        // The client went away before it had the whole answer.
        aborted: isWhole ? undefined : true,
      });
    });
  }
}

/**
 * The first thing that a request meets: it gets its id and its tenancy context, its URL is checked, and when it is over, it is
 * counted and gets its line in the log.
 */
export function requestContext(log: RequestLog): RequestHandler {
  return (incoming, response: Response, next: NextFunction) => {
    const request = incoming as KaitenRequest;
    request.requestId = requestIdOf(request);
    response.setHeader('X-Request-Id', request.requestId);
    log.follow(response, () => ({
      requestId: request.requestId,
      method: request.method,
      route: routeOf(request),
      principal: request.principal,
    }));

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
export function hasOneHost({ headers: { host }, httpVersion }: IncomingMessage): boolean {
  return host === undefined ? httpVersion !== '1.1' : !host.includes(',');
}

/** The path of Nest's own route for whatever no controller has. */
const UNROUTED = '*path';

function routeOf(request: KaitenRequest): string | undefined {
  const route = (request.route as { path?: string } | undefined)?.path;
  return route === UNROUTED ? undefined : route;
}
