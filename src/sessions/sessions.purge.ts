import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { LOGGER } from '../config/config.module.js';

const HOUR = 3_600_000;

/** Deletes sessions and sign-in links that have expired: at start, and every hour. Several processes may do so at once. */
@Injectable()
export class SessionsPurge implements OnApplicationBootstrap, BeforeApplicationShutdown {
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

  /** A failure is logged, and the next hour tries again. */
  async purge(): Promise<void> {
    try {
      await this.dataSource.query('SELECT purge_sessions()');
    } catch (error) {
      this.logger.warn({ msg: 'sessions could not be purged', reason: (error as Error).message });
    }
  }
}
