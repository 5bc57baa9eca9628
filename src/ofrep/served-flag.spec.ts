import { describe, expect, it } from '@jest/globals';
import { aDefinition, aRequest, basic, targeting } from '../../test/support/evaluated-flags.js';
import { evaluate } from '../flag-evaluation/evaluate.js';
import { ServedFlag, writtenBefore } from './served-flag.js';

describe('an answer that is written', () => {
  const flag = new ServedFlag(aDefinition({ targetings: [targeting('seats > 1', basic('b'), 'large')] }));
  const evaluated = (seats: unknown) => evaluate(flag.compiled, aRequest({ context: { seats } as never }));
  const written = (seats: unknown): string => {
    const evaluation = evaluated(seats);
    if (evaluation.errorCode !== undefined) throw new Error('not evaluated');
    return flag.write(evaluation).json.toString();
  };

  it('is the same bytes as long as it is the same answer', () => {
    expect(writtenBefore(evaluated(0))).toBeUndefined();
    const first = written(0);
    expect(writtenBefore(evaluated(-1))!.json.toString()).toBe(first);
    expect(writtenBefore(evaluated(2))).toBeUndefined();
    expect(written(2)).toMatch('"value":"B"');
    expect(written(0)).toBe(first);
  });

  it('names broken rules, though it was written without any before, and not when they are well again', () => {
    const whole = written(0);
    expect(writtenBefore(evaluated('many'))).toBeUndefined();
    expect(written('many')).toMatch('"kaiten.brokenTargetingRules":"[\\"large\\"]"');
    expect(written(0)).toBe(whole);
    expect(whole).not.toMatch('brokenTargetingRules');
  });
});
