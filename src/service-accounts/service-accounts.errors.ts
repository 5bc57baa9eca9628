import { Problem, validationFailed } from '../http/problem.js';

export const serviceAccountNotFound = (reference: string): Problem =>
  new Problem(404, 'ServiceAccount.NotFound', `there is no service account ${reference.slice(0, 100)}`);

export const serviceAccountSlugTaken = (slug: string): Problem =>
  new Problem(409, 'CreateServiceAccount.SlugTaken', `the slug ${slug} is taken by another service account`);

export const serviceAccountSlugFixed = (slug: string): Problem =>
  validationFailed([
    { location: 'body.slug', message: 'cannot be changed; leave it out or send the present one', value: slug },
  ]);
