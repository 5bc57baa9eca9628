import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { CountedReason } from '../counted-evaluation.js';
import { COUNTED_REASONS } from '../counted-evaluation.js';

@ApiSchema({ name: 'FlagEvaluationSeries' })
export class FlagEvaluationSeriesDto {
  @ApiProperty({
    required: false,
    description:
      'Name of the variant: its present one, or its last one if it is gone. Absent: evaluations that failed.',
    example: 'dark',
  })
  variant?: string;

  @ApiProperty({ required: false, description: 'Id of the variant.', example: 'c6d1f0f4-9d7c-4f55-8a36-0a5a3b5f1f10' })
  variantId?: string;

  @ApiProperty({
    enum: COUNTED_REASONS,
    description: 'Why it was given out. ERROR: the evaluation failed, and gave nothing.',
    example: 'SPLIT',
  })
  reason: CountedReason;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Sum of `counts`.', example: 1_290 })
  total: number;

  @ApiProperty({
    type: 'integer',
    isArray: true,
    description: 'Evaluations in each step, the first of which begins at `from`; 0 where there were none.',
    example: [410, 0, 880],
  })
  counts: number[];
}

/** How often a flag was evaluated. */
@ApiSchema({ name: 'FlagEvaluations' })
export class FlagEvaluationsDto {
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'Beginning of the first step.',
    example: '2026-11-24T09:00:00.000Z',
  })
  from: Date;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'End of the last step, which may not be over yet.',
    example: '2026-11-24T12:00:00.000Z',
  })
  to: Date;

  @ApiProperty({ type: 'integer', description: 'Length of a step in seconds.', example: 3_600 })
  step: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Evaluations of all series.', example: 1_290 })
  total: number;

  @ApiProperty({
    description:
      'Whether evaluations are counted now, as FLAG_EVALUATION_COUNTS says. What was counted before is shown all the same.',
    example: true,
  })
  counting: boolean;

  @ApiProperty({
    type: [FlagEvaluationSeriesDto],
    description:
      'One for each variant and reason that there were evaluations of, in the order of the variants; then those of variants that are gone, ' +
      'and those that failed.',
  })
  series: FlagEvaluationSeriesDto[];
}
