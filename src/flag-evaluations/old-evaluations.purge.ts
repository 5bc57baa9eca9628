import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { LOGGER } from '../config/config.module.js';
import { RETENTION } from './evaluation-window.js';

const HOUR = 3_600_000;

/** Deletes counts of evaluations that are old: at start, and every hour. Several processes may do so at once. */
@Injectable()
export class OldEvaluationsPurge implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
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
