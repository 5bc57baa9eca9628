import { beforeAll, describe, expect, it } from '@jest/globals';
import { FACT_SHAPE } from '../src/feature-flags/fact-shape.js';
import { anonymous } from './support/api.js';
import type { Api } from './support/api.js';
import { useApp } from './support/app.js';
import { createFlag, SWITCH } from './support/flag-bodies.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp();

const LINT = '/api/feature-flags/targeting/lint';
const TEST = '/api/feature-flags/targeting/test';

let org: TestOrganization;
let api: Api;
let customer: { id: string };
let instance: { id: string };
beforeAll(async () => {
  org = await anOrg();
  api = org.api;
  const made = async (path: string, body: object): Promise<any> => (await api.post(path, body)).body;
  customer = await made('/api/customers', {
    name: 'Sakura Tokyo',
    slug: 'sakura-tokyo',
    domain: 'tokyo.sakura.example',
    externalCustomerId: 'crm-1',
  });
  instance = await made('/api/instances', {
    name: 'Production',
    slug: 'production',
    customerId: customer.id,
    metadata: { region: 'ap-northeast-1', size: 3, nested: { a: [1] } },
  });
  await api.patch('/api/instances/production', { lifecycleStage: 'ACTIVE' });
  await made('/api/instances', { name: 'Staging', slug: 'staging', customerId: customer.id });
  await made('/api/customers', { name: 'Empty', slug: 'empty' });
});

const outcome = ({ status, body }: { status: number; body: any }): unknown[] => [status, body?.code];
const INSTANCE = (): object => ({
  id: instance.id,
  slug: 'production',
  name: 'Production',
  status: 'HEALTHY',
  lifecycleStage: 'ACTIVE',
  metadata: { region: 'ap-northeast-1', size: 3, nested: { a: [1] } },
});
const CUSTOMER = (): object => ({
  id: customer.id,
  slug: 'sakura-tokyo',
  name: 'Sakura Tokyo',
  externalCustomerId: 'crm-1',
  domain: 'tokyo.sakura.example',
});

describe('GET /api/feature-flags/targeting/context', () => {
  it('200 with the tree that lint checks against', async () => {
    const { status, body } = await api.get('/api/feature-flags/targeting/context');
    expect([status, body]).toEqual([200, FACT_SHAPE]);
    const names = (nodes: any[]): unknown => nodes.map(({ name, fields }) => (fields ? [name, names(fields)] : name));
    expect(names(body.roots)).toEqual([
      'targetingKey',
      [
        '__kaiten',
        [
          ['instance', ['id', 'slug', 'name', 'status', 'lifecycleStage', 'metadata']],
          ['customer', ['id', 'name', 'slug', 'externalCustomerId', 'domain']],
        ],
      ],
    ]);
  });

  it('has every fact that there is, and no other', async () => {
    const { facts } = (await api.post(TEST, { rule: 'true', targetingKey: 'sakura-tokyo' })).body;
    const { body } = await api.get('/api/feature-flags/targeting/context');
    const fields = body.roots[1].fields as { name: string; fields: { name: string }[] }[];
    for (const { name, fields: of } of fields)
      expect([name, Object.keys(facts[name]).sort()]).toEqual([name, of.map((field) => field.name).sort()]);
    expect(Object.keys(facts).sort()).toEqual(fields.map(({ name }) => name).sort());
  });

  it('401, 403; read is enough', async () => {
    const path = '/api/feature-flags/targeting/context';
    expect(outcome(await anonymous.get(path))).toEqual([401, 'Auth.NoIdentity']);
    expect(outcome(await (await org.as('read:customers')).get(path))).toEqual([403, 'Auth.MissingScope']);
    expect((await (await org.as('read:feature_flags')).get(path)).status).toBe(200);
  });
});

