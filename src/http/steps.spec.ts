import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Steps } from './steps.js';
import { takeSteps, takeStepsAtOnce } from './steps.js';

/** Steps that take longer than a stretch, each. */
function* longSteps(count: number, done: number[]): Steps<string> {
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    while (performance.now() - began < 6);
    done.push(i);
    yield;
  }
  return 'result';
}

describe('steps', () => {
  it('let others have their turn in between', async () => {
    const done: number[] = [];
    const taking = takeSteps(longSteps(3, done));
    expect(done).toEqual([0]);
    await nextTurn();
    expect(done.length).toBeLessThan(3);
    await expect(taking).resolves.toBe('result');
    expect(done).toEqual([0, 1, 2]);
  });

  it('are taken at once where that is wanted', () => {
    const done: number[] = [];
    expect(takeStepsAtOnce(longSteps(2, done))).toBe('result');
    expect(done).toEqual([0, 1]);
  });
});
