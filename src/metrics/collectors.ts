import type { Histogram, Registry } from 'prom-client';
import { Counter, Gauge } from 'prom-client';
import type { Timings } from './timings.js';

type Labels = Readonly<Record<string, string>>;

interface Source<T> {
  readonly name: string;
  readonly help: string;
  /** Asked when a scraper asks. */
  readonly values: () => Iterable<T>;
}

/** Registers a counter that is kept somewhere else. */
export function counter(
  registry: Registry,
  { values, ...about }: Source<{ readonly labels: Labels; readonly value: number }> & { readonly labelNames: string[] },
): void {
  new Counter({
    ...about,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of values()) this.inc(labels, value);
    },
  });
}

export function gauge(registry: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value());
    },
  });
}

/** Registers a histogram that is kept somewhere else. The library's own takes one observation at a time, so this stands in for it. */
export function histogram(
  registry: Registry,
  source: Source<{ readonly labels: Labels; readonly timings: Timings }>,
): void {
  const { name, help, values } = source;
  const metric = {
    name,
    get: () =>
      Promise.resolve({
        name,
        help,
        type: 'histogram',
        aggregator: 'sum',
        values: [...values()].flatMap((value) => lines(name, value)),
      }),
  };
  registry.registerMetric(metric as unknown as Histogram);
}

/** A histogram's lines: buckets hold all that was no longer than their bound, those of the buckets before them included. */
function lines(name: string, { labels, timings }: { labels: Labels; timings: Timings }): object[] {
  let count = 0;
  const buckets = [...timings.counts].map((more, index) => ({
    metricName: `${name}_bucket`,
    labels: { ...labels, le: timings.bounds[index] ?? '+Inf' },
    value: (count += more),
  }));
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: timings.sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
