import type { Principal, TokenPrincipal } from '../auth/principal.js';
import type { GrantedScope } from '../auth/scopes.js';
import type { Networks } from '../network/networks.js';

/** Whose tokens they are; the same object for all of an account's that are in memory. */
export interface TokenHolder {
  readonly userId: string;
  readonly userExternalId: string;
  readonly userName: string;
  readonly organization: Principal['organization'];
}

/** What is known of a live token: all that it takes to judge a request, and nothing that would make another one. */
export interface TokenRecord {
  /** As `hashToken` makes it. */
  readonly hash: string;
  readonly id: string;
  readonly scopes: readonly GrantedScope[];
  /** Milliseconds since the epoch; Infinity for never. */
  readonly expiresAt: number;
  /** Undefined: from anywhere. */
  readonly networks: Networks | undefined;
  readonly holder: TokenHolder;
  /** The last use, until it is written: `TokenUses` alone touches it. */
  readonly use: UnwrittenUse;
}

/**
 * Kept with the record, as old as that: a use then needs no look-up while one waits, and leaves no object behind among records that stay.
 */
export interface UnwrittenUse {
  /** Milliseconds since the epoch; NaN for none. */
  at: number;
  from: string | undefined;
}

/** Why a token may not be used, by whomever and from wherever. */
export type Refusal = 'malformed' | 'unknown' | 'revoked' | 'expired' | 'network';

/**
 * Judges a request: exactly to the millisecond, a token is dead from its expiry on; and where its networks are limited, an address that is
 * not known is in none of them.
 *
 * @returns undefined when the token may be used.
 */
export function refusalOf(
  { expiresAt, networks }: TokenRecord,
  now: number,
  address: () => string | undefined,
): Refusal | undefined {
  if (now >= expiresAt) return 'expired';
  return networks === undefined || networks.contains(address()) ? undefined : 'network';
}

export function toPrincipal({ id, hash, scopes, networks, holder }: TokenRecord): TokenPrincipal {
  return {
    kind: 'organization',
    userId: holder.userId,
    userExternalId: holder.userExternalId,
    userName: holder.userName,
    organization: holder.organization,
    scopes,
    networks,
    token: { id, hash },
  };
}
