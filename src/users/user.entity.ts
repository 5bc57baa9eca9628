import { Column, Entity } from 'typeorm';
import type { Role } from '../auth/roles.js';
import { TenantEntity } from '../database/tenant.entity.js';

/** Somebody or something that acts in an organization. It outlives what it stands for, so that what was done keeps its author. */
@Entity('users')
export class User extends TenantEntity {
  /** `system` is the server itself: the author of what an operator does on the command line. */
  @Column('text')
  kind: 'system' | 'machine' | 'person';

  @Column({ type: 'text', name: 'external_id' })
  externalId: string;

  @Column('text')
  name: string;

  /** What a person may do; null for all others, whose tokens say that. */
  @Column({ type: 'text', nullable: true })
  role: Role | null;

  @Column({
    type: 'timestamptz',
    name: 'created_at',
    precision: 3,
    default: () => 'statement_timestamp()',
    update: false,
  })
  createdAt: Date;
}
