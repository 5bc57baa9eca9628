import type { FeatureFlagDto } from './dto/feature-flag.dto.js';
import type { FeatureFlag } from './feature-flag.entity.js';
import { predecessors, storeStrategy, storeTargeting } from './stored-strategies.js';
import { createVariants, replaceVariants } from './variant-identity.js';

/** The parts of a stored flag that say who gets what. */
export type StoredRules = Pick<FeatureFlag, 'variants' | 'variantOrder' | 'defaultVariant' | 'targetings'>;

/**
 * Makes the stored form of what a request says.
 *
 * @param given sound by itself, and its ids with regard to `previous`.
 * @param previous what it replaces: variants that stay keep their identity, and as few users as possible are moved.
 */
export function storeRules(
  given: Pick<FeatureFlagDto, 'variants' | 'default_variant' | 'targetings'>,
  previous?: StoredRules,
): StoredRules {
  const givenVariants = given.variants ?? [];
  const kept = previous ? replaceVariants(givenVariants, previous) : createVariants(givenVariants);
  const ids = {
    byName: new Map(kept.variants.map(({ id, name }) => [name, id])),
    order: kept.variants.map(({ id }) => id),
  };
  const targetings = given.targetings ?? [];
  const before = predecessors(targetings, previous?.targetings ?? []);
  return {
    ...kept,
    defaultVariant: storeStrategy(given.default_variant, ids, previous?.defaultVariant),
    targetings: targetings.map((targeting, index) => storeTargeting(targeting, ids, before[index])),
  };
}
