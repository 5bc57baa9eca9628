import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { ENV, LOGGER } from '../config/config.module.js';
import type { Env } from '../config/env.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Deletes tokens that were revoked or have expired long ago: at start, and every hour. Several processes may do so at once. */
@Injectable()
export class RetiredTokensPurge implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.purge();
    this.timer = setInterval(() => {
      this.running = this.purge();
    }, HOUR).unref();
  }

  /** The data source is closed after this. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** @returns how many tokens it deleted; a failure is logged, and the next hour tries again. */
  async purge(now = new Date()): Promise<number> {
    const before = new Date(now.getTime() - this.env.retiredTokenRetentionDays * DAY);
    try {
      const [row] = await this.dataSource.query<{ purged: number }[]>(
        'SELECT purge_retired_tokens($1)::int AS purged',
        [before],
      );
      if (row!.purged > 0) this.logger.info({ msg: 'retired tokens purged', count: row!.purged });
      return row!.purged;
    } catch (error) {
      this.logger.warn({ msg: 'retired tokens could not be purged', reason: (error as Error).message });
      return 0;
    }
  }
}
