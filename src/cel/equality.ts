import type { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import { select } from './selection.js';
import { Bytes, CelMap, Duration, isList, isObject, Timestamp, TypeValue, Uint } from './values.js';
import type { Value } from './values.js';

/** Deeper values are equal to nothing: recursion has an end. A body of the API is never as deep. */
const DEEPEST = 100;

/** What listing a key costs. */
const KEY = 6;

const TOO_DEEP = new RuleFailure(`values are nested more than ${DEEPEST} deep`);

/** CEL's `==`: values of different types are different, except that numbers are equal across types if they are mathematically. */
export function equal(meter: Meter, a: Value, b: Value, depth = 0): boolean | RuleFailure {
  if (typeof a === 'string') {
    if (typeof b !== 'string' || a.length !== b.length) return false;
    if (a.length > 32) meter.spend(a.length >> 4);
    return a === b;
  }
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  if (typeof a === 'number' || typeof a === 'bigint' || a instanceof Uint) {
    const x = a instanceof Uint ? a.value : a;
    const y = b instanceof Uint ? b.value : b;
    // JavaScript compares bigints and numbers exactly, also beyond 2^53.
    // eslint-disable-next-line eqeqeq
    return (typeof y === 'number' || typeof y === 'bigint') && x == y;
  }
  if (typeof a !== 'object' || a === null) return a === b;
  if (isList(a)) return isList(b) && equalLists(meter, a, b, depth);
  if (a instanceof CelMap || isObject(a)) return equalMaps(meter, a, b, depth);
  if (a instanceof Bytes) return b instanceof Bytes && equalBytes(meter, a.data, b.data);
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  return a instanceof TypeValue && b instanceof TypeValue && a.name === b.name;
}

function equalLists(meter: Meter, a: readonly Value[], b: readonly Value[], depth: number): boolean | RuleFailure {
  if (a.length !== b.length) return false;
  if (depth >= DEEPEST) return TOO_DEEP;
  for (let i = 0; i < a.length; i++) {
    meter.spend(2);
    const same = equal(meter, a[i]!, b[i]!, depth + 1);
    if (same !== true) return same;
  }
  return true;
}

function equalMaps(meter: Meter, a: Value, b: Value, depth: number): boolean | RuleFailure {
  if (!(b instanceof CelMap) && !isObject(b)) return false;
  const keys = keysOf(meter, a);
  if (keys.length !== keysOf(meter, b).length) return false;
  if (depth >= DEEPEST) return TOO_DEEP;
  for (const key of keys) {
    meter.spend(6);
    const other = select(meter, b, key);
    if (other === undefined) return false;
    const same = equal(meter, select(meter, a, key)!, other, depth + 1);
    if (same !== true) return same;
  }
  return true;
}

/** Keys of a map, in the order in which they were written. */
export function keysOf(meter: Meter, map: Value): readonly Value[] {
  const keys = map instanceof CelMap ? map.keys : Object.keys(map as object);
  meter.spend(4 + KEY * keys.length);
  return keys;
}

function equalBytes(meter: Meter, a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  meter.spend(a.length >> 3);
  return Buffer.compare(a, b) === 0;
}
