import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EvaluationCounts } from '../src/flag-evaluations/evaluation-counts.js';
import { anonymous } from './support/api.js';
import type { Answer, Api } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { createFlag, text } from './support/flag-bodies.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp({ env: { FLAG_EVALUATION_COUNTS: 'on' } });

let org: TestOrganization;
let api: Api;
/** Holds read:feature_flags and no more, as tokens in browsers do. */
let browser: Api;

const DOMAIN = 'secret.tokyo.sakura.example';

beforeAll(async () => {
  org = await anOrg();
  api = org.api;
  browser = await org.as('read:feature_flags');
  const customer = await api.post('/api/customers', { name: 'Sakura Tokyo', slug: 'sakura-tokyo', domain: DOMAIN });
  const instance = {
    name: 'Training',
    slug: 'sakura-training',
    customerId: customer.body.id,
    metadata: { size: 'XL' },
  };
  expect((await api.post('/api/instances', instance)).status).toBe(201);
});

const explain = (slug: string, body: object = {}, as: Api = api): Promise<Answer> =>
  as.post(`/api/feature-flags/${slug}/explain`, body);

const outcomes = ({ body }: Answer): unknown[] => body.targetings.map(({ outcome }: any) => outcome);
const because = ({ body }: Answer): unknown[] =>
  body.whyNot.reasons.map((reason: any) => [reason.targeting, reason.because]);

const THREE = {
  type: 'string',
  variants: [text('a'), text('b'), text('c')],
  default_variant: { type: 'basic', value: 'c' },
};

