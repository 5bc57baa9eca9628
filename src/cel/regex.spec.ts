import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { Meter } from './meter.js';
import { programSize } from './regex-size.js';
import { compilePattern, LARGEST_PROGRAM, matchPattern, matches } from './regex.js';
import { RuleFailure } from './rule-failure.js';

describe('the size of a pattern', () => {
  it.each([
    ['a{30}', 30],
    ['((a{30}){30}){30}', 27_000],
    ['(a|b{9}){10,}', 100],
    ['[a{9}]', 1],
    ['[]{9}]{5}', 5],
    ['[^]{9}]{5}', 5],
    ['\\{9}', 3],
    ['\\Q[\\E((a{30}){30}){30}', 27_000],
    ['\\Q((a{30}){30}\\E', 14],
    ['[\\pL]{5}', 1_000],
    ['(?i)[B-\u{1e942}]', 2_400],
    ['(?i)[\\x{42}-\\x{1e942}]', 2_400],
    ['(?i)[à-ÿ]', 1],
    ['[B-\u{1e942}]', 1],
  ])('%s has at least %d instructions', (pattern, least) => {
    expect(programSize(pattern)).toBeGreaterThanOrEqual(least);
    expect(programSize(pattern)).toBeLessThan(2 * least + 10);
  });

  it('is rarely underestimated, and never by much', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        '.',
        '\\w',
        '[a-c]',
        '[^]x]',
        '(',
        '(?:',
        ')',
        '|',
        '*',
        '+',
        '?',
        '{3}',
        '{2,}',
        '{0,5}',
        '{7,9}',
        '\\Q',
        '\\E',
        '[',
        ']',
        '^',
        '$',
        '\\b',
      ],
    );
    let valid = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const pattern = pieces.join('');
        const estimate = programSize(pattern);
        if (estimate > 20_000) return;
        let regex: RE2JS;
        try {
          regex = RE2JS.compile(pattern);
        } catch {
          return;
        }
        valid++;
        // Captures and repetitions have instructions of their own, at most a few for each character.
        expect(regex.programSize()).toBeLessThanOrEqual(4 * estimate + 4 * pattern.length + 10);
      }),
      { numRuns: 2_000 },
    );
    expect(valid).toBeGreaterThan(100);
  });
});

describe('matches', () => {
  it('looks for the pattern anywhere in the text', () => {
    expect(matches(new Meter(100_000), 'hello world', 'o w')).toBe(true);
    expect(matches(new Meter(100_000), 'hello world', '^o w')).toBe(false);
  });

  it('charges for the program and the text, whatever they are', () => {
    const pattern = compilePattern('(a+)+$');
    if (pattern instanceof RuleFailure) throw new Error(pattern.message);
    const meter = new Meter(1_000_000);
    expect(matchPattern(meter, `${'a'.repeat(1_000)}b`, pattern)).toBe(false);
    expect(meter.spent).toBe(100 + pattern.size * 1_001);
  });

  it('charges the same for a pattern that it remembers', () => {
    const [first, second] = [new Meter(1_000_000), new Meter(1_000_000)];
    expect(matches(first, 'ab', 'a(b|c)')).toBe(matches(second, 'ab', 'a(b|c)'));
    expect(second.spent).toBe(first.spent);
    expect(first.spent).toBeGreaterThan(3_000);
  });

  it('refuses patterns that are too large, before they are compiled', () => {
    expect(compilePattern('a'.repeat(1_001))).toBeInstanceOf(RuleFailure);
    expect(compilePattern('(((a{100}){100}){100})')).toBeInstanceOf(RuleFailure);
    expect(compilePattern('\\pL\\pL\\pL')).toBeInstanceOf(RuleFailure);
    expect(compilePattern(`a{${LARGEST_PROGRAM - 10}}`)).not.toBeInstanceOf(RuleFailure);
    expect(matches(new Meter(1_000_000), 'a', 'a'.repeat(1_001))).toBeInstanceOf(RuleFailure);
  });
});
