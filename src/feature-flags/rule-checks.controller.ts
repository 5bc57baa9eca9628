import { Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes } from '../auth/access.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import type { Principal } from '../auth/principal.js';
import { JsonBody } from '../http/json-body.js';
import { Operation } from '../http/operations.js';
import {
  TargetingContextDto,
  TargetingRuleDraftDto,
  TargetingRuleRehearsalDto,
  TargetingRuleTrialDto,
  TargetingRuleVerdictDto,
} from './dto/rule-check.dto.js';
import { FACT_SHAPE } from './fact-shape.js';
import { RuleChecks } from './rule-checks.js';

/** What an editor of rules asks. A flag may be called `targeting` as well: its path is shorter than these. */
@ApiTags('featureflags')
@Controller('feature-flags/targeting')
export class RuleChecksController {
  constructor(private readonly checks: RuleChecks) {}

  @Get('context')
  @Scopes('read:feature_flags')
  @Operation({
    id: 'get-targeting-context',
    summary: 'List what targeting rules may read',
    status: 200,
    answer: TargetingContextDto,
  })
  context(): TargetingContextDto {
    return FACT_SHAPE as TargetingContextDto;
  }

  @Post('lint')
  @Scopes('write:feature_flags')
  @Operation({
    id: 'lint-targeting-rule',
    summary: 'Check a targeting rule',
    description: 'A rule that is not good is an answer and no error. Nothing is stored.',
    status: 200,
    answer: TargetingRuleVerdictDto,
    input: 'body',
  })
  lint(@JsonBody() input: TargetingRuleDraftDto): TargetingRuleVerdictDto {
    return this.checks.lint(input.rule);
  }

  @Post('test')
  @Scopes('write:feature_flags')
  @Operation({
    id: 'test-targeting-rule',
    summary: 'Run a targeting rule',
    description:
      'As an evaluation would, with the same facts. Nothing is stored, and nothing is counted. What the server knows of a customer and its instances is ' +
      'shown to tokens that hold read:customers and read:instances as well.',
    status: 200,
    answer: TargetingRuleRehearsalDto,
    input: 'body',
  })
  test(
    @JsonBody() input: TargetingRuleTrialDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TargetingRuleRehearsalDto> {
    return this.checks.rehearse(input, principal);
  }
}
