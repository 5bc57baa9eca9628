import { LRUCache } from 'lru-cache';
import { invalidToken, untrustedGateway } from '../auth/auth.errors.js';
import type { JsonObject } from '../http/json.js';
import type { TokenRecord } from '../tokens/token-record.js';
import { encode, takeApart } from './jwt-parts.js';
import type { PrincipalClaims } from './principal-claims.js';
import { assertAlive, parsePayload, readClaims, writeClaims } from './principal-claims.js';
import { PrincipalJwts, REUSED_FOR } from './principal-jwt.js';

/** How long one lives, in seconds. */
const LIFETIME = 3_600;

/** Texts that are kept, of those issued and of those read. More would cost the garbage collector as much as making them anew. */
const MOST_KEPT = 4_000;

const HEADER = encode('{"alg":"none","typ":"JWT"}');

/** Unsecured JWTs (RFC 7519, section 6): worth as much as the network that they come from. */
export class UnsignedPrincipalJwts extends PrincipalJwts {
  private readonly issued = new LRUCache<TokenRecord, { readonly jwt: string; readonly at: number }>({
    max: MOST_KEPT,
  });
  private readonly known = new LRUCache<string, PrincipalClaims>({ max: MOST_KEPT });

  issue(record: TokenRecord, now: number): string {
    const last = this.issued.get(record);
    if (last && now >= last.at && now < last.at + REUSED_FOR) return last.jwt;
    const jwt = `${HEADER}.${encode(`{${writeClaims(record, now, LIFETIME)}}`)}.`;
    this.issued.set(record, { jwt, at: now });
    return jwt;
  }

  read(jwt: string, fromTrustedPeer: boolean, now: number): PrincipalClaims {
    if (!fromTrustedPeer) throw untrustedGateway();
    const known = this.known.get(jwt);
    if (known) {
      assertAlive(known.expiresAt, now);
      return known;
    }
    const { header, payload, signature } = takeApart(jwt);
    if (!isUnsecured(header) || signature.length > 0) throw invalidToken();
    const claims = readClaims(parsePayload(payload), now, LIFETIME);
    this.known.set(jwt, claims);
    return claims;
  }
}

/** `alg` as RFC 7518, section 3.6, spells it, and nothing besides but the type: whatever else a header can say asks to be honoured. */
function isUnsecured({ alg, typ = 'JWT', ...rest }: JsonObject): boolean {
  return alg === 'none' && typ === 'JWT' && Object.keys(rest).length === 0;
}
