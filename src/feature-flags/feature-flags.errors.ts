import { Problem } from '../http/problem.js';
import { changedMeanwhile, notFound, slugTaken } from '../http/resource-problems.js';
import { LARGEST_FLAGS, MOST_FLAGS, MOST_RULE_SYMBOLS } from './limits.js';

export const featureFlagNotFound = notFound('FeatureFlag', 'feature flag');

export const featureFlagSlugTaken = slugTaken('FeatureFlag', 'feature flag');

export const tooManyFeatureFlags = (): Problem =>
  new Problem(
    409,
    'CreateFeatureFlag.LimitReached',
    `the organization has ${MOST_FLAGS} feature flags, which is the most; delete one first`,
  );

export const featureFlagsTooLarge = (): Problem =>
  new Problem(
    409,
    'FeatureFlag.SpaceLimitReached',
    `with this, the organization's feature flags would take more than ${LARGEST_FLAGS / 1024 / 1024} MiB together; make some smaller or delete some first`,
  );

export const featureFlagRulesTooLarge = (): Problem =>
  new Problem(
    409,
    'FeatureFlag.SpaceLimitReached',
    `with this, the rules of the organization's feature flags would have more than ${MOST_RULE_SYMBOLS} words and signs together; make some shorter or delete some first`,
  );

export const featureFlagChanged = (): Problem => changedMeanwhile('FeatureFlag', 'feature flag');
