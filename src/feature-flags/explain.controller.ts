import { Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes } from '../auth/access.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { JsonBody } from '../http/json-body.js';
import { Operation } from '../http/operations.js';
import { FlagExplanationDto, FlagExplanationRequestDto } from './dto/explain.dto.js';
import { ExplainService } from './explain.service.js';
import { featureFlagNotFound } from './feature-flags.errors.js';

@ApiTags('featureflags')
@Controller('feature-flags/:featureFlagSlug/explain')
export class ExplainController {
  constructor(private readonly explanations: ExplainService) {}

  @Post()
  @Scopes('read:feature_flags')
  @Operation({
    id: 'explain-feature-flag',
    summary: 'Explain what a feature flag is for a context',
    description:
      'Evaluated as OFREP evaluates it, and told step by step. Nothing is stored, and nothing is counted. What the server knows of a customer and its ' +
      'instances is shown to tokens that hold read:customers and read:instances as well.',
    status: 200,
    answer: FlagExplanationDto,
    input: 'body',
    problems: [featureFlagNotFound('new-checkout')],
  })
  explain(
    @Param('featureFlagSlug') reference: string,
    @JsonBody() input: FlagExplanationRequestDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<FlagExplanationDto> {
    return this.explanations.explain(reference, input, principal);
  }
}
