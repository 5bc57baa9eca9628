import { describe, expect, it } from '@jest/globals';
import type { Problem } from '../http/problem.js';
import { Networks } from '../network/networks.js';
import { assertNetworksWithin } from './held-networks.js';
import type { Minting } from './tokens.errors.js';

const HELD = Networks.parse(['10.0.0.0/8', '2001:db8::/32']);

function refusalOf(requested: string[] | null, held: Networks | undefined, minting: Minting): Problem | undefined {
  try {
    assertNetworksWithin(requested, held, minting);
    return undefined;
  } catch (error) {
    return error as Problem;
  }
}

describe('assertNetworksWithin', () => {
  it.each([[null], [['0.0.0.0/0', '::/0']]])('lets who is not limited mint anything: %j', (requested) => {
    expect(refusalOf(requested, undefined, 'CreateToken')).toBeUndefined();
  });

  it.each([[['10.0.0.0/8']], [['10.1.2.3/32', '2001:db8:ffff::/48']]])(
    'lets pass what lies within: %j',
    (requested) => {
      expect(refusalOf(requested, HELD, 'CreateToken')).toBeUndefined();
    },
  );

  it.each([
    [
      ['10.0.0.0/8', '11.0.0.0/8', '2001::/16'],
      ['11.0.0.0/8', '2001::/16'],
    ],
    [['0.0.0.0/0'], ['0.0.0.0/0']],
    [['::/0'], ['::/0']],
  ])('refuses %j, naming what exceeds', (requested, exceeding) => {
    const problem = refusalOf(requested, HELD, 'CreateToken')!;
    expect([problem.status, problem.code]).toEqual([403, 'CreateToken.NetworksExceedCaller']);
    expect(problem.extras.errors!.map(({ location, value }) => [location, value])).toEqual(
      exceeding.map((network) => ['body.allowedCidrs', network]),
    );
  });

  it('refuses to a limited one what may be used from anywhere', () => {
    expect(refusalOf(null, HELD, 'CreateToken')).toMatchObject({
      status: 403,
      extras: { errors: [{ location: 'body.allowedCidrs' }] },
    });
  });

  it.each([[null], [['11.0.0.0/8']]])('speaks of no field in a rotation, which has none: %j', (requested) => {
    const problem = refusalOf(requested, HELD, 'RotateToken')!;
    expect([problem.code, problem.extras.errors]).toEqual(['RotateToken.NetworksExceedCaller', undefined]);
    expect(problem.detail).not.toContain('allowedCidrs');
  });
});
