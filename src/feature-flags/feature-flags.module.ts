import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/facts.module.js';
import { ExplainController } from './explain.controller.js';
import { ExplainService } from './explain.service.js';
import { FeatureFlagsController } from './feature-flags.controller.js';
import { FeatureFlagsService } from './feature-flags.service.js';
import { RuleChecks } from './rule-checks.js';
import { RuleChecksController } from './rule-checks.controller.js';

@Module({
  imports: [FactsModule],
  controllers: [RuleChecksController, FeatureFlagsController, ExplainController],
  providers: [FeatureFlagsService, RuleChecks, ExplainService],
  exports: [FeatureFlagsService],
})
export class FeatureFlagsModule {}
