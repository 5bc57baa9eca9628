import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RequestParts } from '../../test/support/evaluated-flags.js';
import { aFlag, aRequest, basic, dates, percentage, targeting, VARIANTS } from '../../test/support/evaluated-flags.js';
import { Meter } from '../cel/meter.js';
import { allocate } from './allocation.js';
import type { CompiledFlag } from './compiled-flag.js';
import type { FlagDefinition, Strategy } from './definition.js';
import { evaluate } from './evaluate.js';
import { explain } from './explain.js';
import { whyNot } from './why-not.js';

const START = Date.parse('2026-05-01T00:00:00Z');
const DAY = 86_400_000;

const aVariant = fc.constantFrom('a', 'b', 'c', 'gone');
const aDay = fc.integer({ min: 0, max: 100 });
const aDate = (day: number): string => new Date(START + day * DAY).toISOString();

const aStrategy: fc.Arbitrary<Strategy> = fc.oneof(
  aVariant.map(basic),
  fc.dictionary(aVariant, fc.integer({ min: 0, max: 5 })).map((distribution): Strategy => {
    const allocation = allocate(Object.keys(distribution), distribution);
    return { type: 'rollout_percentage', distribution, allocation };
  }),
  fc.tuple(aVariant, aVariant, aDay, aDay, aDay, aDay).map(([from, to, start, length, less, more]): Strategy => ({
    type: 'rollout_date',
    start: { variant: from, percentage: less, date: aDate(start) },
    end: { variant: to, percentage: more, date: aDate(start + length) },
  })),
);

const aRule = fc.constantFrom(
  'true',
  'false',
  'plan == "pro"',
  'plan.startsWith("p") && seats > 10',
  'has(user.email) && user.email.endsWith("@example.com")',
  'seats in [1, 20]',
  'seats / 0 > 1',
  'absent.attribute',
  '__kaiten.customer.slug == "sakura-tokyo"',
  '[1, 2, 3].all(n, n < seats)',
  '1 +',
);

const aDefinition: fc.Arbitrary<Partial<FlagDefinition>> = fc.record({
  enabled: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
  salt: fc.constantFrom('checkout', 'new-dashboard', 'x'),
  defaultVariant: aStrategy,
  targetings: fc.array(
    fc.tuple(aRule, aStrategy).map(([rule, strategy]) => targeting(rule, strategy)),
    { maxLength: 6 },
  ),
});

const aLimit = fc.oneof({ weight: 9, arbitrary: fc.constant(2_000_000) }, fc.integer({ min: 0, max: 60 }));

const someRequest: fc.Arbitrary<{ request: Omit<RequestParts, 'meter'>; limit: number }> = fc.record({
  limit: aLimit,
  request: fc.record({
    context: fc.record(
      {
        plan: fc.constantFrom('pro', 'free', 7),
        seats: fc.integer({ min: 0, max: 30 }),
        user: fc.constantFrom({ email: 'a@example.com' }, {}),
      },
      { requiredKeys: [] },
    ),
    targetingKey: fc.option(fc.string(), { nil: undefined, freq: 5 }),
    facts: fc.constantFrom({}, { customer: { slug: 'sakura-tokyo' } }),
    now: fc.integer({ min: -DAY, max: 220 * DAY }).map((offset) => START + offset),
  }),
});

/** That the flag is explained as it is evaluated, and why each variant that is not served is not. */
function expectExplained(flag: CompiledFlag, request: Omit<RequestParts, 'meter'>, limit: number): void {
  const [alone, recorded] = [new Meter(limit), new Meter(limit)];
  const evaluation = evaluate(flag, aRequest({ ...request, meter: alone }));
  const explanation = explain(flag, aRequest({ ...request, meter: recorded }));
  const { askedLast, targetings } = explanation;
  const isAnswer = evaluation.errorCode === undefined;
  const giver = isAnswer && typeof askedLast === 'number' ? targetings[askedLast]!.name : undefined;
  const unexplained = VARIANTS.filter(
    (variant) => whyNot(flag, aRequest({ ...request, meter: recorded }), explanation, variant).length === 0,
  );
  // Compared at once: each comparison takes longer than what it compares took.
  expect({
    evaluation: explanation.evaluation,
    spent: recorded.spent,
    giver,
    brokenRules: targetings.filter(({ outcome }) => outcome === 'broken').map(({ name }) => name),
    unexplained: unexplained.map(({ id }) => id),
  }).toEqual({
    evaluation,
    spent: alone.spent,
    giver: isAnswer ? evaluation.matchedRule : undefined,
    brokenRules: evaluation.brokenRules ?? [],
    unexplained: isAnswer ? [evaluation.variant.id] : [],
  });
}

