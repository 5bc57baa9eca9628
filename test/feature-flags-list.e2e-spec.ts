import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { createFlag } from './support/flag-bodies.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp({ env: { FLAG_EVALUATION_COUNTS: 'on' } });

const PATH = '/api/feature-flags';

let org: TestOrganization;
let api: Api;
beforeAll(async () => {
  org = await anOrg();
  ({ api } = org);
  for (const [slug, enabled] of [
    ['on-1', true],
    ['off-1', false],
    ['on-2', true],
  ] as const) {
    await createFlag(api, { name: slug, slug, enabled });
  }
});

const COUNTS = { enabled: 2, disabled: 1, evaluated: 0 };

describe('GET /api/feature-flags', () => {
  it('200: narrowed to those that are on, or off, with a search, and the counts of all', async () => {
    for (const [query, slugs] of [
      ['enabled=true', ['on-1', 'on-2']],
      ['enabled=false', ['off-1']],
      ['enabled=true&q=2', ['on-2']],
      ['enabled=false&q=on', []],
      ['', ['off-1', 'on-1', 'on-2']],
    ] as const) {
      const { body } = await api.get(`${PATH}?sort=slug&${query}`);
      expect([query, body.items.map(({ slug }: { slug: string }) => slug)]).toEqual([query, slugs]);
      expect([body.total, body.counts]).toEqual([slugs.length, COUNTS]);
    }
  });

  it('200: counts on the first page only, and no cursor of another filter', async () => {
    const { nextCursor } = (await api.get(`${PATH}?enabled=true&limit=1`)).body;
    const second = (await api.get(`${PATH}?enabled=true&limit=1&cursor=${nextCursor}`)).body;
    expect([second.items.length, second.total]).toEqual([1, 2]);
    expect(second).not.toHaveProperty('counts');
    expect((await api.get(`${PATH}?limit=1&cursor=${nextCursor}`)).status).toBe(400);
  });

  it('200: with the evaluations of the last hour, and of no other hour or organization', async () => {
    const stranger = await anOrg();
    await createFlag(stranger.api, { slug: 'on-1' });
    const { id } = (await api.get(`${PATH}/on-1`)).body;
    const minutesAgo = [5, 50, 90];
    await testApp().dataSource.query(
      'SELECT add_flag_evaluations($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::bigint[])',
      [
        minutesAgo.map(() => org.org.id),
        minutesAgo.map(() => id),
        minutesAgo.map((minutes) => new Date(Date.now() - minutes * 60_000)),
        ...[minutesAgo.map(() => 'v'), minutesAgo.map(() => 'on'), minutesAgo.map(() => 'STATIC')],
        [7, 10, 1_000],
      ],
    );
    const { items, counts } = (await api.get(`${PATH}?sort=slug`)).body;
    expect(items.map((item: { evaluationsLastHour: number }) => item.evaluationsLastHour)).toEqual([0, 17, 0]);
    expect(counts.evaluated).toBe(1);
    const strangers = (await stranger.api.get(PATH)).body;
    expect([strangers.items[0].evaluationsLastHour, strangers.counts.evaluated]).toEqual([0, 0]);
    const { status } = await api.put(`${PATH}/on-1`, (await api.get(`${PATH}?q=on-1`)).body.items[0]);
    expect(status).toBe(204);
  });

  it.each(['', 'yes', 'TRUE', '1'])('422 for ?enabled=%s', async (enabled) => {
    const { status, body } = await api.get(`${PATH}?enabled=${enabled}`);
    expect([status, body.errors[0].location]).toEqual([422, 'query.enabled']);
  });
});
