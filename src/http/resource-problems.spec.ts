import { describe, expect, it } from '@jest/globals';
import { problemBody } from './problem.js';
import { notFound } from './resource-problems.js';

const SECRET = `ksh_${'s3cr3t'.repeat(6)}Xy`;

describe('notFound', () => {
  const customerNotFound = notFound('Customer', 'customer');

  it('repeats the reference', () => {
    expect(customerNotFound('sakura-tokyo').detail).toBe('there is no customer sakura-tokyo');
    expect(customerNotFound('x'.repeat(1_000)).detail).toHaveLength(121);
  });

  it.each([SECRET, `${SECRET}x`, SECRET.slice(0, 20), `see ${SECRET}`])('does not repeat a token: %s', (reference) => {
    expect(customerNotFound(reference).detail).toMatch(/^there is no customer (see )?ksh_\.\.\.$/);
  });
});

describe('problemBody', () => {
  const instanceOf = (path: string): string =>
    (problemBody(notFound('Token', 'token')('x'), path) as { instance: string }).instance;

  it.each([
    ['/api/customers/sakura-tokyo', '/api/customers/sakura-tokyo'],
    [`/api/customers/${SECRET}`, '/api/customers/ksh_...'],
    [`/api/service-accounts/a/tokens/${SECRET}/rotate`, '/api/service-accounts/a/tokens/ksh_.../rotate'],
    [`/${SECRET}/${SECRET}`, '/ksh_.../ksh_...'],
    [`/api/customers/${SECRET.replace('_', '%5f')}`, '/api/customers/ksh_...'],
  ])('names the path without tokens: %s', (path, expected) => expect(instanceOf(path)).toBe(expected));
});
