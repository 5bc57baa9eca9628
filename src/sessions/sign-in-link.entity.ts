import { Column, Entity } from 'typeorm';
import { TenantEntity } from '../database/tenant.entity.js';

/** What a person may sign in with, once. The secret is in the link only. */
@Entity('sign_in_links')
export class SignInLink extends TenantEntity {
  @Column({ type: 'uuid', name: 'user_id', update: false })
  userId: string;

  @Column({ type: 'bytea', select: false, update: false })
  hash: Buffer;

  @Column({
    type: 'timestamptz',
    name: 'created_at',
    precision: 3,
    default: () => 'statement_timestamp()',
    update: false,
  })
  createdAt: Date;

  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, update: false })
  expiresAt: Date;

  /** Written by `redeem_sign_in_link`. */
  @Column({ type: 'timestamptz', name: 'used_at', precision: 3, nullable: true, insert: false, update: false })
  usedAt: Date | null;
}
