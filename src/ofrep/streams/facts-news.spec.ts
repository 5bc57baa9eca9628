import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FactsNews } from './facts-news.js';

let told: string[];
let news: FactsNews;
beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
  told = [];
  news = new FactsNews((organizationId) => told.push(organizationId));
});
afterEach(() => {
  news.stop();
  jest.useRealTimers();
});

describe('FactsNews', () => {
  it('tells of the first change at once, and of those within a second together at its end', () => {
    news.note('a');
    expect(told).toEqual(['a']);
    for (let change = 0; change < 50; change += 1) {
      jest.advanceTimersByTime(10);
      news.note('a');
    }
    expect(told).toEqual(['a']);
    jest.advanceTimersByTime(500);
    expect(told).toEqual(['a', 'a']);
    jest.advanceTimersByTime(10_000);
    expect(told).toEqual(['a', 'a']);
  });

  it('tells at most once a second, however long it goes on', () => {
    for (let elapsed = 0; elapsed < 10_000; elapsed += 50) {
      news.note('a');
      jest.advanceTimersByTime(50);
    }
    jest.advanceTimersByTime(2_000);
    expect(told).toHaveLength(11);
  });

  it('keeps organizations apart', () => {
    news.note('a');
    news.note('b');
    news.note('a');
    expect(told).toEqual(['a', 'b']);
    jest.advanceTimersByTime(1_000);
    expect(told).toEqual(['a', 'b', 'a']);
  });

  it('tells those that it is told of when all may have changed', () => {
    news.noteAll(['a', 'b']);
    expect(told).toEqual(['a', 'b']);
  });

  it('knows since when what may have changed', () => {
    // Before it was there it heard of nothing.
    expect([news.hasChangedSince('a', 1_000_000), news.hasChangedSince('a', 1_000_001)]).toEqual([true, false]);
    jest.setSystemTime(1_005_000);
    news.note('a');
    expect([news.hasChangedSince('a', 1_005_000), news.hasChangedSince('a', 1_005_001)]).toEqual([true, false]);
    expect(news.hasChangedSince('b', 1_004_000)).toBe(false);
    jest.setSystemTime(1_006_000);
    news.noteAll([]);
    for (const organizationId of ['a', 'b']) expect(news.hasChangedSince(organizationId, 1_006_000)).toBe(true);
  });

  it('remembers changes for longer than tickets are good for, and not for ever', () => {
    news.note('a');
    jest.setSystemTime(1_000_000 + 70_000);
    news.forgetOld();
    expect(news.hasChangedSince('a', 1_000_000)).toBe(true);
    jest.setSystemTime(1_000_000 + 200_000);
    news.note('b');
    news.forgetOld();
    expect((news as unknown as { changes: Map<string, number> }).changes.size).toBe(1);
  });
});
