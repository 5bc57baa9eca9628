import { ApiSchema } from '@nestjs/swagger';
import { Timestamp, WholeNumber } from '../../http/fields.js';

/** How a token is replaced. */
@ApiSchema({ name: 'RotateTokenBody' })
export class RotateTokenDto {
  @WholeNumber(0, 604_800, {
    optional: true,
    description:
      'Seconds for which the old token goes on working beside the new one, a week at the most, and never beyond its own expiry. With 0, ' +
      'which is also when left out, it is revoked at once.',
    example: 3600,
  })
  graceSeconds?: number;

  @Timestamp({
    optional: true,
    description:
      "When the new token ends. When left out, it lives as long as the old one was made for, or as long as the organization's policy allows " +
      'if that is less.',
    example: undefined,
  })
  expiresAt?: Date;
}
