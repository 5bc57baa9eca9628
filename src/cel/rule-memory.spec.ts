import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import type { Rule } from './rule.js';
import { compileRule } from './rule.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

const repeated = (count: number, partOf: (i: number) => string, between: string): string =>
  Array.from({ length: count }, (_, i) => partOf(i)).join(between);
const nested = (levels: number, core: string): string =>
  levels === 0 ? core : `b&&(b||(${nested(levels - 1, core)}))`;

describe('what a compiled rule takes of memory', () => {
  // For each what it is made of, in bytes; some are kept besides by what is shared, until it is full.
  it.each([
    ['of sums', 235_000, (n: number) => `x${n}${'+a'.repeat(400)} == b`],
    ['of pairs in a chain', 200_000, (n: number) => repeated(100, (i) => `-a${n}_${i}&&-b`, '||')],
    ['of a text with an escape', 60_000, (n: number) => `x${n}.contains("\\n${'a'.repeat(9_800)}")`],
    ['of texts in a list', 60_000, (n: number) => `x${n} in ["\\n${'a'.repeat(9_800)}", a]`],
    ['of blank lines, nested', 200_000, (n: number) => nested(40, `${'\n'.repeat(2_000)}x${n}`)],
    ['of long names', 5_000, (n: number) => `an_attribute_of_a_long_name_${n}.and_a_field // ${'東'.repeat(9_900)}`],
    ['of a long comment', 5_000, (n: number) => `size(a${n}) > 1 || b // ${'東'.repeat(9_900)}`],
  ])('%s is no more than some %i bytes', (_, bytes, ruleOf) => {
    const compile = (n: number): Rule => compileRule(ruleOf(n)).rule!;
    // What is shared is full then.
    for (let n = 0; n < 300; n++) expect(compile(n)).toBeDefined();
    const before = heapUsed();
    const rules = Array.from({ length: 100 }, (__, n) => compile(1_000 + n));
    expect((heapUsed() - before) / rules.length).toBeLessThan(bytes);
    expect(rules).not.toContain(undefined);
  });

  it('is nothing of the patterns that stand beside what is shared', () => {
    const patterns = ['[^a]{440}', '[^b]{440}', '[^c]{440}', '[^d]{440}'].map((text) => `s.matches("${text}")`);
    const compile = (n: number): void =>
      expect(compileRule(`-a${n} == 1 || ${patterns.join(' || ')}`).rule).toBeDefined();
    for (let n = 0; n < 50; n++) compile(n);
    const before = heapUsed();
    for (let n = 100; n < 300; n++) compile(n);
    expect((heapUsed() - before) / 200).toBeLessThan(10_000);
  });
});
