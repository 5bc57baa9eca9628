import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { LARGEST_CONTEXT } from '../../src/flag-evaluation/context-limits.js';
import type { Api } from '../support/api.js';
import { useApp } from '../support/app.js';
import { createFlag, evaluateAll, evaluateOne, FLAGS, valuesOf, when } from '../support/flags.js';
import { anOrg } from '../support/organizations.js';

jest.setTimeout(60_000);
useApp();

describe('contexts that mean harm', () => {
  let api: Api;
  const RULES = {
    'a-method': 'has(user.toString)',
    'a-prototype': '"__proto__" in user',
    'a-constructor': 'has(user.constructor.name)',
    'a-root': 'toString == "x"',
    'a-class': 'constructor.name == "Object"',
    'a-length': 'size(user) > 0',
    'a-key': 'targetingKey == "user-1"',
    'the-facts': 'has(__kaiten.instance.slug) || has(__kaiten.customer.slug)',
  };
  beforeAll(async () => {
    ({ api } = await anOrg());
    for (const [slug, rule] of Object.entries(RULES)) await createFlag(api, slug, { targetings: [when(rule)] });
  });

  it('have only what they themselves say', async () => {
    const none = Object.fromEntries(Object.keys(RULES).map((slug) => [slug, false]));
    expect(valuesOf(await evaluateAll(api, { user: {} }))).toEqual(none);
    const said = '{"context":{"user":{"__proto__":{"a":1},"toString":1},"toString":"x"}}';
    expect(valuesOf(await api.send('POST', FLAGS, { raw: said }))).toEqual({
      ...none,
      ...{ 'a-method': true, 'a-prototype': true, 'a-root': true, 'a-length': true },
    });
  });

  it('cannot say what the server knows', async () => {
    const facts = { instance: { slug: 'x' }, customer: { slug: 'x' } };
    for (const context of [{ __kaiten: facts }, { '__kaiten.instance.slug': 'x' }, { kaiten: facts }]) {
      expect(valuesOf(await evaluateAll(api, { user: {}, ...context }))).toMatchObject({ 'the-facts': false });
    }
  });

  it('of 64 KiB in every shape are answered', async () => {
    const fill = (piece: string): string => {
      const count = Math.floor((LARGEST_CONTEXT - 20) / (piece.length + 1));
      return Array(count).fill(piece).join();
    };
    for (const user of [
      `[${fill('1')}]`,
      `[${fill('{}')}]`,
      `"${'x'.repeat(LARGEST_CONTEXT - 12)}"`,
      `{${fill('"a":1')}}`,
      `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`,
    ]) {
      const answer = await api.send('POST', FLAGS, { raw: `{"context":{"user":${user}}}` });
      expect([answer.status, Object.keys(valuesOf(answer))]).toEqual([200, Object.keys(RULES).sort()]);
    }
  });

  it('of any kind are answered flag by flag', async () => {
    const name = fc.constantFrom('user', 'targetingKey', 'kaiten', '__kaiten', '__proto__', 'constructor', 'toString');
    const context = fc.dictionary(fc.oneof(name, fc.string({ unit: 'binary' })), fc.jsonValue({ maxDepth: 5 }));
    await fc.assert(
      fc.asyncProperty(context, async (generated) => {
        const sent = { ...generated };
        if (typeof sent.targetingKey !== 'string') delete sent.targetingKey;
        const answer = await api.send('POST', FLAGS, { raw: JSON.stringify({ context: sent }) });
        expect([answer.status, answer.body.flags.length]).toEqual([200, Object.keys(RULES).length]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('rules that cost more than there is', () => {
  let api: Api;
  const FLAG_COUNT = 16;
  const heavy = (name: string): object => ({
    ...when(`items.all(x, items.all(y, x + y + ${name}.0 >= 0.0))`),
    name,
  });
  const context = { items: Array.from({ length: 3_000 }, (_, i) => i) };
  beforeAll(async () => {
    ({ api } = await anOrg());
    for (let i = 0; i < FLAG_COUNT; i++)
      await createFlag(api, `heavy-${String(i).padStart(2, '0')}`, {
        targetings: [heavy('1'), heavy('2'), heavy('3')],
      });
    await createFlag(api, 'light', {});
  });

  it('are broken, and named', async () => {
    const { status, body } = await evaluateOne(api, 'heavy-00', context);
    expect([status, body]).toEqual([
      200,
      {
        key: 'heavy-00',
        value: false,
        variant: 'off',
        reason: 'DEFAULT',
        metadata: { 'kaiten.brokenTargetingRules': '["1","2","3"]' },
      },
    ]);
  });

  it('leave nothing for the rest of a request, which says so; and the same each time', async () => {
    const { body, status } = await evaluateAll(api, context);
    const outcomes = body.flags.map((flag: { reason?: string; errorCode?: string }) => flag.errorCode ?? flag.reason);
    expect([status, outcomes.length]).toEqual([200, FLAG_COUNT + 1]);
    const first = outcomes.indexOf('GENERAL');
    expect(first).toBeGreaterThan(5);
    expect(new Set(outcomes.slice(0, first))).toEqual(new Set(['DEFAULT']));
    expect(new Set(outcomes.slice(first))).toEqual(new Set(['GENERAL']));
    expect((await evaluateAll(api, context)).body.flags).toEqual(body.flags);
  });

  it('let others have their turn', async () => {
    let isDone = false;
    let meanwhile = 0;
    // Several, so that it takes long enough to be overtaken.
    const all = Promise.all(Array.from({ length: 4 }, () => evaluateAll(api, context))).then(() => (isDone = true));
    while (!isDone) {
      const { body } = await evaluateOne(api, 'light');
      expect(body.reason).toBe('STATIC');
      if (!isDone) meanwhile += 1;
    }
    await all;
    expect(meanwhile).toBeGreaterThan(0);
  });
});
