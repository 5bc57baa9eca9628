import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { pageOf } from '../../lists/page.dto.js';
import type { TokenState } from '../token-states.js';
import { HeldTokenDto } from './token.dto.js';

const Count = (state: TokenState, example: number): PropertyDecorator =>
  ApiProperty({ type: 'integer', minimum: 0, description: `Tokens of \`state=${state}\`.`, example });

/** How many tokens are in each state. */
@ApiSchema({ name: 'TokenCounts' })
export class TokenCountsDto implements Readonly<Record<TokenState, number>> {
  @Count('active', 12)
  active: number;

  @Count('expired', 3)
  expired: number;

  @Count('revoked', 40)
  revoked: number;

  @Count('expiring', 2)
  expiring: number;

  @Count('idle', 1)
  idle: number;

  @Count('unused', 4)
  unused: number;

  @Count('replaced', 5)
  replaced: number;

  @Count('violating', 0)
  violating: number;

  @Count('permanent', 6)
  permanent: number;
}

/** How many days two of the states go by, as the server is set up. */
@ApiSchema({ name: 'TokenStateDays' })
export class TokenStateDaysDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'TOKEN_EXPIRING_DAYS, of `expiring`.', example: 14 })
  expiring: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'TOKEN_IDLE_DAYS, of `idle`.', example: 90 })
  idle: number;
}

export const EXAMPLE_COUNTS: Readonly<Record<TokenState, number>> = {
  active: 12,
  expired: 3,
  revoked: 40,
  expiring: 2,
  idle: 1,
  unused: 4,
  replaced: 5,
  violating: 0,
  permanent: 6,
};

/** A page of an organization's tokens, with what there is in all of them. */
@ApiSchema({ name: 'PageHeldToken' })
export class TokenPageDto extends pageOf(HeldTokenDto) {
  @ApiProperty({
    type: TokenCountsDto,
    required: false,
    description:
      'Of all tokens of the organization, or of `serviceAccount` where that is given, whatever else this list is narrowed to. One token may be ' +
      'counted in several states. Absent where `cursor` is given, or `counts=false`.',
    example: EXAMPLE_COUNTS,
  })
  counts?: TokenCountsDto;

  @ApiProperty({ type: TokenStateDaysDto, required: false, description: 'Where there are `counts`.' })
  stateDays?: TokenStateDaysDto;
}
