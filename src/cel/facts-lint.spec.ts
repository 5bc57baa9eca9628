import { describe, expect, it } from '@jest/globals';
import type { FactShape } from './fact-shape.js';
import { compileRule } from './rule.js';

const SHAPE: FactShape = {
  roots: [
    {
      name: '__kaiten',
      type: 'object',
      fields: [
        {
          name: 'instance',
          type: 'object',
          optional: true,
          fields: [
            { name: 'slug', type: 'string' },
            { name: 'metadata', type: 'dyn' },
          ],
        },
        {
          name: 'entitlements',
          type: 'map',
          values: { name: 'entitlement', type: 'object', fields: [{ name: 'limit', type: 'number' }] },
        },
      ],
    },
  ],
};

describe('facts in a rule', () => {
  it.each([
    '__kaiten.instance.slug == "a"',
    '__kaiten["instance"]["slug"] == "a"',
    'has(__kaiten.instance) && has(__kaiten.instance.slug)',
    '__kaiten.instance.metadata.anything.below == 1',
    '__kaiten.entitlements.seats.limit > 1 && __kaiten.entitlements["seats"].limit > 1',
    '__kaiten[name].unknown == 1',
    'instance.unknown == 1',
    '[{"a": 1}].exists(__kaiten, __kaiten.a == 1)',
  ])('%s is fine', (source) => {
    expect(compileRule(source, SHAPE).issues).toBeUndefined();
  });

  it.each([
    ['__kaiten.instanse.slug == "a"', '__kaiten.instanse does not exist; did you mean instance?', 10, 18],
    ['a || __kaiten["zone"] == "a"', '__kaiten.zone does not exist', 15, 21],
    ['has(__kaiten.instance.slugg)', '__kaiten.instance.slugg does not exist; did you mean slug?', 23, 28],
    ['__kaiten.instance.slug.length == 1', '__kaiten.instance.slug.length does not exist: slug is a string', 24, 30],
    [
      '__kaiten.entitlements.seats.limits == 1',
      '__kaiten.entitlements.seats.limits does not exist; did you mean limit?',
      29,
      35,
    ],
  ])('%s does not exist', (source, message, column, endColumn) => {
    const [path] = message.split(' ');
    const [, similar] = /did you mean (\w+)/.exec(message) ?? [];
    const params = { path, ...(similar !== undefined && { similar }) };
    const issue = { message, line: 1, column, endLine: 1, endColumn, code: 'unknown_fact', params };
    expect(compileRule(source, SHAPE).issues).toEqual([issue]);
    expect(compileRule(source).issues).toBeUndefined();
  });
});
