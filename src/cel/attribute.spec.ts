import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../http/json.js';
import { Attribute } from './attribute.js';
import { Frame } from './evaluation.js';
import { Meter } from './meter.js';

const frameOf = (context: JsonObject): Frame => new Frame(context, {}, new Meter(1_000));

describe('an attribute', () => {
  const plan = Attribute.named('plan');

  it('is one object for all who name it', () => {
    expect(Attribute.named('plan')).toBe(plan);
    expect(Attribute.named('plans')).not.toBe(plan);
  });

  it.each<[string, unknown]>([
    ['a text', 'pro'],
    ['an empty text', ''],
    ['a long text', 'x'.repeat(101)],
    ['a number', 0],
    ['a negative zero', -0],
    ['a boolean', false],
    ['null', null],
    ['a list', ['pro']],
    ['an object', { a: 1 }],
    ['nothing', undefined],
  ])('is %s in its own frame, however often frames take turns', (_, value) => {
    const [one, other] = [frameOf({ plan: value } as JsonObject), frameOf({ plan: 'other' })];
    for (let turn = 0; turn < 3; turn++) {
      expect(plan.of(one)).toBe(value);
      expect(plan.of(one)).toBe(value);
      expect(plan.of(other)).toBe('other');
      expect(plan.of(frameOf({}))).toBeUndefined();
    }
  });

  it('keeps nothing large of a request that is over', () => {
    plan.of(frameOf({ plan: 'small' }));
    for (const large of ['x'.repeat(101), ['small'], { small: true }]) plan.of(frameOf({ plan: large }));
    expect(Object.values(plan)).toContain('small');
    expect(JSON.stringify(plan).length).toBeLessThan(200);
  });
});
