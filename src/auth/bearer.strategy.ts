import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Strategy } from 'passport-http-bearer';
import type { Principal } from './principal.js';
import { TokenAuthenticator } from './token-authenticator.js';

/**
 * passport-http-bearer would also take a token from the query string and from the body, where it ends in logs and histories. It is
 * therefore given nothing of a request but its Authorization header. Several such headers arrive joined by commas (the servers are
 * created with `joinDuplicateHeaders`), which no token contains.
 */
@Injectable()
export class BearerStrategy extends Strategy {
  constructor(authenticator: TokenAuthenticator) {
    super((token: string, done: (error: unknown, principal?: Principal | false) => void) => {
      authenticator.authenticate(token).then((principal) => done(null, principal ?? false), done);
    });
  }

  override authenticate(request: Pick<IncomingMessage, 'headers'>): void {
    super.authenticate({ headers: { authorization: request.headers.authorization } });
  }
}
