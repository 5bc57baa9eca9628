import { Column, Entity } from 'typeorm';
import { TenantEntity } from '../database/tenant.entity.js';

/** A person who has signed in, in one browser. The secret is in the browser's cookie only. A session that is ended is deleted. */
@Entity('sessions')
export class Session extends TenantEntity {
  @Column({ type: 'uuid', name: 'user_id', update: false })
  userId: string;

  @Column({ type: 'bytea', select: false, update: false })
  hash: Buffer;

  /** In words, as far as it is known: `Firefox on Linux`. */
  @Column({ type: 'text', name: 'user_agent', nullable: true, update: false })
  userAgent: string | null;

  /** Where the sign-in came from. */
  @Column({ type: 'text', nullable: true, update: false })
  address: string | null;

  @Column({
    type: 'timestamptz',
    name: 'created_at',
    precision: 3,
    default: () => 'statement_timestamp()',
    update: false,
  })
  createdAt: Date;

  /** Up to a minute behind. */
  @Column({ type: 'timestamptz', name: 'last_seen_at', precision: 3, default: () => 'statement_timestamp()' })
  lastSeenAt: Date;

  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, update: false })
  expiresAt: Date;
}
