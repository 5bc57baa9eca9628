import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { FactsReader } from '../../src/facts/facts.js';
import type { Facts } from '../../src/facts/facts.js';
import type { FactsSubject } from '../../src/facts/facts-subject.js';
import type { Answer } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { createFlag, evaluateAll, evaluateOne, valuesOf, when } from '../support/flags.js';
import { waitsForLock } from '../support/locks.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { queriesDuring } from '../support/queries.js';
import { told } from '../support/told.js';

jest.setTimeout(20_000);
useApp();

let org: TestOrganization;
let customer: { id: string; slug: string };
let instances: { id: string; slug: string }[];

beforeAll(async () => {
  org = await anOrg();
  await createFlag(org.api, 'plain', { targetings: [when('plan == "pro"')] });
  await createFlag(org.api, 'by-stage', { targetings: [when('__kaiten.instance.lifecycleStage == "CHURNED"')] });
  await createFlag(org.api, 'by-name', {
    type: 'string',
    variants: ['tokyo', 'osaka', 'none'].map((name) => ({ name, description: '', value: name })),
    default_variant: { type: 'basic', value: 'none' },
    targetings: [
      when('has(__kaiten.instance.slug) && __kaiten.instance.name == "Tokyo"', 'tokyo'),
      when('has(__kaiten.instance.slug) && __kaiten.instance.name == "Osaka"', 'osaka'),
    ],
  });
  await createFlag(org.api, 'by-customer', { targetings: [when('__kaiten.customer.domain == "sakura.example"')] });
});

beforeEach(async () => {
  const slug = `sakura-${randomUUID().slice(0, 8)}`;
  customer = (await org.api.post('/api/customers', { name: 'Sakura', slug, domain: 'sakura.example' })).body;
  instances = [];
  for (const name of ['Tokyo', 'Osaka']) {
    const body = { name, customerId: customer.id, lifecycleStage: 'ACTIVE' };
    instances.push((await org.api.post('/api/instances', body)).body);
  }
  await told();
});

const valueOf = ({ body }: Answer): unknown => (body as { value: unknown }).value;
const ask = async (flag: string, context: object): Promise<unknown> =>
  valueOf(await evaluateOne(org.api, flag, context));

describe('what rules read under __kaiten', () => {
  it('is the instance that the context names, in any of four ways', async () => {
    const { id, slug } = instances[1]!;
    for (const context of [
      { kaiten: { instanceSlug: slug } },
      { 'kaiten.instanceSlug': slug },
      { kaiten: { instanceId: id } },
      { 'kaiten.instanceId': id.toUpperCase() },
    ]) {
      expect(await ask('by-name', context)).toBe('osaka');
      expect(await ask('by-customer', context)).toBe(true);
    }
  });

  it('is the oldest instance of the customer whose slug the targeting key is, unless the context names one', async () => {
    expect(await ask('by-name', { targetingKey: customer.slug })).toBe('tokyo');
    expect(await ask('by-customer', { targetingKey: customer.slug })).toBe(true);
    expect(await ask('by-name', { targetingKey: customer.slug, kaiten: { instanceSlug: instances[1]!.slug } })).toBe(
      'osaka',
    );
  });

  it('is empty where there is none: no rule breaks that asks with has()', async () => {
    for (const context of [{}, { targetingKey: 'nobody' }, { kaiten: { instanceSlug: 'nothing' } }]) {
      const { body } = await evaluateOne(org.api, 'by-name', context);
      expect(body).toEqual({ key: 'by-name', value: 'none', variant: 'none', reason: 'DEFAULT' });
    }
    // A named instance that there is not is not replaced by another one; its customer is still known.
    const context = { targetingKey: customer.slug, kaiten: { instanceSlug: 'nothing' } };
    expect([await ask('by-name', context), await ask('by-customer', context)]).toEqual(['none', true]);
  });

  it('is nothing that a caller can say', async () => {
    const forged = { __kaiten: { customer: { domain: 'sakura.example' }, instance: { lifecycleStage: 'CHURNED' } } };
    for (const flag of ['by-customer', 'by-stage']) expect(await ask(flag, forged)).toBe(false);
    const values = valuesOf(await evaluateAll(org.api, forged));
    expect(values).toMatchObject({ 'by-customer': false, 'by-stage': false });
  });

  it("is nothing of another organization's", async () => {
    const other = await anOrg();
    await createFlag(other.api, 'by-customer', { targetings: [when('__kaiten.customer.domain == "sakura.example"')] });
    for (const context of [{ targetingKey: customer.slug }, { kaiten: { instanceId: instances[0]!.id } }]) {
      expect(valueOf(await evaluateOne(other.api, 'by-customer', context))).toBe(false);
    }
  });
});

