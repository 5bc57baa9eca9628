import { Column, Entity } from 'typeorm';
import { AuthoredEntity } from '../database/authored.entity.js';

export const INSTANCE_STATUSES = ['HEALTHY', 'DEGRADED', 'INCIDENT', 'MAINTENANCE'] as const;
export type InstanceStatus = (typeof INSTANCE_STATUSES)[number];

@Entity('instances')
export class Instance extends AuthoredEntity {
  @Column('text')
  name: string;

  @Column('text')
  slug: string;

  @Column('text')
  description: string;

  @Column({ type: 'uuid', name: 'customer_id' })
  customerId: string;

  /** These are no columns: `ResourceReader` adds them. */
  customerSlug: string;
  customerName: string;

  @Column({ type: 'text', default: 'HEALTHY' })
  status: InstanceStatus;

  @Column({ type: 'text', name: 'lifecycle_stage', nullable: true })
  lifecycleStage: string | null;

  @Column({ type: 'timestamptz', name: 'license_starts_at', precision: 3 })
  licenseStartsAt: Date;

  @Column({ type: 'timestamptz', name: 'license_ends_at', precision: 3 })
  licenseEndsAt: Date;

  @Column({ type: 'jsonb', default: {} })
  metadata: Record<string, any>;

  /** Another one after each write; PostgreSQL sees to it. A bigint, which JavaScript has as text. */
  @Column({ type: 'bigint', insert: false, update: false })
  version: string;
}
