import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { invalidToken, missingScope, noIdentity } from '../auth/auth.errors.js';
import { bearerOf } from '../auth/bearer.js';
import type { KaitenRequest, Principal } from '../auth/principal.js';
import { allows } from '../auth/scopes.js';
import { TokenAuthenticator } from '../auth/token-authenticator.js';
import { ENV, LOGGER } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { endTogether } from '../http/end-together.js';
import { waitsToContinue } from '../http/expect-continue.js';
import { assertJson, collectBody } from '../http/json-body.js';
import { logOutage, problemOf } from '../http/problem.filter.js';
import type { Problem } from '../http/problem.js';
import { problemBody, withoutTokens } from '../http/problem.js';
import type { RequestRecord } from '../http/request-context.js';
import { hasOneHost, RequestLog } from '../http/request-context.js';
import { requestIdOf } from '../http/request-id.js';
import { normalizeUrl } from '../http/request-url.js';
import { Metrics } from '../metrics/metrics.js';
import { clientAddress } from '../network/client-address.js';
import type { Soon } from '../soon.js';
import { then } from '../soon.js';
import { BodyMemory } from './body-memory.js';
import { bulkBody, singleBody } from './bulk-body.js';
import { Cors } from './cors.js';
import { readInput } from './evaluation-input.js';
import type { BulkAnswer } from './ofrep-evaluator.js';
import { OfrepEvaluator } from './ofrep-evaluator.js';
import type { OfrepTarget } from './ofrep-path.js';
import { targetOf } from './ofrep-path.js';
import { OfrepRefusal } from './ofrep.errors.js';
import { Announcements } from './streams/announcements.js';

/** What evaluating flags takes. */
export const EVALUATION_SCOPE = 'read:feature_flags';

/** One request with what is known of it so far. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly target: OfrepTarget;
  principal?: Principal;
}

/**
 * The OpenFeature Remote Evaluation Protocol, in plain terms of node:http ahead of the framework: an evaluation takes less time than the
 * framework needs to find its way to it. Who asks, and whether they may, is decided by the same authenticator and in the same order as
 * everywhere: identity, scope, and then the body.
 */
@Injectable()
export class OfrepHandler {
  private readonly log: RequestLog;
  private readonly cors: Cors;
  private readonly vary: string;
  private readonly memory = new BodyMemory();

