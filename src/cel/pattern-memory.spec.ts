import { describe, expect, it } from '@jest/globals';
import { patternInstructions } from './pattern-memory.js';

describe('the instructions of a rule’s patterns', () => {
  it('are none where nothing is matched', () => {
    expect(patternInstructions('plan == "[a-z]{400}"')).toBe(0);
  });

  it('are what repetitions and classes come to, however short they are written', () => {
    expect(patternInstructions('s.matches("[a-z]{400}")')).toBeGreaterThan(390);
    expect(patternInstructions(String.raw`matches(s, '\\pL')`)).toBeGreaterThan(190);
    expect(patternInstructions('s.matches("abc")')).toBeLessThan(20);
    expect(patternInstructions(String.raw`s.matches("a\"b") && s.matches("[a-z]{300}")`)).toBeGreaterThan(290);
  });

  it('are no more than a rule may have', () => {
    const rule = Array.from({ length: 20 }, () => 's.matches("a{1000}")').join(' || ');
    expect(patternInstructions(rule)).toBe(2_000);
  });
});