describe('POST /api/feature-flags/targeting/lint', () => {
  it.each([
    'true',
    "plan == 'enterprise' && beta",
    '__kaiten.customer.slug == targetingKey',
    'has(__kaiten.instance.lifecycleStage) && __kaiten.instance.lifecycleStage in ["ACTIVE"]',
    '__kaiten.instance.metadata.region == "eu" || __kaiten.instance.metadata["any"].thing',
    'user.groups.exists(g, g.startsWith("beta-"))',
  ])('200, valid: %s', async (rule) => {
    const { status, body } = await api.post(LINT, { rule });
    expect([status, body]).toEqual([200, { valid: true, issues: [] }]);
  });

  it.each([
    ['plan ==\n  && beta', 2, 3],
    ['beta &&\n\n   (plan == "x"', 3, undefined],
    ['__kaiten.customer.plan == "x"', 1, undefined],
    ['beta ||\n  __kaiten.license.type == "x"', 2, undefined],
    ['beta ||\n  __kaiten.instance.metdata.region == "x"', 2, undefined],
    ['nonsense(beta)', 1, 1],
  ])('200, not valid, with the place: %j', async (rule, line, column) => {
    const { status, body } = await api.post(LINT, { rule });
    expect([status, body.valid]).toEqual([200, false]);
    expect(body.issues).toHaveLength(1);
    const [issue] = body.issues;
    expect(issue.code).toMatch(/^[a-z_]+$/);
    expect(issue.line).toBe(line);
    if (column !== undefined) expect(issue.column).toBe(column);
    expect(issue.message).not.toBe('');
    const lines = rule.split('\n');
    expect(issue.column).toBeGreaterThanOrEqual(1);
    expect(issue.column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
  });

  it('200 for a blank rule, which is not valid', async () => {
    for (const rule of ['', '  \n']) expect((await api.post(LINT, { rule })).body.valid).toBe(false);
  });

  it('says what a write says', async () => {
    for (const rule of ['plan ==', '', 'a.b(', '__kaiten.nothing', "'", '1 +']) {
      const { body } = await api.post(LINT, { rule });
      const targetings = [{ type: 'basic', name: 'r', rule, variant: 'on' }];
      const refusal = await api.post('/api/feature-flags', { ...SWITCH, targetings });
      expect([rule, body.valid, refusal.status]).toEqual([rule, false, 422]);
      const expected = body.issues.map(({ message, line, column }: any) =>
        line === 0 ? message : `${message} (line ${line}, column ${column})`,
      );
      expect(refusal.body.errors.map(({ message }: any) => message)).toEqual(expected);
    }
  });

  it('422 for what is no rule at all; 401, 403: read is not enough', async () => {
    for (const body of [{}, { rule: null }, { rule: 1 }, { rule: 'x'.repeat(10_001) }, { rule: 'true', context: {} }]) {
      expect(outcome(await api.post(LINT, body))).toEqual([422, 'VALIDATION_FAILED']);
    }
    expect(outcome(await anonymous.post(LINT, { rule: 'true' }))).toEqual([401, 'Auth.NoIdentity']);
    const reader = await org.as('read:feature_flags');
    expect(outcome(await reader.post(LINT, { rule: 'true' }))).toEqual([403, 'Auth.MissingScope']);
  });
});

describe('POST /api/feature-flags/targeting/test', () => {
  const test = async (body: object): Promise<any> => {
    const answer = await api.post(TEST, body);
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return answer.body;
  };
  const NOBODY = { instance: {}, customer: {} };

  it('200: runs the rule over the attributes that were sent', async () => {
    const rule = "plan == 'enterprise' && user.age > 17.0";
    const context = { plan: 'enterprise', user: { age: 18 } };
    const answer = { facts: NOBODY, issues: [], valid: true };
    expect(await test({ rule, context })).toEqual({ ...answer, matched: true });
    expect(await test({ rule, context: { ...context, plan: 'free' } })).toEqual({ ...answer, matched: false });
  });

  it('200: a customer’s slug as the targeting key brings its facts, and those of its oldest instance', async () => {
    const facts = { instance: INSTANCE(), customer: CUSTOMER() };
    const rule = `targetingKey == 'sakura-tokyo' && __kaiten.customer.domain.endsWith('.example') && __kaiten.instance.metadata.size == 3.0`;
    expect(await test({ rule, targetingKey: 'sakura-tokyo' })).toMatchObject({ facts, matched: true });
    expect(await test({ rule, context: { targetingKey: 'sakura-tokyo' } })).toMatchObject({ facts, matched: true });
    const empty = await test({ rule: 'has(__kaiten.instance.slug)', targetingKey: 'empty' });
    expect(empty).toMatchObject({ facts: { instance: {}, customer: { slug: 'empty' } }, matched: false });
  });

  it.each([
    ['instanceSlug as one key', () => ({ 'kaiten.instanceSlug': 'staging' })],
    ['instanceSlug as two', () => ({ kaiten: { instanceSlug: 'staging' } })],
  ])('200: an instance that the context names, by %s', async (_, context) => {
    const { facts } = await test({ rule: 'true', context: context(), targetingKey: 'user-1' });
    expect(facts).toMatchObject({ instance: { slug: 'staging' }, customer: CUSTOMER() });
  });

  it('200: one named by id; one that is not there, and another organization’s', async () => {
    const byId = await test({ rule: 'true', context: { kaiten: { instanceId: instance.id } } });
    expect(byId.facts).toEqual({ instance: INSTANCE(), customer: CUSTOMER() });
    const unknown = await test({ rule: 'true', context: { kaiten: { instanceSlug: 'nowhere' } } });
    expect(unknown.facts).toEqual(NOBODY);
    const { api: stranger } = await anOrg();
    const { body } = await stranger.post(TEST, {
      rule: 'true',
      context: { kaiten: { instanceId: instance.id } },
      targetingKey: 'sakura-tokyo',
    });
    expect(body.facts).toEqual(NOBODY);
  });

  it('200: __kaiten of the caller is dropped', async () => {
    const context = { __kaiten: { customer: { slug: 'forged' }, more: 1 } };
    const answer = await test({ rule: "has(__kaiten.customer.slug) || 'more' in __kaiten", context });
    expect(answer).toEqual({ facts: NOBODY, issues: [], valid: true, matched: false });
  });

  it('200: a rule with issues is not run', async () => {
    const answer = await test({ rule: 'plan ==', context: { plan: 1 }, targetingKey: 'sakura-tokyo' });
    expect(answer).toEqual({
      facts: { instance: INSTANCE(), customer: CUSTOMER() },
      issues: [expect.objectContaining({ line: 1 })],
      valid: false,
      matched: false,
    });
  });

  it('200: a rule that fails does not match, and says why', async () => {
    for (const rule of ['missing.attribute', 'plan + 1 == 2', '1 / 0 == 1', 'plan']) {
      const answer = await test({ rule, context: { plan: 'x' } });
      expect([rule, answer]).toEqual([
        rule,
        { facts: NOBODY, issues: [], valid: true, matched: false, evaluationError: expect.stringMatching(/./) },
      ]);
    }
  });

  it('200: a rule that costs too much ends, and says so', async () => {
    const numbers = Array.from({ length: 300 }, (_, i) => i);
    const rule = 'numbers.all(a, numbers.all(b, numbers.all(c, a + b + c >= 0.0)))';
    expect(await test({ rule, context: { numbers } })).toMatchObject({
      matched: false,
      evaluationError: expect.stringContaining('costs more'),
    });
  });

  it('200: facts are for who may read customers and instances, and the rule is run with them for all', async () => {
    const rule = "__kaiten.customer.domain == 'tokyo.sakura.example'";
    for (const scopes of [[], ['read:customers'], ['read:instances']] as const) {
      const writer = await org.as('write:feature_flags', ...scopes);
      const { body, text } = await writer.post(TEST, { rule, targetingKey: 'sakura-tokyo' });
      expect(body).toEqual({ facts: NOBODY, factsRedacted: true, issues: [], valid: true, matched: true });
      expect(text).not.toContain('tokyo');
    }
    const reader = await org.as('write:feature_flags', 'read:customers', 'read:instances');
    const { body } = await reader.post(TEST, { rule, targetingKey: 'sakura-tokyo' });
    expect(body).toEqual({
      facts: { instance: INSTANCE(), customer: CUSTOMER() },
      issues: [],
      valid: true,
      matched: true,
    });
  });

  it('200: the words of a failure are hidden with the facts that they may quote, and only then', async () => {
    const writer = await org.as('write:feature_flags');
    const failure = async (rule: string): Promise<string> =>
      (await writer.post(TEST, { rule, targetingKey: 'sakura-tokyo' })).body.evaluationError;
    expect(await failure('beta ||\n  int(__kaiten.customer.domain) > 0')).toMatch(
      /^the rule failed \(line \d+, column \d+\)$/,
    );
    expect(await failure('missing.attribute')).not.toMatch(/^the rule failed/);
  });

  it('422 for what does not fit; 401, 403: read is not enough', async () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
    for (const body of [
      {},
      { rule: 'true', context: nested(40) },
      { rule: 'true', context: { targetingKey: 1 } },
      { rule: 'true', context: [] },
      { rule: 'true', context: null },
      { rule: 'true', targetingKey: 1 },
    ]) {
      expect(outcome(await api.post(TEST, body))).toEqual([422, 'VALIDATION_FAILED']);
    }
    expect(outcome(await anonymous.post(TEST, { rule: 'true' }))).toEqual([401, 'Auth.NoIdentity']);
    const reader = await org.as('read:feature_flags');
    expect(outcome(await reader.post(TEST, { rule: 'true' }))).toEqual([403, 'Auth.MissingScope']);
  });
});

describe('a flag that is called targeting', () => {
  it('is one like any other', async () => {
    await createFlag(api, { slug: 'targeting' });
    expect((await api.get('/api/feature-flags/targeting')).body.slug).toBe('targeting');
    expect((await api.put('/api/feature-flags/targeting', { ...SWITCH, name: 'Renamed' })).status).toBe(204);
    expect((await api.delete('/api/feature-flags/targeting')).status).toBe(204);
  });

  it('405 for methods that the helpers do not have', async () => {
    const answer = await api.get(LINT);
    expect([...outcome(answer), answer.headers.allow]).toEqual([405, 'METHOD_NOT_ALLOWED', 'POST']);
  });
});
