import { ApiSchema } from '@nestjs/swagger';
import { Choice, Text, Timestamp, WholeNumber } from '../../http/fields.js';
import { NamedNumbers, Part } from '../../http/nested-fields.js';
import { MOST_WEIGHT } from '../limits.js';

/** Whoever it applies to gets one variant. */
@ApiSchema({ name: 'Basic' })
export class BasicDto {
  @Choice(['basic'], { description: 'One variant for everybody.' })
  type: 'basic';

  @Text(1, 255, { description: "The variant's name.", example: 'on' })
  value: string;
}

@ApiSchema({ name: 'RolloutStep' })
export class RolloutStepDto {
  @Text(1, 255, { description: "The variant's name.", example: 'on' })
  variant: string;

  @WholeNumber(0, 100, { description: 'Share of the end variant at this time, in percent.', example: 100 })
  percentage: number;

  @Timestamp({ description: 'When.', example: '2027-01-31T12:00:00.000Z' })
  date: Date;
}

/** From one variant to another within a time. */
@ApiSchema({ name: 'RolloutDate' })
export class RolloutDateDto {
  @Choice(['rollout_date'], { description: 'From one variant to another within a time.' })
  type: 'rollout_date';

  @Part(RolloutStepDto, { description: 'What everybody gets before the rollout begins.' })
  start: RolloutStepDto;

  @Part(RolloutStepDto, { description: 'What everybody gets from its end on.' })
  end: RolloutStepDto;
}

const DISTRIBUTION = {
  description: 'Weights by variant. What counts is their relation: 1 and 3 are a quarter and three quarters.',
  example: { on: 25, off: 75 },
};

/** A share of users for each variant. */
@ApiSchema({ name: 'RolloutPercentage' })
export class RolloutPercentageDto {
  @Choice(['rollout_percentage'], { description: 'A share of users for each variant.' })
  type: 'rollout_percentage';

  @NamedNumbers(MOST_WEIGHT, DISTRIBUTION)
  distribution: Record<string, number>;
}

export const STRATEGIES = {
  basic: BasicDto,
  rollout_date: RolloutDateDto,
  rollout_percentage: RolloutPercentageDto,
} as const;

export type StrategyDto = BasicDto | RolloutDateDto | RolloutPercentageDto;
