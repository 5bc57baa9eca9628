import type { KeyObject } from 'node:crypto';
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Api } from '../support/api.js';
import { testApp, useApp } from '../support/app.js';
import { FORGED_PAYLOADS, FORGED_TEXTS } from '../support/forged-principals.js';
import type { Claims } from '../support/jwt.js';
import { claimsOf, headerOf, part, send, signingKey, validated, whoIs } from '../support/jwt.js';
import { anOrg } from '../support/organizations.js';
import type { TestOrganization } from '../support/organizations.js';
import { expectRefusal, expectUnreadable, expectUntrue } from '../support/refusals.js';

/** From a trusted network as well: that must count for nothing. */
useApp({ env: { PRINCIPAL_JWT: 'signed', GATEWAY_TRUSTED_CIDRS: '127.0.0.1/32' } });

let org: TestOrganization;
let other: TestOrganization;
let jwt: string;
let claims: Claims;
/** The server's own key, so that of each forgery one thing is wrong and the signature is not it. */
let key: KeyObject;
let publicKey: KeyObject;
let header: { alg: string; kid: string; typ: string };
beforeAll(async () => {
  [org, other] = [await anOrg('read:customers', 'read:instances'), await anOrg()];
  await validated(org.api.token!);
  const { kid, der } = await signingKey();
  key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  publicKey = createPublicKey(key);
  header = { alg: 'EdDSA', kid, typ: 'kaiten-principal+jwt' };
});

// It lives for a minute only, and the suite may take longer.
beforeEach(async () => {
  jwt = await validated(org.api.token!);
  claims = claimsOf(jwt);
});

function signed(payload: object | string | Buffer, head: object | string = header, by: KeyObject = key): string {
  const input = `${part(head)}.${part(payload)}`;
  return `${input}.${sign(null, Buffer.from(input), by).toString('base64url')}`;
}

/** The same text with another signature, made of the good one's bytes. */
function withSignature(change: (signature: Buffer) => Buffer): string {
  const [head, payload, signature] = jwt.split('.');
  return `${head}.${payload}.${change(Buffer.from(signature!, 'base64url')).toString('base64url')}`;
}

