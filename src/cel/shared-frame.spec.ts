import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../http/json.js';
import { Frame } from './evaluation.js';
import { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import type { Rule } from './rule.js';
import { compileRule } from './rule.js';

/** Few, so that rules have them in common: true, false, failing, dear, of another type, with loops and variables of the attributes' names. */
const CONDITIONS = [
  'plan == "pro"',
  'seats > 2',
  'absent.name == 1',
  'seats + plan == 3',
  'tags.exists(x, x == plan && x != "free")',
  'xs.all(x, x >= 0 && seats > 0)',
  'xs.all(x, xs.exists(y, y == x))',
  'xs.map(x, x + 1).size() > seats',
  '[1, 2].exists(seats, seats == 2 && plan == "pro")',
  'cel.bind(plan, "pro", plan == "pro" && seats > 2)',
  '__kaiten.customer.slug == plan',
  'has(__kaiten.customer) && plan == "pro"',
  'text.matches("(a+)+$")',
  'seats',
  'true',
];

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: fc.constantFrom(...CONDITIONS) },
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} || ${b})`),
    tie('condition').map((a) => `!(${a})`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} ? ${b} : ${a})`),
    tie('condition').map((a) => `xs.exists(x, ${a} && x >= 0)`),
    tie('condition').map((a) => `cel.bind(v, ${a}, v || ${a})`),
  ),
}));

const rules = fc.array(
  fc.tuple(condition, fc.constantFrom(' && ', ' || ', ' \n&& '), condition).map((parts) => parts.join('')),
  { minLength: 2, maxLength: 8 },
);
const context: fc.Arbitrary<JsonObject> = fc.record(
  {
    plan: fc.constantFrom<string | number>('pro', 'free', 1),
    seats: fc.constantFrom<string | number>(0, 3, 'x'),
    tags: fc.constantFrom<unknown[]>(['pro'], ['free', 'x'], [1]) as fc.Arbitrary<never>,
    xs: fc.constantFrom(
      [],
      [1],
      [3, 2, 1],
      Array.from({ length: 40 }, (_, i) => i),
    ) as fc.Arbitrary<never>,
    text: fc.constantFrom('aaaa', 'a'.repeat(2_000)),
  },
  { requiredKeys: ['text'] },
);
const facts: fc.Arbitrary<JsonObject> = fc.constantFrom({}, { customer: { slug: 'pro' } });

/** What the rule comes to, or the place and the words of its failure. @param units that each rule may cost. */
function run(rule: Rule, frame: Frame, units: number): unknown {
  frame.meter.restrict(units);
  try {
    return rule.matches(frame);
  } catch (failure) {
    if (!(failure instanceof RuleFailure)) throw failure;
    return { ...failure };
  }
}

const compiled = (sources: readonly string[]): Rule[] => sources.flatMap((source) => compileRule(source).rule ?? []);
const inNewFrame = (given: JsonObject, known: JsonObject): Frame => new Frame(given, known, new Meter(1e9));

describe('rules that share a frame', () => {
  it('come to what each comes to in one of its own, whatever came before, and within the same limit', () => {
    const limit = fc.oneof(fc.constant(1e6), fc.integer({ min: 1, max: 4_000 }));
    fc.assert(
      fc.property(rules, context, facts, limit, (sources, given, known, units) => {
        const all = compiled(sources);
        const alone = all.map((rule) => run(rule, inNewFrame(given, known), units));
        const frame = inNewFrame(given, known);
        expect(all.map((rule) => run(rule, frame, units))).toEqual(alone);
        expect([...all].reverse().map((rule) => run(rule, frame, units))).toEqual([...alone].reverse());
      }),
      { numRuns: 2_000 },
    );
  });

  it('come to the same when frames of several requests take turns', () => {
    const requests = fc.array(fc.tuple(context, facts), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(rules, requests, (sources, given) => {
        const all = compiled(sources);
        const frames = given.map(([attributes, known]) => inNewFrame(attributes, known));
        const inTurns = all.map((rule) => frames.map((frame) => run(rule, frame, 1e6)));
        const alone = all.map((rule) =>
          given.map(([attributes, known]) => run(rule, inNewFrame(attributes, known), 1e6)),
        );
        expect(inTurns).toEqual(alone);
      }),
      { numRuns: 1_000 },
    );
  });
});
