import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextChange, shareAt } from './rollout.js';
import type { DateShares } from './rollout.js';

const aShare = fc.integer({ min: 0, max: 100 }).map((percentage) => percentage * 100);
const aRollout: fc.Arbitrary<DateShares> = fc
  .tuple(
    fc.integer({ min: 0, max: 1e12 }),
    fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 1e11 })),
    aShare,
    aShare,
  )
  .map(([startsAt, length, startShare, endShare]) => ({ startsAt, endsAt: startsAt + length, startShare, endShare }));
/** Some time from a little before a rollout to a little after it. */
const timeOf = ({ startsAt, endsAt }: DateShares, part: number): number =>
  Math.round(startsAt - 10 + (endsAt - startsAt + 20) * part);
const aPart = fc.double({ min: 0, max: 1, noNaN: true });
const aBucket = fc.integer({ min: 0, max: 9999 });

describe('a date rollout', () => {
  const rollout = { startsAt: 1000, endsAt: 2000, startShare: 1000, endShare: 6000 };

  it.each([
    [999, 0],
    [1000, 1000],
    [1500, 3500],
    [1999, 5995],
    [2000, 10_000],
  ])('at %i gives its end to %i buckets', (time, share) => expect(shareAt(rollout, time)).toBeCloseTo(share, 9));

  it('is over at once where it ends when it starts', () => {
    const atOnce = { ...rollout, endsAt: 1000 };
    expect([shareAt(atOnce, 999), shareAt(atOnce, 1000)]).toEqual([0, 10_000]);
  });

  it('gives and never takes, as time goes on, unless its share is to shrink', () => {
    fc.assert(
      fc.property(aRollout, aPart, aPart, (any, one, other) => {
        const [startShare, endShare] = [any.startShare, any.endShare].sort((a, b) => a - b) as [number, number];
        const growing = { ...any, startShare, endShare };
        const [early, late] = [one, other].sort((a, b) => a - b).map((part) => shareAt(growing, timeOf(growing, part)));
        expect(late).toBeGreaterThanOrEqual(early!);
      }),
      { numRuns: 500 },
    );
  });

  it('says when a bucket changes sides next: then, and not a millisecond before', () => {
    fc.assert(
      fc.property(aRollout, aBucket, aPart, aPart, (any, bucket, part, between) => {
        const now = timeOf(any, part);
        const side = (time: number): boolean => bucket < shareAt(any, time);
        const change = nextChange(any, bucket, now);
        if (change !== undefined) {
          expect(change).toBeGreaterThan(now);
          expect(side(change)).toBe(!side(now));
        }
        const until = change ?? Math.max(any.endsAt, now) + 1000;
        for (const time of [until - 1, now + Math.floor((until - 1 - now) * between)])
          expect(side(time)).toBe(side(now));
      }),
      { numRuns: 1000 },
    );
  });
});
