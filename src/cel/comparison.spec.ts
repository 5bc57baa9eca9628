import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../http/json.js';
import { Frame } from './evaluation.js';
import { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import { compileRule } from './rule.js';

/** What the rule comes to: a failure by its words, since the same is written at different places. */
function outcome(source: string, context: JsonObject): boolean | string {
  const { rule, issues } = compileRule(source);
  if (!rule) return issues[0]!.message;
  try {
    return rule.matches(new Frame(context, { customer: {} }, new Meter(10_000)));
  } catch (failure) {
    if (!(failure instanceof RuleFailure)) throw failure;
    return failure.message;
  }
}

const OPERATORS = ['==', '!=', '<', '<=', '>', '>='];
const CONSTANTS = ['2', '2.5', '-1', '9007199254740993', '2u', '"pro"', '""', '"constructor"', 'true'];
const VALUES = [1, 2, 2.5, -1, 2 ** 53, 'pro', 'q', '', 'constructor', 'p'.repeat(200), true, false, null, [2], {}];

describe('an attribute that is compared with a constant', () => {
  it.each(OPERATORS)('comes to the same by %s as what is no attribute', (operator) => {
    let compared = 0;
    for (const constant of CONSTANTS) {
      for (const context of [{}, ...VALUES.map((x) => ({ x }) as JsonObject)]) {
        const inGeneral = outcome(`(true ? x : x) ${operator} ${constant}`, context);
        expect([constant, context, outcome(`x ${operator} ${constant}`, context)]).toEqual([
          constant,
          context,
          inGeneral,
        ]);
        const flipped = operator.replace(/[<>]/, (sign) => (sign === '<' ? '>' : '<'));
        expect(outcome(`${constant} ${flipped} x`, context)).toEqual(inGeneral);
        compared += typeof inGeneral === 'boolean' ? 1 : 0;
      }
    }
    expect(compared).toBeGreaterThan(30);
  });

  it('is an attribute, and no property that all objects have', () => {
    for (const name of ['constructor', 'toString', 'valueOf']) {
      for (const constant of ['"x"', '1']) {
        expect(outcome(`${name} != ${constant}`, {})).toBe(`there is no attribute ${name}`);
        const own = JSON.parse(`{"${name}":${constant}}`) as JsonObject;
        expect(outcome(`${name} == ${constant}`, own)).toBe(true);
      }
    }
  });

  it('is no variable and no fact of that name', () => {
    expect(outcome('["free"].exists(plan, plan == "free")', { plan: 'pro' })).toBe(true);
    expect(outcome('[1].all(seats, seats < 2)', { seats: 3 })).toBe(true);
    expect(outcome('cel.bind(plan, "free", plan != "pro")', { plan: 'pro' })).toBe(true);
    expect(outcome('__kaiten != "x"', { __kaiten: 'x' })).toBe(true);
  });
});

describe('two conditions in a chain', () => {
  const [yes, no, absent, other] = ['a == 1', 'a == 2', 'b == 1', 'c'];
  const context = { a: 1, c: 'text' };

  it.each([
    [yes, yes, true],
    [yes, no, false],
    [no, yes, false],
    [absent, no, false],
    [no, absent, false],
    [other, no, false],
    [absent, yes, 'there is no attribute b'],
    [yes, absent, 'there is no attribute b'],
    [absent, other, 'there is no attribute b'],
    [yes, other, 'an operand of && is neither true nor false'],
    [other, absent, 'an operand of && is neither true nor false'],
  ])('%s && %s', (a, b, expected) => {
    expect(outcome(`${a} && ${b}`, context)).toBe(expected);
    // The same of a longer chain.
    expect(outcome(`${a} && ${b} && ${yes}`, context)).toBe(expected);
  });

  it.each([
    [no, no, false],
    [no, yes, true],
    [absent, yes, true],
    [other, yes, true],
    [no, absent, 'there is no attribute b'],
    [absent, other, 'there is no attribute b'],
    [other, no, 'an operand of || is neither true nor false'],
  ])('%s || %s', (a, b, expected) => {
    expect(outcome(`${a} || ${b}`, context)).toBe(expected);
    expect(outcome(`${a} || ${b} || ${no}`, context)).toBe(expected);
  });
});
