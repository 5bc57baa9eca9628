import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DataSource } from 'typeorm';
import { readEnv } from '../src/config/env.js';
import { createLogger } from '../src/config/logger.js';
import { EvaluationCounts } from '../src/flag-evaluations/evaluation-counts.js';
import { OldEvaluationsPurge } from '../src/flag-evaluations/old-evaluations.purge.js';
import { OfrepEvaluator } from '../src/ofrep/ofrep-evaluator.js';
import { createApp } from '../src/setup-app.js';
import { anonymous } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { openDataSource } from './support/database.js';
import { createFlag, text } from './support/flag-bodies.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp({ env: { FLAG_EVALUATION_COUNTS: 'on' } });

const OFREP = '/api/ofrep/v1/evaluate/flags';
const DAY = 86_400_000;

let org: TestOrganization;
let flag: any;

/** Counts are written when a test says so, and not in the middle of one. */
beforeAll(() => clearTimeout(testApp().app.get(EvaluationCounts)['timer']));

beforeEach(async () => {
  org = await anOrg();
  flag = await createFlag(org.api, {
    name: 'Theme',
    type: 'string',
    variants: [text('light'), text('dark')],
    default_variant: { type: 'basic', value: 'light' },
    targetings: [{ type: 'basic', name: 'night', rule: 'night', variant: 'dark' }],
  });
});

const write = (): Promise<void> => testApp().app.get(EvaluationCounts).write();

const evaluate = async (context: object, key = flag.slug): Promise<unknown> =>
  (await org.api.post(`${OFREP}/${key}`, { context })).body.variant;

const evaluations = async (query = '', reference = flag.slug): Promise<any> =>
  (await org.api.get(`/api/feature-flags/${reference}/evaluations${query}`)).body;

/** Each series in short. */
const totals = (answer: any): unknown[] =>
  answer.series.map(({ variant, reason, total }: any) => [variant, reason, total].filter((part) => part !== undefined));

/** Adds what no process has counted just now. */
async function add(...rows: [flagId: string, at: Date, variantId: string, name: string, reason: string, n: number][]) {
  const [sent] = await testApp().dataSource.query<{ added: number }[]>(
    'SELECT add_flag_evaluations($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::bigint[])::int AS added',
    [rows.map(() => org.org.id), ...[0, 1, 2, 3, 4, 5].map((column) => rows.map((row) => row[column]))],
  );
  return sent!.added;
}

const variantId = (name: string): string => flag.variants.find((variant: any) => variant.name === name).id;

/** The rows of this organization as the owner sees them. */
const stored = (): Promise<any[]> =>
  testApp().owner.query('SELECT * FROM flag_evaluations WHERE organization_id = $1 ORDER BY started_at, reason', [
    org.org.id,
  ]);

/** Has the database refuse what it is sent meanwhile. */
async function withoutDatabase(work: () => Promise<unknown>): Promise<void> {
  const { dataSource } = testApp();
  const { query } = DataSource.prototype;
  dataSource.query = () => Promise.reject(new Error('Connection terminated unexpectedly'));
  try {
    await work();
  } finally {
    dataSource.query = query as never;
  }
}

