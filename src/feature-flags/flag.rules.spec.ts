import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '../http/problem.js';
import { validateInput } from '../http/validation.js';
import { FeatureFlagDto } from './dto/feature-flag.dto.js';

const VARIANTS = [
  { name: 'on', description: '', value: true },
  { name: 'off', description: '', value: false },
];
const FLAG = {
  name: 'Switch',
  description: null,
  type: 'boolean',
  enabled: true,
  event_name: '',
  metadata: {},
  variants: VARIANTS,
  default_variant: { type: 'basic', value: 'off' },
  targetings: null,
};

/** Locations of what is wrong with a flag. */
function locations(flag: object): string[] {
  try {
    validateInput(FeatureFlagDto, flag, 'body');
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.extras.errors!.map(({ location }) => location);
  }
}

describe('judgeFlag', () => {
  it('has nothing to say of a good flag', () => {
    expect(locations(FLAG)).toEqual([]);
  });

  it('judges what can be judged where other things are wrong', () => {
    const targetings = [{ type: 'basic', name: 1, rule: 'true &&', variant: 'blue' }];
    expect(locations({ ...FLAG, name: 1, targetings }).filter((location) => location !== 'body.name')).toEqual([
      'body.targetings[0].name',
      'body.targetings[0].name',
      'body.targetings[0].rule',
      'body.targetings[0].variant',
    ]);
  });

  it('passes over names of variants where the variants are what is wrong', () => {
    for (const variants of [null, [], {}, 'on', Array(101).fill(VARIANTS[0])]) {
      expect(locations({ ...FLAG, variants })).toEqual(['body.variants']);
    }
    expect(locations({ ...FLAG, variants: undefined })).toEqual(expect.arrayContaining(['body.variants']));
  });

  it('looks into no rule of a flag that is too large', () => {
    const targetings = Array.from({ length: 30 }, (_, i) => ({
      type: 'basic',
      name: `t${i}`,
      rule: '('.repeat(10_000),
      variant: 'on',
    }));
    expect(locations({ ...FLAG, targetings })).toEqual(['body']);
  });

  it('throws for no flag, whatever it is made of', () => {
    const junk = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      // JSON that is neither a text nor anything that can be made one.
      fc.constantFrom({ toString: 1 }, { valueOf: 1, toString: null }),
      fc.constantFrom(
        ...Object.values(FLAG),
        { type: 'basic' },
        { type: 'rollout_date' },
        { type: 'rollout_percentage' },
      ),
    );
    const part = fc.oneof(
      junk,
      fc.record({
        type: fc.constantFrom('basic', 'rollout_date', 'rollout_percentage', 'constructor'),
        name: junk,
        rule: junk,
        variant: junk,
        value: junk,
        start: fc.oneof(junk, fc.record({ variant: junk, percentage: junk, date: junk })),
        end: fc.oneof(junk, fc.record({ variant: junk, percentage: junk, date: junk })),
        distribution: fc.oneof(junk, fc.dictionary(fc.constantFrom('on', 'off', 'toString', 'x'), junk)),
      }),
    );
    const flag = fc.record({
      type: fc.oneof(junk, fc.constantFrom('boolean', 'string', 'number', 'object', 'constructor')),
      metadata: junk,
      variants: fc.oneof(
        junk,
        fc.array(fc.oneof(junk, fc.record({ id: junk, name: junk, value: junk })), { maxLength: 4 }),
      ),
      default_variant: part,
      targetings: fc.oneof(junk, fc.array(part, { maxLength: 4 })),
    });
    fc.assert(
      fc.property(flag, (fields) => {
        for (const location of locations({ ...FLAG, ...fields })) expect(location).toMatch(/^body/);
      }),
      { numRuns: 300 },
    );
  });
});
