import { addressOf } from '../service-accounts/account-queries';
import type { HeldToken, Token } from './token-queries';

export const isHeld = (token: Token | HeldToken): token is HeldToken => 'serviceAccountName' in token;

/** How an address names the account that holds the token; undefined when it has been deleted, or is not said. */
export function addressOfHolder(token: Token | HeldToken): string | undefined {
  if (!isHeld(token) || token.serviceAccountSlug === undefined) return undefined;
  return addressOf({ slug: token.serviceAccountSlug, id: token.serviceAccountId });
}
