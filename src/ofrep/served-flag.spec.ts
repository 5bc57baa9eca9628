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

  it('is one for all targetings that give the same variant for the same reason, and counted as one', () => {
    const rules = ['seats == 1', 'seats == 2', 'seats == 3'];
    const many = new ServedFlag(
      aDefinition({ targetings: rules.map((rule, i) => targeting(rule, basic(i < 2 ? 'b' : 'a'), rule)) }),
    );
    const [first, second, third] = [1, 2, 3].map((seats) => {
      const evaluation = evaluate(many.compiled, aRequest({ context: { seats } }));
      if (evaluation.errorCode !== undefined) throw new Error('not evaluated');
      return many.write(evaluation);
    });
    expect(second!.json).toBe(first!.json);
    expect(second!.tally).toBe(first!.tally);
    expect(third!.json.toString()).toContain('"value":"A","variant":"name of a","reason":"TARGETING_MATCH"');
  });

  it('is kept as long as all of a flag’s are small, and the same when it is not', () => {
    const variants = ['a', 'b', 'c'].map((id) => ({ id, name: id, description: '', value: id.repeat(60_000) }));
    const rules = ['seats == 1', 'seats == 2', 'seats == 3'];
    const large = new ServedFlag(
      aDefinition({ variants, targetings: rules.map((rule, i) => targeting(rule, basic(variants[i]!.id), rule)) }),
    );
    const give = (seats: number) => {
      const evaluation = evaluate(large.compiled, aRequest({ context: { seats } }));
      if (evaluation.errorCode !== undefined) throw new Error('not evaluated');
      return { written: large.write(evaluation), isKept: writtenBefore(evaluation) !== undefined };
    };
    expect([1, 2, 3, 1, 3].map((seats) => give(seats).isKept)).toEqual([true, true, false, true, false]);
    expect(give(3).written.json.equals(give(3).written.json)).toBe(true);
    expect(give(3).written.tally).not.toBe(give(3).written.tally);
  });
});
