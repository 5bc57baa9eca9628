import { beforeAll, describe, expect, it } from '@jest/globals';
import { TOKEN_STATES } from '../src/tokens/token-states.js';
import type { TokenState } from '../src/tokens/token-states.js';
import type { Api } from './support/api.js';
import { anonymous } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';
import type { TokenHolder } from './support/token-holders.js';
import { aHolder } from './support/token-holders.js';

// Uses are set by hand here, and those of the suite's own tokens would come in between.
useApp({ env: { TOKEN_EXPIRING_DAYS: '3', TOKEN_IDLE_DAYS: '5', TOKEN_USE_TRACKING: 'off' } });

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What each token of the account is meant for: its name, and the states that it is in. */
const MADE: Readonly<Record<string, readonly TokenState[]>> = {
  'used today': ['active'],
  'expires in 2 days': ['active', 'expiring', 'unused'],
  'expires in 4 days': ['active', 'unused'],
  'expired an hour ago': ['expired'],
  revoked: ['revoked'],
  'revoked and expired': ['revoked'],
  'used 4 days ago': ['active'],
  'used 6 days ago': ['active', 'idle'],
  // On the same day, mostly.
  'last 5 days ago and a minute': ['active', 'idle'],
  'last 5 days ago less ten minutes': ['active'],
  'used 6 days ago, revoked': ['revoked'],
  'used 6 days ago, expires in 2 days': ['active', 'expiring', 'idle'],
  // Whatever else could be said of it, somebody has done something about it already.
  'replaced, in its grace': ['active', 'replaced'],
  'replaced, used 6 days ago': ['active', 'replaced'],
  'replaced, lived too long': ['active', 'replaced'],
  'replaced, dead': ['revoked'],
  'replaced, expired, used': ['expired'],
  'lives too long': ['active', 'unused', 'violating'],
  'for ever': ['active', 'unused', 'violating', 'permanent'],
  'for ever, until it was revoked': ['revoked'],
  'replaced, was for ever': ['active', 'replaced'],
};

/** What shows in a token of its states: the others show as its state and flags. */
const statesOf = ({ state, flags, expiresAt }: Shown): TokenState[] =>
  state === 'active' && expiresAt === undefined && !flags.includes('replaced')
    ? [state, ...flags, 'permanent']
    : [state, ...flags];

let org: TestOrganization;
let api: Api;
let holder: TokenHolder;
let other: TokenHolder;
/** Every list of tokens that can be narrowed. */
let paths: string[];
/** May not read tokens. */
let reader: Api;

beforeAll(async () => {
  org = await anOrg();
  api = org.api;
  reader = await org.as('write:users');
  holder = await aHolder(api);
  other = await aHolder(api);
  paths = [holder.path, '/api/tokens'];
  const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();
  for (const name of Object.keys(MADE)) {
    const days = name === 'lives too long' ? 400 : /in (\d) days/.exec(name)?.[1];
    const expiresAt = name.includes('for ever') ? undefined : inDays(Number(days ?? 60));
    await holder.created({ name, expiresAt });
  }
  for (const [name, graceSeconds] of [
    ['replaced, in its grace', 3600],
    ['replaced, used 6 days ago', 3600],
    ['replaced, lived too long', 3600],
    ['replaced, dead', 0],
    ['replaced, expired, used', 3600],
    ['replaced, was for ever', 3600],
  ] as const) {
    const { slug } = (await api.get(`${holder.path}?q=${encodeURIComponent(name)}`)).body.items[0];
    const { id } = (await holder.rotate(slug, { graceSeconds })).body;
    await testApp().owner.query(
      `UPDATE tokens SET name = 'successor of ' || slug, last_used_at = now() WHERE id = $1`,
      [id],
    );
  }
  const set = (assignments: string, pattern: string): Promise<unknown> =>
    testApp().owner.query(`UPDATE tokens SET ${assignments} WHERE service_account_id = $1 AND name ~ $2`, [
      holder.id,
      pattern,
    ]);
  await set(`last_used_at = now(), last_used_from = '192.0.2.7'`, '^used today|expired, used');
  await set(`last_used_at = now() - interval '4 days'`, '^used 4 days');
  await set(`last_used_at = now() - interval '6 days'`, 'used 6 days');
  await set(`last_used_at = now() - interval '5 days 1 minute'`, 'and a minute');
  await set(`last_used_at = now() - interval '5 days -10 minutes'`, 'less ten minutes');
  await set(`created_at = now() - interval '400 days'`, 'lived too long');
  await set(`expires_at = now() - interval '1 hour'`, 'expired');
  await set(`revoked_at = now(), revoked_by_id = created_by_id`, 'revoked');
  await other.created({ name: 'elsewhere', expiresAt: inDays(60) });
  await api.put('/api/token-policy', { expiryRequired: false, longestLifetimeDays: 365 });
});

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly state: TokenState;
  readonly flags: TokenState[];
  readonly expiresAt?: string;
}

