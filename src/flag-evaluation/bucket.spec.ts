import { describe, expect, it } from '@jest/globals';
import { bucketOf, saltOf } from './bucket.js';

/** What is exceeded once in a million times by a statistic that is chi-square with so many degrees of freedom (Wilson-Hilferty). */
const chiSquareLimit = (degrees: number): number =>
  degrees * (1 - 2 / (9 * degrees) + 4.753 * Math.sqrt(2 / (9 * degrees))) ** 3;

const chiSquare = (observed: Iterable<number>, expected: number): number =>
  Array.from(observed).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);

const KEYS = 100_000;

describe('buckets', () => {
  // python3 -c 'import xxhash; print(xxhash.xxh64_intdigest("checkout\0user-1") % 10000)', which wraps the implementation in C.
  it.each([
    ['checkout', 'sakura-tokyo', 2820],
    ['checkout', 'user-1', 6463],
    ['checkout', 'user-2', 5776],
    ['new-dashboard', 'user-1', 3355],
    ['new-dashboard', 'user-2', 4269],
    ['max-seats', '00000000-0000-4000-8000-000000000000', 3648],
    ['seats', '東京', 3667],
    ['seats', '😀', 9217],
    ['a', 'b', 353],
    ['x'.repeat(100), 'y'.repeat(300), 9073],
  ])('of salt %s and key %s is %i', (salt, key, bucket) => expect(bucketOf(saltOf(salt), key)).toBe(bucket));

  it('tells where the salt ends', () => {
    expect(bucketOf(saltOf('ab'), 'c')).not.toBe(bucketOf(saltOf('a'), 'bc'));
  });

  it.each(['checkout', 'new-dashboard', 'x'])('are all used, evenly, by keys in a row: salt %s', (name) => {
    const salt = saltOf(name);
    const counts = new Uint32Array(10_000);
    for (let i = 0; i < KEYS; i++) counts[bucketOf(salt, `user-${i}`)]!++;
    expect(chiSquare(counts, KEYS / 10_000)).toBeLessThan(chiSquareLimit(9_999));
    const hundredths = Array.from({ length: 100 }, (_, i) =>
      counts.subarray(i * 100, (i + 1) * 100).reduce((sum, count) => sum + count, 0),
    );
    expect(chiSquare(hundredths, KEYS / 100)).toBeLessThan(chiSquareLimit(99));
  });

  it.each([
    ['checkout', 'new-dashboard'],
    ['flag-1', 'flag-2'],
    ['a', 'aa'],
  ])('of two flags have nothing to do with each other: %s and %s', (one, other) => {
    const [salt, otherSalt] = [saltOf(one), saltOf(other)];
    const counts = new Uint32Array(100);
    for (let i = 0; i < KEYS; i++) {
      const tenth = Math.floor(bucketOf(salt, `user-${i}`) / 1000);
      const otherTenth = Math.floor(bucketOf(otherSalt, `user-${i}`) / 1000);
      counts[tenth * 10 + otherTenth]!++;
    }
    // Both are uniform, as is tested above, so each of the hundred pairs is as likely as any other.
    expect(chiSquare(counts, KEYS / 100)).toBeLessThan(chiSquareLimit(99));
  });
});
