import { Problem, validationFailed, withoutTokens } from './problem.js';

/**
 * 404 for a reference, i.e. a slug or an id: the same for what is missing and for what is another organization's.
 *
 * @param scope first part of the code: `Customer.NotFound`.
 */
export const notFound =
  (scope: string, noun: string) =>
  (reference: string): Problem =>
    new Problem(404, `${scope}.NotFound`, `there is no ${noun} ${withoutTokens(reference).slice(0, 100)}`);

/** 409 for a given slug that is taken. */
export const slugTaken =
  (scope: string, other: string) =>
  (slug: string): Problem =>
    new Problem(409, `${scope}.SlugTaken`, `the slug ${slug} is taken by another ${other}`, {
      errors: [{ location: 'body.slug', message: 'is taken', value: slug }],
    });

/** 412 for a resource of another version than If-Match names. */
export const changedMeanwhile = (scope: string, noun: string): Problem =>
  new Problem(
    412,
    `${scope}.PreconditionFailed`,
    `the ${noun} is not the one that If-Match names: it was changed meanwhile; get it again`,
  );

/** 422 for another slug than the present one, where it cannot be changed. */
export const slugFixed = (slug: string): Problem =>
  validationFailed([
    { location: 'body.slug', message: 'cannot be changed; leave it out or send the present one', value: slug },
  ]);
