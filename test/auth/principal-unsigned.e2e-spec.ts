import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Api } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { FORGED_PAYLOADS, FORGED_TEXTS } from '../support/forged-principals.js';
import type { Claims } from '../support/jwt.js';
import { claimsOf, part, send, validated, whoIs } from '../support/jwt.js';
import { anOrg, mint } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { expectRefusal, expectUnreadable, expectUntrue } from '../support/refusals.js';

/** The suite is its own gateway: it speaks from a trusted network, so that nothing but the principals themselves can be refused. */
useApp({ env: { GATEWAY_TRUSTED_CIDRS: '127.0.0.1/32' } });

let org: TestOrganization;
let other: TestOrganization;
let jwt: string;
let claims: Claims;
beforeAll(async () => {
  [org, other] = [await anOrg('read:customers', 'read:instances'), await anOrg()];
  jwt = await validated(org.api.token!);
  claims = claimsOf(jwt);
});

const NONE = { alg: 'none', typ: 'JWT' };
const unsigned = (payload: object | string, header: object | string = NONE): string =>
  `${part(header)}.${part(payload)}.`;

describe('a principal from a gateway', () => {
  it('200 as the token itself', async () => {
    const me = await new Api(jwt).get('/api/me');
    expect([me.status, me.body]).toEqual([200, (await org.api.get('/api/me')).body]);
    expect((await new Api(jwt).get('/api/customers')).status).toBe(200);
  });

  it('200 however often, and made anew', async () => {
    for (const text of [jwt, jwt, unsigned(claims), unsigned({ ...claims })])
      expect((await whoIs(text)).status).toBe(200);
  });

  it('200 with claims that are not ours, members in another order, and a header without a type', async () => {
    const more = { email: 'x@example.com', aud: ['anybody'], iss: 'x', nbf: 4_102_444_800, jti: '1', ...claims };
    for (const text of [
      unsigned(more),
      unsigned(claims, { alg: 'none' }),
      unsigned(claims, '{ "typ":"JWT", "alg":"none" }'),
    ])
      expect((await whoIs(text)).status).toBe(200);
  });

  it('403 for what its token may not do', async () => {
    const { status, body } = await new Api(jwt).post('/api/customers', { name: 'X' });
    expect([status, body.code]).toEqual([403, 'Auth.MissingScope']);
  });

  it('404 for another organization’s customer, by slug and by id', async () => {
    const customer = (await other.api.post('/api/customers', { name: 'Theirs' })).body;
    for (const reference of [customer.id, customer.slug]) {
      const { status, body } = await new Api(jwt).get(`/api/customers/${reference}`);
      expect([status, body.code]).toEqual([404, 'Customer.NotFound']);
    }
    expect((await new Api(jwt).get('/api/customers')).body.items).toEqual([]);
  });
});

describe('a forged text: 401 for', () => {
  it.each(FORGED_TEXTS)('%s', async (_, forge, code) => {
    expectRefusal(await whoIs(forge(jwt)), code);
  });
});

describe('a forged payload: 401 for', () => {
  it.each(FORGED_PAYLOADS)('%s', async (_, forge, code) => {
    expectUnreadable(await whoIs(unsigned(forge(claims))), code);
  });

  it.each<[string, () => Buffer]>([
    ['bytes that are not UTF-8', () => Buffer.from(JSON.stringify({ ...claims, x: '\u00e9' }), 'latin1')],
    ['UTF-16', () => Buffer.from(JSON.stringify(claims), 'utf16le')],
    ['UTF-16 with a byte order mark', () => Buffer.from(`\ufeff${JSON.stringify(claims)}`, 'utf16le')],
  ])('%s', async (_, payload) => {
    expectRefusal(await whoIs(`${part(NONE)}.${part(payload())}.`), 'Auth.InvalidClaims');
  });

  it('a megabyte of claims: more than a request may have of headers', async () => {
    const { status, body } = await whoIs(unsigned({ ...claims, x: 'x'.repeat(1_000_000) }));
    expect([status, body.code]).toEqual([431, 'HEADERS_TOO_LARGE']);
  });
});

