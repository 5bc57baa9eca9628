import { beforeAll, describe, expect, it } from '@jest/globals';
import { anonymous } from './support/api.js';
import type { Api } from './support/api.js';
import { useApp } from './support/app.js';
import { createFlag, SWITCH, text } from './support/flag-bodies.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp();

let org: TestOrganization;
let api: Api;
beforeAll(async () => {
  org = await anOrg();
  api = org.api;
});

const missing = '00000000-0000-4000-8000-000000000000';
const outcome = ({ status, body }: { status: number; body: any }): unknown[] => [status, body?.code];

const EVERYTHING = {
  name: 'New checkout 新',
  slug: 'everything',
  description: 'In one page.\nFor all.',
  type: 'object',
  enabled: false,
  event_name: 'checkout_evaluated',
  metadata: { zebra: 1, apple: [1.5, null, { b: 1, a: 2 }], fallback_value: {} },
  variants: [
    { name: 'wide', description: 'Broad.', value: { z: 1e21, a: { c: -0.1, b: 'ä🌸' }, list: [[], {}, null] } },
    { name: 'narrow', description: '', value: {} },
  ],
  default_variant: { type: 'rollout_percentage', distribution: { wide: 1, narrow: 2 } },
  targetings: [
    { type: 'basic', name: 'one', rule: "plan == 'enterprise'", variant: 'narrow' },
    {
      type: 'rollout_date',
      name: 'two',
      rule: 'beta',
      start: { variant: 'narrow', percentage: 0, date: '2026-01-01T00:00:00.000Z' },
      end: { variant: 'wide', percentage: 100, date: '2026-02-01T00:00:00.000Z' },
    },
    { type: 'rollout_percentage', name: 'three', rule: 'true', distribution: { narrow: 0, wide: 1_000_000_000 } },
  ],
};

describe('GET /api/feature-flags', () => {
  it('200: pages, searched and sorted as every list is', async () => {
    const { api: fresh } = await anOrg();
    expect((await fresh.get('/api/feature-flags')).body).toEqual({
      items: [],
      total: 0,
      hasMore: false,
      counts: { enabled: 0, disabled: 0, evaluated: 0 },
    });
    for (const name of ['Banner', 'checkout', 'Archive']) await createFlag(fresh, { name });
    const names = async (query: string): Promise<unknown> => {
      const { body } = await fresh.get(`/api/feature-flags?${query}`);
      return [body.items.map((flag: { name: string }) => flag.name), body.total];
    };
    expect(await names('')).toEqual([['Banner', 'checkout', 'Archive'], 3]);
    expect(await names('sort=name')).toEqual([['Archive', 'Banner', 'checkout'], 3]);
    expect(await names('sort=-slug&limit=2')).toEqual([['checkout', 'Banner'], 3]);
    expect(await names('q=CHECK')).toEqual([['checkout'], 1]);

    const first = (await fresh.get('/api/feature-flags?limit=2&sort=name')).body;
    expect(first.hasMore).toBe(true);
    expect(await names(`limit=2&sort=name&cursor=${first.nextCursor}`)).toEqual([['checkout'], 3]);
    const [item] = (await fresh.get('/api/feature-flags?q=banner')).body.items;
    expect(item).toEqual((await fresh.get('/api/feature-flags/banner')).body);
  });

  it('401 without a token, 403 without the scope', async () => {
    expect(outcome(await anonymous.get('/api/feature-flags'))).toEqual([401, 'Auth.NoIdentity']);
    const answer = await (await org.as('write:customers')).get('/api/feature-flags');
    expect(outcome(answer)).toEqual([403, 'Auth.MissingScope']);
  });
});

