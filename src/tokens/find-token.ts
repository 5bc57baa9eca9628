import type { DataSource } from 'typeorm';
import { hashBytes, hashToken } from './token-format.js';

/** Where a token is. */
export interface TokenPlace {
  readonly id: string;
  readonly serviceAccountId: string;
  readonly serviceAccountName: string;
  readonly organizationName: string;
  readonly organizationSlug: string;
  readonly isRevoked: boolean;
}

/** Finds a token by its secret, in whichever organization it is. Only the owner of the database can. */
export async function findToken(owner: DataSource, secret: string): Promise<TokenPlace | undefined> {
  const [place] = await owner.query<TokenPlace[]>(
    `SELECT t.id, t.service_account_id AS "serviceAccountId", u.name AS "serviceAccountName", o.name AS "organizationName",
       o.slug AS "organizationSlug", t.revoked_at IS NOT NULL AS "isRevoked"
     FROM tokens t JOIN organizations o ON o.id = t.organization_id
     JOIN users u ON u.organization_id = t.organization_id AND u.id = t.service_account_id
     WHERE t.hash = $1`,
    [hashBytes(hashToken(secret))],
  );
  return place;
}
