import type { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import { Duration, Timestamp } from './values.js';
import type { Result, Value } from './values.js';

const SECOND = 1_000_000_000n;

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z, the ends of protobuf's timestamps. */
const FIRST = -62_135_596_800n * SECOND;
const LAST = 253_402_300_800n * SECOND - 1n;

/** Durations are 64 bits of nanoseconds, as in Go: some 292 years. */
const LONGEST = 2n ** 63n - 1n;
const SHORTEST = -(2n ** 63n);

const TIMESTAMP_RANGE = new RuleFailure('timestamps go from the year 1 to the year 9999');
const DURATION_RANGE = new RuleFailure('durations are at most some 292 years');

/** What a computation with times costs. */
const COST = 6;

export function timestamp(nanos: bigint): Result {
  return nanos < FIRST || nanos > LAST ? TIMESTAMP_RANGE : new Timestamp(nanos);
}

export function duration(nanos: bigint): Result {
  return nanos < SHORTEST || nanos > LONGEST ? DURATION_RANGE : new Duration(nanos);
}

/** @returns undefined for other types. */
export function addTimes(meter: Meter, a: Value, b: Value): Result | undefined {
  meter.spend(COST);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanos + b.nanos);
  if (a instanceof Duration && b instanceof Timestamp) return timestamp(a.nanos + b.nanos);
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanos + b.nanos);
  return undefined;
}

/** @returns undefined for other types. */
export function subtractTimes(meter: Meter, a: Value, b: Value): Result | undefined {
  meter.spend(COST);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanos - b.nanos);
  if (a instanceof Timestamp && b instanceof Timestamp) return duration(a.nanos - b.nanos);
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanos - b.nanos);
  return undefined;
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** @returns undefined for a text that is no date of RFC 3339. */
export function parseTimestamp(text: string): Result | undefined {
  const match = text.length <= 40 ? RFC_3339.exec(text) : null;
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  // JavaScript rolls February 30 over to March.
  const exists =
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    Number(minute) < 60 &&
    Number(second) < 60;
  if (!exists || Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  return timestamp(BigInt(date.getTime() - offset * 60_000) * 1_000_000n + BigInt(fraction.padEnd(9, '0')));
}

export function formatTimestamp({ nanos }: Timestamp): string {
  const fraction = modulo(nanos, SECOND);
  const text = dateOf(nanos).toISOString().slice(0, 19);
  return `${text}${fractionText(fraction)}Z`;
}

/** The instant in milliseconds, rounded down. */
export function dateOf(nanos: bigint): Date {
  return new Date(Number((nanos - modulo(nanos, 1_000_000n)) / 1_000_000n));
}

const UNITS: Record<string, bigint> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};

const DURATION = /^[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const DURATION_PART = /(\d*)(?:\.(\d*))?([a-zµμ]+)/g;

/** Reads durations as Go writes them: `1h30m`, `-1.5s`. @returns undefined for other texts. */
export function parseDuration(text: string): Result | undefined {
  if (text === '0' || text === '+0' || text === '-0') return new Duration(0n);
  if (text.length > 64 || !DURATION.test(text)) return undefined;
  let nanos = 0n;
  for (const [, whole, fraction = '', unit] of text.matchAll(DURATION_PART)) {
    const scale = UNITS[unit!]!;
    nanos += BigInt(whole || '0') * scale;
    nanos += (BigInt(fraction.slice(0, 15) || '0') * scale) / 10n ** BigInt(Math.min(fraction.length, 15));
  }
  return duration(text.startsWith('-') ? -nanos : nanos);
}

export function formatDuration({ nanos }: Duration): string {
  const absolute = nanos < 0n ? -nanos : nanos;
  return `${nanos < 0n ? '-' : ''}${absolute / SECOND}${fractionText(absolute % SECOND)}s`;
}

function fractionText(nanos: bigint): string {
  return nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
}

/** The remainder of division that rounds down, so that it is never negative. */
export function modulo(a: bigint, b: bigint): bigint {
  return ((a % b) + b) % b;
}
