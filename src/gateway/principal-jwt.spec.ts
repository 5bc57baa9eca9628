import { createPrivateKey, createPublicKey, randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GRANTED_SCOPES } from '../auth/scopes.js';
import type { TokenRecord } from '../tokens/token-record.js';
import { generateKey } from './principal-keys.js';
import type { PrincipalJwts } from './principal-jwt.js';
import { REUSED_FOR } from './principal-jwt.js';
import { SignedPrincipalJwts } from './signed-principal-jwts.js';
import type { KeySet } from './signing-keys.js';
import { UnsignedPrincipalJwts } from './unsigned-principal-jwts.js';

/** 2026-01-31T12:00:00.750Z. */
const NOW = 1_769_860_800_750;

function aRecord(change: Partial<TokenRecord> = {}, sub = 'sa_x', organization = 'org_x'): TokenRecord {
  return {
    hash: randomBytes(32).toString('latin1'),
    id: randomUUID(),
    scopes: ['read:customers', 'write:instances'],
    expiresAt: Infinity,
    networks: undefined,
    use: { at: NaN, from: undefined },
    holder: {
      userId: randomUUID(),
      userExternalId: sub,
      userName: 'my-app-backend',
      organization: { id: randomUUID(), externalId: organization, name: 'Sakura', slug: 'sakura' },
    },
    ...change,
  };
}

async function aKeySet(): Promise<KeySet> {
  const { kid, publicJwk, privateKey } = await generateKey();
  return {
    signing: { kid, key: createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' }) },
    verifying: new Map([[kid, createPublicKey({ key: { ...publicJwk }, format: 'jwk' })]]),
    published: [],
  };
}

/** Keys that are known, and how they are changed. */
class Keys {
  constructor(public set: KeySet) {}
  current = (): KeySet => this.set;
  reread = (): Promise<KeySet> => Promise.resolve(this.set);
}

let keys: Keys;
beforeAll(async () => {
  keys = new Keys(await aKeySet());
});

const text = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((value) => value.trim() !== '' && !value.includes('\0'));
const timesOf = (jwt: string): { iat: number; exp: number } =>
  JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString());

