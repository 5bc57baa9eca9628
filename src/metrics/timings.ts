/**
 * How often something took how long, for a histogram. Plain numbers, because this runs on every request: the library's own histogram
 * costs twenty times as much, most of it for its labels.
 */
export class Timings {
  /** How many were within each bound and beyond the one before it; the last is of those beyond all bounds. */
  readonly counts: Float64Array;
  /** Of all that were observed, in seconds. */
  sum = 0;

  /** @param bounds upper bounds of the buckets in seconds, ascending. */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(seconds: number): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && seconds > bounds[bucket]!) bucket += 1;
    counts[bucket]! += 1;
    this.sum += seconds;
  }
}
