import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate, BUCKETS, reallocate } from './allocation.js';
import type { Allocation } from './definition.js';

interface Distribution {
  order: string[];
  distribution: Record<string, number>;
}

const IDS = Array.from({ length: 100 }, (_, i) => `v${i}`);

const aWeight = fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 1e9 }));

/** Of 1 to `most` variants in any order, of which one at least has weight. */
const aDistribution = (most: number): fc.Arbitrary<Distribution> =>
  fc
    .tuple(
      fc.shuffledSubarray(IDS.slice(0, most), { minLength: 1 }),
      fc.array(aWeight, { minLength: most, maxLength: most }),
    )
    .map(([order, weights]) => ({
      order,
      distribution: Object.fromEntries(order.map((id, i) => [id, i === 0 ? Math.max(weights[i]!, 1) : weights[i]!])),
    }));

const ownersOf = (allocation: Allocation): string[] =>
  allocation.flatMap(([id, count]) => Array<string>(count).fill(id));

function countsOf(allocation: Allocation): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [id, count] of allocation) counts.set(id, (counts.get(id) ?? 0) + count);
  return counts;
}

/** How many buckets changed hands, for each pair of those who had and have them. */
function movesOf(before: Allocation, after: Allocation): { from: string; to: string; count: number }[] {
  const moves = new Map<string, { from: string; to: string; count: number }>();
  const owners = ownersOf(after);
  for (const [bucket, from] of ownersOf(before).entries()) {
    const to = owners[bucket]!;
    if (from === to) continue;
    const move = moves.get(`${from} ${to}`) ?? { from, to, count: 0 };
    moves.set(`${from} ${to}`, move);
    move.count++;
  }
  return [...moves.values()];
}

const walked = ({ order, distribution }: Distribution) => ({ distribution, allocation: allocate(order, distribution) });

const changed = (previous: ReturnType<typeof walked>, { order, distribution }: Distribution) => ({
  distribution,
  allocation: reallocate(previous, order, distribution),
});

const expectWhole = (allocation: Allocation): void => {
  expect(allocation.reduce((sum, [, count]) => sum + count, 0)).toBe(BUCKETS);
  const isWrong = ([id, count]: readonly [string, number], i: number): boolean =>
    count <= 0 || allocation[i + 1]?.[0] === id;
  expect(allocation.filter(isWrong)).toEqual([]);
};

