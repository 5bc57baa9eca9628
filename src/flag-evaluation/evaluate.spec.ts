import { describe, expect, it } from '@jest/globals';
import {
  aDefinition,
  aFlag,
  aRequest,
  basic,
  dates,
  percentage,
  targeting,
  VARIANTS,
} from '../../test/support/evaluated-flags.js';
import { Meter } from '../cel/meter.js';
import { REQUEST_BUDGET } from './budgets.js';
import { compileFlag, rolloutState } from './compiled-flag.js';
import { evaluate } from './evaluate.js';
import { explain } from './explain.js';

const FAILING = 'attributes.that.are.absent == 1';
/** The key's bucket of salt checkout is 6463, as a spec of buckets says. */
const KEY = 'user-1';
const at = (date: string) => ({ now: Date.parse(date) });

describe('evaluate', () => {
  it.each([
    ['no targeting, basic', {}, 'A', 'STATIC'],
    ['no targeting, by percentage', { defaultVariant: percentage({ b: 1 }) }, 'B', 'SPLIT'],
    ['no targeting, by dates', { defaultVariant: dates('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z') }, 'B', 'SPLIT'],
    ['a match, basic', { targetings: [targeting('true', basic('b'))] }, 'B', 'TARGETING_MATCH'],
    ['a match, by percentage', { targetings: [targeting('true', percentage({ b: 1 }))] }, 'B', 'SPLIT'],
    [
      'a match, by dates',
      { targetings: [targeting('true', dates('2027-01-01T00:00:00Z', '2027-02-01T00:00:00Z'))] },
      'A',
      'SPLIT',
    ],
    ['no match, basic', { targetings: [targeting('false', basic('b'))] }, 'A', 'DEFAULT'],
    [
      'no match, by percentage',
      { targetings: [targeting('false', basic('b'))], defaultVariant: percentage({ c: 1 }) },
      'C',
      'DEFAULT',
    ],
    ['disabled', { enabled: false, targetings: [targeting('true', basic('b'))] }, 'A', 'DISABLED'],
    ['disabled, by percentage', { enabled: false, defaultVariant: percentage({ c: 1 }) }, 'C', 'DISABLED'],
  ])('answers %s', (_, overrides, value, reason) => {
    expect(evaluate(aFlag(overrides), aRequest())).toMatchObject({ value, reason });
  });

  it('answers with the first targeting that matches', () => {
    const targetings = ['false', 'plan == "pro"', 'true'].map((rule, i) => targeting(rule, basic('abc'[i]!)));
    const flag = aFlag({ targetings });
    const pro = evaluate(flag, aRequest({ context: { plan: 'pro' } }));
    expect(pro).toEqual({
      variant: VARIANTS[1],
      value: 'B',
      reason: 'TARGETING_MATCH',
      matchedRule: 'if plan == "pro"',
    });
    expect(evaluate(flag, aRequest({ context: { plan: 'free' } }))).toMatchObject({
      value: 'C',
      matchedRule: 'if true',
    });
  });

  it('skips and names rules that fail, and those that no longer compile', () => {
    const targetings = [FAILING, '1 +', 'true'].map((rule) => targeting(rule, basic('b')));
    const brokenRules = [`if ${FAILING}`, 'if 1 +'];
    expect(evaluate(aFlag({ targetings }), aRequest())).toMatchObject({
      reason: 'TARGETING_MATCH',
      value: 'B',
      brokenRules,
    });
    const unmatched = aFlag({ targetings: targetings.slice(0, 2) });
    expect(evaluate(unmatched, aRequest())).toMatchObject({ reason: 'DEFAULT', value: 'A', brokenRules });
    const unkeyed = aFlag({ targetings: targetings.slice(0, 2), defaultVariant: percentage({ a: 1, b: 1 }) });
    expect(evaluate(unkeyed, aRequest({ targetingKey: undefined }))).toMatchObject({
      errorCode: 'TARGETING_KEY_MISSING',
      brokenRules,
    });
    expect(evaluate(aFlag({ targetings, enabled: false }), aRequest())).not.toHaveProperty('brokenRules');
  });

  it('reads facts as __kaiten, and not out of the context', () => {
    const flag = aFlag({ targetings: [targeting('__kaiten.customer.slug == "sakura-tokyo"', basic('b'))] });
    const named = { customer: { slug: 'sakura-tokyo' } };
    expect(flag.readsFacts).toBe(true);
    expect(evaluate(flag, aRequest({ facts: named }))).toMatchObject({ value: 'B' });
    expect(evaluate(flag, aRequest({ context: { __kaiten: named } }))).toMatchObject({ value: 'A' });
  });

  it('needs a targeting key for a percentage and while a date rollout is under way, and only then', () => {
    const rollout = dates('2026-05-01T00:00:00Z', '2026-07-01T00:00:00Z');
    for (const targetingKey of [undefined, '']) {
      const ask = (flag: Parameters<typeof aFlag>[0], when = '2026-06-01T00:00:00Z') =>
        evaluate(aFlag(flag), aRequest({ targetingKey, ...at(when) }));
      const missing = { errorCode: 'TARGETING_KEY_MISSING' };
      expect(ask({ defaultVariant: percentage({ a: 1, b: 1 }) })).toMatchObject(missing);
      expect(ask({ defaultVariant: rollout })).toMatchObject(missing);
      expect(ask({ defaultVariant: rollout, enabled: false })).toMatchObject(missing);
      expect(ask({ targetings: [targeting('true', percentage({ a: 1 }))] })).toMatchObject(missing);
      expect(ask({ defaultVariant: rollout }, '2026-04-30T23:59:59.999Z')).toMatchObject({ value: 'A' });
      expect(ask({ defaultVariant: rollout }, '2026-07-01T00:00:00Z')).toMatchObject({ value: 'B' });
      expect(ask({ targetings: [targeting('false', percentage({ a: 1 }))] })).toMatchObject({ value: 'A' });
    }
  });

  it('gives who is in which bucket, whatever the flag and its variants are called and however they are ordered', () => {
    const defaultVariant = percentage({ a: 6463, b: 1, c: 3536 });
    const renamed = VARIANTS.map((variant) => ({ ...variant, name: `z${variant.id}` })).reverse();
    const flags = [aFlag({ defaultVariant }), aFlag({ defaultVariant, slug: 'renamed', variants: renamed })];
    // Only bucket 6463 is b's.
    for (const flag of flags) expect(evaluate(flag, aRequest({ targetingKey: KEY }))).toMatchObject({ value: 'B' });
    for (let i = 0; i < 2000; i++) {
      const [one, other] = flags.map((flag) => evaluate(flag, aRequest({ targetingKey: `user-${i}` })));
      expect((other as { value: unknown }).value).toBe((one as { value: unknown }).value);
    }
  });

  it('takes a variant from nobody when its share is raised, and gives it at once to all of the new share', () => {
    const had = new Set<string>();
    for (const share of [0, 1, 5, 10, 33, 50, 99, 100]) {
      const flag = aFlag({ defaultVariant: percentage({ a: share, b: 100 - share }) });
      const has = new Set<string>();
      for (let i = 0; i < 2000; i++) {
        const evaluation = evaluate(flag, aRequest({ targetingKey: `user-${i}` }));
        if ('value' in evaluation && evaluation.value === 'A') has.add(`user-${i}`);
      }
      expect([...had].filter((key) => !has.has(key))).toEqual([]);
      // Six standard deviations.
      expect(Math.abs(has.size - share * 20)).toBeLessThanOrEqual(
        6 * Math.sqrt((2000 * share * (100 - share)) / 10_000),
      );
      for (const key of has) had.add(key);
    }
  });

  it('moves keys one way as a date rollout goes on, which its state tells', () => {
    const flag = aFlag({ defaultVariant: dates('2026-05-01T00:00:00Z', '2026-05-11T00:00:00Z', 10, 60) });
    const at = (day: number) => Date.parse('2026-05-01T00:00:00Z') + day * 86_400_000;
    // Bucket 6463 is beyond the 60 %; 3355, of another salt, comes over when the share is 33.56 %, on day 4.712.
    const other = compileFlag(aDefinition({ ...flag.definition, salt: 'new-dashboard' }));
    const values = (of: typeof flag, days: number[]) =>
      days.map((day) => {
        const evaluation = evaluate(of, aRequest({ targetingKey: KEY, now: at(day) })) as { value: string };
        expect(rolloutState(of, KEY, at(day)).toUpperCase()).toBe(evaluation.value === 'A' ? 'S' : 'E');
        return evaluation.value;
      });
    expect(values(flag, [-1, 0, 5, 9.999, 10, 11]).join('')).toBe('AAAABB');
    expect(values(other, [-1, 0, 4.71, 4.712, 5, 9.999, 10]).join('')).toBe('AAABBBB');
    expect(rolloutState(flag, undefined, at(5))).toBe('-');
    expect(rolloutState(aFlag(), KEY, at(5))).toBe('');
  });

  it('passes over strategies whose variants are gone, and fails where the default is one', () => {
    const targetings = [basic('gone'), percentage({ gone: 1 }), percentage({})].map((strategy) =>
      targeting('true', strategy),
    );
    expect(evaluate(aFlag({ targetings }), aRequest())).toMatchObject({ value: 'A', reason: 'DEFAULT' });
    expect(evaluate(aFlag({ defaultVariant: basic('gone') }), aRequest())).toMatchObject({ errorCode: 'GENERAL' });
  });

  it('answers with the same object again, so that what is made of it can be kept', () => {
    const flag = aFlag({ targetings: [targeting('plan == "pro"', basic('b'))] });
    for (const plan of ['pro', 'free']) {
      const [one, other] = [1, 2].map(() => evaluate(flag, aRequest({ context: { plan } })));
      expect(one).toBe(other);
    }
  });

  it('needs nothing of a disabled flag that only its rules need', () => {
    const targetings = [
      targeting('__kaiten.customer.slug == "a"', dates('2026-05-01T00:00:00Z', '2026-07-01T00:00:00Z')),
    ];
    expect(aFlag({ targetings })).toMatchObject({
      readsFacts: true,
      needsKey: true,
      dateRollouts: [expect.anything()],
    });
    const disabled = aFlag({ targetings, enabled: false });
    expect(disabled).toMatchObject({ readsFacts: false, needsKey: false, dateRollouts: [] });
  });

  it('tells of an error that is no failure of a rule, and goes on without the rule', () => {
    const flag = aFlag({ targetings: [targeting('surprise.at == 1', basic('b')), targeting('true', basic('c'))] });
    const error = new TypeError('a mistake of ours');
    const context = Object.defineProperty({}, 'surprise', {
      get: () => {
        throw error;
      },
    });
    const told: unknown[][] = [];
    const request = aRequest({ context, onUnexpected: (...it) => void told.push(it) });
    expect(evaluate(flag, request)).toMatchObject({ value: 'C', brokenRules: ['if surprise.at == 1'] });
    expect(told).toEqual([[error, flag.targetings[0], flag]]);
    expect(explain(flag, request).targetings[0]).toMatchObject({ failure: { message: 'the rule cannot be run' } });
  });

  it('is GENERAL when the request has no budget left', () => {
    const meter = new Meter(REQUEST_BUDGET);
    meter.spend(REQUEST_BUDGET);
    expect(evaluate(aFlag(), aRequest({ meter }))).toMatchObject({ errorCode: 'GENERAL' });
  });
});
