import { int, uint } from './arithmetic.js';
import type { Operation } from './evaluation.js';
import { noOverload } from './evaluation.js';
import { keysOf } from './equality.js';
import type { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import { isMap } from './selection.js';
import { sizeOfText } from './code-points.js';
import { duration, formatDuration, formatTimestamp, modulo, parseDuration, parseTimestamp, timestamp } from './time.js';
import { Bytes, Duration, isList, Timestamp, typeOf, TypeValue, Uint } from './values.js';
import type { Result, Value } from './values.js';

const SECOND = 1_000_000_000n;

function unreadable(type: string): RuleFailure {
  return new RuleFailure(`the text is no ${type}`);
}

function toInt(meter: Meter, value: Value): Result {
  meter.spend(8);
  if (typeof value === 'bigint') return value;
  if (value instanceof Uint) return int(value.value);
  if (value instanceof Timestamp) return (value.nanos - modulo(value.nanos, SECOND)) / SECOND;
  if (typeof value === 'number') return ofDouble(value, int);
  if (typeof value !== 'string') return noOverload('int()');
  return /^[-+]?\d{1,20}$/.test(value) ? int(BigInt(value.replace('+', ''))) : unreadable('int');
}

function toUint(meter: Meter, value: Value): Result {
  meter.spend(8);
  if (value instanceof Uint) return value;
  if (typeof value === 'bigint') return uint(value);
  if (typeof value === 'number') return ofDouble(value, uint);
  if (typeof value !== 'string') return noOverload('uint()');
  return /^\d{1,20}$/.test(value) ? uint(BigInt(value)) : unreadable('uint');
}

/** Rounds toward zero. */
function ofDouble(value: number, fit: (value: bigint) => Result): Result {
  // The doubles next to the ends of 64 bits are refused as well, as in cel-go: which integer was meant is not known.
  if (!Number.isFinite(value) || value >= 2 ** 64) return fit(2n ** 64n);
  if (value <= -(2 ** 63)) return fit(-(2n ** 64n));
  return fit(BigInt(Math.trunc(value)));
}

const DOUBLE = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const INFINITE = /^([-+]?)(?:inf|infinity)$/i;

function toDouble(meter: Meter, value: Value): Result {
  meter.spend(8);
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (typeof value !== 'string') return noOverload('double()');
  if (value.length > 400) return unreadable('double');
  meter.spend(value.length);
  if (DOUBLE.test(value)) return Number(value);
  const infinite = INFINITE.exec(value);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return /^nan$/i.test(value) ? NaN : unreadable('double');
}

function toText(meter: Meter, value: Value): Result {
  meter.spend(12);
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
      return String(value).replace(/e([-+])(\d)$/, 'e$10$2');
  }
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Timestamp || value instanceof Duration) {
    meter.spend(60);
    return value instanceof Timestamp ? formatTimestamp(value) : formatDuration(value);
  }
  return value instanceof Bytes ? decode(meter, value.data) : noOverload('string()');
}

function decode(meter: Meter, data: Uint8Array): Result {
  meter.spend(10 + (data.length >> 2));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    // What an exception costs.
    meter.spend(1_000);
    return new RuleFailure('the bytes are not UTF-8');
  }
}

function toBytes(meter: Meter, value: Value): Result {
  if (value instanceof Bytes) return value;
  if (typeof value !== 'string') return noOverload('bytes()');
  meter.spend(10 + (value.length >> 2));
  return new Bytes(Buffer.from(value, 'utf8'));
}

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

function toBool(_meter: Meter, value: Value): Result {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return noOverload('bool()');
  if (value.length > 5) return unreadable('bool');
  if (TRUE.has(value)) return true;
  return FALSE.has(value) ? false : unreadable('bool');
}

function toTimestamp(meter: Meter, value: Value): Result {
  meter.spend(60);
  if (value instanceof Timestamp) return value;
  if (typeof value === 'bigint') return timestamp(value * SECOND);
  if (typeof value !== 'string') return noOverload('timestamp()');
  return parseTimestamp(value) ?? unreadable('timestamp such as 2026-01-31T12:00:00Z');
}

function toDuration(meter: Meter, value: Value): Result {
  meter.spend(100);
  if (value instanceof Duration) return value;
  if (typeof value === 'bigint') return duration(value * SECOND);
  if (typeof value !== 'string') return noOverload('duration()');
  meter.spend(4 * Math.min(value.length, 64));
  return parseDuration(value) ?? unreadable('duration such as 1h30m');
}

export function sizeOf(meter: Meter, value: Value): Result {
  if (typeof value === 'string') return sizeOfText(meter, value);
  if (isList(value)) return BigInt(value.length);
  if (value instanceof Bytes) return BigInt(value.data.length);
  return isMap(value) ? BigInt(keysOf(meter, value).length) : noOverload('size()');
}

export const CONVERSIONS: Readonly<Record<string, Operation>> = {
  'int/1': toInt,
  'uint/1': toUint,
  'double/1': toDouble,
  'string/1': toText,
  'bytes/1': toBytes,
  'bool/1': toBool,
  'timestamp/1': toTimestamp,
  'duration/1': toDuration,
  'dyn/1': (_meter, value) => value,
  'type/1': (_meter, value) => new TypeValue(typeOf(value)),
  'size/1': sizeOf,
};
