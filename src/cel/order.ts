import type { Meter } from './meter.js';
import { Bytes, Duration, Timestamp, Uint } from './values.js';
import type { Value } from './values.js';

/**
 * Which of two values is first. Numbers are compared exactly across their types, texts by code points, false comes before true.
 *
 * @returns negative, 0, positive; NaN for NaN; undefined for values that have no order.
 */
export function order(meter: Meter, a: Value, b: Value): number | undefined {
  if (typeof a === 'string') return typeof b === 'string' ? orderOfTexts(meter, a, b) : undefined;
  if (typeof a === 'boolean') return typeof b === 'boolean' ? Number(a) - Number(b) : undefined;
  if (a instanceof Timestamp) return b instanceof Timestamp ? orderOfNumbers(a.nanos, b.nanos) : undefined;
  if (a instanceof Duration) return b instanceof Duration ? orderOfNumbers(a.nanos, b.nanos) : undefined;
  if (a instanceof Bytes) return b instanceof Bytes ? orderOfBytes(meter, a.data, b.data) : undefined;
  const x = a instanceof Uint ? a.value : a;
  const y = b instanceof Uint ? b.value : b;
  if (typeof x !== 'number' && typeof x !== 'bigint') return undefined;
  if (typeof y !== 'number' && typeof y !== 'bigint') return undefined;
  return orderOfNumbers(x, y);
}

/** JavaScript compares bigints and numbers exactly, also beyond 2^53. */
function orderOfNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // eslint-disable-next-line eqeqeq
  return a == b ? 0 : NaN;
}

/** By code points, where JavaScript goes by UTF-16 units: characters beyond U+FFFF are after all others. */
function orderOfTexts(meter: Meter, a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  if (length > 16) meter.spend(length >> 1);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === length) return a.length - b.length;
  return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function orderOfBytes(meter: Meter, a: Uint8Array, b: Uint8Array): number {
  meter.spend(Math.min(a.length, b.length) >> 3);
  return Buffer.compare(a, b);
}