const list = async (path: string, query = ''): Promise<Shown[]> =>
  (await api.get(`${path}?limit=200&sort=name${query && `&${query}`}`)).body.items;
const names = (tokens: readonly { name: string }[]): string[] => tokens.map(({ name }) => name);

describe('the state and the flags of a token', () => {
  it('are those that it should be in', async () => {
    const shown = (await list(holder.path)).filter(({ name }) => name in MADE);
    expect(Object.fromEntries(shown.map((token) => [token.name, statesOf(token)]))).toEqual(MADE);
  });

  it('are shown with its last use', async () => {
    const { body } = await api.get(`${holder.path}?q=used today`);
    expect(body.items[0].lastUsedFrom).toBe('192.0.2.7');
    expect(Math.abs(Date.parse(body.items[0].lastUsedAt) - Date.now())).toBeLessThan(60_000);
    expect((await holder.show('expires-in-4-days')).lastUsedAt).toBeUndefined();
  });

  it('are shown inside of the account, too', async () => {
    const { tokens } = (await api.get(`/api/service-accounts/${holder.slug}`)).body as { tokens: Shown[] };
    const made = tokens.filter(({ name }) => name in MADE);
    expect(Object.fromEntries(made.map((token) => [token.name, statesOf(token)]))).toEqual(MADE);
  });
});

describe.each(TOKEN_STATES)('?state=%s', (state) => {
  it('200: has each token that is in it, and no other', async () => {
    const expected = Object.keys(MADE).filter((name) => MADE[name]!.includes(state));
    expect(expected).not.toEqual([]);
    expect(expected.length).toBeLessThan(Object.keys(MADE).length);
    const made = names(await list(holder.path, `state=${state}`)).filter((name) => name in MADE);
    expect(made.sort()).toEqual(expected.sort());
  });

  it('200: agrees with what tokens show of themselves, with the total and with the count, in every list', async () => {
    for (const path of paths) {
      const all = await list(path);
      const expected = all.filter((token) => statesOf(token).includes(state));
      const { body } = await api.get(`${path}?state=${state}&limit=200&sort=name`);
      expect([path, names(body.items), body.total]).toEqual([path, names(expected), expected.length]);
      if (path === '/api/tokens') expect(body.counts[state]).toBe(body.total);
    }
  });

  it('200: goes on from page to page in any order, and with a search', async () => {
    for (const path of paths) {
      for (const order of [
        'sort=name',
        'sort=-name',
        'sort=createdAt',
        'sort=-slug',
        'sort=slug&q=used',
        'sort=expiresAt',
        'sort=-lastUsedAt',
      ]) {
        const whole = names((await api.get(`${path}?state=${state}&limit=200&${order}`)).body.items);
        const walked: string[] = [];
        let cursor = '';
        do {
          const { body } = await api.get(`${path}?state=${state}&limit=2&${order}${cursor}`);
          walked.push(...names(body.items));
          expect(body.total).toBe(whole.length);
          cursor = body.nextCursor && `&cursor=${body.nextCursor}`;
        } while (cursor);
        expect([path, order, walked]).toEqual([path, order, whole]);
      }
    }
  });
});

