import { describe, expect, it } from '@jest/globals';
import { Problem } from '../http/problem.js';
import { assertWithinPolicy, latestExpiry, NO_RULES } from './token-policy.rules.js';
import type { Rules } from './token-policy.rules.js';

const NOW = new Date('2026-03-28T12:00:00Z');
const at = (time: string): Date => new Date(time);

function refusalOf(rules: Partial<Rules>, token: { expiresAt?: Date; allowedCidrs?: string[] }): string | undefined {
  const { expiresAt = null, allowedCidrs = null } = token;
  try {
    assertWithinPolicy({ ...NO_RULES, ...rules }, { expiresAt, allowedCidrs }, NOW);
    return undefined;
  } catch (error) {
    if (error instanceof Problem && error.status === 400) return error.code.replace('TokenPolicy.', '');
    throw error;
  }
}

describe('assertWithinPolicy', () => {
  it('asks nothing without rules', () => {
    expect(refusalOf({}, {})).toBeUndefined();
  });

  it.each([
    ['2026-03-29T12:00:00Z', undefined],
    ['2026-03-29T12:00:00.001Z', 'LifetimeTooLong'],
  ])('lets a token of one day live for 24 hours, to the millisecond: %s, %s', (expiresAt, refusal) => {
    expect(refusalOf({ longestLifetimeDays: 1 }, { expiresAt: at(expiresAt) })).toBe(refusal);
  });

  it('takes a token without an expiry for one that lives too long, or misses the expiry if that is asked for', () => {
    expect(refusalOf({ longestLifetimeDays: 36_500 }, {})).toBe('LifetimeTooLong');
    expect(refusalOf({ longestLifetimeDays: 36_500, expiryRequired: true }, {})).toBe('ExpiryRequired');
  });

  it('wants an expiry, whichever', () => {
    expect(refusalOf({ expiryRequired: true }, {})).toBe('ExpiryRequired');
    expect(refusalOf({ expiryRequired: true }, { expiresAt: at('9999-12-31T00:00:00Z') })).toBeUndefined();
  });

  it.each([
    [undefined, 'NetworksRequired'],
    [['10.0.0.0/8'], undefined],
    [['10.20.30.40/32', '2001:db8:ffff::/48'], undefined],
    [['10.0.0.0/7'], 'NetworksNotWithin'],
    [['11.0.0.0/8'], 'NetworksNotWithin'],
    [['10.0.0.0/8', '::/0'], 'NetworksNotWithin'],
    // Each within one of them, not within all of them together.
    [['192.168.0.0/23'], 'NetworksNotWithin'],
  ])('wants networks within those that are required: %j, %s', (allowedCidrs, refusal) => {
    const requiredCidrs = ['10.0.0.0/8', '2001:db8::/32', '192.168.0.0/24', '192.168.1.0/24'];
    expect(refusalOf({ requiredCidrs }, { allowedCidrs })).toBe(refusal);
  });
});

describe('the refusal of networks', () => {
  const detailOf = (allowedCidrs: string[] | null, areNetworksFixed: boolean): string => {
    try {
      assertWithinPolicy(
        { ...NO_RULES, requiredCidrs: ['10.0.0.0/8'] },
        { expiresAt: null, allowedCidrs, areNetworksFixed },
        NOW,
      );
    } catch (error) {
      return (error as Problem).detail;
    }
    throw new Error('nothing was refused');
  };

  it.each([[null], [['11.0.0.0/8']]])('says what can be done: %j', (allowedCidrs) => {
    expect(detailOf(allowedCidrs, false)).toContain('allowedCidrs');
    // A rotation cannot be given any.
    expect(detailOf(allowedCidrs, true)).not.toContain('allowedCidrs');
    expect(detailOf(allowedCidrs, true)).toContain('revoke it and mint another');
  });
});

describe('latestExpiry', () => {
  it('counts days of 24 hours, also where clocks are changed', () => {
    expect(latestExpiry({ ...NO_RULES, longestLifetimeDays: 365 }, NOW)).toEqual(at('2027-03-28T12:00:00Z'));
    expect(latestExpiry(NO_RULES, NOW)).toBeUndefined();
  });
});
