import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { hashToken } from '../tokens/token-format.js';
import type { Me } from './probe.js';

/** A credential that nobody should take for one, and what it is. */
export interface Forgery {
  readonly name: string;
  readonly jwt: string;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Principals that the token's holder can write, who wants to be more than the token allows: its own account and organization, as far as
 * they are known, and every scope.
 */
export function forgePrincipals(token: string, me: Me | undefined): readonly Forgery[] {
  const claims = encode(claimsOf(token, me));
  const unsigned = (alg: string): string => `${encode({ alg, typ: 'JWT' })}.${claims}.`;
  return [
    ...['none', 'None', 'nOnE'].map((alg) => ({ name: `an unsigned principal (alg ${alg})`, jwt: unsigned(alg) })),
    { name: 'a principal signed with HS256 and an empty key', jwt: signedWithHmac(claims) },
    { name: 'a principal signed with a key of its own', jwt: signedWithOwnKey(claims) },
    { name: 'a principal whose signature is missing', jwt: `${encode({ alg: 'EdDSA', typ: 'JWT' })}.${claims}.` },
  ];
}

function claimsOf(token: string, me: Me | undefined): object {
  const now = Math.floor(Date.now() / 1000);
  return {
    sub: me?.user.id ?? randomUUID(),
    kaiten_external_org_id: me?.organization.externalId ?? 'org_unknown',
    scopes: ['write:*'],
    iat: now,
    exp: now + 600,
    kaiten_token_id: me?.token.id ?? randomUUID(),
    kaiten_token_hash: Buffer.from(hashToken(token), 'latin1').toString('base64url'),
  };
}

/** RFC 7518, section 3.2, with the key that a careless verifier makes of nothing. */
function signedWithHmac(claims: string): string {
  const input = `${encode({ alg: 'HS256', typ: 'JWT' })}.${claims}`;
  return `${input}.${createHmac('sha256', '').update(input).digest('base64url')}`;
}

/** The key comes along in the header, for a verifier that would take it from there. */
function signedWithOwnKey(claims: string): string {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' });
  const input = `${encode({ alg: 'EdDSA', typ: 'JWT', kid: 'own', jwk })}.${claims}`;
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`;
}
