import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env.js';
import { createLogger } from '../../src/config/logger.js';
import { createApp } from '../../src/setup-app.js';
import { TokenCache } from '../../src/tokens/token-cache.js';
import { TokenChanges } from '../../src/tokens/token-changes.js';
import { generateToken, hashBytes, hashToken } from '../../src/tokens/token-format.js';
import { Api } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { createDataSource } from '../../src/database/data-source.js';
import { LONGEST_SILENCE } from '../../src/database/notifications.js';
import { ENTITIES } from '../../src/entities.js';
import { databaseUrl, openDataSource } from '../support/database.js';
import { DelayedWay } from '../support/delayed-way.js';
import { waitsForLock } from '../support/locks.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { undisturbed } from '../support/undisturbed.js';

useApp();

/** Another process on the same database, as far as records of tokens go. */
let other: NestExpressApplication;
let otherDatabase: DataSource;
let org: TestOrganization;

beforeAll(async () => {
  otherDatabase = await openDataSource(2);
  other = await createApp(readEnv({}), createLogger({ logLevel: 'silent' }), otherDatabase);
  org = await anOrg();
});

afterAll(async () => {
  await other.close();
  if (otherDatabase.isInitialized) await otherDatabase.destroy();
});

interface Minted {
  readonly api: Api;
  readonly hash: string;
  readonly path: string;
}

let minted: Minted;
beforeEach(async () => {
  minted = await mintOne();
});

async function mintOne(account = org.account): Promise<Minted> {
  const tokens = `/api/service-accounts/${account.slug}/tokens`;
  const { body } = await org.api.post(tokens, { name: `t ${Math.random()}`, scopes: ['read:*'] });
  return { api: new Api(body.token), hash: hashToken(body.token), path: `${tokens}/${body.slug}` };
}

const cacheOf = (app: NestExpressApplication): TokenCache => app.get(TokenCache);

/** Has the token in memory, here and in the other process. A change that another suite makes meanwhile voids the look-up. */
async function remember({ api, hash }: Minted): Promise<void> {
  expect((await api.get('/api/me')).status).toBe(200);
  for (const cache of [cacheOf(testApp().app), cacheOf(other)]) {
    while (cache.find(hash) instanceof Promise) expect(typeof (await cache.find(hash))).toBe('object');
  }
}

/** Waits, as requests do not: until the other process has been told of everything so far. */
const toldOther = (): Promise<void> => other.get(TokenChanges).settled();

describe('a token in memory is dead for the next request', () => {
  it('when it is revoked', async () => {
    await remember(minted);
    expect((await org.api.delete(minted.path)).status).toBe(204);
    expect((await minted.api.get('/api/me')).status).toBe(401);
    await toldOther();
    expect(await cacheOf(other).find(minted.hash)).toBe('revoked');
  });

  it('when its account is deleted', async () => {
    const account = (await org.api.post('/api/service-accounts', { name: 'Short-lived' })).body;
    const all = [await mintOne(account), await mintOne(account), await mintOne(account)];
    for (const one of all) await remember(one);
    expect((await org.api.delete(`/api/service-accounts/${account.slug}`)).status).toBe(204);
    for (const { api } of all) expect((await api.get('/api/me')).status).toBe(401);
    await toldOther();
    for (const { hash } of all) expect(await cacheOf(other).find(hash)).toBe('unknown');
  });

  it('when its row is changed by hand: cut short, limited to a network, deleted', async () => {
    const { owner } = testApp();
    for (const [change, known] of [
      [`UPDATE tokens SET allowed_cidrs = '{192.0.2.0/24}' WHERE hash = $1`, expect.objectContaining({})],
      [`UPDATE tokens SET expires_at = now() WHERE hash = $1`, 'expired'],
      [`DELETE FROM tokens WHERE hash = $1`, 'unknown'],
    ] as const) {
      const one = await mintOne();
      await remember(one);
      await owner.query(change, [hashBytes(one.hash)]);
      await Promise.all([testApp().app.get(TokenChanges).settled(), toldOther()]);
      expect((await one.api.get('/api/me')).status).toBe(401);
      expect(await cacheOf(other).find(one.hash)).toEqual(known);
    }
  });

  it('and shows the account by its new name when that is renamed', async () => {
    const account = (await org.api.post('/api/service-accounts', { name: 'Before' })).body;
    const one = await mintOne(account);
    await remember(one);
    expect((await org.api.put(`/api/service-accounts/${account.slug}`, { name: 'After' })).status).toBe(204);
    expect((await one.api.get('/api/me')).body.user.name).toBe('After');
    await toldOther();
    expect(await cacheOf(other).find(one.hash)).toMatchObject({ holder: { userName: 'After' } });
  });

  it('when the whole organization goes', async () => {
    const gone = await anOrg();
    const hash = hashToken(gone.api.token!);
    expect((await gone.api.get('/api/me')).status).toBe(200);
    const { owner } = testApp();
    await owner.query('DELETE FROM tokens WHERE organization_id = $1', [gone.org.id]);
    await owner.query('DELETE FROM service_accounts WHERE organization_id = $1', [gone.org.id]);
    await owner.query('DELETE FROM organizations WHERE id = $1', [gone.org.id]);
    await Promise.all([testApp().app.get(TokenChanges).settled(), toldOther()]);
    expect((await gone.api.get('/api/me')).status).toBe(401);
    expect(await cacheOf(other).find(hash)).toBe('unknown');
  });
});

