import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ReadOnly, Slug, Text, TextList, Timestamp } from '../../http/fields.js';
import { VIOLATIONS } from '../../token-policy/token-policy.rules.js';
import type { Violation } from '../../token-policy/token-policy.rules.js';
import { CreatedDto, creationOf } from '../../users/authored.dto.js';
import { UserDto } from '../../users/user.dto.js';
import type { HeldToken, Token } from '../token.entity.js';
import { LIFE_STATES, TOKEN_FLAGS } from '../token-states.js';
import type { LifeState, TokenFlag } from '../token-states.js';

/** A token as it stands in another of the same account. */
@ApiSchema({ name: 'TokenReference' })
export class TokenReferenceDto {
  @ApiProperty({ description: 'Never changes.', example: '3e1f5a60-94d7-4c0c-8a0e-6f2b9c1d7e88' })
  id: string;

  @ApiProperty({ description: "Unique among the account's tokens.", example: 'production-x7k2p9' })
  slug: string;
}

/** What is shown of a token. The secret is not. */
@ApiSchema({ name: 'Token' })
export class TokenDto extends CreatedDto {
  @ReadOnly({ type: 'string', description: 'Never changes.', example: '7b0de6a8-0a3c-4a3a-8d7d-3c1c5b7e2f44' })
  id: string;

  @Text(1, 255, {
    example: 'production',
    description: "Unique among the account's tokens that are neither revoked nor replaced.",
  })
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

  @TextList(50, {
    optional: true,
    description:
      'Networks in CIDR notation, 1 to 50, that it may be used from. What is no network is refused, and so is one with bits set behind its ' +
      'prefix. From anywhere, when left out. Whoever mints with a token that has networks can give only networks within these.',
    example: ['203.0.113.0/24', '2001:db8::/32'],
  })
  allowedCidrs?: string[];

  @ReadOnly({
    type: 'string',
    enum: [...LIFE_STATES],
    description:
      'Whether it works: `active`, or why it does not. Of a revoked one, whether it has expired is not said.',
  })
  state: LifeState;

  @ReadOnly({
    type: 'array',
    items: { type: 'string', enum: [...TOKEN_FLAGS] },
    description: 'What else there is to say of it; the list of tokens says what each word means.',
    example: ['unused'],
  })
  flags: TokenFlag[];

  @ReadOnly(
    { type: 'array', items: { type: 'string', enum: [...VIOLATIONS] } },
    {
      optional: true,
      description:
        "Rules of the organization's policy by which it would not be minted any more: it must expire, it lives too long, or it may be used " +
        'from elsewhere. Absent: none, or it is not active, or replaced.',
    },
  )
  violates?: Violation[];

  @ReadOnly(
    { type: 'string', format: 'date-time' },
    { optional: true, description: 'When it was last used, up to a minute late. Absent: never, as far as is known.' },
  )
  lastUsedAt?: Date;

  @ReadOnly({ type: 'string' }, { optional: true, description: 'The address that it was last used from.' })
  lastUsedFrom?: string;

  @ReadOnly(
    { type: TokenReferenceDto },
    { optional: true, description: 'The token that it came in the place of. Absent: none, or it has been purged.' },
  )
  replaces?: TokenReferenceDto;

  @ReadOnly(
    { type: TokenReferenceDto },
    { optional: true, description: 'The token that came in its place. Absent: none, or it has been purged.' },
  )
  replacedBy?: TokenReferenceDto;

  @ReadOnly(
    { type: 'string', format: 'date-time' },
    { optional: true, description: 'When it was replaced. Absent: it was not.' },
  )
  replacedAt?: Date;

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
      allowedCidrs: row.allowedCidrs ?? undefined,
      state: row.state,
      flags: row.flags,
      violates: row.violates ?? undefined,
      lastUsedAt: row.lastUsedAt ?? undefined,
      lastUsedFrom: row.lastUsedFrom ?? undefined,
      replaces: referenceTo(row.replacesId, row.replacesSlug),
      replacedBy: referenceTo(row.replacedById, row.replacedBySlug),
      replacedAt: row.replacedAt ?? undefined,
      revokedAt: row.revokedAt ?? undefined,
      revokedBy: row.revokedById ? { id: row.revokedById, name: row.revokedByName ?? undefined } : undefined,
      ...creationOf(row),
    };
  }
}

const referenceTo = (id: string | null, slug: string | null): TokenReferenceDto | undefined =>
  id === null || slug === null ? undefined : { id, slug };

/** A token among those of several accounts. */
@ApiSchema({ name: 'HeldToken' })
export class HeldTokenDto extends TokenDto {
  @ReadOnly({ type: 'string', description: 'What the account that holds it is called.', example: 'my-app-backend' })
  serviceAccountName: string;

  @ReadOnly(
    { type: 'string', example: 'my-app-backend' },
    { optional: true, description: "The account's slug. Absent: it has been deleted, and its tokens are revoked." },
  )
  serviceAccountSlug?: string;

  static override from(row: HeldToken): HeldTokenDto {
    const { serviceAccountName, serviceAccountSlug } = row;
    return { ...TokenDto.from(row), serviceAccountName, serviceAccountSlug: serviceAccountSlug ?? undefined };
  }
}

/** A token with its secret: the answer to its creation or to the rotation that made it, and to nothing else. */
@ApiSchema({ name: 'PlainToken' })
export class PlainTokenDto extends TokenDto {
  @ReadOnly(
    { type: 'string', example: 'ksh_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s' },
    { description: 'The secret. It is shown this once.' },
  )
  token: string;
}
