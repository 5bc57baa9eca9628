import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { Frame } from '../cel/evaluation.js';
import { Meter } from '../cel/meter.js';
import { RuleFailure } from '../cel/rule-failure.js';
import { compileRule } from '../cel/rule.js';
import { RULE_BUDGET } from '../flag-evaluation/budgets.js';
import type { JsonObject } from '../http/json.js';
import { FACT_SHAPE } from './fact-shape.js';

const DOCUMENT = readFileSync(new URL('../../docs/feature-flags.md', import.meta.url), 'utf8');

/** Each example with the contexts that its comments say, and what it is for them. */
const EXAMPLES = [...DOCUMENT.matchAll(/```cel\n([^]*?)```/g)].map(([, rule]) => {
  const cases = [...rule!.matchAll(/^\/\/ (\{.*\}) -> (true|false|broken)$/gm)].map(
    ([, context, result]) => [context!, result!] as const,
  );
  return { rule: rule!, cases };
});

it('has fifteen examples or more, each of which says what it is', () => {
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(15);
  expect(EXAMPLES.filter(({ cases }) => cases.length === 0)).toEqual([]);
});

it.each(EXAMPLES)('says what is so of $rule', ({ rule, cases }) => {
  const compiled = compileRule(rule, FACT_SHAPE);
  expect(compiled.issues).toBeUndefined();
  const results = cases.map(([context]) => {
    try {
      const parsed = JSON.parse(context) as JsonObject;
      return String(compiled.rule!.matches(new Frame(parsed, { instance: {}, customer: {} }, new Meter(RULE_BUDGET))));
    } catch (error) {
      expect(error).toBeInstanceOf(RuleFailure);
      return 'broken';
    }
  });
  expect(results).toEqual(cases.map(([, result]) => result));
});
