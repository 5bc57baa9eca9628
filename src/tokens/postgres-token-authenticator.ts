import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import type { GrantedScope } from '../auth/scopes.js';
import { TokenAuthenticator } from '../auth/token-authenticator.js';
import { prepared } from '../database/prepared-client.js';
import { identifyOrganization, IDENTIFIED } from '../tenancy/org-scope.subscriber.js';
import { hashToken, isTokenShaped } from './token-format.js';

interface TokenRecord {
  organization_id: string;
  organization_external_id: string;
  organization_name: string;
  organization_slug: string;
  token_id: string;
  token_name: string;
  token_slug: string;
  scopes: GrantedScope[];
  expires_at: Date | null;
  revoked_at: Date | null;
  user_id: string;
  user_external_id: string;
  user_name: string;
}

const AUTHENTICATE = prepared(`SELECT found.*, ${IDENTIFIED} FROM authenticate_token($1) found`);

/** Looks the token up by its hash: one round trip, which also leaves the connection scoped to the token's organization. */
@Injectable()
export class PostgresTokenAuthenticator extends TokenAuthenticator {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async authenticate(token: string): Promise<Principal | undefined> {
    if (!isTokenShaped(token)) return undefined;
    const record = await identifyOrganization<TokenRecord>(this.dataSource, AUTHENTICATE, [hashToken(token)]);
    return record && isLive(record, Date.now()) ? toPrincipal(record) : undefined;
  }
}

/** Exact to the millisecond: a token is dead from its expiry on. */
function isLive(record: TokenRecord, now: number): boolean {
  return record.revoked_at === null && (record.expires_at === null || record.expires_at.getTime() > now);
}

function toPrincipal(record: TokenRecord): Principal {
  return {
    kind: 'organization',
    userId: record.user_id,
    userExternalId: record.user_external_id,
    userName: record.user_name,
    organization: {
      id: record.organization_id,
      externalId: record.organization_external_id,
      name: record.organization_name,
      slug: record.organization_slug,
    },
    scopes: record.scopes,
    token: {
      id: record.token_id,
      name: record.token_name,
      slug: record.token_slug,
      expiresAt: record.expires_at ?? undefined,
    },
  };
}
