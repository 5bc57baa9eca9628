import { describe, expect, it } from '@jest/globals';
import { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';

const failureOf = (spend: () => void): RuleFailure | undefined => {
  try {
    spend();
    return undefined;
  } catch (failure) {
    return failure as RuleFailure;
  }
};

describe('a meter', () => {
  it('takes all that is left for what costs more than that, and no more, since it is not done', () => {
    const meter = new Meter(100);
    meter.spend(40);
    expect(failureOf(() => meter.spend(1e12))).toEqual(new RuleFailure('the rule costs more than 100 units'));
    expect(meter.spent).toBe(100);
  });

  it('holds what is remembered against its limit, where nothing is restricted, too', () => {
    const meter = new Meter(100);
    meter.spend(40);
    meter.save(60);
    expect(failureOf(() => meter.save(1))).toEqual(new RuleFailure('the rule costs more than 100 units'));
    expect(meter.spent).toBe(40);
  });

  it('is restricted to what one rule may cost, and to what all may', () => {
    const meter = new Meter(100);
    meter.restrict(30);
    expect(failureOf(() => meter.spend(31))).toEqual(new RuleFailure('the rule costs more than 30 units'));
    expect(meter.spent).toBe(30);
    meter.restrict(80);
    meter.spend(70);
    expect(failureOf(() => meter.spend(1))).toEqual(new RuleFailure('the rule costs more than 70 units'));
    expect(meter.spent).toBe(100);
  });
});
