import { LRUCache } from 'lru-cache';
import type { Soon } from '../soon.js';
import type { Refusal, TokenRecord } from './token-record.js';

/** Why a well-formed token is none that may be used, whoever presents it. */
export type DeadReason = Extract<Refusal, 'unknown' | 'revoked' | 'expired'>;

/** What the database knows of a token. */
export type Known = TokenRecord | DeadReason;

interface Options {
  /** Looks the token up. Rejects when that cannot be decided now. */
  readonly load: (hash: string) => Promise<Known>;
  /** Whether what is in memory may be believed: whether changes are arriving. */
  readonly isCurrent: () => boolean;
  /** Records at the most; 0 for none, and then everything is looked up. */
  readonly size: number;
}

/** Tokens that are none, at the most; and how long they are remembered, in milliseconds. */
const MOST_DEAD = 10_000;
const DEAD_FOR = 10_000;

/**
 * What is known of tokens, by their hash. Nothing that it answers is older than what it has been told of: `drop` and `clear` end what is
 * in memory, and begin a new epoch. A look-up that began in an earlier epoch may have read what no longer holds: its result goes to those
 * who waited for it already, and to nobody else.
 *
 * While changes are not arriving everything is looked up, for each request anew.
 */
export class TokenCache {
  readonly counts = { hits: 0, misses: 0, dropped: 0 };
  private readonly live: LRUCache<string, TokenRecord> | undefined;
  private readonly dead = new LRUCache<string, DeadReason>({ max: MOST_DEAD, ttl: DEAD_FOR });
  /** Look-ups of this epoch that are under way. */
  private readonly loading = new Map<string, Promise<Known>>();
  private epoch = 0;

  constructor(private readonly options: Options) {
    this.live = options.size > 0 ? new LRUCache({ max: options.size }) : undefined;
  }

  /** @returns at once what is in memory, which is what most requests ask. */
  find(hash: string): Soon<Known> {
    if (this.live === undefined || !this.options.isCurrent()) return this.look(hash);
    const known = this.live.get(hash) ?? this.dead.get(hash);
    if (known !== undefined) {
      this.counts.hits += 1;
      return known;
    }
    return this.loading.get(hash) ?? this.load(hash);
  }

  /** Forgets a token. */
  drop(hash: string): void {
    this.live?.delete(hash);
    this.dead.delete(hash);
    this.beginEpoch();
  }

  /** Forgets everything. */
  clear(): void {
    this.live?.clear();
    this.dead.clear();
    this.beginEpoch();
  }

  get size(): number {
    return this.live?.size ?? 0;
  }

  get loads(): number {
    return this.loading.size;
  }

  private beginEpoch(): void {
    this.counts.dropped += 1;
    this.epoch += 1;
    this.loading.clear();
  }

  private load(hash: string): Promise<Known> {
    const { epoch } = this;
    const loading = this.look(hash)
      .then((known) => {
        if (epoch === this.epoch) this.store(hash, known);
        return known;
      })
      .finally(() => {
        if (this.loading.get(hash) === loading) this.loading.delete(hash);
      });
    this.loading.set(hash, loading);
    return loading;
  }

  private look(hash: string): Promise<Known> {
    this.counts.misses += 1;
    return this.options.load(hash);
  }

  private store(hash: string, known: Known): void {
    if (typeof known === 'string') this.dead.set(hash, known);
    else this.live!.set(hash, known);
  }
}
