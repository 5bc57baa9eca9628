import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Api, anonymous } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';
import type { TokenHolder } from './support/token-holders.js';
import { aHolder } from './support/token-holders.js';

// What is shown of a token would otherwise change when its use is written.
useApp({ env: { TOKEN_USE_TRACKING: 'off' }, poolSize: 10 });

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;

let org: TestOrganization;
let api: Api;
let holder: TokenHolder;

beforeAll(async () => {
  org = await anOrg();
  api = org.api;
});

beforeEach(async () => {
  holder = await aHolder(api);
});

const statusOf = async (secret: string): Promise<number> => (await new Api(secret).get('/api/me')).status;
const after = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();
/** That a time is as far from now as it should be, give or take what a slow machine needs. */
const expectAbout = (time: string, expected: number): void =>
  expect(Math.abs(Date.parse(time) - expected)).toBeLessThan(20_000);

describe('POST /api/service-accounts/{slug}/tokens/{tokenSlug}/rotate', () => {
  it('201: a token of the same name, scopes and networks, in place of the old one, which is refused at once', async () => {
    const allowedCidrs = ['127.0.0.0/8', '2001:db8::/32'];
    const old = await holder.created({ name: 'production', scopes: ['read:users', 'write:customers'], allowedCidrs });
    const { status, body } = await holder.rotate(old.slug, {});
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'production',
      slug: expect.stringMatching(/^production-[a-z0-9]{6}$/),
      scopes: ['read:users', 'write:customers'],
      allowedCidrs,
      serviceAccountId: holder.id,
      lastFour: body.token.slice(-4),
      state: 'active',
      flags: ['unused'],
      replaces: { id: old.id, slug: 'production' },
      createdBy: { id: org.account.id, name: org.account.name },
      createdAt: expect.any(String),
      token: expect.stringMatching(/^ksh_[0-9A-Za-z]{38}$/),
    });
    expect(body.token).not.toBe(old.token);
    const { token, ...shown } = body;
    expect(await holder.show(shown.slug)).toEqual(shown);
    expect([await statusOf(old.token), await statusOf(token)]).toEqual([401, 200]);

    const { token: _, ...before } = old;
    const replacedAt = shown.createdAt;
    expect(await holder.show(old.slug)).toEqual({
      ...before,
      state: 'revoked',
      flags: [],
      expiresAt: replacedAt,
      replacedAt,
      replacedBy: { id: shown.id, slug: shown.slug },
      revokedAt: expect.any(String),
      revokedBy: { id: org.account.id, name: org.account.name },
    });
  });

  it('201 without a body', async () => {
    const { slug } = await holder.created();
    expect((await holder.rotate(slug)).status).toBe(201);
  });

  it('201: both work during the grace, and the old one says when it ends', async () => {
    const old = await holder.created();
    const { body } = await holder.rotate(old.slug, { graceSeconds: 604_800 });
    expect([await statusOf(old.token), await statusOf(body.token)]).toEqual([200, 200]);
    const shown = await holder.show(old.slug);
    expect(shown).toMatchObject({ state: 'active', flags: ['replaced'] });
    expect(shown.replacedBy).toEqual({ id: body.id, slug: body.slug });
    expect(Date.parse(shown.expiresAt) - Date.parse(shown.replacedAt)).toBe(WEEK);
    expect(shown).not.toHaveProperty('revokedAt');
  });

  it('201: the old one is refused from the end of its grace on, and not before', async () => {
    const old = await holder.created();
    const { body } = await holder.rotate(old.slug, { graceSeconds: 1 });
    const end = Date.parse((await holder.show(old.slug)).expiresAt);
    const accepted: number[] = [];
    let refused: number;
    for (;;) {
      const sent = Date.now();
      if ((await statusOf(old.token)) !== 200) {
        refused = Date.now();
        break;
      }
      accepted.push(sent);
    }
    expect(Math.max(0, ...accepted)).toBeLessThan(end);
    expect(refused).toBeGreaterThanOrEqual(end);
    expect(await holder.show(old.slug)).toMatchObject({ state: 'expired', flags: [] });
    expect(await statusOf(body.token)).toBe(200);
  });

  it('201: no grace lets the old one outlive its own expiry', async () => {
    const expiresAt = after(HOUR);
    const old = await holder.created({ expiresAt });
    expect((await holder.rotate(old.slug, { graceSeconds: 7200 })).status).toBe(201);
    expect((await holder.show(old.slug)).expiresAt).toBe(expiresAt);
  });

  it('201: the new one lives as long as the old one was made for, counted from now', async () => {
    const old = await holder.created({ expiresAt: after(HOUR) });
    // As if it had been minted half an hour ago, for an hour and a half.
    await testApp().owner.query(`UPDATE tokens SET created_at = created_at - interval '30 minutes' WHERE id = $1`, [
      old.id,
    ]);
    const { body } = await holder.rotate(old.slug);
    expectAbout(body.expiresAt, Date.now() + 1.5 * HOUR);
    expect((await holder.rotate(body.slug, { expiresAt: '2126-01-01T00:00:00+09:00' })).body.expiresAt).toBe(
      '2125-12-31T15:00:00.000Z',
    );
  });

  it('201: for ever when the old one was, unless an expiry is given', async () => {
    const { slug } = await holder.created();
    const { body } = await holder.rotate(slug);
    expect(body).not.toHaveProperty('expiresAt');
    const expiresAt = after(HOUR);
    expect((await holder.rotate(body.slug, { expiresAt })).body.expiresAt).toBe(expiresAt);
  });

  it('201: until the end of the calendar when the same lifetime again would be beyond it', async () => {
    const old = await holder.created({ expiresAt: '9999-12-31T00:00:00Z' });
    await testApp().owner.query(`UPDATE tokens SET created_at = created_at - interval '30 days' WHERE id = $1`, [
      old.id,
    ]);
    expect((await holder.rotate(old.slug)).body.expiresAt).toBe('9999-12-31T23:59:59.999Z');
  });

  it('201: again and again; each shows its neighbours, and the name stays taken by the last alone', async () => {
    const chain = [await holder.created({ name: 'one' })];
    for (let i = 0; i < 3; i++) chain.push((await holder.rotate(chain.at(-1).slug, { graceSeconds: 3600 })).body);
    for (const { token } of chain) expect(await statusOf(token)).toBe(200);
    const shown = await Promise.all(chain.map(({ slug }) => holder.show(slug)));
    expect(shown.map(({ replaces }) => replaces?.id)).toEqual([undefined, ...chain.slice(0, 3).map(({ id }) => id)]);
    expect(shown.map(({ replacedBy }) => replacedBy?.id)).toEqual([...chain.slice(1).map(({ id }) => id), undefined]);
    expect((await holder.create({ name: 'one' })).body.code).toBe('CreateToken.NameTaken');
    await api.delete(`${holder.path}/${chain[3].slug}`);
    expect((await holder.create({ name: 'one' })).status).toBe(201);
  });

  it('201: a token may rotate itself', async () => {
    const { token, slug } = await holder.created({ scopes: ['write:tokens'] });
    const { status, body } = await holder.rotate(slug, {}, new Api(token));
    expect([status, body.createdBy.id]).toEqual([201, holder.id]);
    expect([await statusOf(token), await statusOf(body.token)]).toEqual([401, 200]);
  });

  it('400 for an expiry in the past', async () => {
    const { slug, token } = await holder.created();
    const { status, body } = await holder.rotate(slug, { expiresAt: '2020-01-01T00:00:00Z' });
    expect([status, body.code, body.errors[0].location]).toEqual([400, 'RotateToken.ExpiryInPast', 'body.expiresAt']);
    expect(await statusOf(token)).toBe(200);
  });

  it('401 without a token', async () => {
    expect((await holder.rotate('x', {}, anonymous)).status).toBe(401);
  });

  it('403 with the scope to read only', async () => {
    const { slug } = await holder.created();
    expect((await holder.rotate(slug, {}, await org.as('read:*'))).body.detail).toBe(
      'missing required scope: write:tokens',
    );
  });

  it('403 for who does not hold its scopes, and nothing has changed', async () => {
    const { token, ...shown } = await holder.created({ scopes: ['read:users', 'write:customers'] });
    const { status, body } = await holder.rotate(shown.slug, {}, await org.as('write:tokens', 'read:*'));
    expect([status, body.code, body.detail]).toEqual([
      403,
      'RotateToken.ScopesExceedCaller',
      'you do not hold write:customers yourself',
    ]);
    expect(await statusOf(token)).toBe(200);
    expect(await holder.show(shown.slug)).toEqual(shown);
    expect((await api.get(holder.path)).body.total).toBe(1);
  });

  it('404 for a missing one, for one of another account, and for an account that is gone', async () => {
    const { slug } = await holder.created();
    const other = await aHolder(api);
    expect((await holder.rotate('nobody')).body.code).toBe('Token.NotFound');
    expect((await other.rotate(slug)).body.code).toBe('Token.NotFound');
    await api.delete(`/api/service-accounts/${holder.slug}`);
    expect((await holder.rotate(slug)).body.code).toBe('ServiceAccount.NotFound');
  });

  it('409 for one that was revoked, and for one that has expired', async () => {
    const revoked = await holder.created();
    await api.delete(`${holder.path}/${revoked.slug}`);
    const expired = await holder.created({ expiresAt: after(HOUR) });
    await testApp().owner.query(`UPDATE tokens SET expires_at = now() WHERE id = $1`, [expired.id]);
    for (const [{ slug }, detail] of [
      [revoked, 'the token is revoked; mint a new one instead'],
      [
        expired,
        'the token has expired; mint a new one instead, under another name or after revoking this one, which still has its name',
      ],
    ] as const) {
      const { status, body } = await holder.rotate(slug, { graceSeconds: 60 });
      expect([status, body.code, body.detail]).toEqual([409, 'RotateToken.NotLive', detail]);
    }
    expect((await api.get(holder.path)).body.total).toBe(2);
  });

  it('409 for one that was replaced, in its grace and after it', async () => {
    for (const graceSeconds of [0, 3600]) {
      const { slug } = await holder.created();
      await holder.rotate(slug, { graceSeconds });
      const { status, body } = await holder.rotate(slug);
      expect([status, body.code]).toEqual([409, 'RotateToken.AlreadyReplaced']);
    }
  });

  it.each([
    [{ graceSeconds: -1 }, 'body.graceSeconds'],
    [{ graceSeconds: 604_801 }, 'body.graceSeconds'],
    [{ graceSeconds: 0.5 }, 'body.graceSeconds'],
    [{ graceSeconds: '60' }, 'body.graceSeconds'],
    [{ graceSeconds: null }, 'body.graceSeconds'],
    [{ expiresAt: 'tomorrow' }, 'body.expiresAt'],
    [{ expiresAt: null }, 'body.expiresAt'],
    [{ scopes: ['read:*'] }, 'body.scopes'],
    [{ name: 'other' }, 'body.name'],
    [{ allowedCidrs: ['10.0.0.0/8'] }, 'body.allowedCidrs'],
  ])('422 for %j', async (input, location) => {
    const { slug, token } = await holder.created();
    const { status, body } = await holder.rotate(slug, input);
    expect([status, body.errors[0].location]).toEqual([422, location]);
    expect(await statusOf(token)).toBe(200);
  });
});

