import { Problem, validationFailed } from '../http/problem.js';

export const instanceNotFound = (reference: string): Problem =>
  new Problem(404, 'Instance.NotFound', `there is no instance ${reference.slice(0, 100)}`);

export const instanceSlugTaken = (slug: string): Problem =>
  new Problem(409, 'Instance.SlugTaken', `the slug ${slug} is taken by another instance`);

export const licensePeriodInverted = (end: Date): Problem =>
  validationFailed([
    { location: 'body.endLicenseDate', message: 'must not be before startLicenseDate', value: end.toISOString() },
  ]);

export const licenseEndMissing = (): Problem =>
  validationFailed([
    { location: 'body.endLicenseDate', message: 'must be given where startLicenseDate lies in the year 9999' },
  ]);

/** Until licences are kept here, none exists. */
export const licenseNotFound = (reference: string): Problem =>
  new Problem(404, 'License.NotFound', `there is no license ${reference.slice(0, 100)}`);

/** Until deployment zones are kept here, none exists. */
export const deploymentZoneNotFound = (reference: string): Problem =>
  new Problem(404, 'DeploymentZone.NotFound', `there is no deployment zone ${reference.slice(0, 100)}`);