describe('a forged header: 401 for', () => {
  const pair = generateKeyPairSync('ed25519');
  const x = pair.publicKey.export({ format: 'jwk' }).x!;
  const hs256 = (secret: string | Buffer): string => {
    const input = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };

  it.each<[string, object | string]>([
    ...['None', 'NONE', 'nOnE', 'none ', ' none', 'none\0', 'nоne', '', 'null', 'HS256', 'EdDSA'].map(
      (alg): [string, object] => [`the algorithm ${JSON.stringify(alg)}`, { ...NONE, alg }],
    ),
    ...[null, 0, false, ['none'], {}].map((alg): [string, object] => [`alg: ${JSON.stringify(alg)}`, { ...NONE, alg }]),
    ['no algorithm', { typ: 'JWT' }],
    ['the algorithm under another name', { typ: 'JWT', Alg: 'none' }],
    ['no member', {}],
    ...['jwt', 'at+jwt', 'kaiten-principal+jwt', '', null, ['JWT']].map((typ): [string, object] => [
      `the type ${JSON.stringify(typ)}`,
      { ...NONE, typ },
    ]),
    ['crit', { ...NONE, crit: ['exp'] }],
    ['an empty crit', { ...NONE, crit: [] }],
    ['jku', { ...NONE, jku: 'https://example.com/jwks.json' }],
    ['jwk', { ...NONE, jwk: { kty: 'OKP', crv: 'Ed25519', x } }],
    ['x5u', { ...NONE, x5u: 'https://example.com/x.pem' }],
    ['x5c', { ...NONE, x5c: ['MA=='] }],
    ['x5t', { ...NONE, x5t: 'x' }],
    ['kid', { ...NONE, kid: '' }],
    ['cty', { ...NONE, cty: 'JWT' }],
    ['zip', { ...NONE, zip: 'DEF' }],
    ['enc', { ...NONE, enc: 'A256GCM' }],
    ['b64', { ...NONE, b64: false }],
    ['a member without a name', { ...NONE, '': '' }],
    ['an algorithm twice', '{"alg":"HS256","alg":"none","typ":"JWT"}'],
    ['an algorithm twice, once escaped', '{"\\u0061lg":"HS256","alg":"none"}'],
    ['an algorithm of a prototype', '{"__proto__":{"alg":"none"}}'],
    ['a header that is a list', '[{"alg":"none"}]'],
    ['a header that is a text', '"none"'],
    ['a header that is no JSON', "{'alg':'none'}"],
    ['a byte order mark in front of it', '\ufeff{"alg":"none"}'],
    ['a blank in front of it', ' {"alg":"none"}'],
  ])('%s', async (_, header) => {
    expectRefusal(await whoIs(unsigned(claims, header)), 'Auth.InvalidToken');
  });

  it.each<[string, () => string]>([
    ['UTF-16', () => `${part(Buffer.from('{"alg":"none"}', 'utf16le'))}.${part(claims)}.`],
    ['a signature where there is none', () => `${unsigned(claims)}${part('x')}`],
    ['a signature of 64 zeros', () => `${unsigned(claims)}${part(Buffer.alloc(64))}`],
    ['HS256 with an empty key', () => hs256('')],
    ['HS256 with a key that everybody knows', () => hs256('secret')],
    ['EdDSA, though it be signed', () => signedBy(pair.privateKey, { alg: 'EdDSA', typ: 'JWT' })],
    [
      'EdDSA of the type that signed ones have',
      () => signedBy(pair.privateKey, { alg: 'EdDSA', typ: 'kaiten-principal+jwt', kid: x }),
    ],
  ])('%s', async (_, forge) => {
    expectRefusal(await whoIs(forge()), 'Auth.InvalidToken');
  });

  function signedBy(key: Parameters<typeof sign>[2], header: object): string {
    const input = `${part(header)}.${part(claims)}`;
    return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
  }
});

