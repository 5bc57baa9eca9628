import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { FactNode } from '../../cel/fact-shape.js';
import type { RuleIssue, RuleIssueCode } from '../../cel/rule-issue.js';
import { RULE_ISSUE_CODES } from '../../cel/rule-issue.js';
import type { JsonObject } from '../../http/json.js';
import { JsonDocument, ReadOnly, Text } from '../../http/fields.js';
import { RuleText } from './targeting.dto.js';

@ApiSchema({ name: 'TargetingContextNode' })
export class TargetingContextNodeDto implements FactNode {
  @ApiProperty({ description: 'How a rule calls it.', example: '__kaiten' })
  name: string;

  @ApiProperty({
    enum: ['string', 'number', 'boolean', 'object', 'map', 'dyn'],
    description: 'What it is.',
    example: 'object',
  })
  type: FactNode['type'];

  @ApiProperty({ required: false, description: 'What it says.' })
  description?: string;

  @ApiProperty({ required: false, description: 'It may be absent: a rule should ask with `has()` first.' })
  optional?: boolean;

  @ApiProperty({ type: () => [TargetingContextNodeDto], required: false, description: 'What an object has.' })
  fields?: TargetingContextNodeDto[];

  @ApiProperty({ type: () => TargetingContextNodeDto, required: false, description: 'What each entry of a map is.' })
  values?: TargetingContextNodeDto;

  @ApiProperty({ type: [String], required: false, description: 'Keys of a map that are known; there may be others.' })
  knownKeys?: string[];
}

@ApiSchema({ name: 'TargetingContext' })
export class TargetingContextDto {
  @ApiProperty({
    type: [TargetingContextNodeDto],
    description: 'What a rule may read by itself. Attributes that your applications send can be read besides.',
  })
  roots: TargetingContextNodeDto[];
}

@ApiSchema({ name: 'TargetingRuleDraft' })
export class TargetingRuleDraftDto {
  @RuleText()
  rule: string;
}

@ApiSchema({ name: 'TargetingRuleIssue' })
export class TargetingRuleIssueDto implements RuleIssue {
  @ApiProperty({ description: 'What is wrong, in the words of a refused write.', example: "unexpected ')'" })
  message: string;

  @ApiProperty({
    enum: [...RULE_ISSUE_CODES],
    description: 'What kind of thing is wrong, for other languages. There may be others later: say `message` then.',
    example: 'unexpected',
  })
  code: RuleIssueCode;

  @ReadOnly(
    { type: 'object', additionalProperties: { type: 'string' }, example: { name: 'startWith' } },
    { optional: true, description: 'Names and numbers that are in `message`.' },
  )
  params?: Record<string, string>;

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    minimum: 0,
    description: 'From 1; 0 where it is not known.',
    example: 1,
  })
  line: number;

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    minimum: 0,
    description: 'From 1; 0 where it is not known.',
    example: 12,
  })
  column: number;

  @ApiProperty({ type: 'integer', format: 'int64', required: false, description: 'Where it ends.' })
  endLine?: number;

  @ApiProperty({ type: 'integer', format: 'int64', required: false, description: 'The first column behind it.' })
  endColumn?: number;
}

@ApiSchema({ name: 'TargetingRuleVerdict' })
export class TargetingRuleVerdictDto {
  @ApiProperty({ description: 'Whether a flag with this rule would be accepted.', example: true })
  valid: boolean;

  @ApiProperty({ type: [TargetingRuleIssueDto], description: 'What is wrong; empty when nothing is.', example: [] })
  issues: readonly TargetingRuleIssueDto[];
}

@ApiSchema({ name: 'TargetingRuleTrial' })
export class TargetingRuleTrialDto {
  @RuleText()
  rule: string;

  @JsonDocument(64 * 1024, {
    optional: true,
    description: 'What an application would send. `__kaiten` in it is dropped.',
    example: { plan: 'enterprise' },
  })
  context?: JsonObject;

  @Text(0, 1_000, {
    optional: true,
    description: "Who asks. A customer's slug brings the facts of that customer.",
    example: 'sakura-tokyo',
  })
  targetingKey?: string;
}

@ApiSchema({ name: 'TargetingRuleRehearsal' })
export class TargetingRuleRehearsalDto extends TargetingRuleVerdictDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What the rule finds under `__kaiten`. What could not be told is empty.',
    example: { instance: {}, customer: {} },
  })
  facts: JsonObject;

  @ApiProperty({
    required: false,
    enum: [true],
    description: 'The token may not read customers and instances: `facts` are left empty. The rule was run with them.',
  })
  factsRedacted?: true;

  @ApiProperty({ description: 'Whether the rule holds. It is run when there are no issues.', example: true })
  matched: boolean;

  @ApiProperty({ required: false, description: 'Why it failed while it ran; it does not hold then.' })
  evaluationError?: string;
}
