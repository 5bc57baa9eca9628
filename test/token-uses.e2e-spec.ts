import { beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { readEnv } from '../src/config/env.js';
import { createLogger } from '../src/config/logger.js';
import { createApp } from '../src/setup-app.js';
import { TokenCache } from '../src/tokens/token-cache.js';
import { TokenUses } from '../src/tokens/token-uses.js';
import { TokenVerifier } from '../src/tokens/token-verifier.js';
import { Api } from './support/api.js';
import { testApp, useApp } from './support/app.js';
import { openDataSource } from './support/database.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp({ env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1', TOKEN_USE_TRACKING: 'on' } });

let org: TestOrganization;
let path: string;
let token: Api;

beforeEach(async () => {
  org = await anOrg();
  const tokens = `/api/service-accounts/${org.account.slug}/tokens`;
  const { body } = await org.api.post(tokens, { name: 'watched', scopes: ['read:*'] });
  path = `${tokens}/${body.slug}`;
  token = new Api(body.token);
});

const write = (): Promise<void> => testApp().app.get(TokenUses).write();

/** When and from where the token was last used, as the API shows it. */
async function lastUse(): Promise<{ at: string | undefined; from: string | undefined }> {
  const { lastUsedAt, lastUsedFrom } = (await org.api.get(path)).body;
  return { at: lastUsedAt, from: lastUsedFrom };
}

function validate(forwardedFor?: string): Promise<Response> {
  const headers: Record<string, string> = { authorization: `Bearer ${token.token}` };
  if (forwardedFor !== undefined) headers['x-forwarded-for'] = forwardedFor;
  return fetch(`${testApp().url}/api/tokens/validate`, { headers });
}

describe('the last use of a token', () => {
  it('is absent until there is one', async () => {
    await write();
    expect(await lastUse()).toEqual({ at: undefined, from: undefined });
  });

  it('is that of a request to the API', async () => {
    const before = Date.now();
    await token.get('/api/me');
    const after = Date.now();
    await write();
    const { at, from } = await lastUse();
    expect(from).toBe('127.0.0.1');
    expect(Date.parse(at!)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(at!)).toBeLessThanOrEqual(after);
  });

  it('is that of a gateway’s request for validation, and the client’s address what a trusted gateway says', async () => {
    expect((await validate('203.0.113.9, 198.51.100.7')).status).toBe(200);
    await write();
    expect((await lastUse()).from).toBe('198.51.100.7');
    expect((await validate('2001:DB8::7')).status).toBe(200);
    await write();
    expect((await lastUse()).from).toBe('2001:db8::7');
  });

  it('is shown without an address that nobody can tell', async () => {
    expect((await validate('unknown')).status).toBe(200);
    await write();
    const { at, from } = await lastUse();
    expect(at).toBeDefined();
    expect(from).toBeUndefined();
  });

  it('is no use that was refused', async () => {
    await token.get('/api/me');
    await write();
    const before = await lastUse();
    expect((await org.api.delete(path)).status).toBe(204);
    expect((await token.get('/api/me')).status).toBe(401);
    expect((await validate()).status).toBe(401);
    await write();
    expect(await lastUse()).toEqual(before);
  });

  it('only moves on, whatever order processes write in', async () => {
    await token.get('/api/me');
    await write();
    const before = await lastUse();
    const { id } = (await org.api.get(path)).body;
    const record = 'SELECT record_token_uses($1::uuid[], $2::timestamptz[], $3::text[])';
    await testApp().dataSource.query(record, [[id], [new Date(0)], ['192.0.2.1']]);
    expect(await lastUse()).toEqual(before);
  });

  it('is written for all tokens in one statement, of whatever organizations', async () => {
    const other = await anOrg();
    await write();
    const { dataSource } = testApp();
    const sent: string[] = [];
    const { query } = DataSource.prototype;
    dataSource.query = function (this: DataSource, sql: string, ...rest: never[]) {
      sent.push(sql);
      return query.call(this, sql, ...rest);
    } as never;
    try {
      for (const api of [token, other.api, org.api, token]) expect((await api.get('/api/me')).status).toBe(200);
      sent.length = 0;
      await write();
    } finally {
      dataSource.query = query as never;
    }
    expect(sent).toHaveLength(1);
    expect((await lastUse()).at).toBeDefined();
    const rows = await testApp().owner.query<{ used: boolean }[]>(
      'SELECT bool_and(last_used_at IS NOT NULL) AS used FROM tokens WHERE organization_id = $1',
      [other.org.id],
    );
    expect(rows).toEqual([{ used: true }]);
  });

  it('is kept, and written later, when the database cannot take it now', async () => {
    await token.get('/api/me');
    const { dataSource } = testApp();
    const { query } = DataSource.prototype;
    dataSource.query = () => Promise.reject(new Error('Connection terminated unexpectedly'));
    await write();
    dataSource.query = query as never;
    expect(await lastUse()).toEqual({ at: undefined, from: undefined });
    await write();
    const { at } = await lastUse();
    expect(at).toBeDefined();
    await token.get('/api/me');
    await write();
    expect(Date.parse((await lastUse()).at!)).toBeGreaterThan(Date.parse(at!));
  });

  it('is a later one, when there is one while an earlier one cannot be written', async () => {
    await token.get('/api/me');
    const { dataSource } = testApp();
    const { query } = DataSource.prototype;
    let after = 0;
    dataSource.query = async () => {
      dataSource.query = query as never;
      await validate('192.0.2.44');
      after = Date.now();
      throw new Error('Connection terminated unexpectedly');
    };
    await write();
    await write();
    const { at, from } = await lastUse();
    expect(from).toBe('192.0.2.44');
    expect(Date.parse(at!)).toBeLessThanOrEqual(after);
    const later = Date.now();
    await token.get('/api/me');
    await write();
    expect(Date.parse((await lastUse()).at!)).toBeGreaterThanOrEqual(later);
  });

  it('is that of the record in memory, also when the token was looked up again', async () => {
    await token.get('/api/me');
    testApp().app.get(TokenCache).clear();
    expect((await validate('192.0.2.45')).status).toBe(200);
    await write();
    expect((await lastUse()).from).toBe('192.0.2.45');
    expect((await validate('192.0.2.46')).status).toBe(200);
    await write();
    expect((await lastUse()).from).toBe('192.0.2.46');
  });

  it.each([
    ['on', true],
    ['off', false],
  ])('is written at shutdown, or never: TOKEN_USE_TRACKING=%s', async (TOKEN_USE_TRACKING, isKept) => {
    const logger = createLogger({ logLevel: 'silent' });
    const stopped = await createApp(readEnv({ TOKEN_USE_TRACKING }), logger, await openDataSource(2));
    const arrival = { socket: { remoteAddress: '192.0.2.1' }, rawHeaders: [] } as never;
    expect(await stopped.get(TokenVerifier).verify(token.token!, arrival)).toBeInstanceOf(Object);
    await stopped.close();
    expect((await lastUse()).from).toBe(isKept ? '192.0.2.1' : undefined);
  });
});
