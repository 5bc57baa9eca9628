import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

const HOUR = 3_600_000;

/** What is done at start and then every hour, and ends before the data source is closed. Several processes may do it at once. */
export abstract class HourlyTask implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<unknown> = Promise.resolve();

  onApplicationBootstrap(): void {
    this.running = this.run();
    this.timer = setInterval(() => {
      this.running = this.run();
    }, HOUR).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Never rejects: what fails is logged, and the next hour tries again. */
  protected abstract run(): Promise<unknown>;
}
