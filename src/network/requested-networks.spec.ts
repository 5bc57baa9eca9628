import { describe, expect, it } from '@jest/globals';
import { Problem } from '../http/problem.js';
import { readNetworks } from './requested-networks.js';

function errorsOf(requested: readonly unknown[]): unknown[] {
  try {
    readNetworks(requested, 'body.allowedCidrs');
  } catch (error) {
    if (error instanceof Problem && error.status === 422) {
      return error.extras.errors!.map(({ location, value }) => [location, value]);
    }
    throw error;
  }
  throw new Error('Nothing was thrown');
}

describe('readNetworks', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.1', '192.0.2.1/32'],
    ['2001:DB8:0:0::/32', '2001:db8::/32'],
    ['::1', '::1/128'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:192.0.2.1', '192.0.2.1/32'],
  ])('keeps %s as %s', (text, kept) => {
    expect(readNetworks([text], 'x')).toEqual([kept]);
    expect(readNetworks([kept], 'x')).toEqual([kept]);
  });

  it('keeps each once, in the order in which they came', () => {
    expect(readNetworks(['::1', '10.0.0.0/8', '::ffff:10.0.0.0/104', '0::1/128'], 'x')).toEqual([
      '::1/128',
      '10.0.0.0/8',
    ]);
  });

  it('names each that is none with its place', () => {
    expect(errorsOf(['10.0.0.0/8', '10.0.0.1/8', 7, '::/129', '::/0', 'localhost'])).toEqual([
      ['body.allowedCidrs[1]', '10.0.0.1/8'],
      ['body.allowedCidrs[2]', 7],
      ['body.allowedCidrs[3]', '::/129'],
      ['body.allowedCidrs[5]', 'localhost'],
    ]);
  });

  it('refuses an empty list', () => {
    expect(errorsOf([])).toEqual([['body.allowedCidrs', undefined]]);
  });
});
