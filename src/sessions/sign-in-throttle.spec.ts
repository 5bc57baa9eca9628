import { describe, expect, it } from '@jest/globals';
import { SignInThrottle } from './sign-in-throttle.js';

/** How many of so many attempts may be made. */
const made = (
  throttle: SignInThrottle,
  attempts: number,
  address: (i: number) => string | undefined,
  now = 0,
): number =>
  Array.from({ length: attempts }, (_, i) => throttle.take(address(i), now)).filter((wait) => wait === 0).length;

describe('SignInThrottle', () => {
  it('lets ten attempts from an address through, and one more every six seconds', () => {
    const throttle = new SignInThrottle();
    expect(made(throttle, 20, () => '192.0.2.1')).toBe(10);
    expect(throttle.take('192.0.2.1', 0)).toBe(6);
    expect(throttle.take('192.0.2.1', 3.5)).toBe(3);
    expect(made(throttle, 20, () => '192.0.2.1', 12)).toBe(2);
    expect(made(throttle, 20, () => '192.0.2.1', 10_000)).toBe(10);
  });

  it('does not let refused attempts wait longer', () => {
    const throttle = new SignInThrottle();
    made(throttle, 1_000, () => '192.0.2.1');
    expect(throttle.take('192.0.2.1', 6)).toBe(0);
  });

  it('gives back what has succeeded', () => {
    const throttle = new SignInThrottle();
    for (let i = 0; i < 1_000; i++) {
      expect(throttle.take('192.0.2.1', 0)).toBe(0);
      throttle.giveBack('192.0.2.1');
    }
    expect(made(throttle, 20, () => '192.0.2.1')).toBe(10);
  });

  it('takes a network of 64 bits for one address of IPv6, and all that are not known for one', () => {
    const throttle = new SignInThrottle();
    expect(made(throttle, 20, (i) => `2001:db8:0:1::${i + 1}`)).toBe(10);
    expect(throttle.take('2001:db8:0:2::1', 0)).toBe(0);
    expect(made(throttle, 20, () => undefined)).toBe(10);
  });

  it('lets a hundred through from all addresses together, and ten more a second', () => {
    const throttle = new SignInThrottle();
    expect(made(throttle, 500, (i) => `10.0.${i >> 8}.${i & 255}`)).toBe(100);
    expect(throttle.take('10.9.9.9', 0)).toBe(1);
    expect(made(throttle, 500, (i) => `10.1.${i >> 8}.${i & 255}`, 1)).toBe(10);
  });

  it('does not let one address use up what there is for all', () => {
    const throttle = new SignInThrottle();
    made(throttle, 10_000, () => '192.0.2.1');
    expect(made(throttle, 90, (i) => `10.0.0.${i}`)).toBe(90);
  });
});