describe('explain', () => {
  // Compiling rules takes longest, so each flag has some contexts.
  it.each([1, 2, 3, 4])('answers what evaluate does, for 2,500 flags and contexts (%i of 4)', (seed) => {
    const contexts = fc.array(someRequest, { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(aDefinition, contexts, (definition, requests) => {
        const flag = aFlag(definition);
        for (const { request, limit } of requests) expectExplained(flag, request, limit);
      }),
      { numRuns: 500, seed },
    );
  });

  it('tells what became of each targeting, where a rule failed, and the bucket with what was hashed', () => {
    const flag = aFlag({
      targetings: [
        targeting('plan == "pro"', basic('b')),
        targeting('true &&\n  absent.attribute == 1', basic('b')),
        targeting('1 +', basic('b')),
        targeting('true', percentage({ a: 1, b: 1, c: 2 }), 'by share'),
        targeting('true', basic('b'), 'too late'),
      ],
    });
    const explanation = explain(flag, aRequest({ context: { plan: 'free' } }));
    expect(explanation).toMatchObject({
      targetings: [
        { outcome: 'not_matched' },
        { outcome: 'broken', failure: { message: expect.any(String), line: 2, column: expect.any(Number) } },
        { outcome: 'broken', failure: { line: 1, column: expect.any(Number) } },
        { name: 'by share', outcome: 'matched' },
        { name: 'too late', outcome: 'skipped', because: 'earlier_targeting_matched' },
      ],
      askedLast: 3,
      strategy: {
        type: 'rollout_percentage',
        segments: [
          { variant: 'name of a', from: 0, to: 2500 },
          { variant: 'name of b', from: 2500, to: 5000 },
          { variant: 'name of c', from: 5000, to: 10_000 },
        ],
      },
      bucket: { salt: 'checkout', targetingKey: 'user-1', number: 6463, of: 10_000 },
      evaluation: { value: 'C', reason: 'SPLIT' },
    });
  });

  it('tells how far a date rollout is', () => {
    const flag = aFlag({ defaultVariant: dates(aDate(0), aDate(10), 10, 60) });
    const at = (day: number) => explain(flag, aRequest({ now: START + day * DAY }));
    const rollout = { type: 'rollout_date', startVariant: 'name of a', endVariant: 'name of b' };
    expect(at(-1)).toMatchObject({
      askedLast: 'default',
      strategy: { ...rollout, state: 'before', endVariantBelow: 0 },
    });
    expect(at(-1).bucket).toBeUndefined();
    expect(at(5)).toMatchObject({ strategy: { ...rollout, state: 'under_way', endVariantBelow: 3500 } });
    expect(at(5).bucket).toMatchObject({ number: 6463 });
    expect(at(10)).toMatchObject({ strategy: { ...rollout, state: 'after', endVariantBelow: 10_000 } });
  });
});

describe('whyNot', () => {
  const ask = (definition: Partial<FlagDefinition>, id: string, overrides: Partial<RequestParts> = {}) => {
    const flag = aFlag(definition);
    const explanation = explain(flag, aRequest(overrides));
    return whyNot(
      flag,
      aRequest(overrides),
      explanation,
      VARIANTS.find((variant) => variant.id === id)!,
    );
  };
  const FAILING = 'absent.attribute';
  const rollout = dates(aDate(0), aDate(10), 0, 100);
  /** When the share passes bucket 6463. */
  const PASSES = new Date(START + 6.463 * DAY + 1).toISOString();

  it.each<[string, Partial<FlagDefinition>, string, object[], Partial<RequestParts>?]>([
    ['it was served', {}, 'a', []],
    ['nothing gives it', {}, 'b', [{ because: 'nothing_gives_it' }]],
    [
      'the flag is disabled',
      { enabled: false, targetings: [targeting('true', basic('b'), 't')] },
      'b',
      [{ because: 'flag_disabled', targeting: 't' }],
    ],
    [
      'its targetings do not match or fail',
      { targetings: [targeting('false', basic('b'), 'one'), targeting(FAILING, basic('b'), 'two')] },
      'b',
      [
        { because: 'targeting_not_matched', targeting: 'one' },
        { because: 'targeting_broken', targeting: 'two' },
      ],
    ],
    [
      'an earlier targeting matched',
      {
        targetings: [targeting('true', basic('b')), targeting('true', percentage({ c: 1 }), 'late')],
        defaultVariant: basic('c'),
      },
      'c',
      [{ because: 'earlier_targeting_matched', targeting: 'late' }, { because: 'earlier_targeting_matched' }],
    ],
    [
      'the key is in another bucket',
      { defaultVariant: percentage({ a: 1, b: 1, c: 2 }) },
      'b',
      [{ because: 'bucket_outside_share', bucket: 6463, ranges: [{ from: 2500, to: 5000 }] }],
    ],
    ['it has no share', { defaultVariant: percentage({ a: 1, b: 0 }) }, 'b', [{ because: 'weight_is_zero' }]],
    [
      'there is no key',
      { defaultVariant: percentage({ a: 1, b: 1 }) },
      'b',
      [{ because: 'targeting_key_missing' }],
      { targetingKey: undefined },
    ],
    [
      'there is no key for a date rollout',
      { defaultVariant: rollout },
      'b',
      [{ because: 'targeting_key_missing' }],
      { targetingKey: '', now: START },
    ],
    [
      'the rollout is to begin',
      { defaultVariant: rollout },
      'b',
      [{ because: 'rollout_not_yet', from: PASSES }],
      { now: START - DAY },
    ],
    [
      'the rollout is to come this far',
      { defaultVariant: rollout },
      'b',
      [{ because: 'rollout_not_yet', from: PASSES }],
      { now: START + DAY },
    ],
    [
      'a rollout without key is to end',
      { defaultVariant: rollout },
      'b',
      [{ because: 'rollout_not_yet', from: aDate(10) }],
      { now: START - 1, targetingKey: '' },
    ],
    ['the rollout went on', { defaultVariant: rollout }, 'a', [{ because: 'rollout_over' }], { now: START + 7 * DAY }],
    ['the rollout is over', { defaultVariant: rollout }, 'a', [{ because: 'rollout_over' }], { now: START + 10 * DAY }],
    [
      'the budget is spent',
      { targetings: [targeting('true', basic('b'), 't')] },
      'b',
      [{ because: 'budget_spent', targeting: 't' }],
      { meter: new Meter(0) },
    ],
  ])('%s', (_, definition, id, reasons, overrides = {}) => {
    expect(ask(definition, id, overrides)).toEqual(
      reasons.map((reason) => ({ ...reason, detail: expect.stringMatching(/^[A-Z].*\.$/) })),
    );
  });
});
