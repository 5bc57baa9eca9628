import { Problem, validationFailed } from '../http/problem.js';

export const customerNotFound = (reference: string): Problem =>
  new Problem(404, 'Customer.NotFound', `there is no customer ${reference.slice(0, 100)}`);

export const customerSlugTaken = (slug: string): Problem =>
  new Problem(409, 'CreateCustomer.SlugTaken', `the slug ${slug} is taken by another customer`);

export const customerSlugFixed = (slug: string): Problem =>
  validationFailed([
    { location: 'body.slug', message: 'cannot be changed; leave it out or send the present one', value: slug },
  ]);

export const customerHasInstances = (count: number): Problem =>
  new Problem(
    400,
    'DeleteCustomer.HasInstances',
    `the customer has ${count} ${count === 1 ? 'instance' : 'instances'}; delete them first`,
  );
