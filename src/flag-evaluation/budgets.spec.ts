import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aFlag, aRequest, basic, targeting } from '../../test/support/evaluated-flags.js';
import { Meter } from '../cel/meter.js';
import { FLAG_BUDGET, REQUEST_BUDGET, RULE_BUDGET } from './budgets.js';
import { evaluate } from './evaluate.js';
import { explain } from './explain.js';

/** Nested loops over the context: what they cost is the product of the lists' lengths. */
const HOSTILE = [
  'xs.all(x, xs.all(y, xs.all(z, x + y + z >= 0)))',
  'xs.filter(x, xs.exists(y, y == -1)).size() > 0',
  'xs.map(x, xs.map(y, x * y)).size() == 0',
  'text.matches("(a+)+$") || xs.all(x, text.contains("b"))',
  'xs.all(x, text.startsWith(text) && xs.all(y, text == text))',
  'xs.all(x, x >= 0) && absent.attribute',
  'plan == "pro"',
  'text.size() < 0',
];

const aHostileFlag = fc
  .array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 8 })
  .map((rules) => rules.map((rule, i) => targeting(rule, basic('b'), `${i}`)));
const aHostileContext = fc
  .tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 2000 }))
  .map(([length, characters]) => ({
    xs: Array.from({ length }, (_, i) => i),
    text: 'a'.repeat(characters),
    plan: 'free',
  }));

describe('budgets', () => {
  it('hold for any rules: of the request, and of each flag', () => {
    const flags = fc.array(aHostileFlag, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(flags, aHostileContext, fc.integer({ min: 1, max: 400_000 }), (all, context, limit) => {
        const meter = new Meter(limit);
        for (const targetings of all) {
          const before = meter.spent;
          const evaluation = evaluate(aFlag({ targetings }), aRequest({ context, meter }));
          expect(meter.spent - before).toBeLessThanOrEqual(FLAG_BUDGET);
          // Once the request's budget is spent each flag fails, until then none does.
          expect(evaluation.errorCode).toBe(meter.spent >= limit ? 'GENERAL' : undefined);
        }
        expect(meter.spent).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 60 },
    );
  });

  it('of a rule make it broken, and leave the rest of the flag what is left', () => {
    const context = { xs: Array.from({ length: 300 }, (_, i) => i) };
    const targetings = [HOSTILE[0]!, HOSTILE[0]!, HOSTILE[0]!, 'true'].map((rule, i) =>
      targeting(rule, basic('b'), `${i}`),
    );
    const meter = new Meter(REQUEST_BUDGET);
    // Two rules take all that the flag has, so those after them are not run.
    const { evaluation, targetings: explained } = explain(aFlag({ targetings }), aRequest({ context, meter }));
    expect(evaluation).toMatchObject({ value: 'A', reason: 'DEFAULT', brokenRules: ['0', '1', '2', '3'] });
    expect(explained[0]!.failure!.message).toContain(`${RULE_BUDGET}`);
    expect(explained[3]!.failure!.message).toBe('the rules before it cost all that those of a flag may');
    expect(meter.spent).toBe(FLAG_BUDGET);
    expect(evaluate(aFlag({ targetings: [targeting('true', basic('b'))] }), aRequest({ meter }))).toMatchObject({
      value: 'B',
    });
  });

  it('of a request are not taken from for what was too much for a rule, and so was not done', () => {
    const context = { text: 'a'.repeat(30_000), part: 'a'.repeat(20_000) };
    const meter = new Meter(REQUEST_BUDGET);
    const broken = aFlag({ targetings: [targeting('text.contains(part)', basic('b'))] });
    expect(evaluate(broken, aRequest({ context, meter }))).toMatchObject({
      value: 'A',
      brokenRules: [expect.any(String)],
    });
    expect(meter.spent).toBe(RULE_BUDGET);
  });

  it('of a request are taken from as its rules are run, whether they match, fail or do not match', () => {
    const meter = new Meter(REQUEST_BUDGET);
    let before = 0;
    for (const rule of ['true', 'false', 'absent.attribute']) {
      evaluate(aFlag({ targetings: [targeting(rule, basic('b'))] }), aRequest({ meter }));
      expect(meter.spent).toBeGreaterThan(before);
      before = meter.spent;
    }
    evaluate(aFlag({ enabled: false, targetings: [targeting('true', basic('b'))] }), aRequest({ meter }));
    expect(meter.spent).toBe(before);
  });
});