describe('GET /api/feature-flags/{featureFlagSlug}/evaluations', () => {
  it('200: nothing, until there is something', async () => {
    const before = Date.now();
    const { from, to, ...rest } = await evaluations();
    expect(rest).toEqual({ step: 300, total: 0, counting: true, series: [] });
    expect(Date.parse(to)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(from)).toBeGreaterThan(before - DAY - 300_000);
  });

  it('200: how often each variant was given for each reason, one flag or all asked for', async () => {
    await evaluate({ night: false });
    await evaluate({ night: true });
    await evaluate({ night: true });
    for (const night of [true, false]) await org.api.post(OFREP, { context: { night } });
    await write();
    const answer = await evaluations('', flag.id);
    expect(totals(answer)).toEqual([
      ['light', 'DEFAULT', 2],
      ['dark', 'TARGETING_MATCH', 3],
    ]);
    expect(answer.total).toBe(5);
    expect(answer.series.map((series: any) => series.variantId)).toEqual([variantId('light'), variantId('dark')]);
    for (const { counts, total } of answer.series) {
      expect(counts).toHaveLength((Date.parse(answer.to) - Date.parse(answer.from)) / 300_000);
      expect(counts.reduce((sum: number, count: number) => sum + count)).toBe(total);
    }
  });

  it('200: broken rules, failures and disabled flags are counted as well', async () => {
    for (const night of ['dark', 1, 2]) await evaluate({ night });
    const split = await createFlag(org.api, {
      default_variant: { type: 'rollout_percentage', distribution: { on: 1, off: 0 } },
    });
    await evaluate({}, split.slug);
    await evaluate({ targetingKey: 'somebody' }, split.slug);
    const off = await createFlag(org.api, { enabled: false });
    await evaluate({}, off.slug);
    await write();
    expect(totals(await evaluations())).toEqual([['light', 'DEFAULT', 3]]);
    expect(totals(await evaluations('', split.slug))).toEqual([
      ['on', 'SPLIT', 1],
      ['ERROR', 1],
    ]);
    expect(totals(await evaluations('', off.slug))).toEqual([['off', 'DISABLED', 1]]);
  });

  it('200: an answer that the client has already is no evaluation', async () => {
    const { headers } = await org.api.post(OFREP, { context: {} });
    const again = await org.api.post(OFREP, { context: {} }, { headers: { 'If-None-Match': headers.etag! } });
    expect(again.status).toBe(304);
    await write();
    expect((await evaluations()).total).toBe(1);
  });

  it('200: in whole steps from the beginning on, zero where there was nothing', async () => {
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const at = (minutes: number): Date => new Date(hour - 5 * 3_600_000 + minutes * 60_000);
    await add(
      [flag.id, at(0), variantId('dark'), 'dark', 'SPLIT', 1],
      [flag.id, at(59.9), variantId('dark'), 'dark', 'SPLIT', 2],
      [flag.id, at(180), variantId('dark'), 'dark', 'SPLIT', 4],
      [flag.id, at(180), variantId('dark'), 'dark', 'DEFAULT', 8],
      [flag.id, at(240), variantId('dark'), 'dark', 'SPLIT', 16],
    );
    const query = `?from=${at(30).toISOString()}&to=${at(240).toISOString()}&step=3600`;
    expect(await evaluations(query)).toEqual({
      from: at(0).toISOString(),
      to: at(240).toISOString(),
      counting: true,
      step: 3_600,
      total: 15,
      series: [
        { variant: 'dark', variantId: variantId('dark'), reason: 'SPLIT', total: 7, counts: [3, 0, 0, 4] },
        { variant: 'dark', variantId: variantId('dark'), reason: 'DEFAULT', total: 8, counts: [0, 0, 0, 8] },
      ],
    });
    const short = `?from=${at(0).toISOString()}&to=${at(60).toISOString()}&step=300`;
    expect((await evaluations(short)).series[0].counts).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
  });

  it('200: variants in their order, under their present names; then those that are gone', async () => {
    await evaluate({ night: true });
    await evaluate({ night: false });
    await write();
    await add(
      [flag.id, new Date(), 'no longer there', 'sepia', 'DEFAULT', 1],
      [flag.id, new Date(), '', '', 'ERROR', 1],
    );
    const { id: _, createdAt, createdBy, updatedAt, updatedBy, ...body } = flag;
    const [light, dark] = flag.variants;
    const put = await org.api.put(`/api/feature-flags/${flag.slug}`, {
      ...body,
      variants: [{ ...dark, name: 'black' }, light],
      targetings: [],
    });
    expect([put.status, createdAt, createdBy, updatedAt, updatedBy].slice(0, 1)).toEqual([204]);
    expect(totals(await evaluations())).toEqual([
      ['black', 'TARGETING_MATCH', 1],
      ['light', 'DEFAULT', 1],
      ['sepia', 'DEFAULT', 1],
      ['ERROR', 1],
    ]);
  });

  it.each([
    ['step=100', 'query.step'],
    ['step=301', 'query.step'],
    ['step=86700', 'query.step'],
    ['step=x', 'query.step'],
    ['from=yesterday', 'query.from'],
    ['from=2099-01-01T00:00:00Z', 'query.from'],
    ['to=2020-01-01T00:00:00Z', 'query.to'],
    [`from=${new Date(Date.now() - 20 * DAY).toISOString()}&step=300`, 'query.step'],
    ['until=now', 'query.until'],
  ])('422: ?%s', async (query, location) => {
    const { status, body } = await org.api.get(`/api/feature-flags/${flag.slug}/evaluations?${query}`);
    expect([status, body.code, body.errors.map((error: any) => error.location)]).toEqual([
      422,
      'VALIDATION_FAILED',
      [location],
    ]);
  });

  it('401, 403, 404', async () => {
    const path = `/api/feature-flags/${flag.slug}/evaluations`;
    expect((await anonymous.get(path)).status).toBe(401);
    expect((await (await org.as('read:customers')).get(path)).status).toBe(403);
    expect((await (await org.as('read:feature_flags')).get(path)).status).toBe(200);
    expect((await (await anOrg()).api.get(path)).body.code).toBe('FeatureFlag.NotFound');
    expect((await org.api.get('/api/feature-flags/nothing/evaluations')).status).toBe(404);
  });
});

