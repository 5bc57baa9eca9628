import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { readEnv } from '../config/env.js';
import { createLogger } from '../config/logger.js';
import type { CountedEvaluation, EvaluationTally } from './counted-evaluation.js';
import { EvaluationCounts } from './evaluation-counts.js';

/** Of each write: the beginnings of the steps, and how many there were. */
let written: [at: string, count: number][][];
let refuses: boolean;
let counts: EvaluationCounts;

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-11-24T10:04:12Z') });
  written = [];
  refuses = false;
  counts = new EvaluationCounts(
    {
      query: (_: string, [, , times, , , , sums]: [unknown, unknown, Date[], unknown, unknown, unknown, number[]]) => {
        if (refuses) return Promise.reject(new Error('away'));
        written.push(times.map((time, i) => [time.toISOString().slice(11, 16), sums[i]!]));
        return Promise.resolve([]);
      },
    } as unknown as DataSource,
    readEnv({}),
    createLogger({ logLevel: 'silent' }),
  );
  counts.onApplicationBootstrap();
});

afterEach(async () => {
  await counts.beforeApplicationShutdown();
  jest.useRealTimers();
});

const counted = { organizationId: 'o', flagId: 'f', variant: { id: 'v', name: 'v' }, reason: 'SPLIT' } as const;

/** Counts as whoever evaluates does. */
function note(tally: EvaluationTally, all: readonly CountedEvaluation[] = [counted]): void {
  tally.evaluations += 1;
  if (tally.evaluations === 1) counts.begin(tally, all);
}

describe('counts of evaluations', () => {
  it('are written twice a minute, and only when there are any', async () => {
    const tally = { evaluations: 0 };
    note(tally);
    note(tally);
    await jest.advanceTimersByTimeAsync(17_999);
    expect(written).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(written).toEqual([[['10:00', 2]]]);
    await jest.advanceTimersByTimeAsync(90_000);
    expect(written).toHaveLength(1);
    note(tally);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(written).toHaveLength(2);
  });

  it('are of several things that come together, each as often as they did', async () => {
    const tally = { evaluations: 0 };
    const other = { ...counted, flagId: 'g' };
    for (let i = 0; i < 3; i++) note(tally, [counted, other]);
    counts.add(other);
    await jest.advanceTimersByTimeAsync(18_000);
    expect(written.flat().sort()).toEqual([
      ['10:00', 3],
      ['10:00', 4],
    ]);
    expect(tally.evaluations).toBe(0);
  });

  it('are of the five minutes in which they were counted', async () => {
    const tally = { evaluations: 0 };
    await jest.advanceTimersByTimeAsync(500);
    const countEachSecond = setInterval(() => note(tally), 1_000);
    await jest.advanceTimersByTimeAsync(119_500);
    clearInterval(countEachSecond);
    expect(written).toEqual([[['10:00', 17]], [['10:00', 30]], [['10:05', 30]], [['10:05', 30]]]);
  });

  it('keep their five minutes while they cannot be written, and are added up', async () => {
    const tally = { evaluations: 0 };
    refuses = true;
    note(tally);
    await jest.advanceTimersByTimeAsync(18_000);
    counts.add(counted);
    counts.add(counted);
    await jest.advanceTimersByTimeAsync(30_000);
    note(tally);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(written).toEqual([]);
    refuses = false;
    note(tally);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(written).toEqual([
      [
        ['10:00', 3],
        ['10:05', 2],
      ],
    ]);
  });

  it('are added up before their time where many things are told of, and none is lost', async () => {
    const several = Array.from({ length: 1_000 }, (_, i) => ({ ...counted, flagId: `f${i}` }));
    const tallies = Array.from({ length: 50 }, () => ({ evaluations: 0 }));
    for (const tally of tallies) note(tally, several);
    // Flags that change all the time are told of anew each time: of the first ones nothing is remembered by now.
    expect(tallies[0]!.evaluations).toBe(0);
    note(tallies[0]!, several);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(written.flat().reduce((sum, [, count]) => sum + count, 0)).toBe(51 * 1_000);
  });
});