describe('POST /api/feature-flags/{featureFlagSlug}/explain', () => {
  it('200: each targeting in order, and who gave what', async () => {
    const flag = await createFlag(api, {
      ...THREE,
      targetings: [
        { type: 'basic', name: 'no', rule: 'plan == "free"', variant: 'a' },
        { type: 'basic', name: 'breaks', rule: 'plan == "pro" &&\n  seats > 10', variant: 'a' },
        { type: 'basic', name: 'yes', rule: 'plan == "pro"', variant: 'b' },
        { type: 'basic', name: 'late', rule: 'true', variant: 'a' },
      ],
    });
    const before = Date.now();
    const { status, body } = await explain(flag.slug, { context: { plan: 'pro', seats: 'many' }, variant: 'a' });
    expect(status).toBe(200);
    const { evaluatedAt, ...rest } = body;
    expect(Date.parse(evaluatedAt)).toBeGreaterThanOrEqual(before);
    expect(rest).toEqual({
      key: flag.slug,
      variant: 'b',
      value: 'value of b',
      reason: 'TARGETING_MATCH',
      matchedRule: 'yes',
      brokenRules: ['breaks'],
      facts: { instance: {}, customer: {} },
      factsRedacted: false,
      targetings: [
        { name: 'no', outcome: 'not_matched' },
        { name: 'breaks', outcome: 'broken', message: expect.stringContaining('>'), line: 2, column: 3 },
        { name: 'yes', outcome: 'matched' },
        { name: 'late', outcome: 'skipped', because: 'earlier_targeting_matched' },
      ],
      decidedBy: 'targeting',
      strategy: { type: 'basic', variant: 'b' },
      whyNot: {
        variant: 'a',
        reasons: [
          { targeting: 'no', because: 'targeting_not_matched', detail: expect.any(String) },
          { targeting: 'breaks', because: 'targeting_broken', detail: expect.stringContaining('>') },
          { targeting: 'late', because: 'earlier_targeting_matched', detail: expect.stringContaining('yes') },
        ],
      },
    });
  });

  it('200: the bucket and who has which', async () => {
    const flag = await createFlag(api, {
      ...THREE,
      slug: 'shares',
      default_variant: { type: 'rollout_percentage', distribution: { a: 1, b: 3, c: 0 } },
    });
    const found = await explain(flag.slug, { targetingKey: 'user-1', variant: 'c' });
    const { bucket, strategy, variant, reason, decidedBy } = found.body;
    const segments = [
      { variant: 'a', from: 0, to: 2_500 },
      { variant: 'b', from: 2_500, to: 10_000 },
    ];
    expect({ decidedBy, reason, strategy }).toEqual({
      decidedBy: 'default',
      reason: 'SPLIT',
      strategy: { type: 'rollout_percentage', segments },
    });
    expect(bucket).toEqual({ salt: 'shares', targetingKey: 'user-1', number: expect.any(Number), of: 10_000 });
    expect(segments.find(({ from, to }) => from <= bucket.number && bucket.number < to)!.variant).toBe(variant);
    expect(because(found)).toEqual([[undefined, 'weight_is_zero']]);
    const another = variant === 'a' ? 'b' : 'a';
    const other = await explain(flag.slug, { targetingKey: 'user-1', variant: another });
    const [range] = segments.filter((segment) => segment.variant === another);
    expect(other.body.whyNot.reasons).toMatchObject([
      { because: 'bucket_outside_share', bucket: bucket.number, ranges: [{ from: range!.from, to: range!.to }] },
    ]);
  });

  it('200: the key in the context is the same as beside it, which goes first; without one, why it failed', async () => {
    const within = await explain('shares', { context: { targetingKey: 'user-7' } });
    const beside = await explain('shares', { context: { targetingKey: 'user-1' }, targetingKey: 'user-7' });
    expect(beside.body.bucket).toEqual(within.body.bucket);
    expect(within.body.bucket.targetingKey).toBe('user-7');
    for (const body of [{}, { targetingKey: '' }, { context: { targetingKey: '' } }]) {
      const without = await explain('shares', { ...body, variant: 'a' });
      expect(without.body).toMatchObject({ reason: 'ERROR', errorCode: 'TARGETING_KEY_MISSING', decidedBy: 'default' });
      expect(without.body.bucket).toBeUndefined();
      expect(without.body.variant).toBeUndefined();
      expect(because(without)).toEqual([[undefined, 'targeting_key_missing']]);
    }
  });

  it('200: where a rollout by date is', async () => {
    const rollout = (from: string, to: string): object => ({
      ...THREE,
      default_variant: {
        type: 'rollout_date',
        start: { variant: 'a', percentage: 20, date: `${from}-01-01T00:00:00Z` },
        end: { variant: 'b', percentage: 80, date: `${to}-01-01T00:00:00Z` },
      },
    });
    const states = [];
    for (const [from, to] of [
      ['2000', '2001'],
      ['2000', '2999'],
      ['2998', '2999'],
    ] as const) {
      const flag = await createFlag(api, rollout(from, to));
      const { body } = await explain(flag.slug, { targetingKey: 'somebody', variant: 'a' });
      states.push([
        body.strategy.state,
        body.strategy.startVariant,
        body.strategy.endVariant,
        body.bucket !== undefined,
      ]);
      if (body.bucket) {
        expect(body.strategy.endVariantBelow).toBeGreaterThan(2_000);
        expect(body.strategy.endVariantBelow).toBeLessThan(8_000);
        expect(body.variant).toBe(body.bucket.number < body.strategy.endVariantBelow ? 'b' : 'a');
      } else expect(body.variant).toBe(body.strategy.state === 'after' ? 'b' : 'a');
    }
    expect(states).toEqual([
      ['after', 'a', 'b', false],
      ['under_way', 'a', 'b', true],
      ['before', 'a', 'b', false],
    ]);
  });

  it('200: a disabled flag, whose targetings are not looked at', async () => {
    const flag = await createFlag(api, {
      enabled: false,
      targetings: [{ type: 'basic', name: 'all', rule: 'true', variant: 'on' }],
    });
    const answer = await explain(flag.id, { variant: flag.variants[0].id });
    expect(answer.body).toMatchObject({ variant: 'off', reason: 'DISABLED', decidedBy: 'default' });
    expect(answer.body.targetings).toEqual([{ name: 'all', outcome: 'skipped', because: 'flag_disabled' }]);
    expect(answer.body.whyNot.variant).toBe('on');
    expect(because(answer)).toEqual([['all', 'flag_disabled']]);
    expect((await explain(flag.id, { variant: 'off' })).body.whyNot).toEqual({ variant: 'off', reasons: [] });
  });

  it('200: of a flag that is called like the routes of rules', async () => {
    const flag = await createFlag(api, { slug: 'targeting' });
    expect((await explain(flag.slug)).body).toMatchObject({ key: 'targeting', variant: 'off', reason: 'STATIC' });
  });

  it('200: a rule that costs too much is broken, and says so', async () => {
    const flag = await createFlag(api, {
      targetings: [{ type: 'basic', name: 'dear', rule: 'l.all(x, l.all(y, l.all(z, x != y + z)))', variant: 'on' }],
    });
    const l = Array.from({ length: 300 }, () => 1);
    const answer = await explain(flag.slug, { context: { l } });
    expect(answer.body).toMatchObject({ variant: 'off', reason: 'DEFAULT', brokenRules: ['dear'] });
    expect(answer.body.targetings[0].message).toContain('costs more');
  });

  it('422: at the exact place', async () => {
    const flag = await createFlag(api);
    let deep: unknown = 1;
    for (let i = 0; i < 32; i++) deep = [deep];
    const cases: [object, string][] = [
      [{ variant: 'nothing' }, 'body.variant'],
      [{ variant: '' }, 'body.variant'],
      [{ context: { targetingKey: 7 } }, 'body.context.targetingKey'],
      [{ context: { deep } }, 'body.context'],
      [{ context: { large: 'x'.repeat(64 * 1024) } }, 'body.context'],
      [{ context: [] }, 'body.context'],
      [{ targetingKey: 7 }, 'body.targetingKey'],
      [{ colour: 'pink' }, 'body.colour'],
    ];
    for (const [body, location] of cases) {
      const answer = await explain(flag.slug, body);
      const { status, body: problem } = answer;
      expect([status, problem.code, problem.errors[0].location]).toEqual([422, 'VALIDATION_FAILED', location]);
    }
  });

  it('401, 403, 404', async () => {
    const flag = await createFlag(api);
    expect((await explain(flag.slug, {}, anonymous)).status).toBe(401);
    expect((await explain(flag.slug, {}, await org.as('read:customers', 'read:instances'))).status).toBe(403);
    expect((await explain(flag.slug, {}, (await anOrg()).api)).body.code).toBe('FeatureFlag.NotFound');
    expect((await explain('nothing')).body.code).toBe('FeatureFlag.NotFound');
  });
});

