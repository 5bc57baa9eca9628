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

/** Look-ups that wait, at the most. */
const MOST_WAITING = 10_000;

/** Statements at a time, at the most; and no more than half of the pool. */
const MOST_STATEMENTS = 2;

/** Look-ups that one statement makes, at the most. */
const LARGEST_BATCH = 200;

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

/** A look-up that waits for its statement. */
interface Waiting {
  readonly hash: string;
  /** As `performance.now()` has it. */
  readonly since: number;
  readonly resolve: (known: Known) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads what the database knows of tokens, through the function that may look across organizations. What is asked for in the same turn of
 * the event loop, or while statements are under way, goes into one statement: that costs little more than a single look-up. So that a flood of
 * invented tokens leaves connections to everybody else, there are few statements at a time; so they are the larger, and cost the less each.
 */
export class TokenLookUp {
  private readonly most: number;
  private running = 0;
  private isDue = false;
  private waiting: Waiting[] = [];
  private readonly holders = new LRUCache<string, TokenHolder>({ max: MOST_SHARED });
  private readonly scopes = new LRUCache<string, readonly GrantedScope[]>({ max: MOST_SHARED });

  constructor(
    private readonly dataSource: DataSource,
    poolSize: number,
  ) {
    this.most = Math.min(MOST_STATEMENTS, Math.max(1, Math.floor(poolSize / 2)));
  }

  /** @param hash as `hashToken` makes it. @throws Problem 503, or whatever kept the database from answering. */
  find(hash: string): Promise<Known> {
    if (this.waiting.length >= MOST_WAITING) return Promise.reject(tooManyLookUps());
    return new Promise((resolve, reject) => {
      this.waiting.push({ hash, since: performance.now(), resolve, reject });
      if (this.isDue) return;
      this.isDue = true;
      setImmediate(() => {
        this.isDue = false;
        if (this.running < this.most) void this.work();
      });
    });
  }

  /** Makes statements of what waits, one after the other, until nothing does. */
  private async work(): Promise<void> {
    this.running += 1;
    while (this.waiting.length > 0) await this.answer(this.waiting.splice(0, LARGEST_BATCH));
    this.running -= 1;
  }

  private async answer(batch: readonly Waiting[]): Promise<void> {
    const hashes = batch.map(({ hash }) => hashBytes(hash));
    // The first one has waited longest.
    const left = batch[0]!.since + LONGEST - performance.now();
    try {
      if (left <= 0) throw tooManyLookUps();
      const rows = await callAcrossOrganizations<Row>(this.dataSource, AUTHENTICATE, [hashes], left);
      const found = new Map(rows.map((row) => [row.hash.toString('latin1'), row]));
      for (const one of batch) this.tell(one, found.get(one.hash));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** A row that cannot be read keeps nobody but its own token waiting. */
  private tell({ hash, resolve, reject }: Waiting, row: Row | undefined): void {
    try {
      resolve(row ? this.judge(hash, row) : 'unknown');
    } catch (error) {
      reject(error);
    }
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
