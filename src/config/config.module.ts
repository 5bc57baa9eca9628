import type { DynamicModule } from '@nestjs/common';
import { Global, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Env } from './env.js';

export const ENV = Symbol('Env');
export const LOGGER = Symbol('Logger');

/** The environment and the log, for everybody. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(env: Env, logger: Logger): DynamicModule {
    const providers = [
      { provide: ENV, useValue: env },
      { provide: LOGGER, useValue: logger },
    ];
    return { module: ConfigModule, providers, exports: providers };
  }
}
