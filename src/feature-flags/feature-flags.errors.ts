import { Problem } from '../http/problem.js';
import { notFound, slugTaken } from '../http/resource-problems.js';
import { MOST_FLAGS } from './limits.js';

export const featureFlagNotFound = notFound('FeatureFlag', 'feature flag');

export const featureFlagSlugTaken = slugTaken('FeatureFlag', 'feature flag');

export const tooManyFeatureFlags = (): Problem =>
  new Problem(
    409,
    'CreateFeatureFlag.LimitReached',
    `the organization has ${MOST_FLAGS} feature flags, which is the most; delete one first`,
  );

export const featureFlagChanged = (): Problem =>
  new Problem(
    412,
    'FeatureFlag.PreconditionFailed',
    'the feature flag is not the one that If-Match names: it was changed meanwhile; get it again',
  );
