import type { KeyObject } from 'node:crypto';
import { CompactSign, compactVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { invalidClaims, invalidToken, missingClaims } from '../auth/auth.errors.js';
import type { JsonObject } from '../http/json.js';
import type { Soon } from '../soon.js';
import { then } from '../soon.js';
import type { TokenRecord } from '../tokens/token-record.js';
import { takeApart } from './jwt-parts.js';
import type { PrincipalClaims } from './principal-claims.js';
import { assertAlive, parsePayload, readClaims, writeClaims } from './principal-claims.js';
import { PrincipalJwts, REUSED_FOR } from './principal-jwt.js';
import type { KeySet, SigningKeys } from './signing-keys.js';

/** How long one lives, in seconds. */
const LIFETIME = 60;

/** Texts that are kept, of those issued and of those read, a kilobyte each. Signing is fifty times the work of making an unsigned one. */
const MOST_KEPT = 20_000;

/** Fixed here: what a header says it is signed with is held against it, and chooses nothing (RFC 8725, section 3.1). */
const ALGORITHM = 'EdDSA';

/** A type, an issuer and an audience of our own, so that no JWT signed for something else is one of these (RFC 8725, section 3.11). */
const TYPE = 'kaiten-principal+jwt';
const ISSUER = 'kaiten';
const AUDIENCE = 'kaiten-api';

interface Issued {
  jwt: Soon<string>;
  readonly at: number;
  readonly kid: string;
}

/** JWTs that are signed (RFC 7515, RFC 8037), and believed wherever they come from. */
export class SignedPrincipalJwts extends PrincipalJwts {
  private readonly issued = new LRUCache<TokenRecord, Issued>({ max: MOST_KEPT });
  /** Those whose signature has been verified, and with which key. */
  private readonly verified = new LRUCache<string, { readonly claims: PrincipalClaims; readonly kid: string }>({
    max: MOST_KEPT,
  });

  constructor(private readonly keys: Pick<SigningKeys, 'current' | 'reread'>) {
    super();
  }

  issue(record: TokenRecord, now: number): Soon<string> {
    return then(this.keys.current(), (keys) => this.issueWith(keys, record, now));
  }

  read(jwt: string, _fromTrustedPeer: boolean, now: number): Soon<PrincipalClaims> {
    return then(this.keys.current(), (keys) => this.readWith(keys, jwt, now));
  }

  private issueWith({ signing: { kid, key } }: KeySet, record: TokenRecord, now: number): Soon<string> {
    const last = this.issued.get(record);
    if (last?.kid === kid && now >= last.at && now < last.at + REUSED_FOR) return last.jwt;
    const payload = `{"iss":"${ISSUER}","aud":"${AUDIENCE}",${writeClaims(record, now, LIFETIME)}}`;
    const signed = new CompactSign(Buffer.from(payload))
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: TYPE })
      .sign(key)
      .then((jwt) => (entry.jwt = jwt));
    const entry: Issued = { jwt: signed, at: now, kid };
    this.issued.set(record, entry);
    return signed;
  }

  private readWith(keys: KeySet, jwt: string, now: number): Soon<PrincipalClaims> {
    const known = this.verified.get(jwt);
    if (known && keys.verifying.has(known.kid)) {
      assertAlive(known.claims.expiresAt, now);
      return known.claims;
    }
    const { header, payload } = takeApart(jwt);
    const kid = kidOf(header);
    return this.verify(keys, jwt, kid).then(() => {
      const claims = readSignedClaims(payload, now);
      this.verified.set(jwt, { claims, kid });
      return claims;
    });
  }

  /** @throws Problem 401 */
  private async verify(keys: KeySet, jwt: string, kid: string): Promise<void> {
    const key: KeyObject | undefined = keys.verifying.get(kid) ?? (await this.keys.reread()).verifying.get(kid);
    if (!key) throw invalidToken();
    await compactVerify(jwt, key, { algorithms: [ALGORITHM] }).catch(() => {
      throw invalidToken();
    });
  }
}

/** A thumbprint (RFC 7638): SHA-256 in base64url. */
const KID = /^[A-Za-z0-9_-]{43}$/;

/**
 * The key's name, of a header that has it, the algorithm and the type, and nothing else: `jku`, `jwk`, `x5u`, `crit` and whatever there may be
 * ask to be honoured.
 *
 * @throws Problem 401
 */
function kidOf({ alg, kid, typ, ...rest }: JsonObject): string {
  const isOurs = alg === ALGORITHM && typ === TYPE && Object.keys(rest).length === 0;
  if (!isOurs || typeof kid !== 'string' || !KID.test(kid)) throw invalidToken();
  return kid;
}

/** @throws Problem 401 */
function readSignedClaims(payload: Buffer, now: number): PrincipalClaims {
  const claims = parsePayload(payload);
  for (const [name, expected] of Object.entries({ iss: ISSUER, aud: AUDIENCE })) {
    if (!Object.hasOwn(claims, name)) throw missingClaims(name);
    if (claims[name] !== expected) throw invalidClaims(`the principal is not for this API: its ${name} is another`);
  }
  return readClaims(claims, now, LIFETIME);
}
