import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { ENV, LOGGER } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { prepared } from '../database/prepared-client.js';
import type { TokenRecord } from './token-record.js';

/** Time between two writes, in milliseconds: a use is shown at most this much late, and what a write takes. */
const INTERVAL = 30_000;

/** Tokens whose uses one statement writes: some tenths of a second. */
const LARGEST_BATCH = 5_000;

const RECORD = prepared('SELECT record_token_uses($1::uuid[], $2::timestamptz[], $3::text[])');

/** When, and from which address, tokens were last used: collected in memory and written now and then, many in one statement. */
@Injectable()
export class TokenUses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Records with a use that is not written, by the token's id: one that was looked up again has another record. */
  private collected = new Map<string, TokenRecord>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.write(), INTERVAL).unref();
  }

  /** The data source is closed after this. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  /** @param address is asked when the use is worth noting. */
  note(record: TokenRecord, now: number, address: () => string | undefined): void {
    if (!this.env.tokenUseTracking) return;
    const { use } = record;
    if (Number.isNaN(use.at)) this.collected.set(record.id, record);
    use.at = now;
    use.from = address();
  }

  /** Writes what has been collected, after what is being written already. A failure is logged, and the next time tries again. */
  write(): Promise<void> {
    this.writing = this.writing.then(() => this.writeCollected());
    return this.writing;
  }

  private async writeCollected(): Promise<void> {
    const collected = this.collected;
    this.collected = new Map();
    while (collected.size > 0) {
      const batch = [...take(collected.values(), LARGEST_BATCH)].map((record) => ({ record, ...record.use }));
      for (const { record } of batch) {
        collected.delete(record.id);
        // What comes from now on is written the next time.
        record.use.at = NaN;
      }
      try {
        const times = batch.map(({ at }) => new Date(at));
        const addresses = batch.map(({ from }) => from ?? null);
        await this.dataSource.query(RECORD, [batch.map(({ record }) => record.id), times, addresses]);
      } catch (error) {
        this.logger.warn({ msg: 'uses of tokens could not be written', reason: (error as Error).message });
        for (const { record, at, from } of batch) this.collectAgain(record, at, from);
        for (const record of collected.values()) this.collectAgain(record, record.use.at, record.use.from);
        return;
      }
    }
  }

  /** Unless there was a later use. */
  private collectAgain(record: TokenRecord, at: number, from: string | undefined): void {
    if (this.collected.has(record.id)) return;
    Object.assign(record.use, { at, from });
    this.collected.set(record.id, record);
  }
}

function* take<T>(items: Iterable<T>, count: number): Iterable<T> {
  let taken = 0;
  for (const item of items) {
    yield item;
    if ((taken += 1) === count) return;
  }
}
