import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { nextTimedChange, TimedNews } from './timed-news.js';

const at = (time: string): number => Date.parse(`2026-03-01T${time}Z`);
const rollout = { startsAt: at('10:00:30'), endsAt: at('10:02:10'), startShare: 0, endShare: 10_000 };

/** All moments of a stretch, as one who asks again and again finds them. */
function momentsOf(rollouts: readonly (typeof rollout)[], from: number, to: number): string[] {
  const moments = [];
  for (let next = nextTimedChange(rollouts, from, to); next !== undefined; next = nextTimedChange(rollouts, next, to))
    moments.push(new Date(next).toISOString().slice(11, 19));
  return moments;
}

describe('nextTimedChange', () => {
  it("is a rollout's start, its full minutes and its end", () => {
    expect(momentsOf([rollout], at('09:00:00'), at('11:00:00'))).toEqual([
      '10:00:30',
      '10:01:00',
      '10:02:00',
      '10:02:10',
    ]);
  });

  it('is the first of several rollouts', () => {
    const other = { ...rollout, startsAt: at('10:00:45'), endsAt: at('10:00:50') };
    expect(momentsOf([rollout, other], at('10:00:00'), at('10:01:00'))).toEqual([
      '10:00:30',
      '10:00:45',
      '10:00:50',
      '10:01:00',
    ]);
  });

  it('is none before it is due, nor after the last end, nor where there is no rollout', () => {
    expect(nextTimedChange([rollout], at('10:00:00'), at('10:00:29'))).toBeUndefined();
    expect(nextTimedChange([rollout], at('10:02:10'), at('23:00:00'))).toBeUndefined();
    expect(nextTimedChange([], at('10:00:00'), at('23:00:00'))).toBeUndefined();
  });

  it('leaves out the moment itself: it was told', () => {
    expect(nextTimedChange([rollout], rollout.startsAt, at('10:00:59'))).toBeUndefined();
  });
});

describe('TimedNews', () => {
  let told: string[];
  let news: TimedNews;
  beforeEach(() => {
    jest.useFakeTimers({ now: at('10:00:20') });
    told = [];
    news = new TimedNews({
      rolloutsOf: (organizationId) => Promise.resolve(organizationId === 'a' ? [rollout] : []),
      tell: (organizationId) => told.push(organizationId),
      ahead: 15_000,
    });
  });
  afterEach(() => {
    news.stop();
    jest.useRealTimers();
  });

  it('has a change told when it happens, and once, however often it is asked to look', async () => {
    for (let times = 0; times < 3; times += 1) await news.watch('a');
    await news.watch('b');
    jest.setSystemTime(at('10:00:20'));
    jest.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(told).toEqual(['a']);
    // The next one is half a minute away.
    await news.watch('a');
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual(['a']);
  });

  it('has nothing told any more when it has stopped', async () => {
    const watching = news.watch('a');
    news.stop();
    await watching;
    jest.advanceTimersByTime(20_000);
    expect(told).toEqual([]);
  });
});
