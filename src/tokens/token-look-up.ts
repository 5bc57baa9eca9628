import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import { prepared } from '../database/prepared-client.js';
import type { GrantedScope } from '../auth/scopes.js';
import { Problem } from '../http/problem.js';
import { Networks } from '../network/networks.js';
import { callAcrossOrganizations } from '../tenancy/across-organizations.js';
import type { Known } from './token-cache.js';
import { hashBytes } from './token-format.js';
import type { TokenHolder } from './token-record.js';

interface Row {
  token_id: string;
  token_name: string;
  token_slug: string;
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

const AUTHENTICATE = prepared('SELECT * FROM authenticate_token($1)');

/** Look-ups that wait for their turn, at the most. */
const MOST_WAITING = 1_000;

/**
 * How long a look-up may take, in milliseconds, waiting included: a gateway that asks has a timeout of its own, mostly of ten seconds.
 */
const LONGEST = 5_000;

/** Accounts and sets of scopes that are kept to be shared among records. */
const MOST_SHARED = 10_000;

/** A token cannot be looked up now; whether it is good is not known. */
const tooManyLookUps = (): Problem =>
  new Problem(503, 'UNAVAILABLE', 'too many tokens are being looked up, try again', {
    headers: { 'Retry-After': '1' },
  });

/**
 * Reads what the database knows of a token: one round trip, through the function that may look across organizations. So that a
 * flood of invented tokens leaves connections to everybody else, look-ups together use half of the pool.
 */
export class TokenLookUp {
  private readonly most: number;
  private running = 0;
  private readonly waiting = new Set<() => void>();
  private readonly holders = new LRUCache<string, TokenHolder>({ max: MOST_SHARED });
  private readonly scopes = new LRUCache<string, readonly GrantedScope[]>({ max: MOST_SHARED });

  constructor(
    private readonly dataSource: DataSource,
    poolSize: number,
  ) {
    this.most = Math.max(1, Math.floor(poolSize / 2));
  }

  /** @param hash as `hashToken` makes it. @throws Problem 503, or whatever kept the database from answering. */
  async find(hash: string): Promise<Known> {
    const deadline = performance.now() + LONGEST;
    await this.takeTurn();
    try {
      const left = deadline - performance.now();
      const [row] = await callAcrossOrganizations<Row>(this.dataSource, AUTHENTICATE, [hashBytes(hash)], left);
      return row ? this.judge(hash, row) : 'unknown';
    } finally {
      this.endTurn();
    }
  }

  private takeTurn(): Promise<void> | void {
    if (this.running < this.most) {
      this.running += 1;
      return;
    }
    if (this.waiting.size >= MOST_WAITING) throw tooManyLookUps();
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.delete(begin);
        reject(tooManyLookUps());
      }, LONGEST);
      this.waiting.add(begin);
    });
  }

  /** The next one's turn begins as this one's ends. */
  private endTurn(): void {
    const [next] = this.waiting;
    if (!next) {
      this.running -= 1;
      return;
    }
    this.waiting.delete(next);
    next();
  }

  private judge(hash: string, row: Row): Known {
    if (row.revoked_at !== null) return 'revoked';
    const expiresAt = row.expires_at?.getTime() ?? Infinity;
    if (expiresAt <= Date.now()) return 'expired';
    return {
      hash,
      id: row.token_id,
      name: row.token_name,
      slug: row.token_slug,
      scopes: this.share(this.scopes, row.scopes.join(), row.scopes),
      expiresAt,
      networks: row.allowed_cidrs === null ? undefined : Networks.parse(row.allowed_cidrs),
      holder: this.shareHolder(row),
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