describe('the facts of an explanation', () => {
  let slug: string;
  beforeAll(async () => {
    ({ slug } = await createFlag(api, {
      ...THREE,
      targetings: [
        {
          type: 'basic',
          name: 'quotes a fact',
          rule: `timestamp('2026-01-01T00:00:00Z').getHours(__kaiten.customer.domain) == 1`,
          variant: 'a',
        },
        { type: 'basic', name: 'reads a fact', rule: `__kaiten.instance.metadata.size == 'XL'`, variant: 'b' },
      ],
    }));
  });

  const asked = { context: { __kaiten: { customer: { domain: 'UTC' } } }, targetingKey: 'sakura-tokyo', variant: 'a' };

  it('are what the server knows, and what rules have read', async () => {
    const { body } = await explain(slug, asked);
    expect(body).toMatchObject({
      variant: 'b',
      factsRedacted: false,
      facts: {
        customer: { slug: 'sakura-tokyo', name: 'Sakura Tokyo', domain: DOMAIN },
        instance: { slug: 'sakura-training', metadata: { size: 'XL' } },
      },
      targetings: [{ outcome: 'broken', message: expect.stringContaining(DOMAIN) }, { outcome: 'matched' }],
    });
    expect(body.whyNot.reasons[0].detail).toContain(DOMAIN);
  });

  it('are of the instance that the context names', async () => {
    const context = { kaiten: { instanceSlug: 'sakura-training' } };
    const { body } = await explain(slug, { context });
    expect([body.facts.customer.slug, body.variant]).toEqual(['sakura-tokyo', 'b']);
    const nobody = await explain(slug, { context: { kaiten: { instanceSlug: 'nothing' } } });
    expect(nobody.body.facts).toEqual({ instance: {}, customer: {} });
  });

  it('are not told to a token that may not read them, not even by the words of a rule that failed', async () => {
    const whole = await explain(slug, asked);
    const lesser = [browser, await org.as('read:feature_flags', 'read:customers')];
    lesser.push(await org.as('read:feature_flags', 'write:instances'));
    for (const token of lesser) {
      const answer = await explain(slug, asked, token);
      expect(answer.status).toBe(200);
      for (const secret of [DOMAIN, 'Sakura Tokyo', 'sakura-training', 'XL']) expect(answer.text).not.toContain(secret);
      expect(answer.body.factsRedacted).toBe(true);
      expect(answer.body.facts).toEqual({ instance: {}, customer: {} });
      expect(outcomes(answer)).toEqual(outcomes(whole));
      expect(because(answer)).toEqual(because(whole));
      expect(answer.body.variant).toBe(whole.body.variant);
      const [broken] = answer.body.targetings;
      const { message: _, ...place } = whole.body.targetings[0];
      expect(broken).toEqual(place);
    }
  });

  it('are told to one that may', async () => {
    for (const token of [
      await org.as('read:*'),
      await org.as('read:feature_flags', 'write:customers', 'read:instances'),
    ]) {
      const { body } = await explain(slug, asked, token);
      expect([body.factsRedacted, body.facts.customer.domain]).toEqual([false, DOMAIN]);
    }
  });

  it('leave a broken rule its words where it reads none', async () => {
    const flag = await createFlag(api, {
      targetings: [{ type: 'basic', name: 'own', rule: 'a > 1', variant: 'on' }],
    });
    const { body } = await explain(flag.slug, { context: { a: 'x' } }, browser);
    expect(body.targetings[0]).toMatchObject({ outcome: 'broken', message: expect.any(String), line: 1 });
  });
});

