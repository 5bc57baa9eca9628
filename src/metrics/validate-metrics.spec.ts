import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '../config/logger.js';
import { ValidateMetrics } from './validate-metrics.js';

let lines: Record<string, unknown>[];
let metrics: ValidateMetrics;

beforeEach(() => {
  jest.useFakeTimers();
  lines = [];
  const write = (line: string): void => void lines.push(JSON.parse(line));
  metrics = new ValidateMetrics(createLogger({ logLevel: 'info' }, { write }));
});
afterEach(() => {
  jest.useRealTimers();
});

const summaries = (): unknown[] => lines.map(({ time: _, ...line }) => line);

describe('ValidateMetrics', () => {
  it('counts outcomes, and how long each took', () => {
    const now = performance.now();
    metrics.allowed(now - 3);
    metrics.allowed(now - 3);
    metrics.refused(now - 40, 'revoked');
    metrics.undecidable(now - 9_000);
    const { missing, ...counts } = metrics.counts;
    expect(missing).toBe(0);
    expect(counts).toMatchObject({ allowed: 2, malformed: 0, revoked: 1, undecidable: 1 });
    const { bounds, counts: buckets, sum } = metrics.latency;
    const filled = [...buckets].flatMap((count, index) => (count > 0 ? [[bounds[index], count]] : []));
    expect(filled).toEqual([
      [0.005, 2],
      [0.05, 1],
      [undefined, 1],
    ]);
    expect(sum).toBeCloseTo(9.046, 2);
  });

  it('writes one line a second at most, with what was refused since the last', () => {
    for (let i = 0; i < 1_000; i++) {
      metrics.refused(performance.now(), i % 4 === 0 ? 'missing' : 'malformed');
      jest.advanceTimersByTime(2);
    }
    metrics.undecidable(performance.now());
    jest.advanceTimersByTime(1_000);
    expect(summaries()).toEqual([
      { level: 40, msg: 'validate refused', missing: 125, malformed: 375 },
      { level: 40, msg: 'validate refused', missing: 125, malformed: 375 },
      { level: 40, msg: 'validate refused', undecidable: 1 },
    ]);
  });

  it('writes nothing, and waits for nothing, while everything is allowed', () => {
    metrics.allowed(performance.now());
    expect(jest.getTimerCount()).toBe(0);
    metrics.refused(performance.now(), 'expired');
    jest.advanceTimersByTime(1_000);
    expect(summaries()).toHaveLength(1);
    metrics.allowed(performance.now());
    metrics.flush();
    jest.advanceTimersByTime(10_000);
    expect(summaries()).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('writes what it has not yet written when it is told to', () => {
    metrics.refused(performance.now(), 'network');
    metrics.flush();
    expect(summaries()).toEqual([{ level: 40, msg: 'validate refused', network: 1 }]);
    jest.advanceTimersByTime(2_000);
    expect(summaries()).toHaveLength(1);
  });
});
