import { Inject, Injectable } from '@nestjs/common';
import { invalidClaims } from '../auth/auth.errors.js';
import type { Principal } from '../auth/principal.js';
import { TokenAuthenticator } from '../auth/token-authenticator.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import type { Arrival } from '../network/client-address.js';
import type { Soon } from '../soon.js';
import { then } from '../soon.js';
import type { TokenRecord } from '../tokens/token-record.js';
import { toPrincipal } from '../tokens/token-record.js';
import type { Verdict } from '../tokens/token-verifier.js';
import { TokenVerifier } from '../tokens/token-verifier.js';
import type { PrincipalClaims } from './principal-claims.js';
import { PrincipalJwts } from './principal-jwt.js';

const JWT_SHAPED = /^[^.]*\.[^.]*\.[^.]*$/;

/** Tokens have no dot, which is told more quickly than that the pattern does not match. */
const isJwtShaped = (credential: string): boolean => credential.includes('.') && JWT_SHAPED.test(credential);

/** Knows both kinds of bearer by their shape: a token itself, and the principal that a gateway has got for one. */
@Injectable()
export class BearerAuthenticator extends TokenAuthenticator {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly jwts: PrincipalJwts,
    @Inject(ENV) private readonly env: Env,
  ) {
    super();
  }

  authenticate(credential: string, arrival: Arrival): Soon<Principal | undefined> {
    if (isJwtShaped(credential)) return this.readPrincipal(credential, arrival).then(toPrincipal);
    return then(this.verifier.verify(credential, arrival), principalOf);
  }

  /**
   * A principal is believed where it names a token that may be used now, from here, and says of it what is so. Whoever gets one past a gateway can
   * then be nobody but whom that token makes them.
   *
   * @throws Problem 401
   */
  private async readPrincipal(jwt: string, arrival: Arrival): Promise<TokenRecord> {
    const isTrusted = this.env.gatewayNetworks.contains(arrival.socket.remoteAddress);
    const claims = await this.jwts.read(jwt, isTrusted, Date.now());
    const verdict = await this.verifier.verifyHash(claims.tokenHash, arrival);
    if (typeof verdict === 'string' || !isTrueOf(verdict, claims)) {
      throw invalidClaims('the principal is not that of a token that may be used');
    }
    return verdict;
  }
}

const principalOf = (verdict: Verdict): Principal | undefined =>
  typeof verdict === 'string' ? undefined : toPrincipal(verdict);

function isTrueOf({ id, scopes, holder }: TokenRecord, claims: PrincipalClaims): boolean {
  return (
    claims.tokenId === id &&
    claims.sub === holder.userExternalId &&
    claims.organization === holder.organization.externalId &&
    claims.scopes.length === scopes.length &&
    claims.scopes.every((scope, index) => scope === scopes[index])
  );
}
