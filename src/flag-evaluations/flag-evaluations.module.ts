import { Module } from '@nestjs/common';
import { FeatureFlagsModule } from '../feature-flags/feature-flags.module.js';
import { EvaluationCounts } from './evaluation-counts.js';
import { FlagEvaluationsController } from './flag-evaluations.controller.js';
import { FlagEvaluationsService } from './flag-evaluations.service.js';
import { OldEvaluationsPurge } from './old-evaluations.purge.js';

/** How often feature flags were evaluated, and with what result: counted, kept for a while and shown. */
@Module({
  imports: [FeatureFlagsModule],
  controllers: [FlagEvaluationsController],
  providers: [FlagEvaluationsService, EvaluationCounts, OldEvaluationsPurge],
  exports: [EvaluationCounts],
})
export class FlagEvaluationsModule {}
