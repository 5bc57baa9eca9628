import { ApiSchema } from '@nestjs/swagger';
import { Flag, ReadOnly, TextList, WholeNumber } from '../../http/fields.js';
import { changeOf } from '../../users/authored.dto.js';
import { UserDto } from '../../users/user.dto.js';
import type { TokenPolicy } from '../token-policy.entity.js';

/** What an organization asks of the tokens that are made from now on. */
@ApiSchema({ name: 'TokenPolicy' })
export class TokenPolicyDto {
  @WholeNumber(1, 36_500, {
    optional: true,
    description:
      'Days of 24 hours that a token may live for, from its creation on; one that never expires lives too long. Absent: for ever.',
    example: 90,
  })
  longestLifetimeDays?: number;

  @Flag({
    optional: true,
    answered: true,
    description: 'Whether a token must expire some day. It need not, when left out.',
    example: true,
  })
  expiryRequired?: boolean;

  @TextList(50, {
    optional: true,
    description:
      'Networks in CIDR notation, 1 to 50. A token must have `allowedCidrs`, each within one of these. Absent: it need not.',
    example: ['10.0.0.0/8', '2001:db8::/32'],
  })
  requiredCidrs?: string[];

  @ReadOnly({ type: UserDto }, { optional: true, description: 'Who set it last. Absent: nobody ever did.' })
  updatedBy?: UserDto;

  @ReadOnly(
    { type: 'string', format: 'date-time' },
    { optional: true, description: 'When it was set last.', example: '2026-11-24T10:15:00.000Z' },
  )
  updatedAt?: string;

  /** @param row absent: nothing is asked. */
  static from(row: TokenPolicy | undefined): TokenPolicyDto {
    return {
      longestLifetimeDays: row?.longestLifetimeDays ?? undefined,
      expiryRequired: row?.expiryRequired ?? false,
      requiredCidrs: row?.requiredCidrs ?? undefined,
      ...(row && changeOf(row)),
    };
  }
}
