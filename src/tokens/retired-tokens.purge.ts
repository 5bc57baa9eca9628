import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { ENV, LOGGER } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { HourlyTask } from '../database/hourly-task.js';

const DAY = 86_400_000;

/** Deletes tokens that were revoked or have expired long ago. */
@Injectable()
export class RetiredTokensPurge extends HourlyTask {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super();
  }

  protected run(): Promise<unknown> {
    return this.purge();
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