describe.each<[string, () => PrincipalJwts, number]>([
  ['unsigned', () => new UnsignedPrincipalJwts(), 3_600],
  ['signed', () => new SignedPrincipalJwts(keys), 60],
])('a principal that is %s', (_, make, lifetime) => {
  const expired = { status: 401, code: 'Auth.InvalidClaims', detail: 'the principal has expired' };
  const readAt = async (jwts: PrincipalJwts, jwt: string, now: number) => jwts.read(jwt, true, now);

  it('is read as it was issued, whatever its token is', async () => {
    const scopes = fc.uniqueArray(fc.constantFrom(...GRANTED_SCOPES), { minLength: 1 });
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    await fc.assert(
      fc.asyncProperty(text, text, scopes, hash, fc.uuid(), async (sub, organization, granted, tokenHash, id) => {
        const jwts = make();
        const jwt = await jwts.issue(aRecord({ id, hash: tokenHash, scopes: granted }, sub, organization), NOW);
        expect(jwt).toMatch(/^[\w-]+\.[\w-]+\.[\w-]*$/);
        const expiresAt = Math.floor(NOW / 1000) * 1000 + lifetime * 1000;
        expect(await readAt(jwts, jwt, NOW)).toEqual({
          sub,
          organization,
          scopes: granted,
          tokenId: id,
          tokenHash,
          expiresAt,
        });
      }),
    );
  });

  it('has all scopes, and the longest ids that there are, well within what is read', async () => {
    const jwts = make();
    const jwt = await jwts.issue(aRecord({ scopes: GRANTED_SCOPES }, 's'.repeat(255), 'ö'.repeat(255)), NOW);
    expect(await readAt(jwts, jwt, NOW)).toMatchObject({ sub: 's'.repeat(255), scopes: GRANTED_SCOPES });
  });

  it('lives as long as it may, and never longer than its token', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 * lifetime * 1000 }), async (left) => {
        const { iat, exp } = timesOf(await make().issue(aRecord({ expiresAt: NOW + left }), NOW));
        expect(iat).toBe(Math.floor(NOW / 1000));
        expect(exp).toBe(Math.min(iat + lifetime, Math.floor((NOW + left) / 1000)));
        expect(exp * 1000).toBeLessThanOrEqual(NOW + left);
      }),
    );
  });

  it('is refused from the millisecond of its end on, whether it was read before or not', async () => {
    const jwts = make();
    const jwt = await jwts.issue(aRecord(), NOW);
    const end = (Math.floor(NOW / 1000) + lifetime) * 1000;
    await expect(readAt(jwts, jwt, end)).rejects.toMatchObject(expired);
    expect(await readAt(jwts, jwt, end - 1)).toMatchObject({ expiresAt: end });
    await expect(readAt(jwts, jwt, end)).rejects.toMatchObject(expired);
  });

  it('may come from a clock that is a minute ahead, and no more', async () => {
    const jwts = make();
    const jwt = await jwts.issue(aRecord(), NOW);
    const issued = Math.floor(NOW / 1000) * 1000;
    await expect(readAt(jwts, jwt, issued - 60_001)).rejects.toMatchObject({ code: 'Auth.InvalidClaims' });
    expect(await readAt(jwts, jwt, issued - 60_000)).toMatchObject({ sub: 'sa_x' });
  });

  it('is one text for some seconds, and then another; another record has its own', async () => {
    const jwts = make();
    const record = aRecord();
    // What is asked for once need not be kept.
    await jwts.issue(record, NOW);
    const first = await jwts.issue(record, NOW);
    // Asked again, the text is there at once.
    expect(jwts.issue(record, NOW + REUSED_FOR - 1)).toBe(first);
    expect(timesOf(await jwts.issue(record, NOW + REUSED_FOR)).iat).toBe(timesOf(first).iat + REUSED_FOR / 1000);
    // A clock that was set back.
    expect(timesOf(await jwts.issue(record, NOW - 3_000)).iat).toBe(timesOf(first).iat - 3);
    // Of two with the same hash each has its own.
    const other: TokenRecord = { ...record, scopes: ['write:*'] };
    for (const asked of [record, other, other, record, record, other])
      expect((await readAt(jwts, await jwts.issue(asked, NOW), NOW)).scopes).toEqual(asked.scopes);
  });

  it('is refused with more parts than three', async () => {
    const jwts = make();
    const jwt = await jwts.issue(aRecord(), NOW);
    for (const more of ['.', '.x', '..'])
      await expect(readAt(jwts, jwt + more, NOW)).rejects.toMatchObject({ status: 401, code: 'Auth.InvalidToken' });
  });

  it('is read at once when it was read before', async () => {
    const jwts = make();
    const jwt = await jwts.issue(aRecord(), NOW);
    const claims = await readAt(jwts, jwt, NOW);
    expect(jwts.read(jwt, true, NOW)).toBe(claims);
  });
});

describe('an unsigned principal', () => {
  it('is refused from an untrusted peer, read before or not', async () => {
    const jwts = new UnsignedPrincipalJwts();
    const jwt = jwts.issue(aRecord(), NOW);
    const untrusted = expect.objectContaining({ status: 401, code: 'Auth.UntrustedGateway' });
    expect(() => jwts.read(jwt, false, NOW)).toThrow(untrusted);
    jwts.read(jwt, true, NOW);
    expect(() => jwts.read(jwt, false, NOW)).toThrow(untrusted);
  });
});

describe('a signed principal', () => {
  it('is signed once for all who ask at once', async () => {
    const jwts = new SignedPrincipalJwts(keys);
    const record = aRecord();
    const asked = [jwts.issue(record, NOW), jwts.issue(record, NOW + 1)];
    expect(asked[0]).toBe(asked[1]);
    expect(asked[0]).toBeInstanceOf(Promise);
  });

  it('is signed anew as soon as another key signs, and refused as soon as its key is dropped, read before or not', async () => {
    const own = new Keys(keys.set);
    const jwts = new SignedPrincipalJwts(own);
    const record = aRecord();
    const old = await jwts.issue(record, NOW);
    await jwts.read(old, false, NOW);
    own.set = await aKeySet();
    const young = await jwts.issue(record, NOW);
    expect(young).not.toBe(old);
    expect(await jwts.read(young, false, NOW)).toMatchObject({ tokenId: record.id });
    await expect((async () => jwts.read(old, false, NOW))()).rejects.toMatchObject({
      status: 401,
      code: 'Auth.InvalidToken',
    });
  });
});