describe('a signed principal', () => {
  it('200 as the token itself, and not for more', async () => {
    const me = await new Api(jwt).get('/api/me');
    expect([me.status, me.body]).toEqual([200, (await org.api.get('/api/me')).body]);
    expect((await new Api(jwt).post('/api/customers', { name: 'X' })).body.code).toBe('Auth.MissingScope');
    const theirs = (await other.api.post('/api/customers', { name: 'Theirs' })).body;
    expect((await new Api(jwt).get(`/api/customers/${theirs.id}`)).body.code).toBe('Customer.NotFound');
  });

  it('200 however often, and for the forger’s own tools when nothing is forged', async () => {
    for (const text of [jwt, jwt, signed(claims), signed({ x: 1, ...claims })])
      expect((await whoIs(text)).status).toBe(200);
  });

  it('has a key, a type, an issuer, an audience and a minute', () => {
    expect(headerOf(jwt)).toEqual(header);
    expect(header.kid).toMatch(/^[\w-]{43}$/);
    expect(claims).toMatchObject({ iss: 'kaiten', aud: 'kaiten-api', kaiten_external_org_id: org.org.externalId });
    expect((claims.exp as number) - (claims.iat as number)).toBe(60);
  });

  it('can be verified by others, with what is published', async () => {
    const keys = createRemoteJWKSet(new URL(`${testApp().url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(jwt, keys, { issuer: 'kaiten', audience: 'kaiten-api', typ: header.typ });
    expect(payload).toEqual(claims);
  });
});

describe('a forged text: 401 for', () => {
  it.each(FORGED_TEXTS)('%s', async (_, forge, code) => {
    expectRefusal(await whoIs(forge(jwt)), code);
  });
});

describe('a forged payload, though it be signed: 401 for', () => {
  it.each(FORGED_PAYLOADS)('%s', async (_, forge, code) => {
    expectUnreadable(await whoIs(signed(forge(claims))), code);
  });

  it('UTF-16', async () => {
    expectRefusal(await whoIs(signed(Buffer.from(JSON.stringify(claims), 'utf16le'))), 'Auth.InvalidClaims');
  });

  it.each<[string, object, string]>([
    ['no issuer', { iss: undefined }, 'Auth.MissingClaims'],
    ...['', 'Kaiten', 'kaiten ', 'kaiten-api', 'https://example.com', null, ['kaiten'], true].map(
      (iss): [string, object, string] => [`the issuer ${JSON.stringify(iss)}`, { iss }, 'Auth.InvalidClaims'],
    ),
    ['no audience', { aud: undefined }, 'Auth.MissingClaims'],
    ...['', 'kaiten', 'KAITEN-API', 'kaiten-api2', null, ['kaiten-api'], ['kaiten-api', 'x'], {}].map(
      (aud): [string, object, string] => [`the audience ${JSON.stringify(aud)}`, { aud }, 'Auth.InvalidClaims'],
    ),
  ])('%s', async (_, change, code) => {
    expectRefusal(await whoIs(signed({ ...claims, ...change })), code);
  });

  it('an hour, which only unsigned ones may have', async () => {
    expectRefusal(await whoIs(signed({ ...claims, exp: (claims.iat as number) + 3_600 })), 'Auth.InvalidClaims');
  });
});

describe('a forged header, though it be signed: 401 for', () => {
  it.each<[string, object]>([
    ...['none', 'eddsa', 'EDDSA', 'Ed25519', 'Ed448', 'HS256', 'ES256', '', null, ['EdDSA']].map(
      (alg): [string, object] => [`alg: ${JSON.stringify(alg)}`, { alg }],
    ),
    ['no algorithm', { alg: undefined }],
    ...['JWT', 'KAITEN-PRINCIPAL+JWT', 'application/kaiten-principal+jwt', 'at+jwt', '', null].map(
      (typ): [string, object] => [`typ: ${JSON.stringify(typ)}`, { typ }],
    ),
    ['no type', { typ: undefined }],
    ['no kid', { kid: undefined }],
    ...['', 'x', '../../etc/passwd', `' OR 1=1 --`, 'A'.repeat(43), 'A'.repeat(44), null, 1, true, [], {}].map(
      (kid): [string, object] => [`kid: ${JSON.stringify(kid)}`, { kid }],
    ),
    ['crit of nothing', { crit: [] }],
    ['crit of what is known', { crit: ['exp'], exp: 1 }],
    ['crit of what is not', { crit: ['x'], x: 1 }],
    ['b64', { b64: true, crit: ['b64'] }],
    ['jku', { jku: 'https://example.com/jwks.json' }],
    ['x5u', { x5u: 'https://example.com/x.pem' }],
    ['x5c', { x5c: ['MA=='] }],
    ['x5t', { 'x5t#S256': 'x' }],
    ['cty', { cty: 'JWT' }],
    ['zip', { zip: 'DEF' }],
    ['enc', { enc: 'A256GCM' }],
    ['a member of no meaning', { x: 1 }],
  ])('%s', async (_, change) => {
    expectRefusal(await whoIs(signed(claims, { ...header, ...change })), 'Auth.InvalidToken');
  });

  it.each<[string, () => string | Promise<string>]>([
    ['the type twice', () => `{"typ":"JWT",${JSON.stringify(header).slice(1)}`],
    ['the key twice', () => `{"kid":"${'A'.repeat(43)}",${JSON.stringify(header).slice(1)}`],
    ['the key twice, once escaped', () => `{"\\u006bid":"x",${JSON.stringify(header).slice(1)}`],
    ['a prototype', () => `{"__proto__":{},${JSON.stringify(header).slice(1)}`],
    ['a list', () => JSON.stringify([header])],
    ['a blank in front', () => ` ${JSON.stringify(header)}`],
    ['a byte order mark in front', () => `\ufeff${JSON.stringify(header)}`],
  ])('%s', async (_, head) => {
    expectRefusal(await whoIs(signed(claims, head())), 'Auth.InvalidToken');
  });
});

describe('a forged signature: 401 for', () => {
  const own = generateKeyPairSync('ed25519');
  const ownJwk = own.publicKey.export({ format: 'jwk' });

  it.each<[string, () => string | Promise<string>]>([
    ['an unsigned principal', () => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`],
    [
      'an unsigned principal as the other mode makes them',
      () => {
        const { iss: _iss, aud: _aud, ...rest } = claims;
        return `${part({ alg: 'none', typ: 'JWT' })}.${part(rest)}.`;
      },
    ],
    ['none, with our header', () => `${part(header)}.${part(claims)}.`],
    ['a claim that was edited', () => edited({ scopes: ['write:*'] })],
    ['an end that was edited', () => edited({ exp: (claims.exp as number) + 1 })],
    [
      'another principal’s signature',
      async () => `${jwt.slice(0, jwt.lastIndexOf('.'))}.${(await validated(other.api.token!)).split('.')[2]!}`,
    ],
    ['another key', () => signed(claims, header, own.privateKey)],
    ['another key that comes with it', () => signed(claims, { ...header, jwk: ownJwk }, own.privateKey)],
    ['another key under its own name', () => signed(claims, { ...header, kid: ownJwk.x }, own.privateKey)],
    ['a key of another curve', () => signed(claims, header, generateKeyPairSync('ed448').privateKey)],
    ['no byte', () => withSignature(() => Buffer.alloc(0))],
    ['zeros', () => withSignature(() => Buffer.alloc(64))],
    ['one byte less', () => withSignature((signature) => signature.subarray(0, 63))],
    ['one byte more', () => withSignature((signature) => Buffer.concat([signature, Buffer.alloc(1)]))],
    ['its bytes twice', () => withSignature((signature) => Buffer.concat([signature, signature]))],
    ['one bit changed', () => withSignature((signature) => ((signature[0]! ^= 1), signature))],
    ['one bit of its second half changed', () => withSignature((signature) => ((signature[40]! ^= 1), signature))],
    ['the order of the group added to S', () => withSignature(plusOrder)],
    [
      'HS256 with the public key’s bytes',
      () => hs256(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')),
    ],
    ['HS256 with the public key’s text', () => hs256(publicKey.export({ format: 'jwk' }).x!)],
    ['HS256 with the public key in PEM', () => hs256(publicKey.export({ format: 'pem', type: 'spki' }))],
    ['HS256 with an empty key', () => hs256('')],
    ['RS256', () => signedWith('RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)],
    ['ES256', () => signedWith('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)],
  ])('%s', async (_, forge) => {
    expectRefusal(await whoIs(await forge()), 'Auth.InvalidToken');
  });

  function edited(change: object): string {
    const [head, , signature] = jwt.split('.');
    return `${head}.${part({ ...claims, ...change })}.${signature}`;
  }

  function hs256(secret: string | Buffer): string {
    const input = `${part({ ...header, alg: 'HS256' })}.${part(claims)}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  }

  function signedWith(alg: string, by: KeyObject): string {
    const input = `${part({ ...header, alg })}.${part(claims)}`;
    return `${input}.${sign('sha256', Buffer.from(input), { key: by, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }

  /** RFC 8032, section 5.1.7: S must be below the order. Both halves of such a pair would satisfy the equation. */
  function plusOrder(signature: Buffer): Buffer {
    const order = (1n << 252n) + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
    return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()]);
  }
});

describe('a principal that is not its token’s, though it be signed: 401 for', () => {
  it.each<[string, () => object]>([
    ['an organization that does not exist', () => ({ kaiten_external_org_id: 'org_none' })],
    ['another organization', () => ({ kaiten_external_org_id: other.org.externalId })],
    ['another account', () => ({ sub: 'sa_none' })],
    ['another token', () => ({ kaiten_token_id: other.account.id })],
    ['a hash of nothing', () => ({ kaiten_token_hash: part(Buffer.alloc(32)) })],
    ['wider scopes', () => ({ scopes: ['write:*'] })],
    ['narrower scopes', () => ({ scopes: ['read:customers'] })],
  ])('%s', async (_, change) => {
    expectUntrue(await whoIs(signed({ ...claims, ...change() })));
  });

  it('a token that has been revoked since', async () => {
    const admin = await org.as('write:*');
    const tokens = `/api/service-accounts/${org.account.slug}/tokens`;
    const { token, slug } = (await admin.post(tokens, { name: 'brief', scopes: ['read:*'] })).body;
    const principal = await validated(token);
    expect((await whoIs(principal)).status).toBe(200);
    expect((await admin.delete(`${tokens}/${slug}`)).status).toBe(204);
    expectUntrue(await whoIs(principal));
  });
});

describe('two credentials: 401 for', () => {
  it('the principal twice, and the principal beside its token', async () => {
    const [first, second] = [`Authorization: Bearer ${jwt}`, `Authorization: Bearer ${org.api.token!}`];
    for (const lines of [
      [first, first],
      [first, second],
      [second, first],
    ])
      expectRefusal(await send('GET /api/me', ...lines), 'Auth.InvalidToken');
  });
});