describe('an explanation', () => {
  const names = ['a', 'b', 'c'];
  const variantName = fc.constantFrom(...names);
  const rule = fc.constantFrom(
    'true',
    'beta',
    '!beta',
    'plan == "pro"',
    'plan in ["pro", "free"] && beta',
    'has(user.group) && user.group.startsWith("a")',
    'number / 2.0 > 3.0',
    'targetingKey.contains("1")',
    '__kaiten.customer.slug == "sakura-tokyo"',
    'has(__kaiten.instance.metadata.size) && beta',
    '[1, 2, 3].exists(x, x == int(number))',
  );
  const step = fc.record({ variant: variantName, percentage: fc.integer({ min: 0, max: 100 }) });
  // Shares move by a bucket in weeks: the two requests are evaluated at the same time, as good as.
  const strategy = (basic: string) =>
    fc.oneof(
      variantName.map((name) => ({ type: 'basic', [basic]: name })),
      fc
        .array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 })
        .filter((weights) => weights.some((weight) => weight > 0))
        .map((weights) => ({
          type: 'rollout_percentage',
          distribution: Object.fromEntries(weights.map((weight, i) => [names[i], weight])),
        })),
      fc.tuple(fc.integer({ min: 1400, max: 2400 }), step, step).map(([year, start, end]) => ({
        type: 'rollout_date',
        start: { ...start, date: `${year}-01-01T00:00:00Z` },
        end: { ...end, date: `${year + 500}-01-01T00:00:00Z` },
      })),
    );
  const aFlag = fc.record({
    enabled: fc.constantFrom(true, true, true, false),
    default_variant: strategy('value'),
    targetings: fc.array(fc.tuple(rule, strategy('variant')), { maxLength: 5 }),
  });
  const aContext = fc.record(
    {
      targetingKey: fc.constantFrom('', 'user-1', 'user-2', 'sakura-tokyo', '東京'),
      beta: fc.constantFrom<unknown>(true, false, 'yes'),
      plan: fc.constantFrom<unknown>('pro', 'free', 1),
      number: fc.constantFrom<unknown>(1, 3.5, 1e9, 'x'),
      user: fc.constantFrom<unknown>({ group: 'admins' }, { group: 'b' }, {}),
      __kaiten: fc.constant({ customer: { slug: 'sakura-tokyo' } }),
    },
    { requiredKeys: [] },
  );

  it('says what OFREP answers, for any flag and context, and of each variant why it was not given but one', async () => {
    await fc.assert(
      fc.asyncProperty(aFlag, fc.array(aContext, { minLength: 4, maxLength: 4 }), async (given, contexts) => {
        const flag = await createFlag(api, {
          ...THREE,
          ...given,
          targetings: given.targetings.map(([source, chosen], i) => ({ name: `t${i}`, rule: source, ...chosen })),
        });
        for (const context of contexts) {
          const answer = await api.post(`/api/ofrep/v1/evaluate/flags/${flag.slug}`, { context });
          const { body } = answer;
          const whys = [];
          for (const variant of names) {
            const { body: told } = await explain(flag.slug, { context, variant });
            expect({
              variant: told.variant,
              value: told.value,
              reason: told.reason === 'ERROR' ? undefined : told.reason,
              errorCode: told.errorCode,
              brokenRules: told.brokenRules,
            }).toEqual({
              variant: body.variant,
              value: body.value,
              reason: body.reason,
              errorCode: body.errorCode,
              brokenRules: JSON.parse(body.metadata?.['kaiten.brokenTargetingRules'] ?? '[]'),
            });
            whys.push(told.whyNot.reasons.length === 0 ? variant : undefined);
          }
          expect(whys.filter(Boolean)).toEqual(answer.status === 200 ? [body.variant] : []);
        }
        expect((await api.delete(`/api/feature-flags/${flag.slug}`)).status).toBe(204);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('is kept nowhere: not in a table, not in the log, and it is not counted', async () => {
    const flag = await createFlag(api, {
      targetings: [{ type: 'basic', name: 'broken', rule: 'email > 1', variant: 'on' }],
    });
    const secret = 'somebody-who-is-nobodys-business';
    const body = { context: { email: `${secret}@example.com`, list: [secret] }, targetingKey: secret, variant: 'on' };
    expect((await explain(flag.slug, body)).status).toBe(200);
    expect((await explain(flag.slug, { ...body, variant: secret })).status).toBe(422);
    await testApp().app.get(EvaluationCounts).write();
    expect((await api.get(`/api/feature-flags/${flag.slug}/evaluations`)).body.total).toBe(0);
    expect(testApp().log()).not.toContain(secret);
    const { owner } = testApp();
    const tables = await owner.query<{ name: string }[]>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const rows = await owner.query(`SELECT 1 FROM ${name} t WHERE t::text LIKE '%${secret}%'`);
      expect(rows).toEqual([]);
    }
  });
});
