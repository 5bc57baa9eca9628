import { describe, expect, it } from '@jest/globals';
import { ruleSymbols } from './rule-symbols.js';

describe('the symbols of a rule', () => {
  it.each([
    ['', 0],
    [' \n\t', 0],
    ['a', 1],
    ['plan == "pro"', 6],
    ['a_1+a_1', 3],
    ['a + b\n+ c', 5],
    ['!!a', 3],
    ['email in ["a@b.example"]', 11],
    ['x == "東京"', 7],
    // What hides in a comment or a text to other readers of quotes counts all the same.
    ["// '\na+a // '", 9],
  ])('of %j are %i', (rule, count) => {
    expect(ruleSymbols(rule)).toBe(count);
  });
});
