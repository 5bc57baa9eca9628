import { LRUCache } from 'lru-cache';
import type { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import { dateOf } from './time.js';
import { Duration, Timestamp } from './values.js';
import type { Result, Value } from './values.js';

/** How many milliseconds a zone is ahead of UTC at an instant. */
export type Zone = (date: Date) => number;

const UTC: Zone = () => 0;

/** What reading a field of a timestamp costs: in UTC, in a zone that a rule names, and in one that data names. */
const IN_UTC = 16;
const IN_ZONE = 400;
const IN_ANY_ZONE = 8_000;

/**
 * Zones that were used, by their names in small letters, which are fewer than this: rules that name the same one share it, since each takes 90 KB.
 * What they cost does not depend on whether they are here.
 */
const zones = new LRUCache<string, Zone>({ max: 700 });

const DAY = 86_400_000;

const TIMESTAMP_FIELDS: Record<string, (local: Date) => number> = {
  getDate: (local) => local.getUTCDate(),
  getDayOfMonth: (local) => local.getUTCDate() - 1,
  getDayOfWeek: (local) => local.getUTCDay(),
  getDayOfYear: (local) => Math.floor((local.getTime() - startOfYear(local)) / DAY),
  getFullYear: (local) => local.getUTCFullYear(),
  getHours: (local) => local.getUTCHours(),
  getMilliseconds: (local) => local.getUTCMilliseconds(),
  getMinutes: (local) => local.getUTCMinutes(),
  getMonth: (local) => local.getUTCMonth(),
  getSeconds: (local) => local.getUTCSeconds(),
};

/** Of a duration: the whole of it in this unit, except for milliseconds, which are those of its last second. */
const DURATION_FIELDS: Record<string, (nanos: bigint) => bigint> = {
  getHours: (nanos) => nanos / 3_600_000_000_000n,
  getMinutes: (nanos) => nanos / 60_000_000_000n,
  getSeconds: (nanos) => nanos / 1_000_000_000n,
  getMilliseconds: (nanos) => (nanos % 1_000_000_000n) / 1_000_000n,
};

export const TIME_FIELDS = Object.keys(TIMESTAMP_FIELDS);

/** A field of a duration, or of a timestamp in UTC. */
export function fieldOf(meter: Meter, name: string, value: Value): Result {
  if (value instanceof Duration && Object.hasOwn(DURATION_FIELDS, name)) {
    meter.spend(IN_UTC);
    return DURATION_FIELDS[name]!(value.nanos);
  }
  return fieldIn(meter, name, value, UTC, IN_UTC);
}

/** A field of a timestamp in a zone that only the data names. */
export function fieldInAnyZone(meter: Meter, name: string, value: Value, zoneName: Value): Result {
  if (typeof zoneName !== 'string') return new RuleFailure(`${name}() takes the name of a time zone`);
  meter.spend(IN_ANY_ZONE);
  const zone = findZone(zoneName);
  return zone instanceof RuleFailure ? zone : fieldIn(meter, name, value, zone, IN_UTC);
}

export function fieldInZone(meter: Meter, name: string, value: Value, zone: Zone): Result {
  return fieldIn(meter, name, value, zone, IN_ZONE);
}

function fieldIn(meter: Meter, name: string, value: Value, zone: Zone, cost: number): Result {
  if (!(value instanceof Timestamp)) return new RuleFailure(`${name}() is not for this type`);
  meter.spend(cost);
  const date = dateOf(value.nanos);
  return BigInt(TIMESTAMP_FIELDS[name]!(new Date(date.getTime() + zone(date))));
}

function startOfYear(date: Date): number {
  const start = new Date(0);
  return start.setUTCFullYear(date.getUTCFullYear(), 0, 1);
}

const OFFSET = /^([+-]?)(\d\d):(\d\d)$/;

/** The zone with a name of the IANA database, or with an offset: `Europe/Paris`, `+02:00`. */
export function findZone(name: string): Zone | RuleFailure {
  const offset = name.length <= 6 ? OFFSET.exec(name) : null;
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    const ahead = (offset[1] === '-' ? -minutes : minutes) * 60_000;
    return () => ahead;
  }
  if (name === 'UTC') return UTC;
  const isName = name.length <= 64 && /^[a-z]/i.test(name);
  const key = isName ? name.toLowerCase() : '';
  const known = zones.get(key);
  if (known) return known;
  // The engine takes offsets in more spellings than CEL has, thousands of them.
  const zone = isName ? zoneOfIntl(name) : undefined;
  if (!zone) return new RuleFailure(`there is no time zone ${JSON.stringify(name.slice(0, 64))}`);
  zones.set(key, zone);
  return zone;
}

function zoneOfIntl(timeZone: string): Zone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  return (date) => {
    const parts: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(date)) parts[type] = value;
    const local = new Date(0);
    const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
    local.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
    local.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second), date.getUTCMilliseconds());
    return local.getTime() - date.getTime();
  };
}
