import { ApiSchema } from '@nestjs/swagger';
import { ReadOnly, Slug, Text } from '../../http/fields.js';
import { EXAMPLE_COUNTS, TokenCountsDto } from '../../tokens/dto/token-page.dto.js';
import { TokenDto } from '../../tokens/dto/token.dto.js';
import type { AccountTokens } from '../../tokens/token-counts.js';
import { NO_TOKENS } from '../../tokens/token-counts.js';
import { CreatedDto, creationOf } from '../../users/authored.dto.js';
import type { ServiceAccount } from '../service-account.entity.js';

@ApiSchema({ name: 'ServiceAccount' })
export class ServiceAccountDto extends CreatedDto {
  @ReadOnly({ type: 'string', description: 'Never changes.', example: '0f7c1a52-6d3e-4c53-9a53-3f0b8c9e1d11' })
  id: string;

  @Text(1, 255, {
    description: 'What people call it, and how what it does is signed. Need not be unique.',
    example: 'my-app-backend',
  })
  name: string;

  @Slug({
    answered: true,
    description: 'Unique in the organization. Made from the name when left out. It cannot be changed.',
    example: 'my-app-backend',
  })
  slug?: string;

  @ReadOnly(
    { type: 'string', example: 'sa_0f7c1a526d3e4c539a533f0b8c9e1d11' },
    { description: 'What a gateway calls it: `sub` of the principal.' },
  )
  externalId: string;

  @ReadOnly({ type: [TokenDto] }, { description: 'Its newest tokens, 100 at the most; the list of tokens has all.' })
  tokens: TokenDto[];

  @ReadOnly(
    { type: TokenCountsDto },
    {
      description: 'How many tokens it has in each state. One token may be counted in several states.',
      example: EXAMPLE_COUNTS,
    },
  )
  tokenCounts: TokenCountsDto;

  @ReadOnly(
    { type: 'string', format: 'date-time' },
    {
      optional: true,
      description: 'When one of its tokens was last used, up to a minute late. Absent: never, as far as is known.',
      example: '2026-11-24T10:15:00.000Z',
    },
  )
  lastUsedAt?: Date;

  static from(row: ServiceAccount, tokens: TokenDto[] = [], held: AccountTokens = NO_TOKENS): ServiceAccountDto {
    return {
      id: row.id,
      name: row.name,
      slug: row.slug,
      externalId: row.externalId,
      tokens,
      tokenCounts: held.counts,
      lastUsedAt: held.lastUsedAt ?? undefined,
      ...creationOf(row),
    };
  }
}
