import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { pageOf } from '../../lists/page.dto.js';
import { FeatureFlagDto } from './feature-flag.dto.js';

/** How many of an organization's flags are on, are off, and have been evaluated. */
@ApiSchema({ name: 'FeatureFlagCounts' })
export class FeatureFlagCountsDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Flags of `enabled=true`.', example: 12 })
  enabled: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Flags of `enabled=false`.', example: 3 })
  disabled: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Flags that were evaluated through OFREP in the last 30 days, as far as that was counted.',
    example: 9,
  })
  evaluated: number;
}

/** A page of an organization's flags, with what there is in all of them. */
@ApiSchema({ name: 'PageFeatureFlag' })
export class FeatureFlagPageDto extends pageOf(FeatureFlagDto) {
  @ApiProperty({
    type: FeatureFlagCountsDto,
    required: false,
    description: 'Of all flags of the organization, whatever this list is narrowed to. Absent where `cursor` is given.',
    example: { enabled: 12, disabled: 3, evaluated: 9 },
  })
  counts?: FeatureFlagCountsDto;
}