it.each([
  ['its account is deleted', `DELETE FROM service_accounts WHERE id = $1`],
  [
    'and its tokens with it',
    `WITH gone AS (DELETE FROM service_accounts WHERE id = $1) DELETE FROM tokens WHERE service_account_id = $1`,
  ],
])('a token in memory is dead when somebody does it by hand: %s', async (_, statement) => {
  const account = (await org.api.post('/api/service-accounts', { name: 'By hand' })).body;
  const one = await mintOne(account);
  await remember(one);
  await testApp().owner.query(statement, [account.id]);
  await Promise.all([testApp().app.get(TokenChanges).settled(), toldOther()]);
  expect((await one.api.get('/api/me')).status).toBe(401);
  expect(await cacheOf(other).find(one.hash)).toBe('unknown');
});

it('a change that is rolled back leaves the token alive', async () => {
  await remember(minted);
  const runner = testApp().owner.createQueryRunner();
  await runner.startTransaction();
  await runner.query('UPDATE tokens SET revoked_at = now() WHERE hash = $1', [hashBytes(minted.hash)]);
  await runner.rollbackTransaction();
  await runner.release();
  await toldOther();
  expect(cacheOf(other).find(minted.hash)).toMatchObject({ hash: minted.hash });
});

it('a token that is used is not a token that has changed', async () => {
  await remember(minted);
  const known = cacheOf(other).find(minted.hash);
  await testApp().owner.query('UPDATE tokens SET last_used_at = now() WHERE hash = $1', [hashBytes(minted.hash)]);
  await toldOther();
  expect(cacheOf(other).find(minted.hash)).toBe(known);
});

describe('a look-up that is under way when the revocation commits', () => {
  it('is neither stored nor joined', async () => {
    const { app, owner } = testApp();
    const cache = cacheOf(app);
    const runner = owner.createQueryRunner();
    await runner.startTransaction();
    // The look-up has its snapshot, and waits for this table.
    await runner.query('LOCK TABLE organizations IN ACCESS EXCLUSIVE MODE');
    const before = cache.find(minted.hash);
    await waitsForLock('organizations');
    await owner.query('UPDATE tokens SET revoked_at = now() WHERE hash = $1', [hashBytes(minted.hash)]);
    await app.get(TokenChanges).settled();
    const after = cache.find(minted.hash);
    await runner.commitTransaction();
    await runner.release();
    // Who asked before the revocation may be told what was so then; nobody else.
    expect(await before).toMatchObject({ hash: minted.hash });
    expect(await after).toBe('revoked');
    expect(await cache.find(minted.hash)).toBe('revoked');
    expect((await minted.api.get('/api/me')).status).toBe(401);
  });
});

it('revoking while the token is asked for all the time: nothing that begins after the 204 is let through', async () => {
  for (let round = 0; round < 20; round += 1) {
    const one = await mintOne();
    await remember(one);
    let isAnswered = false;
    const after: number[] = [];
    const ask = async (): Promise<void> => {
      while (after.length < 8) {
        const beganAfter = isAnswered;
        const { status } = await one.api.get('/api/me');
        if (beganAfter) after.push(status);
      }
    };
    const asking = [ask(), ask(), ask(), ask()];
    expect((await org.api.delete(one.path)).status).toBe(204);
    isAnswered = true;
    await Promise.all(asking);
    expect(new Set(after)).toEqual(new Set([401]));
  }
});

it('well-formed tokens that are none are looked up once, and then no more for a while', async () => {
  const { app } = testApp();
  const cache = cacheOf(app);
  const missesOf = async (): Promise<number> => {
    const stranger = new Api(generateToken());
    const { misses } = cache.counts;
    for (let i = 0; i < 6; i += 1) expect((await stranger.get('/api/me')).status).toBe(401);
    return cache.counts.misses - misses;
  };
  expect(await undisturbed(missesOf)).toBe(1);
});

it('a process whose notifications are late forgets everything before it says that a token is revoked', async () => {
  const way = await DelayedWay.to(databaseUrl());
  const dataSource = await createDataSource({ url: way.url, poolSize: 2, entities: ENTITIES }).initialize();
  const late = await createApp(readEnv({}), createLogger({ logLevel: 'silent' }), dataSource);
  const cache = cacheOf(late);
  const isRemembered = (): boolean =>
    typeof cache.find(minted.hash) === 'object' && !(cache.find(minted.hash) instanceof Promise);
  try {
    while (!isRemembered()) await cache.find(minted.hash);
    way.delay = LONGEST_SILENCE - 200;
    await new Promise((resolve) => setTimeout(resolve, LONGEST_SILENCE));
    await testApp().owner.query('UPDATE tokens SET revoked_at = now() WHERE hash = $1', [hashBytes(minted.hash)]);
    await late.get(TokenChanges).settled();
    // Heartbeats of before go on arriving, and have memory believed for a moment each.
    for (const end = Date.now() + LONGEST_SILENCE; Date.now() < end;)
      expect(await cache.find(minted.hash)).toBe('revoked');
  } finally {
    await late.close();
    await way.close();
  }
});
