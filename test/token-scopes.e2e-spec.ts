import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Api } from './support/api.js';
import { useApp } from './support/app.js';
import { mintedTokens } from './support/minted-tokens.js';
import { anOrg } from './support/organizations.js';
import type { TestOrganization } from './support/organizations.js';

useApp();

let org: TestOrganization;
let api: Api;
/** Where the tokens of an account of the test's own are. */
let path: string;

beforeAll(async () => {
  org = await anOrg();
  api = org.api;
});

beforeEach(async () => {
  const { body } = await api.post('/api/service-accounts', { name: 'Holder' });
  path = `/api/service-accounts/${body.slug}/tokens`;
});

async function create(body: object, as = api) {
  const answer = await as.post(path, body);
  // The suite's log is searched for these, too.
  if (answer.body.token) mintedTokens.push(answer.body.token);
  return answer;
}

describe('the scopes of a new token', () => {
  it.each<[string, object]>([
    ['left out', {}],
    ['null', { scopes: null }],
    ['empty', { scopes: [] }],
  ])('400 when scopes are %s', async (_, input) => {
    const { status, body } = await create({ name: 'x', ...input });
    expect([status, body.code, body.errors[0].location]).toEqual([400, 'Token.InvalidScopes', 'body.scopes']);
  });

  it('400 for scopes that do not exist, with an entry for each of them and for none of the others', async () => {
    const scopes = [
      'read:customers',
      'delete:customers',
      'read:customers ',
      'READ:customers',
      '*',
      'read:',
      'read:memberships',
      5,
      null,
      ['read:*'],
      'write:*',
    ];
    const { status, body } = await create({ name: 'x', scopes });
    expect([status, body.code]).toEqual([400, 'Token.InvalidScopes']);
    expect(body.errors.map(({ location }: { location: string }) => location)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `body.scopes[${i}]`),
    );
    expect(body.errors[0].value).toBe('delete:customers');
    expect((await api.get(path)).body.total).toBe(0);
  });
});

describe('the scopes of a token that a token mints', () => {
  it.each([
    [['write:tokens'], ['write:tokens', 'read:tokens'], []],
    [['write:tokens'], ['read:customers'], ['read:customers']],
    [
      ['write:tokens', 'read:customers'],
      ['write:customers', 'read:customers', 'read:users'],
      ['write:customers', 'read:users'],
    ],
    [['write:tokens', 'write:customers'], ['read:customers', 'write:customers'], []],
    [['write:tokens', 'read:*'], ['read:*', 'read:users'], []],
    [
      ['write:tokens', 'read:*'],
      ['write:customers', 'write:*'],
      ['write:customers', 'write:*'],
    ],
    [
      ['write:tokens', 'write:customers'],
      ['read:*', 'write:*'],
      ['read:*', 'write:*'],
    ],
    [['write:*'], ['write:*', 'read:*', 'write:tokens'], []],
  ] as const)('are its own at the most: of %j, asked for %j, too much is %j', async (held, asked, exceeding) => {
    const { status, body } = await create({ name: 'x', scopes: asked }, await org.as(...held));
    if (exceeding.length === 0) {
      expect([status, body.scopes]).toEqual([201, asked]);
    } else {
      expect([status, body.code]).toEqual([403, 'CreateToken.ScopesExceedCaller']);
      expect(body.errors.map(({ value }: { value: string }) => value)).toEqual(exceeding);
      for (const scope of exceeding) expect(body.detail).toContain(scope);
      expect((await api.get(path)).body.total).toBe(0);
    }
  });

  it('cannot grow over generations', async () => {
    const child = new Api((await create({ name: 'child', scopes: ['write:tokens', 'read:users'] })).body.token);
    expect((await create({ name: 'grandchild', scopes: ['write:tokens', 'write:users'] }, child)).status).toBe(403);
    const grandchild = new Api((await create({ name: 'grandchild', scopes: ['write:tokens'] }, child)).body.token);
    expect((await create({ name: 'great-grandchild', scopes: ['read:users'] }, grandchild)).status).toBe(403);
  });

  it('are said to exceed before the name is looked at, and after whether they exist', async () => {
    await create({ name: 'taken', scopes: ['read:*'] });
    const limited = await org.as('write:tokens');
    expect((await create({ name: 'taken', scopes: ['write:*'] }, limited)).status).toBe(403);
    expect((await create({ name: 'taken', scopes: ['write:*', 'nonsense'] }, limited)).status).toBe(400);
  });
});
