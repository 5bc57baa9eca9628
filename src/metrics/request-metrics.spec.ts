import { describe, expect, it } from '@jest/globals';
import { ABORTED, RequestMetrics } from './request-metrics.js';

describe('RequestMetrics', () => {
  it('counts by method, route and status', () => {
    const metrics = new RequestMetrics();
    metrics.ended('GET', '/api/customers', 200, 0.002);
    metrics.ended('GET', '/api/customers', 200, 0.02);
    metrics.ended('GET', '/api/customers', 422, 0.0005);
    metrics.ended('POST', '/api/customers', 201, 60);
    metrics.ended('POST', '/api/customers', ABORTED, 0.001);
    expect(shown(metrics)).toEqual([
      ['GET', '/api/customers', { 200: 2, 422: 1 }],
      ['POST', '/api/customers', { 201: 1, aborted: 1 }],
    ]);
    const [get, post] = metrics.series();
    expect([get!.durations.counts.reduce((sum, count) => sum + count), get!.durations.sum]).toEqual([
      3,
      expect.closeTo(0.0225, 6),
    ]);
    expect(post!.durations.counts.at(-1)).toBe(1);
  });

  it('has no more series than there are routes and usual methods, whatever is sent', () => {
    const metrics = new RequestMetrics();
    for (let i = 0; i < 1_000; i++) metrics.ended(`METHOD${i}`, undefined, 404, 0.001);
    metrics.ended('GET', undefined, 404, 0.001);
    expect(shown(metrics)).toEqual([
      ['other', 'none', { 404: 1_000 }],
      ['GET', 'none', { 404: 1 }],
    ]);
  });
});

function shown(metrics: RequestMetrics): unknown[] {
  return [...metrics.series()].map(({ method, route, statuses }) => [method, route, Object.fromEntries(statuses)]);
}
