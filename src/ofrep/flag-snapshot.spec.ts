import { describe, expect, it } from '@jest/globals';
import { aDefinition, basic, targeting } from '../../test/support/evaluated-flags.js';
import { FlagSnapshot } from './flag-snapshot.js';

const bytesWith = (rules: readonly string[]): number => {
  const targetings = rules.map((rule) => targeting(rule, basic('b')));
  return new FlagSnapshot('organization', [{ definition: aDefinition({ targetings }), length: 100, ruleSymbols: 50 }])
    .bytes;
};

describe('what a snapshot takes of memory', () => {
  it('counts the patterns of rules by what they compile to, each rule once', () => {
    const plain = bytesWith(['s == "[a-z]{400}"']);
    const one = bytesWith(['s.matches("[a-z]{400}")']);
    expect(one - plain).toBeGreaterThan(30_000);
    expect(bytesWith(['s.matches("[a-z]{400}")', 's.matches("[a-z]{400}")'])).toBe(one);
    expect(bytesWith(['s.matches("[a-z]{400}")', 's.matches("[a-y]{400}")'])).toBeGreaterThan(one + 30_000);
  });
});
