import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { ENV, LOGGER } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { Problem, sendProblem, unavailable } from '../http/problem.js';
import { SigningKeys } from './signing-keys.js';

/** Where verifiers look for it; one exact path. */
export const JWKS_PATH = '/.well-known/jwks.json';

/** How long verifiers may keep the set, in seconds: a key is published for longer before it signs. */
const MAX_AGE = 60;

/** Publishes the keys that principals are verified with, as a JWK Set (RFC 7517). In plain terms of `node:http`, before the framework. */
@Injectable()
export class Jwks {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(ENV) private readonly env: Pick<Env, 'principalJwt'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Answers a request for `JWKS_PATH`. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    // Its body is never read.
    if (hasBody(request)) response.setHeader('Connection', 'close');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendProblem(response, methodNotAllowed(request.method), JWKS_PATH);
      return;
    }
    this.publish(response).catch((error: unknown) => {
      this.logger.warn({ msg: 'the signing keys could not be published', reason: (error as Error).message });
      sendProblem(response, unavailable(error), JWKS_PATH);
    });
  };

  private async publish(response: ServerResponse): Promise<void> {
    const published = this.env.principalJwt === 'signed' ? (await this.keys.current()).published : [];
    const body = JSON.stringify({ keys: published.map((key) => ({ ...key, use: 'sig', alg: 'EdDSA' })) });
    response.setHeader('Content-Type', 'application/jwk-set+json');
    response.setHeader('Content-Length', Buffer.byteLength(body));
    response.setHeader('Cache-Control', `public, max-age=${MAX_AGE}`);
    response.end(body);
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

const methodNotAllowed = (method: string | undefined): Problem =>
  new Problem(405, 'METHOD_NOT_ALLOWED', `${method} is not possible here`, { headers: { Allow: 'GET, HEAD' } });
