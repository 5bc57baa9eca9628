import { ApiSchema } from '@nestjs/swagger';
import { Domain, ReadOnly, Slug, Text } from '../../http/fields.js';
import { AuthoredDto, authorshipOf } from '../../users/authored.dto.js';
import type { Customer } from '../customer.entity.js';

/** One schema for requests and answers, as in the contract. */
@ApiSchema({ name: 'Customer' })
export class CustomerDto extends AuthoredDto {
  @ReadOnly({ type: 'string', description: 'Never changes.', example: '9b2f8f3e-7f0a-4d59-8a4e-0d9f3f6f9b61' })
  id: string;

  @Text(1, 255, { description: 'What people call it. Need not be unique.', example: 'Sakura Tokyo' })
  name: string;

  @Slug({
    answered: true,
    description: 'Unique in the organization. Made from the name when left out. It cannot be changed.',
  })
  slug?: string;

  @Domain({ optional: true, description: 'Internet domain, in lower case.' })
  domain?: string;

  @Text(1, 255, {
    optional: true,
    nullable: true,
    description: 'The id that the customer has in a system of yours.',
    example: 'crm-4711',
  })
  externalCustomerId?: string | null;

  @ReadOnly({ type: 'integer', minimum: 0, description: 'How many instances it has.', example: 2 })
  instanceCount: number;

  static from(row: Customer): CustomerDto {
    return {
      id: row.id,
      name: row.name,
      slug: row.slug,
      domain: row.domain ?? undefined,
      externalCustomerId: row.externalCustomerId ?? undefined,
      instanceCount: row.instanceCount ?? 0,
      ...authorshipOf(row),
    };
  }
}