describe('what is counted', () => {
  it('is added up over processes and writes, and goes with the flag', async () => {
    for (let i = 0; i < 3; i++) {
      await evaluate({});
      await write();
    }
    const { dataSource, app } = testApp();
    const other = new EvaluationCounts(dataSource, readEnv({}), createLogger({ logLevel: 'silent' }));
    const counted = {
      organizationId: org.org.id,
      flagId: flag.id,
      variant: { id: variantId('light'), name: 'light' },
      reason: 'DEFAULT' as const,
    };
    other.begin({ evaluations: 2 }, [counted]);
    other.add(counted);
    await Promise.all([other.write(), app.get(EvaluationCounts).write()]);
    expect(totals(await evaluations())).toEqual([['light', 'DEFAULT', 6]]);
    expect((await org.api.delete(`/api/feature-flags/${flag.slug}`)).status).toBe(204);
    expect(await stored()).toEqual([]);
  });

  it('is one statement for all organizations, and none without an evaluation', async () => {
    const other = await anOrg();
    const theirs = await createFlag(other.api);
    await write();
    const { dataSource } = testApp();
    const sent: string[] = [];
    const { query } = DataSource.prototype;
    dataSource.query = function (this: DataSource, sql: string, ...rest: never[]) {
      if (sql.includes('add_flag_evaluations')) sent.push(sql);
      return query.call(this, sql, ...rest);
    } as never;
    try {
      await write();
      expect(sent).toHaveLength(0);
      await evaluate({});
      await evaluate({ night: true });
      expect((await other.api.post(OFREP, {})).status).toBe(200);
      await write();
      expect(sent).toHaveLength(1);
    } finally {
      dataSource.query = query as never;
    }
    expect((await evaluations()).total).toBe(2);
    expect((await other.api.get(`/api/feature-flags/${theirs.slug}/evaluations`)).body.total).toBe(1);
  });

  it('is written in batches, when it is much', async () => {
    const { dataSource } = testApp();
    const counts = new EvaluationCounts(dataSource, readEnv({}), createLogger({ logLevel: 'silent' }));
    for (let i = 0; i < 12_000; i++) {
      const variant = { id: `variant ${i}`, name: 'v' };
      counts.begin({ evaluations: 1 }, [{ organizationId: org.org.id, flagId: flag.id, variant, reason: 'SPLIT' }]);
    }
    await counts.write();
    const [row] = await testApp().owner.query(
      'SELECT count(*)::int AS n, sum(count)::int AS total FROM flag_evaluations WHERE flag_id = $1',
      [flag.id],
    );
    expect(row).toEqual({ n: 12_000, total: 12_000 });
  });

  it('is only added to flags that are there and are the organization’s, and never subtracted', async () => {
    const other = await anOrg();
    const theirs = await createFlag(other.api);
    const at = new Date();
    expect(
      await add(
        [theirs.id, at, 'v', 'v', 'SPLIT', 1],
        ['00000000-0000-4000-8000-000000000000', at, 'v', 'v', 'SPLIT', 1],
        [flag.id, at, 'v', 'v', 'SPLIT', -1],
        [flag.id, at, 'v', 'v', 'SPLIT', 0],
        [flag.id, at, 'v', 'v', 'DEFAULT', 5],
      ),
    ).toBe(1);
    expect(totals(await evaluations())).toEqual([['v', 'DEFAULT', 5]]);
    expect((await other.api.get(`/api/feature-flags/${theirs.slug}/evaluations`)).body.total).toBe(0);
  });

  it('is added while others add to the same flags in another order, and flags are deleted', async () => {
    const flags = [];
    for (let i = 0; i < 20; i++) flags.push(await createFlag(org.api));
    const rows = flags.map(({ id }): Parameters<typeof add>[0] => [id, new Date(), 'v', 'v', 'SPLIT', 1]);
    const adding = Array.from({ length: 40 }, async (_, i) => {
      for (let turn = 0; turn < 5; turn++) await add(...(i % 2 === 0 ? rows : rows.toReversed()));
    });
    const deleted = flags.slice(0, 10).map(({ slug }) => org.api.delete(`/api/feature-flags/${slug}`));
    await Promise.all(adding);
    for (const { status } of await Promise.all(deleted)) expect(status).toBe(204);
    const left = await stored();
    expect(new Set(left.map((row) => row.flag_id))).toEqual(new Set(flags.slice(10).map(({ id }) => id)));
    const total = left.reduce((sum, { count }) => sum + Number(count), 0);
    expect(total).toBe(10 * 40 * 5);
  });

  it('is kept while the database does not take it, with the time at which it was counted', async () => {
    await evaluate({});
    await evaluate({ night: 'broken' });
    await withoutDatabase(async () => {
      await write();
      await write();
    });
    expect(testApp().log()).toContain('evaluations of flags could not be written');
    await evaluate({});
    await write();
    expect(totals(await evaluations())).toEqual([['light', 'DEFAULT', 3]]);
  });

  it('is dropped, the oldest first, when the database takes it for too long', async () => {
    const lines: string[] = [];
    const { dataSource } = testApp();
    const logger = createLogger({ logLevel: 'info' }, { write: (line: string) => void lines.push(line) });
    const counts = new EvaluationCounts(dataSource, readEnv({}), logger);
    await withoutDatabase(async () => {
      for (let i = 0; i < 100_010; i++) {
        const variant = { id: `variant ${i}`, name: 'v' };
        counts.add({ organizationId: org.org.id, flagId: flag.id, variant, reason: 'SPLIT' });
      }
      await counts.write();
    });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 40, dropped: 10 }]);
  });

  it('says nothing of whom it was evaluated for', async () => {
    const secret = 'a-targeting-key-of-somebody';
    await evaluate({ targetingKey: secret, email: `${secret}@example.com` });
    await evaluate({ targetingKey: secret, night: secret });
    await write();
    const rows = await stored();
    expect(rows).toHaveLength(1);
    expect(Object.keys(rows[0]).sort()).toEqual([
      'count',
      'flag_id',
      'organization_id',
      'reason',
      'started_at',
      'variant_id',
      'variant_name',
    ]);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(testApp().log()).not.toContain(secret);
  });

  it.each([
    ['on', 1],
    ['off', 0],
  ])('is written at shutdown, or not counted: FLAG_EVALUATION_COUNTS=%s', async (FLAG_EVALUATION_COUNTS, total) => {
    const logger = createLogger({ logLevel: 'silent' });
    const stopped = await createApp(readEnv({ FLAG_EVALUATION_COUNTS }), logger, await openDataSource(2));
    const input = { context: {}, targetingKey: undefined, text: '{}' };
    expect((await stopped.get(OfrepEvaluator).one(org.org.id, flag.slug, input)).status).toBe(200);
    await stopped.close();
    expect((await evaluations()).total).toBe(total);
  });
});