describe('rotations at once', () => {
  it('of one token: one is 201 and all others are 409, and there is one successor', async () => {
    for (let round = 0; round < 5; round++) {
      const old = await holder.created();
      const answers = await Promise.all(Array.from({ length: 4 }, () => holder.rotate(old.slug, { graceSeconds: 60 })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
      const refused = answers.filter(({ status }) => status === 409);
      expect(refused.map(({ body }) => body.code)).toEqual(Array<string>(3).fill('RotateToken.AlreadyReplaced'));
      const successors = await testApp().owner.query('SELECT id FROM tokens WHERE replaces_id = $1', [old.id]);
      const { id } = answers.find(({ status }) => status === 201)!.body;
      expect(successors).toEqual([{ id }]);
      expect((await holder.show(old.slug)).replacedBy.id).toBe(id);
    }
  });

  it('with the deletion of the account: none leaves a token that works', async () => {
    for (let round = 0; round < 5; round++) {
      const short = await aHolder(api);
      const tokens = [await short.created(), await short.created(), await short.created()];
      const rotate = ({ slug }: { slug: string }) => short.rotate(slug, { graceSeconds: 60 });
      const [first, second, deleted, third] = await Promise.all([
        rotate(tokens[0]),
        rotate(tokens[1]),
        api.delete(`/api/service-accounts/${short.slug}`),
        rotate(tokens[2]),
      ]);
      expect(deleted.status).toBe(204);
      for (const { status } of [first, second, third]) expect([201, 404]).toContain(status);
      const alive = await testApp().owner.query(
        'SELECT FROM tokens WHERE service_account_id = $1 AND revoked_at IS NULL',
        [short.id],
      );
      expect(alive).toHaveLength(0);
    }
  });
});
