import { Module } from '@nestjs/common';
import { FactsReader } from './facts.js';

/** What the server itself knows of those whom feature flags are evaluated for. */
@Module({ providers: [FactsReader], exports: [FactsReader] })
export class FactsModule {}
