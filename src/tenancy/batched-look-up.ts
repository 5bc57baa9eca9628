import type { DataSource } from 'typeorm';
import { Problem } from '../http/problem.js';
import { callAcrossOrganizations } from './across-organizations.js';

/** Look-ups that wait, at the most. */
const MOST_WAITING = 10_000;

/** Statements at a time, at the most; and no more than half of the pool. */
const MOST_STATEMENTS = 2;

/** Look-ups that one statement makes, at the most. */
const LARGEST_BATCH = 200;

/** Look-ups that are worth a statement soon after another one; and how long after it fewer are sent, in milliseconds. */
const ENOUGH = 8;
const GATHERED_FOR = 4;

/**
 * How long a look-up may take, in milliseconds, waiting included: a gateway that asks has a timeout of its own, mostly of ten seconds.
 */
const LONGEST = 5_000;

interface Options {
  readonly poolSize: number;
  /** Calls the function, whose one parameter is a list of hashes. */
  readonly statement: string;
  /** What is looked up, for people. */
  readonly noun: string;
}

/** A look-up that waits for its statement. */
interface Waiting<Row> {
  readonly hash: string;
  /** As `performance.now()` has it. */
  readonly since: number;
  readonly resolve: (row: Row | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Finds rows by the hash of a secret, through a function that may look across organizations, before anybody is known. What is asked for in the same
 * turn of the event loop, or while statements are under way, or soon after one, goes into one statement: that costs little more than a single look-up. So
 * that a flood of invented secrets leaves connections and time to everybody else, there are few statements at a time; so they are the larger, and cost the
 * less each.
 */
export class BatchedLookUp<Row extends { readonly hash: Buffer }> {
  private readonly most: number;
  private running = 0;
  /** When the last statement was sent, as `performance.now()` has it. */
  private sentAt = -Infinity;
  private isDue = false;
  private gathering: NodeJS.Timeout | undefined;
  private waiting: Waiting<Row>[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly options: Options,
  ) {
    this.most = Math.min(MOST_STATEMENTS, Math.max(1, Math.floor(options.poolSize / 2)));
  }

  /**
   * @param hash the hash's bytes as a text of as many characters (Latin-1).
   * @throws Problem 503, or whatever kept the database from answering.
   */
  find(hash: string): Promise<Row | undefined> {
    if (this.waiting.length >= MOST_WAITING) return Promise.reject(this.tooMany());
    return new Promise((resolve, reject) => {
      this.waiting.push({ hash, since: performance.now(), resolve, reject });
      this.schedule();
    });
  }

  /** Has a statement made of what waits: at the end of this turn, or when enough waits or has waited long enough. */
  private schedule(): void {
    if (this.isDue || this.running >= this.most || this.waiting.length === 0) return;
    const left = this.sentAt + GATHERED_FOR - performance.now();
    if (left <= 0 || this.waiting.length >= ENOUGH) {
      clearTimeout(this.gathering);
      this.gathering = undefined;
      this.isDue = true;
      setImmediate(() => void this.work());
    } else this.gathering ??= setTimeout(() => void this.work(), left);
  }

  private async work(): Promise<void> {
    this.isDue = false;
    this.gathering = undefined;
    if (this.running >= this.most || this.waiting.length === 0) return;
    this.running += 1;
    this.sentAt = performance.now();
    const batch = this.waiting.splice(0, LARGEST_BATCH);
    this.schedule();
    await this.answer(batch);
    this.running -= 1;
    this.schedule();
  }

  private async answer(batch: readonly Waiting<Row>[]): Promise<void> {
    const hashes = batch.map(({ hash }) => Buffer.from(hash, 'latin1'));
    // The first one has waited longest.
    const left = batch[0]!.since + LONGEST - performance.now();
    try {
      if (left <= 0) throw this.tooMany();
      const rows = await callAcrossOrganizations<Row>(this.dataSource, this.options.statement, [hashes], left);
      const found = new Map(rows.map((row) => [row.hash.toString('latin1'), row]));
      for (const { hash, resolve } of batch) resolve(found.get(hash));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** It cannot be looked up now; whether it is good is not known. */
  private tooMany(): Problem {
    return new Problem(503, 'UNAVAILABLE', `too many ${this.options.noun} are being looked up, try again`, {
      headers: { 'Retry-After': '1' },
    });
  }
}