describe('POST /api/feature-flags', () => {
  it('201 with all that was sent, ids of the variants, and the author', async () => {
    const { status, body, text: raw } = await api.post('/api/feature-flags', EVERYTHING);
    expect(status).toBe(201);
    const by = { id: org.account.id, name: org.account.name };
    expect(body).toEqual({
      ...EVERYTHING,
      id: expect.any(String),
      variants: EVERYTHING.variants.map((variant) => ({ id: expect.any(String), ...variant })),
      createdBy: by,
      createdAt: expect.any(String),
      updatedBy: by,
      updatedAt: expect.any(String),
    });
    expect(new Set(body.variants.map(({ id }: { id: string }) => id)).size).toBe(2);
    const read = await api.get('/api/feature-flags/everything');
    expect(read.body).toEqual(body);
    // Also with the keys in their order.
    for (const { value } of EVERYTHING.variants) expect(raw).toContain(`"value":${JSON.stringify(value)}`);
    expect(read.text).toContain(`"metadata":${JSON.stringify(EVERYTHING.metadata)}`);
    expect(read.text).toContain(`"value":${JSON.stringify(EVERYTHING.variants[0]!.value)}`);
    expect((await api.get(`/api/feature-flags/${body.id}`)).text).toBe(read.text);
  });

  it('201 for each type', async () => {
    for (const [type, value] of [
      ['boolean', false],
      ['string', ''],
      ['number', -0.5],
      ['number', 9007199254740993],
      ['object', { a: { b: [] } }],
    ] as const) {
      const variants = [{ name: 'a', description: '', value }];
      const body = await createFlag(api, { type, variants, default_variant: { type: 'basic', value: 'a' } });
      expect([body.type, body.variants[0].value]).toEqual([type, value]);
    }
  });

  it('201: no targetings and no description as null; dates in UTC', async () => {
    const step = (date: string): object => ({ variant: 'on', percentage: 50, date });
    const rollout = {
      type: 'rollout_date',
      start: step('2026-01-01T01:00:00+01:00'),
      end: step('2026-01-01T00:00:00Z'),
    };
    const body = await createFlag(api, { targetings: null, default_variant: rollout });
    expect([body.description, body.targetings]).toEqual([null, []]);
    expect(body.default_variant).toEqual({
      type: 'rollout_date',
      start: step('2026-01-01T00:00:00.000Z'),
      end: step('2026-01-01T00:00:00.000Z'),
    });
  });

  it('201: what an answer has may be sent back, with its read-only fields ignored', async () => {
    const first = await createFlag(api, { name: 'Copied' });
    const { status, body } = await api.post('/api/feature-flags', { ...first, slug: 'copy' });
    expect([status, body.slug]).toEqual([201, 'copy']);
    expect(body.id).not.toBe(first.id);
    expect(body.variants[0].id).not.toBe(first.variants[0].id);
  });

  it('201: slugs from names, with an ending where one is taken', async () => {
    const slugs = [];
    for (const name of ['Neue Kasse', 'Neue Kasse', 'targeting']) slugs.push((await createFlag(api, { name })).slug);
    expect(slugs).toEqual(['neue-kasse', expect.stringMatching(/^neue-kasse-[a-z0-9]{6}$/), 'targeting']);
    // Paths of the rules' helpers begin with the same word.
    expect((await api.get('/api/feature-flags/targeting')).body.name).toBe('targeting');
    expect((await api.delete('/api/feature-flags/targeting')).status).toBe(204);
  });

  it('401, 403', async () => {
    expect(outcome(await anonymous.post('/api/feature-flags', SWITCH))).toEqual([401, 'Auth.NoIdentity']);
    const reader = await org.as('read:feature_flags');
    expect(outcome(await reader.post('/api/feature-flags', SWITCH))).toEqual([403, 'Auth.MissingScope']);
  });

  it('409 when the slug is taken', async () => {
    await createFlag(api, { slug: 'taken' });
    const answer = await api.post('/api/feature-flags', { ...SWITCH, slug: 'taken' });
    expect(outcome(answer)).toEqual([409, 'FeatureFlag.SlugTaken']);
  });
});