describe.each([
  ['GET /api/tokens', () => '/api/tokens'],
  ['GET /api/service-accounts/{slug}/tokens', () => holder.path],
])('%s', (_, path) => {
  it('400 for a cursor of another state, or of none', async () => {
    const { nextCursor } = (await api.get(`${path()}?limit=1&state=active`)).body;
    expect(nextCursor).toEqual(expect.any(String));
    expect((await api.get(`${path()}?limit=1&state=active&cursor=${nextCursor}`)).status).toBe(200);
    for (const state of ['', '&state=unused']) {
      const { status, body } = await api.get(`${path()}?limit=1&cursor=${nextCursor}${state}`);
      expect([status, body.errors[0].location]).toEqual([400, 'query.cursor']);
    }
  });

  it('401 without a token', async () => {
    expect((await anonymous.get(`${path()}?state=active`)).status).toBe(401);
  });

  it('403 without the scope', async () => {
    expect((await reader.get(`${path()}?state=active`)).body.detail).toBe('missing required scope: read:tokens');
  });

  it.each(['dead', 'Active', '', 'active,idle', 'constructor'])('422 for ?state=%s', async (state) => {
    const { status, body } = await api.get(`${path()}?state=${state}`);
    expect([status, body.errors[0].location]).toEqual([422, 'query.state']);
  });
});

describe('GET /api/tokens', () => {
  it('200: the tokens of all accounts of the organization and of no other, with their accounts', async () => {
    const stranger = await anOrg();
    await (await aHolder(stranger.api)).created({ name: 'stranger' });
    const all = await list('/api/tokens');
    expect(names(all)).toEqual(expect.arrayContaining([...Object.keys(MADE), 'elsewhere']));
    expect(names(all)).not.toContain('stranger');
    const { items } = (await api.get('/api/tokens?q=elsewhere')).body;
    expect(items).toHaveLength(1);
    const { serviceAccountId, serviceAccountName, serviceAccountSlug, ...shown } = items[0];
    expect([serviceAccountId, serviceAccountName, serviceAccountSlug]).toEqual([other.id, 'Holder', other.slug]);
    expect({ ...shown, serviceAccountId }).toEqual(await other.show('elsewhere'));
    expect((await stranger.api.get('/api/tokens')).body.counts).toMatchObject({ active: 2, revoked: 0, violating: 0 });
  });

  it('200: counts the whole organization, whatever it is narrowed to; every token has one of three states', async () => {
    const { body } = await api.get('/api/tokens');
    const { active, expired, revoked } = body.counts;
    expect(active + expired + revoked).toBe(body.total);
    for (const query of ['limit=1', 'state=revoked', 'q=elsewhere', 'q=nothing has this name']) {
      expect([query, (await api.get(`/api/tokens?${query}`)).body.counts]).toEqual([query, body.counts]);
    }
    const { nextCursor } = (await api.get('/api/tokens?limit=1')).body;
    expect((await api.get(`/api/tokens?limit=1&cursor=${nextCursor}`)).body).not.toHaveProperty('counts');
    const { counts, stateDays, ...rest } = (await api.get('/api/tokens?limit=1&counts=true')).body;
    expect([counts, stateDays]).toEqual([body.counts, { expiring: 3, idle: 5 }]);
    expect((await api.get('/api/tokens?limit=1&counts=false')).body).toEqual(rest);
    expect((await api.get('/api/tokens?serviceAccount=nobody&counts=false')).body).not.toHaveProperty('counts');
  });

  it('200: those of a deleted account are revoked, and shown without its slug', async () => {
    const short = await aHolder(api);
    const { id } = await short.created({
      name: 'of the deceased',
      expiresAt: new Date(Date.now() + HOUR).toISOString(),
    });
    await api.delete(`/api/service-accounts/${short.slug}`);
    const { items } = (await api.get('/api/tokens?state=revoked&q=of the deceased')).body;
    expect(items).toMatchObject([{ id, state: 'revoked', serviceAccountId: short.id, serviceAccountName: 'Holder' }]);
    expect(items[0]).not.toHaveProperty('serviceAccountSlug');
  });
});