describe('a principal that is not its token’s: 401 for', () => {
  const idOf = async (api: Api): Promise<string> => (await api.get('/api/me')).body.token.id;
  const hashOf = async (token: string): Promise<unknown> => claimsOf(await validated(token)).kaiten_token_hash;

  it.each<[string, () => Promise<Claims> | Claims]>([
    ['an organization that does not exist', () => ({ kaiten_external_org_id: 'org_none' })],
    ['another organization', () => ({ kaiten_external_org_id: other.org.externalId })],
    ['the organization’s id in place of its external one', () => ({ kaiten_external_org_id: org.org.id })],
    ['its organization in upper case', () => ({ kaiten_external_org_id: org.org.externalId.toUpperCase() })],
    ['an account that does not exist', () => ({ sub: 'sa_none' })],
    ['another account of the organization', async () => ({ sub: (await secondAccount()).sub })],
    ['another organization’s account', async () => ({ sub: claimsOf(await validated(other.api.token!)).sub })],
    ['the account’s id in place of its external one', () => ({ sub: org.account.id })],
    ['a blank behind the account', () => ({ sub: `${claims.sub as string} ` })],
    ['another token of the account', async () => ({ kaiten_token_id: await idOf(await org.as('read:customers')) })],
    ['another organization’s token', async () => ({ kaiten_token_id: await idOf(other.api) })],
    ['a token that does not exist', () => ({ kaiten_token_id: randomUUID() })],
    ['a token in upper case', () => ({ kaiten_token_id: (claims.kaiten_token_id as string).toUpperCase() })],
    ['a hash of nothing', () => ({ kaiten_token_hash: part(Buffer.alloc(32)) })],
    [
      'the token’s id in place of its hash',
      () => ({ kaiten_token_hash: part(`${claims.kaiten_token_id as string}`.slice(4)) }),
    ],
    [
      'the hash of another token of the account',
      async () => ({
        kaiten_token_hash: await hashOf((await org.as('read:customers', 'read:instances')).token!),
      }),
    ],
    ['the hash of another organization’s token', async () => ({ kaiten_token_hash: await hashOf(other.api.token!) })],
    [
      'everything another’s but the organization',
      async () => ({
        ...claimsOf(await validated(other.api.token!)),
        kaiten_external_org_id: claims.kaiten_external_org_id,
      }),
    ],
    [
      'everything another’s but the hash',
      async () => ({
        ...claimsOf(await validated(other.api.token!)),
        kaiten_token_hash: claims.kaiten_token_hash,
      }),
    ],
    ['wider scopes', () => ({ scopes: ['write:*'] })],
    ['one scope more', () => ({ scopes: ['read:customers', 'read:instances', 'write:customers'] })],
    ['one scope less', () => ({ scopes: ['read:customers'] })],
    ['other scopes, as many', () => ({ scopes: ['read:customers', 'write:instances'] })],
    ['scopes in another order', () => ({ scopes: ['read:instances', 'read:customers'] })],
    ['all scopes of reading', () => ({ scopes: ['read:*'] })],
  ])('%s', async (_, change) => {
    expectUntrue(await whoIs(unsigned({ ...claims, ...(await change()) })));
  });

  it('a revoked token', async () => {
    const account = await secondAccount();
    expect((await whoIs(account.jwt)).status).toBe(200);
    const tokens = `/api/service-accounts/${account.slug}/tokens`;
    expect((await account.admin.delete(`${tokens}/${account.tokenSlug}`)).status).toBe(204);
    expectUntrue(await whoIs(account.jwt));
  });

  it('a token of a deleted account', async () => {
    const account = await secondAccount();
    expect((await account.admin.delete(`/api/service-accounts/${account.slug}`)).status).toBe(204);
    expectUntrue(await whoIs(account.jwt));
  });

  it('an expired token, though the principal says that it lives on', async () => {
    const token = await mint(org.org, org.account.id, ['read:*'], new Date(Date.now() + 60_000));
    const lasting = unsigned({ ...claimsOf(await validated(token)), exp: (claims.iat as number) + 3_600 });
    expect((await whoIs(lasting)).status).toBe(200);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    try {
      expectUntrue(await whoIs(lasting));
    } finally {
      clock.mockRestore();
    }
  });

  /** One more account of our organization, with a token and its principal. */
  async function secondAccount() {
    const admin = new Api(await mint(org.org, org.account.id, ['write:*']));
    const { slug } = (await admin.post('/api/service-accounts', { name: `Account ${randomUUID()}` })).body;
    const made = await admin.post(`/api/service-accounts/${slug}/tokens`, { name: 'x', scopes: ['read:*'] });
    const principal = await validated(made.body.token);
    return { admin, slug, tokenSlug: made.body.slug, jwt: principal, sub: claimsOf(principal).sub };
  }
});

describe('two credentials: 401 for', () => {
  const line = (credential: string): string => `Authorization: Bearer ${credential}`;

  it.each<[string, () => string[]]>([
    ['the principal twice', () => [line(jwt), line(jwt)]],
    ['the principal, then its token', () => [line(jwt), line(org.api.token!)]],
    ['a token, then the principal', () => [line(org.api.token!), line(jwt)]],
    ['the principal, then an empty header', () => [line(jwt), 'Authorization:']],
    [
      'a principal that is forged in front of one that is not',
      () => [line(unsigned({ ...claims, sub: 'sa_x' })), line(jwt)],
    ],
  ])('%s', async (_, lines) => {
    expectRefusal(await send('GET /api/me', ...lines()), 'Auth.InvalidToken');
  });

  it.each(['X-Forwarded-Authorization', 'X-Authorization', 'Proxy-Authorization', 'X-Principal', 'Authorization_'])(
    'a principal in %s',
    async (name) => {
      expectRefusal(await send('GET /api/me', `${name}: Bearer ${jwt}`), 'Auth.NoIdentity');
    },
  );

  it.each(['access_token', 'jwt', 'token'])('a principal in the query as %s', async (name) => {
    expectRefusal(await send(`GET /api/me?${name}=${jwt}`), 'Auth.NoIdentity');
  });
});

describe('the log', () => {
  it('has no principal, and no hash of a token', async () => {
    await whoIs(jwt);
    await whoIs(unsigned({ ...claims, sub: 'sa_x' }));
    const log = testApp().log();
    expect(log).toContain('/api/me');
    for (const secret of [jwt, jwt.split('.')[1]!, claims.kaiten_token_hash as string])
      expect(log).not.toContain(secret);
  });
});
