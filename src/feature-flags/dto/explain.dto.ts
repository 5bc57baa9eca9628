import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { LARGEST_CONTEXT } from '../../flag-evaluation/context-limits.js';
import type { Evaluation } from '../../flag-evaluation/evaluation.js';
import type { ExplainedTargeting } from '../../flag-evaluation/explain.js';
import type { WhyNot } from '../../flag-evaluation/why-not.js';
import { JsonDocument, Paragraphs, Text } from '../../http/fields.js';
import type { JsonObject } from '../../http/json.js';
import { VALUE } from './variant.dto.js';

const optional = { required: false } as const;
const TIME = { type: 'string', format: 'date-time', example: '2026-11-24T12:00:00.000Z' } as const;
const BUCKET = { type: 'integer', minimum: 0, maximum: 10_000 } as const;

const REASONS = ['STATIC', 'TARGETING_MATCH', 'SPLIT', 'DEFAULT', 'DISABLED', 'ERROR'] as const;
const ERROR_CODES = ['TARGETING_KEY_MISSING', 'GENERAL'] as const satisfies readonly Evaluation['errorCode'][];
const OUTCOMES = ['matched', 'not_matched', 'broken', 'skipped'] as const;
const SKIPPED_BECAUSE = ['flag_disabled', 'earlier_targeting_matched', 'budget_spent'] as const;
const STRATEGY_TYPES = ['basic', 'rollout_date', 'rollout_percentage'] as const;
const ROLLOUT_STATES = ['before', 'under_way', 'after'] as const;
const WHY_NOT = [
  'nothing_gives_it',
  'weight_is_zero',
  'flag_disabled',
  'targeting_not_matched',
  'targeting_broken',
  'earlier_targeting_matched',
  'budget_spent',
  'targeting_key_missing',
  'bucket_outside_share',
  'rollout_not_yet',
  'rollout_over',
] as const satisfies readonly WhyNot['because'][];

@ApiSchema({ name: 'FlagExplanationRequest' })
export class FlagExplanationRequestDto {
  @JsonDocument(LARGEST_CONTEXT, {
    optional: true,
    description: 'What an application would send, up to 64 KiB. `__kaiten` in it is dropped.',
    example: { plan: 'enterprise' },
  })
  context?: JsonObject;

  @Paragraphs(LARGEST_CONTEXT, {
    optional: true,
    description: 'Who asks; instead of the `targetingKey` in the context.',
    example: 'sakura-tokyo',
  })
  targetingKey?: string;

  @Text(1, 255, { optional: true, description: 'Name or id of a variant, for `whyNot`.', example: 'off' })
  variant?: string;
}

@ApiSchema({ name: 'ExplainedTargeting' })
export class ExplainedTargetingDto {
  @ApiProperty({ description: 'Its name.', example: 'enterprise' })
  name: string;

  @ApiProperty({
    enum: OUTCOMES,
    description: 'What became of its rule. `broken`: it failed, and the next one was tried. `skipped`: it was not run.',
  })
  outcome: ExplainedTargeting['outcome'];

  @ApiProperty({ ...optional, enum: SKIPPED_BECAUSE, description: 'Why it was skipped.' })
  because?: ExplainedTargeting['because'];

  @ApiProperty({
    ...optional,
    description: 'Why its rule failed. Not shown where the rule reads facts that are redacted.',
  })
  message?: string;

  @ApiProperty({ ...optional, type: 'integer', minimum: 1, description: 'Where its rule failed, as far as is known.' })
  line?: number;

  @ApiProperty({ ...optional, type: 'integer', minimum: 1, description: 'Where in the line.' })
  column?: number;
}

@ApiSchema({ name: 'BucketRange' })
export class BucketRangeDto {
  @ApiProperty({ ...BUCKET, description: 'The first bucket.', example: 0 })
  from: number;

  @ApiProperty({ ...BUCKET, description: 'The one after the last.', example: 2_500 })
  to: number;
}

@ApiSchema({ name: 'BucketSegment' })
export class BucketSegmentDto extends BucketRangeDto {
  @ApiProperty({ description: 'Whose buckets they are.', example: 'on' })
  variant: string;
}

/** Which fields there are depends on the type. */
@ApiSchema({ name: 'ExplainedStrategy' })
export class ExplainedStrategyDto {
  @ApiProperty({ enum: STRATEGY_TYPES, description: 'How it chooses.' })
  type: (typeof STRATEGY_TYPES)[number];

  @ApiProperty({ ...optional, description: 'With `basic`: what it gives to everybody.', example: 'on' })
  variant?: string;

  @ApiProperty({
    ...optional,
    type: [BucketSegmentDto],
    description: 'With `rollout_percentage`: who has which buckets.',
  })
  segments?: BucketSegmentDto[];

  @ApiProperty({ ...optional, enum: ROLLOUT_STATES, description: 'With `rollout_date`: where it is in time.' })
  state?: (typeof ROLLOUT_STATES)[number];

  @ApiProperty({ ...optional, description: 'With `rollout_date`: what everybody gets before it.' })
  startVariant?: string;

