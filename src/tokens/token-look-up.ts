import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import { prepared } from '../database/prepared-client.js';
import type { GrantedScope } from '../auth/scopes.js';
import { Networks } from '../network/networks.js';
import { BatchedLookUp } from '../tenancy/batched-look-up.js';
import type { Known } from './token-cache.js';
import type { TokenHolder } from './token-record.js';

interface Row {
  hash: Buffer;
  token_id: string;
  scopes: GrantedScope[];
  expires_at: Date | null;
  revoked_at: Date | null;
  allowed_cidrs: string[] | null;
  user_id: string;
  user_external_id: string;
  user_name: string;
  organization_id: string;
  organization_external_id: string;
  organization_name: string;
  organization_slug: string;
}

const AUTHENTICATE = prepared('SELECT * FROM authenticate_tokens($1)');

/** Accounts and sets of scopes that are kept to be shared among records. */
const MOST_SHARED = 10_000;

/** Reads what the database knows of tokens, through the function that may look across organizations. */
export class TokenLookUp {
  private readonly rows: BatchedLookUp<Row>;
  private readonly holders = new LRUCache<string, TokenHolder>({ max: MOST_SHARED });
  private readonly scopes = new LRUCache<string, readonly GrantedScope[]>({ max: MOST_SHARED });

  constructor(dataSource: DataSource, poolSize: number) {
    this.rows = new BatchedLookUp(dataSource, { poolSize, statement: AUTHENTICATE, noun: 'tokens' });
  }

  /** @param hash as `hashToken` makes it. @throws Problem 503, or whatever kept the database from answering. */
  async find(hash: string): Promise<Known> {
    const row = await this.rows.find(hash);
    return row ? this.judge(hash, row) : 'unknown';
  }

  private judge(hash: string, row: Row): Known {
    if (row.revoked_at !== null) return 'revoked';
    const expiresAt = row.expires_at?.getTime() ?? Infinity;
    if (expiresAt <= Date.now()) return 'expired';
    return {
      hash,
      id: row.token_id,
      scopes: this.share(this.scopes, row.scopes.join(), row.scopes),
      expiresAt,
      networks: row.allowed_cidrs === null ? undefined : Networks.parse(row.allowed_cidrs),
      holder: this.shareHolder(row),
      use: { at: NaN, from: undefined },
    };
  }

  private shareHolder(row: Row): TokenHolder {
    const holder: TokenHolder = {
      userId: row.user_id,
      userExternalId: row.user_external_id,
      userName: row.user_name,
      organization: {
        id: row.organization_id,
        externalId: row.organization_external_id,
        name: row.organization_name,
        slug: row.organization_slug,
      },
    };
    return this.share(this.holders, JSON.stringify(holder), holder);
  }

  /** The object that has been made of the same things before, if it is still there. */
  private share<T extends object>(pool: LRUCache<string, T>, key: string, made: T): T {
    const known = pool.get(key);
    if (known) return known;
    pool.set(key, made);
    return made;
  }
}