describe('the purge of old evaluations', () => {
  it('deletes what is older than 30 days, whosever it is, and no more', async () => {
    const purge = testApp().app.get(OldEvaluationsPurge);
    await purge.purge();
    const ago = (days: number): Date => new Date(Date.now() - days * DAY);
    await add([flag.id, ago(29), 'v', 'v', 'SPLIT', 1], [flag.id, ago(0), 'v', 'v', 'SPLIT', 1]);
    let purged = 0;
    // Another suite's application, which purges when it starts, may be faster; hardly again and again.
    for (let tries = 0; tries < 10 && purged === 0; tries += 1) {
      await add([flag.id, ago(31), 'v', 'v', 'SPLIT', 1]);
      purged = await purge.purge();
    }
    expect(purged).toBeGreaterThanOrEqual(1);
    expect(await stored()).toHaveLength(2);
  });

  it('logs a failure, and throws nothing', async () => {
    await withoutDatabase(async () => {
      expect(await testApp().app.get(OldEvaluationsPurge).purge()).toBe(0);
    });
    expect(testApp().log()).toContain('old evaluations of flags could not be purged');
  });
});

describe('what is kept of an evaluation until it is written', () => {
  it('is none of the flags and answers, however large they are: they may change a thousand times until then', async () => {
    const large = 'x'.repeat(50_000);
    const variants = [{ name: 'large', description: '', value: large }];
    await createFlag(org.api, { type: 'string', variants, default_variant: { type: 'basic', value: 'large' } });
    const rule = { type: 'basic', name: 'r', rule: 'false', variant: 'large' };
    await createFlag(org.api, {
      type: 'string',
      variants,
      default_variant: { type: 'basic', value: 'large' },
      targetings: [rule],
    });
    const begin = jest.spyOn(testApp().app.get(EvaluationCounts), 'begin');
    const { body } = await org.api.post(OFREP, { context: {} });
    expect(body.flags.filter(({ value }: { value: unknown }) => value === large)).toHaveLength(2);
    expect(begin.mock.calls.flatMap(([, counted]) => counted)).toHaveLength(2);
    expect(JSON.stringify(begin.mock.calls).length).toBeLessThan(2_000);
    begin.mockRestore();
  });
});