describe('look-ups', () => {
  /** Without those for a token, which is forgotten whenever another suite deletes an organization. */
  const statementsOf = async (work: () => Promise<unknown>): Promise<string[]> =>
    (await queriesDuring(work)).filter((text) => !text.includes('authenticate_tokens'));

  it('are made where a rule that is evaluated reads facts: one statement, and then none', async () => {
    const context = { targetingKey: customer.slug };
    await evaluateOne(org.api, 'plain', context);
    await evaluateAll(org.api, {});
    expect(await statementsOf(() => evaluateOne(org.api, 'plain', context))).toEqual([]);
    const first = await statementsOf(() => evaluateOne(org.api, 'by-name', context));
    expect(first.filter((text) => !text.includes('set_config'))).toEqual([expect.stringContaining('FROM customers c')]);
    expect(await statementsOf(() => evaluateOne(org.api, 'by-name', context))).toEqual([]);
    expect(await statementsOf(() => evaluateAll(org.api, context))).toEqual([]);
  });

  it('are not made for keys that no customer can have', async () => {
    await evaluateOne(org.api, 'plain', {});
    expect(await statementsOf(() => evaluateOne(org.api, 'by-name', { targetingKey: randomUUID() }))).toEqual([]);
  });
});

describe('changes', () => {
  it('of an instance and of a customer hold as soon as this process is told, and change the tag', async () => {
    const context = { targetingKey: customer.slug };
    const before = await evaluateAll(org.api, context);
    expect(valuesOf(before)).toMatchObject({ 'by-stage': false, 'by-customer': true });
    await org.api.patch(`/api/instances/${instances[0]!.slug}`, { lifecycleStage: 'CHURNED' });
    await told();
    const between = await evaluateAll(org.api, context, { 'If-None-Match': before.headers.etag! });
    expect(valuesOf(between)).toMatchObject({ 'by-stage': true, 'by-customer': true });
    await org.api.put(`/api/customers/${customer.slug}`, { name: 'Sakura' });
    await told();
    const after = await evaluateAll(org.api, context, { 'If-None-Match': between.headers.etag! });
    expect(valuesOf(after)).toMatchObject({ 'by-stage': true, 'by-customer': false });
  });

  it('by hand hold too: of many at once, of all, and by deletion', async () => {
    const { owner } = testApp();
    const context = { targetingKey: customer.slug };
    const stage = (value: string): string =>
      `UPDATE instances SET lifecycle_stage = '${value}' WHERE organization_id = '${org.org.id}'`;
    expect(await ask('by-stage', context)).toBe(false);
    for (let i = 0; i < 51; i++) {
      const { body } = await org.api.post('/api/customers', { name: 'Many' });
      await org.api.post('/api/instances', { name: 'Many', customerId: body.id });
    }
    await owner.query(stage('CHURNED'));
    await told();
    expect(await ask('by-stage', context)).toBe(true);
    expect(await ask('by-name', context)).toBe('tokyo');
    await owner.query('DELETE FROM instances WHERE id = $1', [instances[0]!.id]);
    await told();
    expect(await ask('by-name', context)).toBe('osaka');
  });

  it('of the customer of an instance hold for whoever had it in memory by either', async () => {
    const { body: other } = await org.api.post('/api/customers', { name: 'Other' });
    const [tokyo] = instances;
    const named = { kaiten: { instanceSlug: tokyo!.slug } };
    expect(await ask('by-customer', named)).toBe(true);
    expect(await ask('by-name', { targetingKey: customer.slug })).toBe('tokyo');
    await testApp().owner.query('UPDATE instances SET customer_id = $1 WHERE id = $2', [other.id, tokyo!.id]);
    await told();
    expect(await ask('by-customer', named)).toBe(false);
    expect(await ask('by-name', { targetingKey: customer.slug })).toBe('osaka');
  });

  it('nobody tells of what is new: it is found within two seconds', async () => {
    const context = { targetingKey: `new-${randomUUID().slice(0, 8)}` };
    expect(await ask('by-customer', context)).toBe(false);
    const { body } = await org.api.post('/api/customers', {
      name: 'New',
      slug: context.targetingKey,
      domain: 'sakura.example',
    });
    await org.api.post('/api/instances', { name: 'Tokyo', customerId: body.id });
    await sleep(2_000);
    expect([await ask('by-customer', context), await ask('by-name', context)]).toEqual([true, 'tokyo']);
  });
});

describe('a look-up that a change overtakes', () => {
  it('is neither stored nor joined', async () => {
    const { app, owner } = testApp();
    const reader = app.get(FactsReader);
    const subject: FactsSubject = { customerSlug: customer.slug };
    const stageOf = async (facts: Facts | Promise<Facts>): Promise<unknown> =>
      ((await facts).facts.instance as { lifecycleStage: string }).lifecycleStage;
    const runner = owner.createQueryRunner();
    await runner.startTransaction();
    // The look-up has its snapshot, and waits for this table.
    await runner.query('LOCK TABLE instances IN ACCESS EXCLUSIVE MODE');
    const before = reader.find(org.org.id, subject);
    await waitsForLock('instances');
    // Within the transaction that holds the lock, whose notification comes with its end; and one that comes before.
    await owner.query(`UPDATE customers SET name = 'Renamed' WHERE id = $1`, [customer.id]);
    await told();
    const after = reader.find(org.org.id, subject);
    expect(after).not.toBe(before);
    await runner.query(`UPDATE instances SET lifecycle_stage = 'CHURNED' WHERE id = $1`, [instances[0]!.id]);
    await runner.commitTransaction();
    await runner.release();
    await Promise.all([before, after]);
    await told();
    expect(await stageOf(reader.find(org.org.id, subject))).toBe('CHURNED');
  });
});
