import type { Meter } from './meter.js';

/**
 * Texts are made of code points in CEL, and of UTF-16 units in JavaScript: the two differ only where there are surrogates, which is looked up
 * first.
 */
const SURROGATE = /[\ud800-\udfff]/;

/** Charges for a look at each character. */
export function charge(meter: Meter, ...texts: readonly string[]): void {
  let length = 0;
  for (const text of texts) length += text.length;
  meter.spend(2 + (length >> 3));
}

/** Code points as array elements: single UTF-16 units where there are no surrogates. */
export function pointsOf(meter: Meter, text: string): string | string[] {
  charge(meter, text);
  if (!SURROGATE.test(text)) return text;
  meter.spend(text.length);
  return Array.from(text);
}

export function sizeOfText(meter: Meter, text: string): bigint {
  return BigInt(pointsOf(meter, text).length);
}

/** How many code points there are before an index of UTF-16 units. */
export function pointsBefore(meter: Meter, text: string, units: number): number {
  return units <= 0 ? units : pointsOf(meter, text.slice(0, units)).length;
}

export function textOf(points: string | string[], start: number, end: number): string {
  return typeof points === 'string' ? points.slice(start, end) : points.slice(start, end).join('');
}
