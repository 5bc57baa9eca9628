import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** Stages of one answer. */
export const MOST_STAGES = 200;

@ApiSchema({ name: 'LifecycleStage' })
export class LifecycleStageDto {
  @ApiProperty({ description: 'For `lifecycleStage` of an instance, or of the list of instances.', example: 'ACTIVE' })
  name: string;
}

/** The stages that are in use. */
@ApiSchema({ name: 'LifecycleStages' })
export class LifecycleStagesDto {
  @ApiProperty({ type: [LifecycleStageDto], description: `In the order of their names; ${MOST_STAGES} at the most.` })
  items: LifecycleStageDto[];

  @ApiProperty({ type: 'boolean', description: 'Whether there are more than these.', example: false })
  hasMore: boolean;
}
