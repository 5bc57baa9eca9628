import { Problem } from '../http/problem.js';
import { changedMeanwhile, notFound, slugTaken } from '../http/resource-problems.js';

export const customerNotFound = notFound('Customer', 'customer');

export const customerSlugTaken = slugTaken('CreateCustomer', 'customer');

export const customerChanged = (): Problem => changedMeanwhile('Customer', 'customer');

export const customerHasInstances = (count: number): Problem =>
  new Problem(
    400,
    'DeleteCustomer.HasInstances',
    `the customer has ${count} ${count === 1 ? 'instance' : 'instances'}; delete them first`,
  );
