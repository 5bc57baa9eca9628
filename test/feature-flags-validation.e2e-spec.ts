import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from './support/api.js';
import { useApp } from './support/app.js';
import type { FlagBody } from './support/flag-bodies.js';
import { createFlag, dates, errorsOf, shares, step, targeting, variant } from './support/flag-bodies.js';
import { anOrg } from './support/organizations.js';

useApp();

let api: Api;
beforeAll(async () => {
  ({ api } = await anOrg());
  await createFlag(api, { slug: 'there' });
});

const ON = variant('on', true);

const NO_VARIANT = 'is not a variant of this flag';
const WEIGHT = 'must be a whole number from 0 to 1000000000';
const PERCENTAGE = 'must be a whole number from 0 to 100';

describe('422 with one error, at its place', () => {
  it.each<[string, FlagBody, string, string | RegExp]>([
    ['no variants', { variants: [] }, 'body.variants', 'must have one variant or more'],
    ['variants that are null', { variants: null }, 'body.variants', 'must have one variant or more'],
    ['variants that are no list', { variants: {} }, 'body.variants', 'must be a list'],
    [
      'a variant that is no object',
      { variants: [ON, 1, variant('off', false)] },
      'body.variants[1]',
      'must be an object',
    ],
    ['a variant twice', { variants: [ON, variant('off', false), ON] }, 'body.variants[2].name', 'is there twice'],
    [
      'a variant without a value',
      { variants: [ON, { name: 'off', description: '' }] },
      'body.variants[1].value',
      'must be given',
    ],
    [
      'an unknown key in a variant',
      { variants: [ON, { ...variant('off', false), colour: 1 }] },
      'body.variants[1].colour',
      'is not known here',
    ],
    [
      'a description that is null',
      { variants: [ON, variant('off', false, null)] },
      'body.variants[1].description',
      /string/,
    ],
    [
      'a name that is no text',
      { variants: [ON, variant('off', false), variant(7, true)] },
      'body.variants[2].name',
      /string/,
    ],
    [
      'a text that should be true or false',
      { variants: [ON, variant('off', 'false')] },
      'body.variants[1].value',
      "must be true or false, as the flag's type is boolean",
    ],
    [
      'null that should be true or false',
      { variants: [ON, variant('off', null)] },
      'body.variants[1].value',
      /true or false/,
    ],
    [
      'an unknown variant by default',
      { default_variant: { type: 'basic', value: 'On' } },
      'body.default_variant.value',
      NO_VARIANT,
    ],
    [
      'a default of no kind',
      { default_variant: { type: 'rollout', value: 'on' } },
      'body.default_variant.type',
      'must be one of basic, rollout_date, rollout_percentage',
    ],
    [
      'a default of no kind, as JavaScript knows it',
      { default_variant: { type: 'constructor' } },
      'body.default_variant.type',
      /one of basic/,
    ],
    ['a default that is null', { default_variant: null }, 'body.default_variant', 'must be an object'],
    ['a default that is not given', { default_variant: undefined }, 'body.default_variant', 'must be an object'],
    [
      'a default with the key of a targeting',
      { default_variant: { type: 'basic', value: 'on', variant: 'on' } },
      'body.default_variant.variant',
      'is not known here',
    ],
    [
      'an unknown variant at the start',
      { default_variant: dates(step('a'), step('on')) },
      'body.default_variant.start.variant',
      NO_VARIANT,
    ],
    [
      'an unknown variant at the end',
      { default_variant: dates(step('on'), step('b')) },
      'body.default_variant.end.variant',
      NO_VARIANT,
    ],
    [
      '101 per cent',
      { default_variant: dates(step('on', 101), step('on')) },
      'body.default_variant.start.percentage',
      PERCENTAGE,
    ],
    [
      '-1 per cent',
      { default_variant: dates(step('on'), step('on', -1)) },
      'body.default_variant.end.percentage',
      PERCENTAGE,
    ],
    [
      'half a per cent',
      { default_variant: dates(step('on', 0.5), step('on')) },
      'body.default_variant.start.percentage',
      PERCENTAGE,
    ],
    [
      'an end before its start',
      { default_variant: dates(step('on', 0, '2026-01-02T00:00:00Z'), step('on', 0, '2026-01-02T00:59:59+01:00')) },
      'body.default_variant.end.date',
      'must not be before start.date',
    ],
    [
      'a day that is not',
      { default_variant: dates(step('on', 0, '2026-02-30T00:00:00Z'), step('on')) },
      'body.default_variant.start.date',
      /must be a time/,
    ],
    [
      'a day that cannot be made a text',
      { default_variant: dates(step('on', 0, { toString: 1 } as never), step('on')) },
      'body.default_variant.start.date',
      /must be a time/,
    ],
    [
      'an unknown key in a step',
      { default_variant: dates({ ...step('on'), a: 1 }, step('on')) },
      'body.default_variant.start.a',
      'is not known here',
    ],
    [
      'a step that is no object',
      { default_variant: dates([], step('on')) },
      'body.default_variant.start',
      'must be an object',
    ],
    [
      'an unknown variant with a weight',
      { default_variant: shares({ on: 1, blue: 1 }) },
      'body.default_variant.distribution.blue',
      NO_VARIANT,
    ],
    [
      'a weight below 0',
      { default_variant: shares({ on: 1, off: -1 }) },
      'body.default_variant.distribution.off',
      WEIGHT,
    ],
    [
      'half a weight',
      { default_variant: shares({ on: 1, off: 0.5 }) },
      'body.default_variant.distribution.off',
      WEIGHT,
    ],
    [
      'a weight above the most',
      { default_variant: shares({ on: 1_000_000_001 }) },
      'body.default_variant.distribution.on',
      WEIGHT,
    ],
    [
      'a weight that is a text',
      { default_variant: shares({ on: '1', off: 1 }) },
      'body.default_variant.distribution.on',
      WEIGHT,
    ],
    [
      'weights that are all 0',
      { default_variant: shares({ on: 0, off: 0 }) },
      'body.default_variant.distribution',
      'must have a weight above 0',
    ],
    ['no weights', { default_variant: shares({}) }, 'body.default_variant.distribution', 'must have a weight above 0'],
    [
      'weights that are a list',
      { default_variant: shares([1]) },
      'body.default_variant.distribution',
      'must be an object',
    ],
    [
      'an unknown variant of a targeting',
      { targetings: [targeting('a'), targeting('b', 'true', 'x')] },
      'body.targetings[1].variant',
      NO_VARIANT,
    ],
    [
      'an unknown variant with a weight in a targeting',
      { targetings: [targeting('a'), { ...shares({ on: 1, blue: 0 }), name: 'b', rule: 'true' }] },
      'body.targetings[1].distribution.blue',
      NO_VARIANT,
    ],
    [
      'an unknown variant in a step of a targeting',
      { targetings: [{ ...dates(step('on'), step('blue')), name: 'b', rule: 'true' }] },
      'body.targetings[0].end.variant',
      NO_VARIANT,
    ],
    [
      'a targeting twice',
      { targetings: [targeting('a'), targeting('b'), targeting('a')] },
      'body.targetings[2].name',
      'is there twice',
    ],
    ['a targeting without a name', { targetings: [targeting('')] }, 'body.targetings[0].name', /1 to 255/],
    [
      'a targeting of no kind',
      { targetings: [{ ...targeting('a'), type: 'default' }] },
      'body.targetings[0].type',
      /one of basic/,
    ],
    ['a targeting that is null', { targetings: [null] }, 'body.targetings[0]', 'must be an object'],
    [
      'a targeting with the key of a default',
      { targetings: [{ ...targeting('a'), value: 'on' }] },
      'body.targetings[0].value',
      'is not known here',
    ],
    ['targetings that are no list', { targetings: 'none' }, 'body.targetings', 'must be a list'],
    [
      'a rule of 10,001 characters',
      { targetings: [targeting('a', `${' '.repeat(9_997)}true`)] },
      'body.targetings[0].rule',
      /10000 characters/,
    ],
    [
      'a rule that is no text',
      { targetings: [{ ...targeting('a'), rule: true }] },
      'body.targetings[0].rule',
      /string/,
    ],
    ['a blank rule', { targetings: [targeting('a', ' ')] }, 'body.targetings[0].rule', /./],
    [
      'a rule that does not end',
      { targetings: [targeting('a'), targeting('b', "plan == 'x' &&\n  (beta")] },
      'body.targetings[1].rule',
      /\(line 2, column \d+\)$/,
    ],
    [
      'a fact that there is not',
      { targetings: [targeting('a', "__kaiten.customer.plan == 'x'")] },
      'body.targetings[0].rule',
      /\(line 1, column \d+\)$/,
    ],
    [
      '101 variants',
      { variants: Array.from({ length: 101 }, (_, i) => variant(i === 0 ? 'off' : `v${i}`, true)) },
      'body.variants',
      'must not have more than 100 items',
    ],
    [
      '201 targetings',
      { targetings: Array.from({ length: 201 }, (_, i) => targeting(`t${i}`)) },
      'body.targetings',
      'must not have more than 200 items',
    ],
    ['a type that is none', { type: 'integer' }, 'body.type', /one of/],
    ['a type that cannot be made a text', { type: { toString: 1 } as never }, 'body.type', /one of/],
    ['a type in capitals', { type: 'BOOLEAN' }, 'body.type', /one of/],
    ['enabled that is a text', { enabled: 'true' }, 'body.enabled', 'must be true or false'],
    ['no event_name', { event_name: undefined }, 'body.event_name', /./],
    ['no description', { description: undefined }, 'body.description', /./],
    ['metadata that is null', { metadata: null }, 'body.metadata', /object/],
    ['more than 64 KiB of metadata', { metadata: { a: 'x'.repeat(64 * 1024) } }, 'body.metadata', /65536 bytes/],
    ['a spelling of long ago', { ...({ defaultVariant: {} } as object) }, 'body.defaultVariant', 'is not known here'],
  ])('%s', async (_, fields, location, message) => {
    const [[where, what] = [], ...others] = await errorsOf(api, 'there', fields);
    expect([where, others.filter(([at]) => at !== location)]).toEqual([location, []]);
    if (message instanceof RegExp) expect(what).toMatch(message);
    else expect(what).toBe(message);
  });

  it.each([
    ['string', 1, 'a text'],
    ['string', null, 'a text'],
    ['number', '1', 'a number'],
    ['number', true, 'a number'],
    ['object', '{}', 'an object'],
    ['object', [], 'an object'],
    ['object', null, 'an object'],
  ])('a value of type %s that is %j', async (type, value, what) => {
    const errors = await errorsOf(api, 'there', { type, variants: [variant('off', value)] });
    expect(errors).toEqual([['body.variants[0].value', `must be ${what}, as the flag's type is ${type}`]]);
  });
});
