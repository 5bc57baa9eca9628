import { describe, expect, it } from '@jest/globals';
import type { FactShape } from './fact-shape.js';
import { compileRule } from './rule.js';
import { MOST_CHARACTERS, sharedConditions, sharedRules } from './shared-texts.js';

const NO_FACTS = {} as FactShape;

describe('rules of the same text', () => {
  it('are one', () => {
    expect(compileRule('plan == "pro"').rule).toBe(compileRule('plan == "pro"').rule);
    expect(compileRule('plan == "pro"').rule).not.toBe(compileRule('plan == "free"').rule);
  });

  it.each(['s.matches("a+")', 'a && s.matches("a+")', 't.getHours("Asia/Tokyo") > 1'])(
    'are each their own where memory is counted for each: %s',
    (source) => {
      const [one, other] = [compileRule(source).rule, compileRule(source).rule];
      expect([one, other]).not.toContain(undefined);
      expect(one).not.toBe(other);
    },
  );

  it('are another where they are held against facts', () => {
    const { rule } = compileRule('plan == "pro"', NO_FACTS);
    expect(rule).toBeDefined();
    expect(compileRule('plan == "pro"').rule).not.toBe(rule);
    expect(compileRule('plan == "pro"', NO_FACTS).rule).not.toBe(compileRule('plan == "pro"').rule);
  });

  it('say each time what is wrong with them', () => {
    for (let i = 0; i < 2; i++) expect(compileRule('plan ==').issues).toHaveLength(1);
  });
});

describe('what is kept of texts', () => {
  it('has an end, however large they are', () => {
    for (let i = 0; i < 400; i++) {
      expect(compileRule(`x${i}${'+a'.repeat(400)} == b && c`).rule).toBeDefined();
      for (const shared of [sharedConditions, sharedRules]) {
        expect(shared.characters).toBeLessThanOrEqual(MOST_CHARACTERS);
      }
    }
    expect(sharedConditions.characters).toBeGreaterThan(MOST_CHARACTERS / 2);
    expect(sharedRules.find(`x399${'+a'.repeat(400)} == b && c`)).toBeDefined();
    expect(sharedRules.find(`x0${'+a'.repeat(400)} == b && c`)).toBeUndefined();
  });
});