  @ApiProperty({ ...optional, description: 'With `rollout_date`: what everybody gets after it.' })
  endVariant?: string;

  @ApiProperty({
    ...optional,
    type: 'number',
    minimum: 0,
    maximum: 10_000,
    description:
      'With `rollout_date`: the buckets below this have the end variant at the time of the evaluation. It need not be a whole number.',
  })
  endVariantBelow?: number;
}

@ApiSchema({ name: 'ExplainedBucket' })
export class ExplainedBucketDto {
  @ApiProperty({ description: 'Hashed before the key: what the flag was called at first.', example: 'new-checkout' })
  salt: string;

  @ApiProperty({ description: 'Who asks.', example: 'sakura-tokyo' })
  targetingKey: string;

  @ApiProperty({
    ...BUCKET,
    description: 'xxHash64 of the salt, NUL and the key in UTF-8, modulo `of`.',
    example: 1_042,
  })
  number: number;

  @ApiProperty({ type: 'integer', description: 'How many buckets there are.', example: 10_000 })
  of: number;
}

@ApiSchema({ name: 'WhyNotReason' })
export class WhyNotReasonDto {
  @ApiProperty({ enum: WHY_NOT, description: 'Why it was not given.', example: 'earlier_targeting_matched' })
  because: WhyNot['because'];

  @ApiProperty({
    ...optional,
    description: 'The targeting that could have given it. Absent: the default, or the flag as a whole.',
  })
  targeting?: string;

  @ApiProperty({ description: 'The same in words.', example: 'Targeting enterprise matched before.' })
  detail: string;

  @ApiProperty({ ...optional, ...BUCKET, description: 'With `bucket_outside_share`: the bucket of the key.' })
  bucket?: number;

  @ApiProperty({
    ...optional,
    type: [BucketRangeDto],
    description: 'With `bucket_outside_share`: the buckets of the variant.',
  })
  ranges?: BucketRangeDto[];

  @ApiProperty({
    ...optional,
    type: 'string',
    format: 'date-time',
    description: 'With `rollout_not_yet`: when it will be given.',
  })
  from?: string;
}

@ApiSchema({ name: 'WhyNot' })
export class WhyNotDto {
  @ApiProperty({ description: 'Name of the variant that was asked for.', example: 'off' })
  variant: string;

  @ApiProperty({
    type: [WhyNotReasonDto],
    description: 'For each part of the flag that could give it, why it did not, in order. Empty: it was given.',
  })
  reasons: WhyNotReasonDto[];
}

/** What a flag is for a context, and why. */
@ApiSchema({ name: 'FlagExplanation' })
export class FlagExplanationDto {
  @ApiProperty({ description: 'Slug of the flag.', example: 'new-checkout' })
  key: string;

  @ApiProperty({ ...TIME, description: 'The time by which rollouts by date go.' })
  evaluatedAt: string;

  @ApiProperty({ ...optional, description: 'Name of the variant that is given. Absent: it failed.', example: 'on' })
  variant?: string;

  @ApiProperty({ ...optional, ...VALUE, description: 'The value of the variant.', example: true })
  value?: unknown;

  @ApiProperty({
    enum: REASONS,
    description: 'As OFREP answers it; ERROR where it failed.',
    example: 'TARGETING_MATCH',
  })
  reason: (typeof REASONS)[number];

  @ApiProperty({ ...optional, enum: ERROR_CODES, description: 'Why it failed.' })
  errorCode?: Evaluation['errorCode'];

  @ApiProperty({ ...optional, description: 'The same in words.' })
  errorDetails?: string;

  @ApiProperty({
    ...optional,
    description: 'The targeting that gave the variant. Absent: none.',
    example: 'enterprise',
  })
  matchedRule?: string;

  @ApiProperty({ type: [String], description: 'Names of the targetings whose rules failed.', example: [] })
  brokenRules: readonly string[];

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'What rules find under `__kaiten`. What could not be told is empty; where `factsRedacted` is true, everything.',
    example: { instance: {}, customer: { slug: 'sakura-tokyo' } },
  })
  facts: JsonObject;

  @ApiProperty({
    description:
      'The token lacks read:customers or read:instances, so that facts are not shown. Rules have read them all the same.',
    example: false,
  })
  factsRedacted: boolean;

  @ApiProperty({ type: [ExplainedTargetingDto], description: "The flag's targetings, in order." })
  targetings: ExplainedTargetingDto[];

  @ApiProperty({
    ...optional,
    enum: ['targeting', 'default'],
    description: 'Who chose, or failed to. Absent: the evaluation cost too much before it came to that.',
    example: 'targeting',
  })
  decidedBy?: 'targeting' | 'default';

  @ApiProperty({ ...optional, type: ExplainedStrategyDto, description: 'How that one chooses.' })
  strategy?: ExplainedStrategyDto;

  @ApiProperty({ ...optional, type: ExplainedBucketDto, description: 'Where it was chosen by the bucket of the key.' })
  bucket?: ExplainedBucketDto;

  @ApiProperty({ ...optional, type: WhyNotDto, description: 'Where the request has a `variant`.' })
  whyNot?: WhyNotDto;
}
