import type { Problem } from '../http/problem.js';
import { validationFailed } from '../http/problem.js';
import { changedMeanwhile, notFound, slugTaken } from '../http/resource-problems.js';

export const instanceNotFound = notFound('Instance', 'instance');

export const instanceSlugTaken = slugTaken('Instance', 'instance');

export const instanceChanged = (): Problem => changedMeanwhile('Instance', 'instance');

export const licensePeriodInverted = (end: Date): Problem =>
  validationFailed([
    { location: 'body.endLicenseDate', message: 'must not be before startLicenseDate', value: end.toISOString() },
  ]);

export const licenseEndMissing = (): Problem =>
  validationFailed([
    { location: 'body.endLicenseDate', message: 'must be given where startLicenseDate lies in the year 9999' },
  ]);

/** Until licences are kept here, none exists. */
export const licenseNotFound = notFound('License', 'license');

/** Until deployment zones are kept here, none exists. */
export const deploymentZoneNotFound = notFound('DeploymentZone', 'deployment zone');
