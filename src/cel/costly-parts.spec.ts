import { describe, expect, it } from '@jest/globals';
import { CostlyParts, MOST_ZONES } from './costly-parts.js';
import { RuleFailure } from './rule-failure.js';
import { compileRule } from './rule.js';

const times = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(' && ');

const issuesOf = (source: string): string[] => compileRule(source).issues?.map(({ message }) => message) ?? [];

const ZONES = ['Asia/Tokyo', 'Europe/Paris', 'Europe/Rome', 'Asia/Seoul', 'Asia/Dubai', 'America/Lima'];

describe('what takes long to compile', () => {
  it('is a pattern, of which a rule has few large ones or many small ones', () => {
    const large = (i: number): string => `a.matches("(a{50}b?){8}${i}")`;
    expect(issuesOf(times(4, large))).toEqual([]);
    expect(issuesOf(times(6, large))).toEqual(Array(2).fill('the patterns of the rule are too large together'));
    expect(issuesOf(times(50, (i) => `a.matches("^x${i}")`))).toEqual([]);
    expect(issuesOf(times(200, (i) => `a.matches("^x${i}")`)).length).toBeGreaterThan(0);
  });

  it('is a pattern once, however often it is there', () => {
    expect(issuesOf(times(200, () => 'a.matches("(a{50}b?){8}")'))).toEqual([]);
    const parts = new CostlyParts();
    expect(parts.pattern('a+')).toBe(parts.pattern('a+'));
  });

  it('is a time zone, of which a rule has few', () => {
    const inZone = (zone: string): string => `timestamp(0).getHours("${zone}") < 24`;
    expect(issuesOf(times(60, (i) => inZone(ZONES[i % ZONES.length]!)))).toEqual([]);
    const many = Intl.supportedValuesOf('timeZone').slice(0, MOST_ZONES + 1);
    expect(issuesOf(times(MOST_ZONES, (i) => inZone(many[i]!)))).toEqual([]);
    expect(issuesOf(times(MOST_ZONES + 1, (i) => inZone(many[i]!)))).toEqual(['a rule names at most 8 time zones']);
  });

  it('is shared by all rules that name it, however it is spelled, and offsets are spelled in one way', () => {
    expect(new CostlyParts().zone('Europe/Paris')).toBe(new CostlyParts().zone('europe/PARIS'));
    for (const zone of ['+0130', '+01', '-5:00', '']) expect(new CostlyParts().zone(zone)).toBeInstanceOf(RuleFailure);
  });
});
