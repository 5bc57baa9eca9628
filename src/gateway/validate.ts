import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { bearerOf } from '../auth/bearer.js';
import { LOGGER } from '../config/config.module.js';
import { endTogether } from '../http/end-together.js';
import { Problem, problemBody } from '../http/problem.js';
import { Metrics } from '../metrics/metrics.js';
import type { Refusal, ValidateMetrics } from '../metrics/validate-metrics.js';
import type { Soon } from '../soon.js';
import type { TokenRecord } from '../tokens/token-record.js';
import type { Verdict } from '../tokens/token-verifier.js';
import { TokenVerifier } from '../tokens/token-verifier.js';
import { PrincipalJwts } from './principal-jwt.js';

export const VALIDATE_PATH = '/api/tokens/validate';

/** The least time between two lines of the log that say why nothing can be decided, in milliseconds. */
const LOG_INTERVAL = 1_000;

/**
 * What a gateway asks before it lets a request through: it gets the principal of the request's token in the Authorization header of a
 * 200, a 401, or, when nobody can tell now, a 503. In plain terms of node:http, ahead of the framework: it is on the way of every request of every
 * user. Any method will do, since gateways pass on the client's; nothing is read but the headers.
 */
@Injectable()
export class Validate {
  private readonly metrics: ValidateMetrics;
  private loggedAt = -Infinity;

  constructor(
    private readonly verifier: TokenVerifier,
    private readonly jwts: PrincipalJwts,
    metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.metrics = metrics.validate;
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const startedAt = performance.now();
    const { authorization, hasBody } = readHeaders(request.rawHeaders);
    // What is not read would be taken for the connection's next request.
    if (hasBody) response.setHeader('Connection', 'close');
    const exchange: Exchange = { response, startedAt };
    if (authorization === undefined) return this.refuse(exchange, 'missing');
    const token = bearerOf(authorization);
    const verdict = token === undefined ? 'malformed' : this.verifier.verify(token, request);
    if (!(verdict instanceof Promise)) return this.answer(exchange, verdict);
    verdict.then(
      (decided) => this.answer(exchange, decided),
      (error: unknown) => this.giveUp(exchange, error),
    );
  };

  private answer(exchange: Exchange, verdict: Verdict): void {
    if (typeof verdict === 'string') return this.refuse(exchange, verdict);
    const jwt = this.issue(verdict);
    if (typeof jwt === 'string') return this.allow(exchange, jwt);
    jwt.then(
      (issued) => this.allow(exchange, issued),
      (error: unknown) => this.giveUp(exchange, error),
    );
  }

  private issue(record: TokenRecord): Soon<string> {
    return this.jwts.issue(record, Date.now());
  }

  private allow({ response, startedAt }: Exchange, jwt: string): void {
    response.writeHead(200, ['Authorization', `Bearer ${jwt}`, 'Cache-Control', 'no-store', 'Content-Length', '0']);
    endTogether(response);
    this.metrics.allowed(startedAt);
  }

  private refuse({ response, startedAt }: Exchange, cause: Refusal): void {
    send(response, cause === 'missing' ? MISSING : INVALID);
    this.metrics.refused(startedAt, cause);
  }

  /** An outage is no refusal: clients take a 401 as final. */
  private giveUp({ response, startedAt }: Exchange, error: unknown): void {
    send(response, UNDECIDABLE);
    this.metrics.undecidable(startedAt);
    if (startedAt - this.loggedAt < LOG_INTERVAL) return;
    this.loggedAt = startedAt;
    this.logger.error({ msg: 'tokens cannot be validated', reason: (error as Error).message });
  }
}

interface Exchange {
  readonly response: ServerResponse;
  /** As `performance.now()` has it. */
  readonly startedAt: number;
}

/** What is looked at of a request. Node would make an object of all headers, which costs more than everything else here. */
function readHeaders(rawHeaders: readonly string[]): { authorization: string | undefined; hasBody: boolean } {
  let authorization: string | undefined;
  let hasBody = false;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === 13 && name.toLowerCase() === 'authorization') {
      const value = rawHeaders[i + 1]!;
      // Several are joined, as a list is; no token has a comma.
      authorization = authorization === undefined ? value : `${authorization},${value}`;
    } else if (name.length === 14 && name.toLowerCase() === 'content-length') {
      hasBody ||= Number(rawHeaders[i + 1]) !== 0;
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') hasBody = true;
  }
  return { authorization: authorization === '' ? undefined : authorization, hasBody };
}

/** An answer that is made once and sent as it is. */
interface FixedAnswer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

const MISSING = fixed(401, 'MissingAuthorizationHeader', 'the request has no Authorization header', {
  'WWW-Authenticate': 'Bearer realm="kaiten"',
});

/** One for every cause: whoever tries tokens learns nothing of them. */
const INVALID = fixed(401, 'Invalid', 'the token is not valid', {
  'WWW-Authenticate': 'Bearer realm="kaiten", error="invalid_token", error_description="the token is not valid"',
});

const UNDECIDABLE = fixed(503, 'Undecidable', 'whether the token is valid cannot be told now, try again', {
  'Retry-After': '1',
});

function fixed(status: number, reason: string, detail: string, headers: Readonly<Record<string, string>>): FixedAnswer {
  const problem = new Problem(status, `ValidateToken.${reason}`, detail);
  const body = Buffer.from(JSON.stringify(problemBody(problem, VALIDATE_PATH)));
  const all = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(body.length),
    'Cache-Control': 'no-store',
    ...headers,
  };
  return { status, headers: Object.entries(all).flat(), body };
}

function send(response: ServerResponse, { status, headers, body }: FixedAnswer): void {
  response.writeHead(status, headers as string[]);
  endTogether(response, body);
}
