import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { ENV, LOGGER } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { prepared } from '../database/prepared-client.js';
import type { CountedEvaluation, EvaluationTally } from './counted-evaluation.js';
import { SHORTEST_STEP } from './evaluation-window.js';

/**
 * Time between two writes, in milliseconds: a count is shown at most this much late, and what a write takes. Writes are at multiples of it,
 * of which the steps of the table are some, so that what one of them writes is of one step.
 */
const INTERVAL = 30_000;

/** Counts that one statement adds: some tenths of a second. */
const LARGEST_BATCH = 5_000;

/** Counts that are kept while the database does not take them: some 40 MB. */
const MOST_KEPT = 100_000;

/** Counts that tallies may stand for until they are added up: some milliseconds of work, and some 2 MB. */
const MOST_BEGUN = 20_000;

const ADD = prepared(
  `SELECT add_flag_evaluations($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::bigint[])`,
);

/** What is to be added to a row of the table. */
interface Addition {
  readonly counted: CountedEvaluation;
  /** Beginning of the step. */
  readonly at: Date;
  count: number;
}

interface BegunTally {
  readonly tally: EvaluationTally;
  readonly counted: readonly CountedEvaluation[];
}

type Additions = Map<string, Addition>;

/**
 * How often flags were evaluated, with what result: counted in memory and written now and then, much in one statement. When the connection
 * ends before the database has said that it took a batch, the batch is sent again, and may be counted twice.
 */
@Injectable()
export class EvaluationCounts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Whether evaluations are to be counted at all. */
  readonly isOn: boolean;
  /** Tallies that are not 0. */
  private begun: BegunTally[] = [];
  /** What those stand for. */
  private begunCounts = 0;
  /** Since when, as the beginning of a step. */
  private step = beginningOfStep();
  /** What is counted otherwise, or could not be written. */
  private additions: Additions = new Map();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.isOn = env.flagEvaluationCounts;
  }

  onApplicationBootstrap(): void {
    if (this.isOn) this.schedule();
  }

  /** The data source is closed after this. */
  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.write();
  }

  /**
   * Has the tally be added to these counts, and set back to 0: to be called when it has become 1.
   *
   * @param counted what is evaluated each time that the tally goes up: one thing, or several that always come together.
   */
  begin(tally: EvaluationTally, counted: readonly CountedEvaluation[]): void {
    this.begun.push({ tally, counted });
    this.begunCounts += counted.length;
    // Flags that change all the time come with new tallies each time.
    if (this.begunCounts > MOST_BEGUN) keep(this.additions, this.takeBegun());
  }

  /** Counts a single evaluation, of a kind that does not come again and again. */
  add(counted: CountedEvaluation): void {
    keep(this.additions, [{ counted, at: this.step, count: 1 }]);
  }

  /** Writes what has been counted, after what is being written already. A failure is logged, and the next time tries again. */
  write(): Promise<void> {
    this.writing = this.writing.then(() => this.writeCounted());
    return this.writing;
  }

  private schedule(): void {
    this.timer = setTimeout(
      () => {
        this.schedule();
        void this.write();
      },
      INTERVAL - (Date.now() % INTERVAL),
    ).unref();
  }

  private async writeCounted(): Promise<void> {
    const pending = this.additions;
    const counted = this.takeBegun();
    this.additions = new Map();
    this.step = beginningOfStep();
    let batch: Addition[] = [];
    try {
      // In turns, so that requests need not wait until all batches are put together.
      for (;;) {
        keep(pending, take(counted, LARGEST_BATCH));
        batch = remove(pending, LARGEST_BATCH);
        if (batch.length === 0) return;
        await this.send(batch);
      }
    } catch (error) {
      keep(this.additions, [...batch, ...pending.values(), ...counted]);
      this.logger.warn({
        msg: 'evaluations of flags could not be written',
        reason: (error as Error).message,
        dropped: this.dropOldest() || undefined,
      });
    }
  }

  private takeBegun(): Generator<Addition> {
    const { begun } = this;
    this.begun = [];
    this.begunCounts = 0;
    return additionsOf(begun, this.step);
  }

  private async send(batch: readonly Addition[]): Promise<void> {
    await this.dataSource.query(ADD, [
      batch.map(({ counted }) => counted.organizationId),
      batch.map(({ counted }) => counted.flagId),
      batch.map(({ at }) => at),
      batch.map(({ counted }) => counted.variant?.id ?? ''),
      batch.map(({ counted }) => counted.variant?.name ?? ''),
      batch.map(({ counted }) => counted.reason),
      batch.map(({ count }) => count),
    ]);
  }

  /** @returns how many evaluations nobody will know of. */
  private dropOldest(): number {
    const oldest = [...this.additions].sort(([, a], [, b]) => a.at.getTime() - b.at.getTime());
    let dropped = 0;
    for (const [key, { count }] of oldest.slice(0, Math.max(0, oldest.length - MOST_KEPT))) {
      this.additions.delete(key);
      dropped += count;
    }
    return dropped;
  }
}

const STEP = SHORTEST_STEP * 1_000;

const beginningOfStep = (): Date => new Date(Math.floor(Date.now() / STEP) * STEP);

/** Takes what the tallies have one after another, as it is asked for: they go on until their turn has come. */
function* additionsOf(begun: readonly BegunTally[], at: Date): Generator<Addition> {
  for (const { tally, counted } of begun) {
    const count = tally.evaluations;
    tally.evaluations = 0;
    for (const each of counted) yield { counted: each, at, count };
  }
}

function keep(additions: Additions, more: Iterable<Addition>): void {
  for (const addition of more) {
    const { organizationId, flagId, variant, reason } = addition.counted;
    const key = `${organizationId} ${flagId} ${addition.at.getTime()} ${reason} ${variant?.id}`;
    const known = additions.get(key);
    if (known) known.count += addition.count;
    else additions.set(key, addition);
  }
}

/** Takes out the first, `most` of them. */
function remove(additions: Additions, most: number): Addition[] {
  const removed = [...take(additions, most)];
  for (const [key] of removed) additions.delete(key);
  return removed.map(([, addition]) => addition);
}

/** The next items, `most` of them. What comes after them stays in an iterator. */
function* take<T>(items: Iterable<T>, most: number): Generator<T> {
  const iterator = items[Symbol.iterator]();
  for (let taken = 0; taken < most; taken++) {
    const next = iterator.next();
    if (next.done) return;
    yield next.value;
  }
}
