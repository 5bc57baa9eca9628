import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes } from '../auth/access.js';
import { featureFlagNotFound } from '../feature-flags/feature-flags.errors.js';
import { Operation } from '../http/operations.js';
import { QueryParams } from '../http/query.js';
import { EvaluationsQuery } from './dto/evaluations.query.js';
import { FlagEvaluationsDto } from './dto/flag-evaluations.dto.js';
import { FlagEvaluationsService } from './flag-evaluations.service.js';

@ApiTags('featureflags')
@Controller('feature-flags/:featureFlagSlug/evaluations')
export class FlagEvaluationsController {
  constructor(private readonly evaluations: FlagEvaluationsService) {}

  @Get()
  @Scopes('read:feature_flags')
  @Operation({
    id: 'get-feature-flag-evaluations',
    summary: 'Count evaluations of a feature flag by variant and reason',
    description:
      'What has been evaluated through OFREP. Nothing is kept of for whom. Each process adds what it has counted twice a minute, so that the last ' +
      'minute may not be complete. A client that is told that nothing has changed (304) has evaluated nothing.',
    status: 200,
    answer: FlagEvaluationsDto,
    input: 'query',
    problems: [featureFlagNotFound('new-checkout')],
  })
  count(
    @Param('featureFlagSlug') reference: string,
    @QueryParams() query: EvaluationsQuery,
  ): Promise<FlagEvaluationsDto> {
    return this.evaluations.count(reference, query);
  }
}
