import type { Networks } from '../network/networks.js';
import { parseNetwork } from '../network/networks.js';
import type { Minting } from './tokens.errors.js';
import { networksExceedCaller } from './tokens.errors.js';

/**
 * Holds the networks of a new token against those of whom it is minted by: who has got hold of a token that is limited gets none that is not.
 *
 * @param requested null for anywhere.
 * @param held undefined for anywhere.
 * @throws Problem 403 listing what is not within one of the caller's own.
 */
export function assertNetworksWithin(
  requested: readonly string[] | null,
  held: Networks | undefined,
  minting: Minting,
): void {
  if (held === undefined) return;
  const exceeding = requested?.filter((network) => !held.covers(parseNetwork(network))) ?? null;
  if (exceeding === null || exceeding.length > 0) throw networksExceedCaller(minting, exceeding);
}
