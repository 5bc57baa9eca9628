import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { LOGGER } from '../config/config.module.js';
import { HourlyTask } from '../database/hourly-task.js';
import { RETENTION } from './evaluation-window.js';

/** Deletes counts of evaluations that are old. */
@Injectable()
export class OldEvaluationsPurge extends HourlyTask {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    super();
  }

  protected run(): Promise<unknown> {
    return this.purge();
  }

  /** @returns how many rows it deleted; a failure is logged, and the next hour tries again. */
  async purge(now = new Date()): Promise<number> {
    try {
      const [row] = await this.dataSource.query<{ purged: number }[]>(
        'SELECT purge_flag_evaluations($1)::int AS purged',
        [new Date(now.getTime() - RETENTION)],
      );
      if (row!.purged > 0) this.logger.info({ msg: 'old evaluations of flags purged', count: row!.purged });
      return row!.purged;
    } catch (error) {
      this.logger.warn({ msg: 'old evaluations of flags could not be purged', reason: (error as Error).message });
      return 0;
    }
  }
}
