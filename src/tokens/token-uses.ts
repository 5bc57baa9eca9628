import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { ENV, LOGGER } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { prepared } from '../database/prepared-client.js';

interface Use {
  at: number;
  from: string | undefined;
}

/** Time between two writes, in milliseconds: a use is shown at most this much late, and what a write takes. */
const INTERVAL = 30_000;

/** Tokens whose uses one statement writes: some tenths of a second. */
const LARGEST_BATCH = 5_000;

const RECORD = prepared('SELECT record_token_uses($1::uuid[], $2::timestamptz[], $3::text[])');

/** When, and from which address, tokens were last used: collected in memory and written now and then, many in one statement. */
@Injectable()
export class TokenUses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private collected = new Map<string, Use>();
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
  note(tokenId: string, now: number, address: () => string | undefined): void {
    if (!this.env.tokenUseTracking) return;
    const use = this.collected.get(tokenId);
    if (use === undefined) this.collected.set(tokenId, { at: now, from: address() });
    else {
      use.at = now;
      use.from = address();
    }
  }

  /** Writes what has been collected, after what is being written already. A failure is logged, and the next time tries again. */
  write(): Promise<void> {
    this.writing = this.writing.then(() => this.writeCollected());
    return this.writing;
  }

  private async writeCollected(): Promise<void> {
    const collected = this.collected;
    this.collected = new Map();
    try {
      while (collected.size > 0) {
        const batch = [...take(collected.entries(), LARGEST_BATCH)];
        const times = batch.map(([, { at }]) => new Date(at));
        const addresses = batch.map(([, { from }]) => from ?? null);
        await this.dataSource.query(RECORD, [batch.map(([tokenId]) => tokenId), times, addresses]);
        for (const [tokenId] of batch) collected.delete(tokenId);
      }
    } catch (error) {
      this.logger.warn({ msg: 'uses of tokens could not be written', reason: (error as Error).message });
      for (const [tokenId, use] of collected) if (!this.collected.has(tokenId)) this.collected.set(tokenId, use);
    }
  }
}

function* take<T>(items: Iterable<T>, count: number): Iterable<T> {
  let taken = 0;
  for (const item of items) {
    yield item;
    if ((taken += 1) === count) return;
  }
}
