import { describe, expect, it } from '@jest/globals';
import { Networks } from '../network/networks.js';
import type { TokenRecord } from './token-record.js';
import { refusalOf } from './token-record.js';

const NOW = 1_800_000_000_000;

const record = (limits: Partial<TokenRecord>): TokenRecord =>
  ({ expiresAt: Infinity, networks: undefined, ...limits }) as TokenRecord;

describe('refusalOf', () => {
  it('has nothing against a token without limits, from wherever', () => {
    expect(refusalOf(record({}), NOW, () => undefined)).toBeUndefined();
    expect(refusalOf(record({}), NOW, () => '192.0.2.1')).toBeUndefined();
  });

  it('lets a token live until the millisecond of its expiry', () => {
    const limited = record({ expiresAt: NOW });
    expect(refusalOf(limited, NOW - 1, () => undefined)).toBeUndefined();
    expect(refusalOf(limited, NOW, () => undefined)).toBe('expired');
    expect(refusalOf(limited, NOW + 1, () => undefined)).toBe('expired');
  });

  it('lets a token be used from its networks, and an unknown address is in none', () => {
    const limited = record({ networks: Networks.parse(['192.0.2.0/24', '2001:db8::/32']) });
    for (const address of ['192.0.2.1', '2001:db8::1']) expect(refusalOf(limited, NOW, () => address)).toBeUndefined();
    for (const address of ['192.0.3.1', '2001:db9::1', '::1', undefined]) {
      expect(refusalOf(limited, NOW, () => address)).toBe('network');
    }
  });

  it('asks for the address only where it matters', () => {
    const never = (): never => {
      throw new Error('was asked');
    };
    expect(refusalOf(record({}), NOW, never)).toBeUndefined();
    expect(refusalOf(record({ expiresAt: NOW, networks: Networks.parse(['192.0.2.0/24']) }), NOW, never)).toBe(
      'expired',
    );
  });
});