describe('allocate', () => {
  it.each<[string, Record<string, number>, Allocation]>([
    [
      'ab',
      { a: 1, b: 1 },
      [
        ['a', 5000],
        ['b', 5000],
      ],
    ],
    [
      'ba',
      { a: 1, b: 1 },
      [
        ['b', 5000],
        ['a', 5000],
      ],
    ],
    [
      'abc',
      { a: 50, b: 30, c: 20 },
      [
        ['a', 5000],
        ['b', 3000],
        ['c', 2000],
      ],
    ],
    // Bucket 3,333 is below a third of 10,000, and bucket 6,666 below two thirds.
    [
      'abc',
      { a: 1, b: 1, c: 1 },
      [
        ['a', 3334],
        ['b', 3333],
        ['c', 3333],
      ],
    ],
    ['abc', { a: 0, b: 7, c: -3 }, [['b', 10_000]]],
    [
      'abc',
      { c: 1, a: 3 },
      [
        ['a', 7500],
        ['c', 2500],
      ],
    ],
    // Less than half of a bucket: the first has bucket 0, which is below its share; the last has none left.
    [
      'ab',
      { a: 1, b: 999_999_999 },
      [
        ['a', 1],
        ['b', 9999],
      ],
    ],
    ['ab', { a: 999_999_999, b: 1 }, [['a', 10_000]]],
    ['ab', { a: 0, b: 0 }, []],
    ['', {}, []],
  ])('walks %s with %j', (order, weights, allocation) => expect(allocate([...order], weights)).toEqual(allocation));

  it('gives each bucket to the first whose cumulative share exceeds it, exactly', () => {
    fc.assert(
      fc.property(aDistribution(100), ({ order, distribution }) => {
        const allocation = allocate(order, distribution);
        expectWhole(allocation);
        const sum = order.reduce((total, id) => total + BigInt(distribution[id]!), 0n);
        let end = 0;
        for (const [id, count] of allocation) {
          const begin = end;
          end += count;
          const before = order
            .slice(0, order.indexOf(id))
            .reduce((total, other) => total + BigInt(distribution[other]!), 0n);
          const cumulative = before + BigInt(distribution[id]!);
          expect(cumulative * 10_000n > BigInt(end - 1) * sum).toBe(true);
          expect(cumulative * 10_000n <= BigInt(end) * sum).toBe(true);
          expect(before * 10_000n <= BigInt(begin) * sum).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is the walk of a percentage as the original does it', () => {
    // Cumulative shares of the sum, times 10,000: the first that exceeds the bucket.
    const walk = (names: string[], weights: Record<string, number>, bucket: number): string | undefined => {
      const sum = names.reduce((total, name) => total + weights[name]!, 0);
      let cumulative = 0;
      return names.find((name) => bucket < ((cumulative += weights[name]!) / sum) * 10_000);
    };
    for (const weights of [
      { off: 90, on: 10 },
      { a: 25, b: 25, c: 50 },
      { a: 1, b: 2, c: 1 },
    ] as Record<string, number>[]) {
      const names = Object.keys(weights).sort();
      const owners = ownersOf(allocate(names, weights));
      expect(owners).toEqual(owners.map((_, bucket) => walk(names, weights, bucket)));
    }
  });
});

describe('reallocate', () => {
  const thirds = walked({ order: ['a', 'b', 'c'], distribution: { a: 50, b: 25, c: 25 } });

  it('takes from the one that shrinks its highest buckets, and from nobody else', () => {
    expect(reallocate(thirds, ['a', 'b', 'c'], { a: 60, b: 25, c: 15 })).toEqual([
      ['a', 5000],
      ['b', 2500],
      ['c', 1500],
      ['a', 1000],
    ]);
  });

  it('takes first what the walk gives to the one that grows, so that two variants stay as if walked', () => {
    const ramp = [1, 5, 10, 50, 100, 20, 0, 3];
    let state = walked({ order: ['on', 'off'], distribution: { on: 0, off: 100 } });
    for (const on of ramp) {
      const next = { order: ['on', 'off'], distribution: { on, off: 100 - on } };
      state = changed(state, next);
      expect(state.allocation).toEqual(walked(next).allocation);
    }
  });

  it('gives what a variant had that is gone to those that grow, and a new one what it is to have', () => {
    expect(reallocate(thirds, ['a', 'c'], { a: 50, c: 50 })).toEqual([
      ['a', 5000],
      ['c', 5000],
    ]);
    expect(reallocate(thirds, ['a', 'b', 'c', 'd'], { a: 50, b: 25, c: 5, d: 20 })).toEqual([
      ['a', 5000],
      ['b', 2500],
      ['c', 500],
      ['d', 2000],
    ]);
  });

  it('walks where what is kept is no allocation', () => {
    for (const allocation of [
      [],
      [['a', 3]],
      [
        ['a', 10_000],
        ['b', 1],
      ],
    ] as Allocation[]) {
      const previous = { distribution: { a: 1 }, allocation };
      expect(reallocate(previous, ['a', 'b'], { a: 1, b: 1 })).toEqual(allocate(['a', 'b'], { a: 1, b: 1 }));
    }
    expect(reallocate(thirds, ['a', 'b', 'c'], { a: 0 })).toEqual([]);
  });

  /** Some distribution after some changes, and one more. */
  const aHistory = fc.array(aDistribution(8), { minLength: 2, maxLength: 5 }).map((steps) => {
    const last = steps.pop()!;
    const [first, ...changes] = steps;
    return { before: changes.reduce(changed, walked(first!)), next: last };
  });

  it('is whole, moves as few as the counts allow, and never from those that grow or to those that shrink', () => {
    fc.assert(
      fc.property(aHistory, ({ before, next }) => {
        const after = changed(before, next);
        expectWhole(after.allocation);
        const sums = [before, next].map(({ distribution }) =>
          Object.values(distribution).reduce((sum, weight) => sum + BigInt(weight), 0n),
        ) as [bigint, bigint];
        /** How a share moves: positive where it grows. */
        const growth = (id: string): bigint =>
          BigInt(next.distribution[id] ?? 0) * sums[0] - BigInt(before.distribution[id] ?? 0) * sums[1];
        const moves = movesOf(before.allocation, after.allocation);
        for (const { from, to } of moves) {
          expect(growth(from) < 0n).toBe(true);
          expect(growth(to) > 0n).toBe(true);
        }
        const [had, has] = [countsOf(before.allocation), countsOf(after.allocation)];
        const gains = [...has].reduce((sum, [id, count]) => sum + Math.max(count - (had.get(id) ?? 0), 0), 0);
        expect(moves.reduce((sum, { count }) => sum + count, 0)).toBe(gains);
      }),
      { numRuns: 40 },
    );
  });

  it('gives each variant its share, give or take a few buckets that rounding leaves', () => {
    fc.assert(
      fc.property(aHistory, ({ before, next }) => {
        const counts = countsOf(changed(before, next).allocation);
        const sum = Object.values(next.distribution).reduce((total, weight) => total + weight, 0);
        for (const id of next.order) {
          const weight = next.distribution[id]!;
          const count = counts.get(id) ?? 0;
          expect(Math.abs(count - (weight / sum) * BUCKETS)).toBeLessThan(8);
          if (weight === 0) expect(count).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('moves users only between the two when one is raised at the cost of another', () => {
    const raises = fc.tuple(aHistory, fc.nat(), fc.nat(), fc.nat());
    fc.assert(
      fc.property(raises, ([{ before, next }, from, to, by]) => {
        const state = changed(before, next);
        const loser = next.order.filter((id) => next.distribution[id]! > 0)[from % next.order.length] ?? next.order[0]!;
        const winner = next.order[to % next.order.length]!;
        const amount = loser === winner ? 0 : by % (next.distribution[loser]! + 1);
        const distribution = { ...next.distribution };
        distribution[loser]! -= amount;
        distribution[winner]! += amount;
        const after = changed(state, { order: next.order, distribution });
        for (const { from, to } of movesOf(state.allocation, after.allocation)) {
          expect([from, to]).toEqual([loser, winner]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('restores what was walked when a change is undone', () => {
    fc.assert(
      fc.property(aDistribution(8), aDistribution(8), (first, second) => {
        const before = walked(first);
        expect(changed(changed(before, second), first).allocation).toEqual(before.allocation);
      }),
      { numRuns: 40 },
    );
  });

  it('moves nobody when nothing changes but the order or all weights by the same factor', () => {
    fc.assert(
      fc.property(aHistory, fc.integer({ min: 1, max: 9 }), ({ before, next }, factor) => {
        const state = changed(before, {
          ...next,
          distribution: mapValues(next.distribution, (weight) => weight % 1e8 || 1),
        });
        const scaled = mapValues(state.distribution, (weight) => weight * factor);
        expect(reallocate(state, [...next.order].reverse(), scaled)).toEqual(state.allocation);
      }),
      { numRuns: 40 },
    );
  });
});

const mapValues = (weights: Record<string, number>, map: (weight: number) => number): Record<string, number> =>
  Object.fromEntries(Object.entries(weights).map(([id, weight]) => [id, map(weight)]));
