import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { FeatureFlagDto } from '../feature-flags/dto/feature-flag.dto.js';
import { validateInput } from '../http/validation.js';
import { DEMO_FLAGS } from './flags.js';

it('the demo has flags that a request could make, one of each type', () => {
  for (const flag of DEMO_FLAGS) expect(validateInput(FeatureFlagDto, flag, 'body')).toMatchObject(flag);
  expect(DEMO_FLAGS.map(({ type }) => type)).toEqual(['boolean', 'string', 'number', 'object']);
  expect(DEMO_FLAGS.map(({ default_variant: { type }, targetings }) => [type, targetings.length])).toEqual([
    ['rollout_percentage', 0],
    ['basic', 1],
    ['basic', 0],
    ['basic', 0],
  ]);
});
