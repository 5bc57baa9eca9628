import { describe, expect, it } from '@jest/globals';
import { aDefinition, basic, targeting } from '../../test/support/evaluated-flags.js';
import { compileFlagInSteps } from './compiled-flag.js';

describe('compileFlagInSteps', () => {
  const targetings = ['a == 1', 'b == 1', 'a == 1'].map((rule, i) => targeting(rule, basic('b'), `${i}`));

  it('pauses after each rule, and compiles the same text once', () => {
    const steps = compileFlagInSteps(aDefinition({ targetings }));
    let pauses = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) pauses++;
    expect(pauses).toBe(3);
    const [first, second, third] = step.value.targetings;
    expect(first!.rule).toBe(third!.rule);
    expect(first!.rule).not.toBe(second!.rule);
    expect(step.value.targetings.map(({ name }) => name)).toEqual(['0', '1', '2']);
  });

  it('compiles nothing of a disabled flag', () => {
    expect(compileFlagInSteps(aDefinition({ targetings, enabled: false })).next()).toMatchObject({ done: true });
  });
});
