import { describe, expect, it } from '@jest/globals';
import { Meter } from './meter.js';
import { fieldInAnyZone, fieldInZone, fieldOf, findZone } from './time-fields.js';
import { formatDuration, formatTimestamp, parseDuration, parseTimestamp } from './time.js';
import { RuleFailure } from './rule-failure.js';
import { Duration, Timestamp } from './values.js';

const meter = new Meter(Infinity);

describe('timestamps', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['1969-12-31T23:59:59.999999999Z', -1n],
    ['2026-01-31T12:00:00.5+02:00', 1_769_853_600_500_000_000n],
    ['2024-02-29t00:00:00z', 1_709_164_800_000_000_000n],
  ])('%s is read', (text, nanos) => {
    expect(parseTimestamp(text)).toEqual(new Timestamp(nanos));
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-01-01',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:00',
    'today',
  ])('%s is none', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  it('are of the years 1 to 9999', () => {
    expect(parseTimestamp('0000-12-31T23:59:59Z')).toBeInstanceOf(RuleFailure);
    expect(formatTimestamp(parseTimestamp('0001-01-01T00:00:00Z') as Timestamp)).toBe('0001-01-01T00:00:00Z');
    expect(formatTimestamp(parseTimestamp('9999-12-31T23:59:59.120Z') as Timestamp)).toBe('9999-12-31T23:59:59.12Z');
  });

  it('have fields in UTC and in zones', () => {
    const summer = parseTimestamp('2026-06-30T22:30:00.250Z') as Timestamp;
    const paris = findZone('Europe/Paris');
    if (paris instanceof RuleFailure) throw new Error(paris.message);
    expect(fieldOf(meter, 'getHours', summer)).toBe(22n);
    expect(fieldOf(meter, 'getMilliseconds', summer)).toBe(250n);
    expect(fieldInZone(meter, 'getHours', summer, paris)).toBe(0n);
    expect(fieldInZone(meter, 'getMonth', summer, paris)).toBe(6n);
    expect(fieldInZone(meter, 'getDayOfYear', summer, paris)).toBe(181n);
    expect(fieldInAnyZone(meter, 'getMinutes', summer, '-08:15')).toBe(15n);
    expect(fieldInAnyZone(meter, 'getHours', summer, 'Mars/Base')).toBeInstanceOf(RuleFailure);
    expect(fieldOf(meter, 'getHours', 'text')).toBeInstanceOf(RuleFailure);
  });
});

describe('durations', () => {
  it.each([
    ['1h30m', 5_400_000_000_000n, '5400s'],
    ['-1.5s', -1_500_000_000n, '-1.5s'],
    ['1ms2us3ns', 1_002_003n, '0.001002003s'],
    ['.5µs', 500n, '0.0000005s'],
    ['0', 0n, '0s'],
  ])('%s is read and written', (text, nanos, written) => {
    expect(parseDuration(text)).toEqual(new Duration(nanos));
    expect(formatDuration(new Duration(nanos))).toBe(written);
  });

  it.each(['', '1', '1d', 's', '1h 2m', '.s', '--1s'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('are 64 bits of nanoseconds', () => {
    expect(parseDuration('2562047h')).toBeInstanceOf(Duration);
    expect(parseDuration('2562048h')).toBeInstanceOf(RuleFailure);
  });
});
