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

/** Texts that are kept of those read. More would cost the garbage collector as much as reading them anew. */
const MOST_READ_KEPT = 4_000;

/** Places for texts that were issued: a power of two. */
const PLACES = 4_096;

const HEADER = encode('{"alg":"none","typ":"JWT"}');

interface Issued {
  record: TokenRecord | undefined;
  jwt: string;
  /** Milliseconds since the epoch; NaN while there is no text. */
  at: number;
}

/** Unsecured JWTs (RFC 7519, section 6): worth as much as the network that they come from. */
export class UnsignedPrincipalJwts extends PrincipalJwts {
  /**
   * By some bits of the token's hash, one each. The text is kept when a token is asked for again before another one of its place: those of tokens that
   * are asked for once would stay just long enough to be moved among the records of tokens, and leave holes there.
   */
  private readonly issued: Issued[] = Array.from({ length: PLACES }, () => ({ record: undefined, jwt: '', at: NaN }));
  private readonly known = new LRUCache<string, PrincipalClaims>({ max: MOST_READ_KEPT });

  issue(record: TokenRecord, now: number): string {
    const place = this.issued[placeOf(record.hash)]!;
    if (place.record !== record) {
      place.record = record;
      place.at = NaN;
      return write(record, now);
    }
    if (now >= place.at && now < place.at + REUSED_FOR) return place.jwt;
    place.jwt = write(record, now);
    place.at = now;
    return place.jwt;
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

function placeOf(hash: string): number {
  return ((hash.charCodeAt(0) << 8) | hash.charCodeAt(1)) & (PLACES - 1);
}

function write(record: TokenRecord, now: number): string {
  return `${HEADER}.${encode(`{${writeClaims(record, now, LIFETIME)}}`)}.`;
}

/** `alg` as RFC 7518, section 3.6, spells it, and nothing besides but the type: whatever else a header can say asks to be honoured. */
function isUnsecured({ alg, typ = 'JWT', ...rest }: JsonObject): boolean {
  return alg === 'none' && typ === 'JWT' && Object.keys(rest).length === 0;
}
