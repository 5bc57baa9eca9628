import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TOKEN_STATES } from '../src/tokens/token-states.js';
import type { Api } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import type { TestOrganization } from './support/organizations.js';
import { anOrg } from './support/organizations.js';
import { queriesDuring } from './support/queries.js';
import type { TokenHolder } from './support/token-holders.js';
import { aHolder } from './support/token-holders.js';

// Uses are set by hand here.
useApp({ env: { TOKEN_USE_TRACKING: 'off' } });

const NONE = Object.fromEntries(TOKEN_STATES.map((state) => [state, 0]));

const began = Date.now();
const daysAgo = (days: number): string => new Date(began - days * 86_400_000).toISOString();

let org: TestOrganization;
let api: Api;
let busy: TokenHolder;
let idle: TokenHolder;

beforeAll(async () => {
  org = await anOrg();
  ({ api } = org);
  busy = await aHolder(api);
  idle = await aHolder(api);
  for (const name of ['used', 'used before', 'revoked', 'expired', 'replaced', 'until 2099']) {
    await busy.created({ name, expiresAt: name === 'until 2099' ? '2099-01-01T00:00:00Z' : undefined });
  }
  await busy.rotate('replaced', { graceSeconds: 3600 });
  await api.delete(`${busy.path}/revoked`);
  const set = (assignment: string, slug: string): Promise<unknown> =>
    testApp().owner.query(`UPDATE tokens SET ${assignment} WHERE service_account_id = $1 AND slug = $2`, [
      busy.id,
      slug,
    ]);
  await set(`last_used_at = '${daysAgo(1)}'`, 'used');
  await set(`last_used_at = '${daysAgo(2)}'`, 'used-before');
  await set(`expires_at = now() - interval '1 hour'`, 'expired');
});

/** Successor and the two that were used, until 2099 and replaced are active. */
const COUNTS = {
  ...{ active: 5, expired: 1, revoked: 1, expiring: 0, idle: 0 },
  ...{ unused: 2, replaced: 1, violating: 0, permanent: 3 },
};

describe('a service account', () => {
  it('has counts of its tokens by state and their newest use, alone and in the list', async () => {
    const { body } = await api.get(`/api/service-accounts/${busy.slug}`);
    expect([body.tokenCounts, body.lastUsedAt]).toEqual([COUNTS, daysAgo(1)]);
    const { items } = (await api.get('/api/service-accounts')).body;
    expect(items.find(({ id }: { id: string }) => id === busy.id)).toEqual(body);
  });

  it('without tokens has counts of nothing and no last use', async () => {
    const { body } = await api.get(`/api/service-accounts/${idle.slug}`);
    expect(body.tokenCounts).toEqual(NONE);
    expect(body).not.toHaveProperty('lastUsedAt');
    const created = (await api.post('/api/service-accounts', { name: 'New' })).body;
    expect(created.tokenCounts).toEqual(NONE);
  });

  it('counts more tokens than it shows', async () => {
    const many = await aHolder(api);
    await copies(many.id, 150);
    const { tokens, tokenCounts } = (await api.get(`/api/service-accounts/${many.slug}`)).body;
    expect([tokens.length, tokenCounts.active]).toEqual([100, 150]);
  });

  /** Tokens like the first one of `busy`. */
  const copies = (accountId: string, count: number): Promise<unknown> =>
    testApp().owner.query(
      `INSERT INTO tokens (organization_id, service_account_id, name, slug, hash, last_four, scopes, created_by_id)
       SELECT $1, $2::uuid, 'copy ' || i, 'copy-' || i, sha256(convert_to($2::text || i, 'UTF8')), 'abcd', '{read:*}', $3 FROM generate_series(1, $4::int) i`,
      [org.org.id, accountId, org.account.id, count],
    );
});

describe('GET /api/service-accounts?tokens=', () => {
  it('200: none leaves the tokens out, and newest is what it is without', async () => {
    const whole = (await api.get('/api/service-accounts')).body;
    expect((await api.get('/api/service-accounts?tokens=newest')).body).toEqual(whole);
    const { body } = await api.get('/api/service-accounts?tokens=none');
    expect(body).toEqual({ ...whole, items: whole.items.map((item: object) => ({ ...item, tokens: [] })) });
  });

  it('200: a page takes as many statements as a row', async () => {
    const one = await queriesDuring(() => api.get('/api/service-accounts?tokens=none&limit=1'));
    const all = await queriesDuring(() => api.get('/api/service-accounts?tokens=none'));
    expect(all.length).toBeLessThanOrEqual(one.length);
  });

  it.each(['all', '', 'None'])('422 for %s', async (tokens) => {
    const { status, body } = await api.get(`/api/service-accounts?tokens=${tokens}`);
    expect([status, body.errors[0].location]).toEqual([422, 'query.tokens']);
  });
});

describe('GET /api/tokens?serviceAccount=', () => {
  let stranger: TestOrganization;
  beforeEach(async () => {
    stranger ??= await anOrg();
  });

  it('200: tokens of one account, by slug and by id, with its counts', async () => {
    for (const reference of [busy.slug, busy.id]) {
      const { body } = await api.get(`/api/tokens?serviceAccount=${reference}`);
      expect([body.total, body.counts]).toEqual([7, COUNTS]);
      expect(new Set(body.items.map((item: { serviceAccountId: string }) => item.serviceAccountId))).toEqual(
        new Set([busy.id]),
      );
      const revoked = (await api.get(`/api/tokens?serviceAccount=${reference}&state=revoked`)).body;
      expect([revoked.items.length, revoked.total, revoked.counts]).toEqual([1, 1, COUNTS]);
    }
    expect((await api.get(`/api/tokens?serviceAccount=${idle.slug}`)).body).toMatchObject({ total: 0, counts: NONE });
  });

  it('200: goes on from page to page, and with no other account’s cursor', async () => {
    const query = `/api/tokens?serviceAccount=${busy.slug}&limit=4`;
    const { items, nextCursor } = (await api.get(query)).body;
    const second = (await api.get(`${query}&cursor=${nextCursor}`)).body;
    expect([items.length, second.items.length, second.counts]).toEqual([4, 3, undefined]);
    const { status } = await api.get(`/api/tokens?serviceAccount=${idle.slug}&limit=4&cursor=${nextCursor}`);
    expect(status).toBe(400);
  });

  it('200 without rows for an account that is not there, and for another organization’s', async () => {
    for (const reference of ['nobody', stranger.account.id, '00000000-0000-4000-8000-000000000000', 'constructor']) {
      const { status, body } = await api.get(`/api/tokens?serviceAccount=${reference}`);
      expect([status, body]).toEqual([
        200,
        { items: [], total: 0, hasMore: false, counts: NONE, stateDays: { expiring: 14, idle: 90 } },
      ]);
    }
  });

  it('200: those of a deleted account, by its id', async () => {
    const gone = await aHolder(api);
    await gone.created();
    await api.delete(`/api/service-accounts/${gone.slug}`);
    expect((await api.get(`/api/tokens?serviceAccount=${gone.id}`)).body.counts).toMatchObject({
      revoked: 1,
      active: 0,
    });
    expect((await api.get(`/api/tokens?serviceAccount=${gone.slug}`)).body.total).toBe(0);
  });

  it('422 for a blank one, and where the path says it', async () => {
    expect((await api.get('/api/tokens?serviceAccount=')).status).toBe(422);
    expect((await api.get(`${busy.path}?serviceAccount=${busy.slug}`)).body.errors[0].location).toBe(
      'query.serviceAccount',
    );
  });
});