  constructor(
    private readonly authenticator: TokenAuthenticator,
    private readonly evaluator: OfrepEvaluator,
    private readonly announcements: Announcements,
    metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ENV) private readonly env: Env,
  ) {
    this.log = new RequestLog(logger, metrics.requests);
    this.cors = new Cors(env.flagsCorsOrigins);
    this.vary = this.cors.varies ? 'Authorization, Origin' : 'Authorization';
  }

  /** @returns false when it is not for here, and the framework has an answer: for other methods, and for what is no URL. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const url = normalizeUrl(request.url!);
    const target = url === undefined ? undefined : targetOf(pathOf(url));
    if (target === undefined || !hasOneHost(request)) return false;
    const isPreflight = this.cors.isPreflight(request);
    if (request.method !== 'POST' && !isPreflight) return false;
    // Sessions are the guard's to know.
    if (!isPreflight && !request.headers.authorization && request.headers.cookie) return false;
    const exchange: Exchange = { request, response, target, requestId: requestIdOf(request) };
    const describe = (): RequestRecord => ({
      requestId: exchange.requestId,
      method: request.method!,
      route: target.route,
      principal: exchange.principal,
    });
    this.log.follow(response, describe, 'debug');
    if (isPreflight) this.allow(exchange);
    else this.serve(exchange);
    return true;
  }

  /** For requests that come through the framework, as a person's do: they have an id and get their line there, and the guard knows who asks. */
  answer(request: KaitenRequest, response: ServerResponse, target: OfrepTarget): void {
    this.serve({ request, response, target, requestId: request.requestId, principal: request.principal });
  }

  private serve(exchange: Exchange): void {
    this.attempt(exchange, () =>
      then(exchange.principal ?? this.identify(exchange.request), (principal) => this.admit(exchange, principal)),
    );
  }

  private admit(exchange: Exchange, principal: Principal | undefined): void {
    const { request, response } = exchange;
    exchange.principal = principal;
    if (principal === undefined) throw invalidToken();
    if (!allows(principal.scopes, EVALUATION_SCOPE)) throw missingScope(EVALUATION_SCOPE);
    assertJson(request);
    if (waitsToContinue(request)) response.writeContinue();
    collectBody(
      request,
      (body) => this.attempt(exchange, () => this.evaluate(exchange, principal, body)),
      (problem) => this.fail(exchange, problem),
    );
  }

  private evaluate(exchange: Exchange, principal: Principal, body: Buffer): Soon<void> {
    const { request, target } = exchange;
    const { id } = principal.organization;
    if (target.key !== undefined) {
      return then(this.evaluator.one(id, target.key, readInput(body)), ({ status, json }) =>
        this.sendBody(exchange, status, JSON_ANSWER, singleBody(json)),
      );
    }
    // A 304 announces no stream.
    const mustAnnounce = this.announcements.needsAnother(principal, () => this.addressOf(request));
    const ifNoneMatch = mustAnnounce ? undefined : request.headers['if-none-match'];
    return then(this.evaluator.all(id, body, ifNoneMatch), (answer) => this.answerAll(exchange, principal, answer));
  }

  private answerAll(exchange: Exchange, principal: Principal, { tag, version, flags }: BulkAnswer): Soon<void> {
    // To be kept by the client that asked, and asked for again each time.
    const headers = ['ETag', tag, 'Cache-Control', 'private, no-cache', 'Vary', this.vary];
    if (flags === undefined) return this.send(exchange, 304, headers);
    return then(this.announcements.memberFor(principal, version), (members) => {
      const body = bulkBody(flags, members, this.memory);
      // Only then: after it the system has it all, or the connection is gone and nobody reads it.
      exchange.response.once('close', () => this.memory.giveBack(body));
      this.sendBody(exchange, 200, [...JSON_TYPE, ...headers], body);
    });
  }

  /** Answers with whatever is thrown on the way. */
  private attempt(exchange: Exchange, work: () => Soon<void>): void {
    try {
      const working = work();
      if (working instanceof Promise) working.catch((error: unknown) => this.fail(exchange, error));
    } catch (error) {
      this.fail(exchange, error);
    }
  }

  /** @throws Problem 401 */
  private identify(request: IncomingMessage): Soon<Principal | undefined> {
    const { authorization } = request.headers;
    if (!authorization) throw noIdentity();
    const credential = bearerOf(authorization);
    return credential ? this.authenticator.authenticate(credential, request) : undefined;
  }

  private fail(exchange: Exchange, error: unknown): void {
    const { response, target, requestId, request } = exchange;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const key = target.key === undefined ? undefined : echoOf(target.key);
    if (error instanceof OfrepRefusal) {
      const { status, errorCode, errorDetails } = error;
      return this.sendBody(exchange, status, JSON_ANSWER, jsonOf({ key, errorCode, errorDetails }));
    }
    const problem = problemOf(error);
    logOutage(this.logger, problem, requestId);
    // Clients of the protocol look for its words, all others for those of a problem.
    const words = { key, errorCode: 'GENERAL', errorDetails: problem.detail };
    const body = { ...problemBody(problem, pathOf(request.url!)), ...words };
    this.sendBody(exchange, problem.status, [...PROBLEM_ANSWER, ...headersOf(problem)], jsonOf(body));
  }

  private sendBody(exchange: Exchange, status: number, headers: readonly string[], body: Buffer): void {
    this.send(exchange, status, [...headers, 'Content-Length', String(body.length)], body);
  }

  private send(exchange: Exchange, status: number, headers: readonly string[], body?: Buffer): void {
    const { request, response, requestId } = exchange;
    const cors = this.cors.headersFor(request.headers.origin);
    response.writeHead(status, ['X-Request-Id', requestId, ...headers, ...cors]);
    endTogether(response, body);
  }

  /** Answers a preflight. */
  private allow({ request, response, requestId }: Exchange): void {
    response.writeHead(204, ['X-Request-Id', requestId, ...this.cors.preflightHeaders(request.headers.origin)]);
    endTogether(response);
  }

  private addressOf(request: IncomingMessage): string | undefined {
    return clientAddress(request, this.env.gatewayNetworks);
  }
}

const JSON_TYPE = ['Content-Type', 'application/json; charset=utf-8'];
const JSON_ANSWER = [...JSON_TYPE, 'Cache-Control', 'no-store'];
const PROBLEM_ANSWER = ['Content-Type', 'application/problem+json', 'Cache-Control', 'no-store'];

const jsonOf = (body: object): Buffer => Buffer.from(JSON.stringify(body));

const headersOf = (problem: Problem): string[] => Object.entries(problem.extras.headers ?? {}).flat();

/** The longest key that an answer repeats; those of flags are shorter. */
const LONGEST_ECHO = 200;

const echoOf = (key: string): string => withoutTokens(key).slice(0, LONGEST_ECHO).toWellFormed();

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
