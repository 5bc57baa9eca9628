import type { KeyObject } from 'node:crypto';
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint } from 'jose';
import type { DataSource, EntityManager } from 'typeorm';

/** How long a new key is published before it signs: longer than verifiers keep a key set that they have fetched. In seconds. */
export const PUBLISHED_AHEAD = 300;

/** How long a key verifies after the next one has begun to sign: longer than a JWT lives, and a process takes to notice. In seconds. */
export const OVERLAP = 300;

/** An Ed25519 public key (RFC 8037), as it is published. */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

/** A key pair that is ready to be kept. */
export interface NewKey {
  /** The public key's thumbprint (RFC 7638). */
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  /** PKCS #8, DER. */
  readonly privateKey: Buffer;
}

/** What an operator may know of a key. */
export interface KeyFacts {
  readonly kid: string;
  readonly state: 'next' | 'signing' | 'verifying' | 'retired';
  readonly createdAt: Date;
  readonly signsFrom: Date;
  /** Absent as long as no other key is to follow. */
  readonly verifiesUntil?: Date;
}

/** A rotation is under way: the next key is there already, and does not sign yet. */
export class RotationPendingError extends Error {
  constructor(readonly signsFrom: Date) {
    super(`the next key is there already and signs from ${signsFrom.toISOString()} on`);
  }
}

const generate = promisify(generateKeyPair) as unknown as (
  type: 'ed25519',
) => Promise<{ publicKey: KeyObject; privateKey: KeyObject }>;

export async function generateKey(): Promise<NewKey> {
  const { publicKey, privateKey } = await generate('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  const publicJwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: x! };
  return {
    kid: await calculateJwkThumbprint({ ...publicJwk }),
    publicJwk,
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
  };
}

/**
 * Adds a key, which every process publishes within seconds, and which signs when verifiers have had time to fetch it. The one before it
 * verifies until no JWT of its making is alive. With `immediately` the new one signs at once and all others are dropped: what they have signed,
 * or whoever has stolen them signs, is refused as soon as processes notice.
 *
 * @param owner the owner of the tables.
 * @throws RotationPendingError where the next key is there already, unless `immediately`.
 */
export async function rotateKeys(owner: DataSource, { immediately }: { immediately: boolean }): Promise<KeyFacts> {
  const key = await generateKey();
  return owner.transaction(async (manager) => {
    // Processes that start add the first key; two rotations at once would each follow upon the same one.
    await manager.query('LOCK TABLE principal_keys IN SHARE ROW EXCLUSIVE MODE');
    const { at, keys } = await readKeys(manager);
    const next = keys.find(({ state }) => state === 'next');
    if (next && !immediately) throw new RotationPendingError(next.signsFrom);
    const signsAfter = immediately || keys.every(({ state }) => state === 'retired') ? 0 : PUBLISHED_AHEAD;
    await manager.query(
      `UPDATE principal_keys SET verifies_until = $1::timestamptz + make_interval(secs => $2)
        WHERE verifies_until IS NULL OR ($3 AND verifies_until > $1)`,
      [at, immediately ? 0 : signsAfter + OVERLAP, immediately],
    );
    // A retired key is kept for the list. Nobody needs to sign with it again.
    await manager.query('UPDATE principal_keys SET private_key = NULL WHERE verifies_until <= $1', [at]);
    await manager.query(
      `INSERT INTO principal_keys (kid, public_jwk, private_key, created_at, signs_from)
         VALUES ($1, $2, $3, $4, $4::timestamptz + make_interval(secs => $5))`,
      [key.kid, key.publicJwk, key.privateKey, at, signsAfter],
    );
    return (await readKeys(manager)).keys.find(({ kid }) => kid === key.kid)!;
  });
}

/** All keys, the newest first. @param owner the owner of the tables. */
export async function listKeys(owner: DataSource): Promise<KeyFacts[]> {
  return (await readKeys(owner)).keys;
}

/** @returns also what time it is to the database, in whole milliseconds, as the columns have it. */
async function readKeys(database: DataSource | EntityManager): Promise<{ at: Date; keys: KeyFacts[] }> {
  const [{ at }] = await database.query<[{ at: Date }]>(`SELECT date_trunc('milliseconds', clock_timestamp()) AS at`);
  const rows = await database.query<(Omit<KeyFacts, 'verifiesUntil'> & { verifiesUntil: Date | null })[]>(
    `SELECT kid, created_at AS "createdAt", signs_from AS "signsFrom", verifies_until AS "verifiesUntil",
       CASE WHEN retired THEN 'retired' WHEN signs_from > $1 THEN 'next'
         WHEN signs_from = max(signs_from) FILTER (WHERE signs_from <= $1) OVER (PARTITION BY retired) THEN 'signing'
         ELSE 'verifying' END AS state
     FROM (SELECT *, coalesce(verifies_until <= $1, false) AS retired FROM principal_keys) k
     ORDER BY created_at DESC, signs_from DESC`,
    [at],
  );
  return {
    at,
    keys: rows.map(({ verifiesUntil, ...facts }) => ({ ...facts, verifiesUntil: verifiesUntil ?? undefined })),
  };
}
