import { ApiSchema } from '@nestjs/swagger';
import { Choice, JsonDocument, Paragraphs, ReadOnly, Slug, Text, Timestamp } from '../../http/fields.js';
import { AuthoredDto, authorshipOf } from '../../users/authored.dto.js';
import type { Instance, InstanceStatus } from '../instance.entity.js';
import { INSTANCE_STATUSES } from '../instance.entity.js';

/** One schema for requests and answers, as in the contract. */
@ApiSchema({ name: 'Instance' })
export class InstanceDto extends AuthoredDto {
  @ReadOnly({ type: 'string', description: 'Never changes.', example: '5d3c0a3e-3a53-4a1c-9d5e-2f6c1b7d8e90' })
  id: string;

  @Text(1, 255, { description: 'What people call it. Need not be unique.', example: 'Production' })
  name: string;

  @Slug({
    answered: true,
    description: 'Unique in the organization. Made from the name when left out.',
    example: 'sakura-tokyo-production',
  })
  slug?: string;

  @Paragraphs(10_000, {
    optional: true,
    answered: true,
    description: 'Empty when left out.',
    example: 'The instance that the stores use.',
  })
  description?: string;

  @Text(1, 255, {
    description: "The customer's id; requests may name its slug.",
    example: '9b2f8f3e-7f0a-4d59-8a4e-0d9f3f6f9b61',
  })
  customerId: string;

  @ReadOnly({ type: 'string', description: "The customer's slug.", example: 'sakura-tokyo' })
  customerSlug: string;

  @ReadOnly({ type: 'string', description: 'What the customer is called.', example: 'Sakura Tokyo' })
  customerName: string;

  @Text(1, 255, { optional: true, description: 'The license that it has, by id. There are no licenses yet.' })
  licenseId?: string;

  @ReadOnly({ type: 'string' }, { optional: true, description: "The license's slug." })
  licenseSlug?: string;

  @Timestamp({
    optional: true,
    answered: true,
    description: 'From when the license holds. Now, when left out.',
    example: '2026-02-01T00:00:00Z',
  })
  startLicenseDate?: Date;

  @Timestamp({
    optional: true,
    answered: true,
    description: 'When the license ends. A year after startLicenseDate, when left out.',
    example: '2027-02-01T00:00:00Z',
  })
  endLicenseDate?: Date;

  @Text(1, 255, { optional: true, description: 'Where it runs, by id. There are no deployment zones yet.' })
  deploymentZoneId?: string;

  @ReadOnly({ type: 'string' }, { optional: true, description: "The deployment zone's slug." })
  deploymentZoneSlug?: string;

  @ReadOnly(
    { type: 'string', enum: [...INSTANCE_STATUSES] },
    { optional: true, description: 'How it is. Changed with PATCH.', example: 'HEALTHY' },
  )
  status?: InstanceStatus;

  @ReadOnly(
    { type: 'string' },
    { optional: true, description: 'Where it is in its life. Changed with PATCH.', example: 'ACTIVE' },
  )
  lifecycleStage?: string;

  @JsonDocument(64 * 1024, {
    optional: true,
    description: 'Any JSON object of up to 64 KiB.',
    example: { region: 'ap-northeast-1' },
  })
  metadata?: Record<string, unknown>;

  static from(row: Instance): InstanceDto {
    return {
      id: row.id,
      name: row.name,
      slug: row.slug,
      description: row.description,
      customerId: row.customerId,
      customerSlug: row.customerSlug,
      customerName: row.customerName,
      startLicenseDate: row.licenseStartsAt,
      endLicenseDate: row.licenseEndsAt,
      status: row.status,
      lifecycleStage: row.lifecycleStage ?? undefined,
      metadata: row.metadata,
      ...authorshipOf(row),
    };
  }
}

/** What PATCH changes; what is left out stays. */
@ApiSchema({ name: 'PatchInstanceBody' })
export class PatchInstanceDto {
  @Choice(INSTANCE_STATUSES, { optional: true, description: 'How it is.', example: 'MAINTENANCE' })
  status?: InstanceStatus;

  @Text(1, 100, {
    optional: true,
    description: 'TRIAL, ACTIVE, AT_RISK, CHURNED or words of your own.',
    example: 'ACTIVE',
  })
  lifecycleStage?: string;

  @JsonDocument(64 * 1024, {
    optional: true,
    description: 'Any JSON object of up to 64 KiB, in the place of all that is there.',
    example: { region: 'ap-northeast-1' },
  })
  metadata?: Record<string, any>;
}
