import { Injectable } from '@nestjs/common';
import { Strategy } from 'passport-http-bearer';
import type { Arrival } from '../network/client-address.js';
import type { Principal } from './principal.js';
import { TokenAuthenticator } from './token-authenticator.js';

/** What passport is given instead of the request, on which it would hang half a dozen methods; and where it puts what it finds. */
export interface Credentials {
  readonly headers: { readonly authorization: string | undefined };
  readonly arrival: Arrival;
  principal?: Principal;
}

/**
 * passport-http-bearer would also take a token from the query string and from the body, where it ends in logs and histories. It is
 * therefore given nothing of a request but its Authorization header. Several such headers arrive joined by commas (the servers are
 * created with `joinDuplicateHeaders`), which no token contains.
 */
@Injectable()
export class BearerStrategy extends Strategy {
  constructor(authenticator: TokenAuthenticator) {
    super({ passReqToCallback: true }, ({ arrival }: Credentials, credential: string, done) => {
      Promise.resolve(authenticator.authenticate(credential, arrival)).then(
        (principal) => done(null, principal ?? false),
        done,
      );
    });
  }
}
