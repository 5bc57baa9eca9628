import { BUCKETS } from './allocation.js';

/** A date rollout: times in milliseconds since 1970, shares in buckets that have the end's variant. */
export interface DateShares {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly startShare: number;
  readonly endShare: number;
}

/**
 * How many buckets, not always a whole number, have the end's variant: none before the start, all from the end on, and in between what lies on
 * the line from the start's share to the end's.
 */
export function shareAt(rollout: DateShares, now: number): number {
  const { startsAt, endsAt, startShare, endShare } = rollout;
  if (now < startsAt) return 0;
  if (now >= endsAt) return BUCKETS;
  return startShare + (endShare - startShare) * ((now - startsAt) / (endsAt - startsAt));
}

/** Whether the rollout is under way, so that it depends on the bucket who has what. */
export function isUnderWay(rollout: DateShares, now: number): boolean {
  return now >= rollout.startsAt && now < rollout.endsAt;
}

/** The first millisecond after `now` at which this bucket changes sides, or undefined when it stays where it is. */
export function nextChange(rollout: DateShares, bucket: number, now: number): number | undefined {
  const { startsAt, endsAt } = rollout;
  const isAtEnd = (time: number): boolean => bucket < shareAt(rollout, time);
  const side = isAtEnd(now);
  if (now < startsAt && isAtEnd(startsAt) !== side) return startsAt;
  // The share only grows or only shrinks until the last millisecond before the end.
  const last = Math.ceil(endsAt) - 1;
  if (now < last && isAtEnd(last) !== side) {
    let [low, high] = [Math.max(now, startsAt), last];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (isAtEnd(middle) === side) low = middle;
      else high = middle;
    }
    return high;
  }
  return now < endsAt && !side ? endsAt : undefined;
}
