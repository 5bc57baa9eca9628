import type { BeforeApplicationShutdown, DynamicModule, OnApplicationBootstrap } from '@nestjs/common';
import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { LOGGER } from '../config/config.module.js';
import { urlOf } from './data-source.js';
import { Notifications } from './notifications.js';

/**
 * The data source for everybody, and the notifications from its database. Whoever makes the application connects the data source first, and
 * gives it here.
 */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly notifications: Notifications) {}

  static forRoot(dataSource: DataSource): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => dataSource.options,
          dataSourceFactory: () => Promise.resolve(dataSource),
        }),
      ],
      providers: [
        {
          provide: Notifications,
          useFactory: (source: DataSource, logger: Logger) => new Notifications({ url: urlOf(source), logger }),
          inject: [DataSource, LOGGER],
        },
      ],
      exports: [Notifications],
    };
  }

  /** Everybody has subscribed by now. */
  onApplicationBootstrap(): void {
    this.notifications.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.notifications.stop();
  }
}
