import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { parseTimestamp } from './text-parsers.js';

const theirs = pg.types.getTypeParser(1184, 'text') as (text: string) => unknown;

describe('parseTimestamp', () => {
  it.each([
    '2026-11-24 08:30:50.123+00',
    '2026-11-24 08:30:50.12+00',
    '2026-11-24 08:30:50.1+00',
    '2026-11-24 08:30:50+00',
    '1999-12-31 23:59:59.999+00',
    '2024-02-29 00:00:00+00',
    '2026-11-24 08:30:50.123456+00',
    '2026-11-24 17:30:50.123+09',
    '2026-11-24 14:00:50.123+05:30',
    '0099-01-01 00:00:00+00',
    '10000-01-01 00:00:00+00',
    '0044-03-15 00:00:00+00 BC',
    'infinity',
  ])('reads %s as pg does', (text) => {
    expect(parseTimestamp(text)).toEqual(theirs(text));
  });
});
