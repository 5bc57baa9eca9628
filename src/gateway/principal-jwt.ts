import type { Soon } from '../soon.js';
import type { TokenRecord } from '../tokens/token-record.js';
import type { PrincipalClaims } from './principal-claims.js';

/**
 * JWTs that stand for a token between the gateway and the API: made of a token's record where the gateway asks
 * (`/api/tokens/validate`), and read where it passes them on. Signed or not, they say whom to look for and prove nothing: whoever reads
 * one looks the token up by its hash and compares.
 */
export abstract class PrincipalJwts {
  /**
   * The JWT of a record. One text may serve a token for some seconds.
   *
   * @param now milliseconds since the epoch.
   * @returns at once where it can. Rejects when the keys to sign with are not known now.
   */
  abstract issue(record: TokenRecord, now: number): Soon<string>;

  /**
   * Reads a JWT that a gateway passed on.
   *
   * @param fromTrustedPeer whether the socket's other end is in GATEWAY_TRUSTED_CIDRS.
   * @param now milliseconds since the epoch.
   * @returns at once where it can. Rejects when the keys to verify with are not known now.
   * @throws Problem 401 for everything that `issue` did not make, or made too long ago.
   */
  abstract read(jwt: string, fromTrustedPeer: boolean, now: number): Soon<PrincipalClaims>;
}

/** How long one text serves a token, in milliseconds. */
export const REUSED_FOR = 5_000;
