import { ApiSchema } from '@nestjs/swagger';
import { ReadOnly, Slug, Text, TextList, Timestamp } from '../../http/fields.js';
import { CreatedDto, creationOf } from '../../users/authored.dto.js';
import { UserDto } from '../../users/user.dto.js';
import type { Token } from '../token.entity.js';

/** What is shown of a token. The secret is not. */
@ApiSchema({ name: 'Token' })
export class TokenDto extends CreatedDto {
  @ReadOnly({ type: 'string', description: 'Never changes.', example: '7b0de6a8-0a3c-4a3a-8d7d-3c1c5b7e2f44' })
  id: string;

  @Text(1, 255, { example: 'production', description: "Unique among the account's tokens that are not revoked." })
  name: string;

  @Slug({
    answered: true,
    description: "Unique among the account's tokens. Made from the name when left out.",
    example: 'production',
  })
  slug?: string;

  @TextList(100, {
    // Left out, null or empty, it is the same refusal: a token without scopes.
    optional: true,
    answered: true,
    nullable: true,
    description: 'What it may do: at least one of `x-kaiten-scopes`. Duplicates are folded.',
    example: ['read:customers', 'read:instances'],
  })
  scopes: string[] | null;

  @ReadOnly({
    type: 'string',
    description: 'The account that holds it.',
    example: '0f7c1a52-6d3e-4c53-9a53-3f0b8c9e1d11',
  })
  serviceAccountId: string;

  @ReadOnly({ type: 'string', example: 'x7Qz' }, { description: "The secret's last four characters." })
  lastFour: string;

  @Timestamp({ optional: true, description: 'From here on the token is refused. Never, when left out.' })
  expiresAt?: Date;

  @ReadOnly(
    { type: 'string', format: 'date-time' },
    { optional: true, description: 'Since when it is refused. Absent: it was not revoked.' },
  )
  revokedAt?: Date;

  @ReadOnly({ type: UserDto }, { optional: true, description: 'Who revoked it.' })
  revokedBy?: UserDto;

  static from(row: Token): TokenDto {
    return {
      id: row.id,
      name: row.name,
      slug: row.slug,
      scopes: row.scopes,
      serviceAccountId: row.serviceAccountId,
      lastFour: row.lastFour,
      expiresAt: row.expiresAt ?? undefined,
      revokedAt: row.revokedAt ?? undefined,
      revokedBy: row.revokedById ? { id: row.revokedById, name: row.revokedByName ?? undefined } : undefined,
      ...creationOf(row),
    };
  }
}

/** A token with its secret: the answer to its creation, and to nothing else. */
@ApiSchema({ name: 'PlainToken' })
export class PlainTokenDto extends TokenDto {
  @ReadOnly(
    { type: 'string', example: 'ksh_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s' },
    { description: 'The secret. It is shown this once.' },
  )
  token: string;
}