describe('GET /api/feature-flags/:featureFlagSlug', () => {
  it('404', async () => {
    for (const reference of ['nowhere', missing, 'Not A Slug']) {
      const answer = await api.get(`/api/feature-flags/${encodeURIComponent(reference)}`);
      expect(outcome(answer)).toEqual([404, 'FeatureFlag.NotFound']);
    }
  });
});

describe('PUT /api/feature-flags/:featureFlagSlug', () => {
  it('204: replaces everything, and shows who did it', async () => {
    const before = await createFlag(api, { name: 'Replaced', slug: 'replaced', metadata: { a: 1 }, description: 'x' });
    const writer = await org.as('write:feature_flags');
    const change = {
      ...SWITCH,
      name: 'Other',
      type: 'string',
      enabled: false,
      event_name: '',
      metadata: {},
      variants: [text('a')],
      default_variant: { type: 'basic', value: 'a' },
      targetings: [{ type: 'basic', name: 'r', rule: 'true', variant: 'a' }],
    };
    const answer = await writer.put('/api/feature-flags/replaced', change);
    expect([answer.status, answer.text]).toEqual([204, '']);
    const { body: after } = await api.get('/api/feature-flags/replaced');
    expect(after).toMatchObject({ ...change, id: before.id, slug: 'replaced', createdAt: before.createdAt });
    expect(new Date(after.updatedAt).getTime()).toBeGreaterThan(new Date(before.updatedAt).getTime());
  });

  it('204: renames, and the new slug is found', async () => {
    const { id } = await createFlag(api, { slug: 'before' });
    expect((await api.put(`/api/feature-flags/${id}`, { ...SWITCH, slug: 'after' })).status).toBe(204);
    expect((await api.get('/api/feature-flags/after')).body.id).toBe(id);
    expect((await api.get('/api/feature-flags/before')).status).toBe(404);
    expect((await api.put('/api/feature-flags/after', SWITCH)).status).toBe(204);
    expect((await api.get('/api/feature-flags/after')).status).toBe(200);
  });

  it('401, 403, 404', async () => {
    await createFlag(api, { slug: 'guarded' });
    expect(outcome(await anonymous.put('/api/feature-flags/guarded', SWITCH))).toEqual([401, 'Auth.NoIdentity']);
    const reader = await org.as('read:feature_flags');
    expect(outcome(await reader.put('/api/feature-flags/guarded', SWITCH))).toEqual([403, 'Auth.MissingScope']);
    for (const reference of ['nowhere', missing]) {
      const answer = await api.put(`/api/feature-flags/${reference}`, SWITCH);
      expect(outcome(answer)).toEqual([404, 'FeatureFlag.NotFound']);
    }
  });

  it('409 when the new slug is taken, with nothing changed', async () => {
    await createFlag(api, { slug: 'mine' });
    await createFlag(api, { slug: 'yours' });
    const answer = await api.put('/api/feature-flags/mine', { ...SWITCH, name: 'New', slug: 'yours' });
    expect(outcome(answer)).toEqual([409, 'FeatureFlag.SlugTaken']);
    expect((await api.get('/api/feature-flags/mine')).body.name).toBe('Switch');
  });
});

describe('DELETE /api/feature-flags/:featureFlagSlug', () => {
  it('204, and 404 from then on', async () => {
    await createFlag(api, { slug: 'deleted' });
    expect((await api.delete('/api/feature-flags/deleted')).status).toBe(204);
    expect(outcome(await api.delete('/api/feature-flags/deleted'))).toEqual([404, 'FeatureFlag.NotFound']);
    expect(outcome(await api.get('/api/feature-flags/deleted'))).toEqual([404, 'FeatureFlag.NotFound']);
  });

  it('401, 403', async () => {
    expect(outcome(await anonymous.delete('/api/feature-flags/x'))).toEqual([401, 'Auth.NoIdentity']);
    const reader = await org.as('read:*');
    expect(outcome(await reader.delete('/api/feature-flags/x'))).toEqual([403, 'Auth.MissingScope']);
  });
});
