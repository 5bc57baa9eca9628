import { ApiSchema } from '@nestjs/swagger';
import { Choice, Paragraphs, Text } from '../../http/fields.js';
import { NamedNumbers, Part } from '../../http/nested-fields.js';
import { LONGEST_RULE, MOST_WEIGHT } from '../limits.js';
import { RolloutStepDto } from './strategy.dto.js';

/** A rule in CEL, as targetings, lint and test have it. */
export const RuleText = (): PropertyDecorator =>
  Paragraphs(LONGEST_RULE, { description: 'A condition in CEL.', example: "plan == 'enterprise'" });

/** What targetings of all kinds have. */
abstract class TargetingBase {
  @Text(1, 255, { description: 'Unique in the flag: it names the rule where it is broken.', example: 'enterprise' })
  name: string;

  @RuleText()
  rule: string;
}

/** One variant for those for whom a rule holds. */
@ApiSchema({ name: 'BasicTargeting' })
export class BasicTargetingDto extends TargetingBase {
  @Choice(['basic'], { description: 'One variant.' })
  type: 'basic';

  @Text(1, 255, { description: "The variant's name.", example: 'on' })
  variant: string;
}

/** From one variant to another within a time, for those for whom a rule holds. */
@ApiSchema({ name: 'RolloutDateTargeting' })
export class RolloutDateTargetingDto extends TargetingBase {
  @Choice(['rollout_date'], { description: 'From one variant to another within a time.' })
  type: 'rollout_date';

  @Part(RolloutStepDto, { description: 'What they get before the rollout begins.' })
  start: RolloutStepDto;

  @Part(RolloutStepDto, { description: 'What they get from its end on.' })
  end: RolloutStepDto;
}

/** A share for each variant of those for whom a rule holds. */
@ApiSchema({ name: 'RolloutPercentageTargeting' })
export class RolloutPercentageTargetingDto extends TargetingBase {
  @Choice(['rollout_percentage'], { description: 'A share for each variant.' })
  type: 'rollout_percentage';

  @NamedNumbers(MOST_WEIGHT, { description: 'Weights by variant.', example: { on: 25, off: 75 } })
  distribution: Record<string, number>;
}

export const TARGETINGS = {
  basic: BasicTargetingDto,
  rollout_date: RolloutDateTargetingDto,
  rollout_percentage: RolloutPercentageTargetingDto,
} as const;

export type TargetingDto = BasicTargetingDto | RolloutDateTargetingDto | RolloutPercentageTargetingDto;
