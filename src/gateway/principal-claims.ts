import { invalidClaims, invalidScopes, missingClaims } from '../auth/auth.errors.js';
import type { GrantedScope } from '../auth/scopes.js';
import { isGrantedScope } from '../auth/scopes.js';
import { isUuid } from '../http/uuid.js';
import type { TokenRecord } from '../tokens/token-record.js';
import { decodeCanonically, encode, parseObject } from './jwt-parts.js';

/** Whom a JWT says to look for. */
export interface PrincipalClaims {
  /** The account's external id. */
  readonly sub: string;
  /** The organization's external id. */
  readonly organization: string;
  readonly scopes: readonly GrantedScope[];
  readonly tokenId: string;
  /** As a record has it: SHA-256 as a Latin-1 string. */
  readonly tokenHash: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What `iat` may be ahead of our clock: clocks of two processes differ. In milliseconds. */
const SKEW = 60_000;

const HASH_BYTES = 32;

/**
 * The claims of a record as members of a JSON object, without its braces. `exp` is whole seconds, rounded down, so that no JWT outlives
 * its token.
 *
 * @param lifetime seconds at the most.
 */
export function writeClaims(record: TokenRecord, now: number, lifetime: number): string {
  const { id, hash, scopes, expiresAt, holder } = record;
  const iat = Math.floor(now / 1000);
  const exp = Math.min(iat + lifetime, Math.floor(expiresAt / 1000));
  const sub = JSON.stringify(holder.userExternalId);
  const organization = JSON.stringify(holder.organization.externalId);
  // Neither scopes nor an id has a character that JSON would escape.
  return (
    `"sub":${sub},"kaiten_external_org_id":${organization},"scopes":["${scopes.join('","')}"],` +
    `"iat":${iat},"exp":${exp},"kaiten_token_id":"${id}","kaiten_token_hash":"${encode(hash, 'latin1')}"`
  );
}

/** The members of a JWT's payload. Claims that are not ours are ignored. @throws Problem 401 */
export function parsePayload(payload: Buffer): Readonly<Record<string, unknown>> {
  const claims = parseObject(payload);
  if (!claims) throw invalidClaims('the claims of the principal must be one JSON object, each of them once');
  return claims;
}

/**
 * Holds the claims against their types and the time.
 *
 * @param lifetime seconds that may lie between `iat` and `exp` at the most.
 * @throws Problem 401
 */
export function readClaims(claims: Readonly<Record<string, unknown>>, now: number, lifetime: number): PrincipalClaims {
  const sub = textClaim(claims, 'sub');
  const organization = textClaim(claims, 'kaiten_external_org_id');
  const scopes = claim(claims, 'scopes');
  const tokenId = textClaim(claims, 'kaiten_token_id');
  const hash = textClaim(claims, 'kaiten_token_hash');
  const iat = timeClaim(claims, 'iat');
  const exp = timeClaim(claims, 'exp');
  if (!areScopes(scopes)) throw invalidScopes();
  if (!isUuid(tokenId)) throw invalidClaims('the claim kaiten_token_id must be a UUID');
  const hashBytes = decodeCanonically(hash);
  if (hashBytes?.length !== HASH_BYTES) {
    throw invalidClaims('the claim kaiten_token_hash must be a SHA-256 in base64url');
  }
  if (iat * 1000 > now + SKEW) throw invalidClaims('the principal was issued in the future');
  if (exp - iat > lifetime) throw invalidClaims(`a principal may live for ${lifetime} seconds at the most`);
  const expiresAt = exp * 1000;
  assertAlive(expiresAt, now);
  return { sub, organization, scopes, tokenId, tokenHash: hashBytes.toString('latin1'), expiresAt };
}

/** RFC 7519, section 4.1.4: on or after `exp` it must not be accepted. @throws Problem 401 */
export function assertAlive(expiresAt: number, now: number): void {
  if (now >= expiresAt) throw invalidClaims('the principal has expired');
}

function claim(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (!Object.hasOwn(claims, name)) throw missingClaims(name);
  return claims[name];
}

function textClaim(claims: Readonly<Record<string, unknown>>, name: string): string {
  const value = claim(claims, name);
  if (typeof value !== 'string' || value.trim() === '') throw invalidClaims(`the claim ${name} must be a text`);
  return value;
}

/** Seconds since the epoch. Ours are whole. */
function timeClaim(claims: Readonly<Record<string, unknown>>, name: string): number {
  const value = claim(claims, name);
  if (!Number.isSafeInteger(value)) throw invalidClaims(`the claim ${name} must be a whole number of seconds`);
  return value as number;
}

function areScopes(value: unknown): value is GrantedScope[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every(isGrantedScope) && new Set(value).size === value.length
  );
}
