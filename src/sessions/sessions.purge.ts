import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { LOGGER } from '../config/config.module.js';
import { HourlyTask } from '../database/hourly-task.js';

/** Deletes sessions and sign-in links that have expired. */
@Injectable()
export class SessionsPurge extends HourlyTask {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super();
  }

  protected run(): Promise<unknown> {
    return this.purge();
  }

  /** A failure is logged, and the next hour tries again. */
  async purge(): Promise<void> {
    try {
      await this.dataSource.query('SELECT purge_sessions()');
    } catch (error) {
      this.logger.warn({ msg: 'sessions could not be purged', reason: (error as Error).message });
    }
  }
}
