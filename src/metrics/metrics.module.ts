import { Global, Module } from '@nestjs/common';
import { Metrics } from './metrics.js';

/** What is counted, for whoever has something to count. */
@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class MetricsModule {}
