import { Column, Entity } from 'typeorm';
import type { GrantedScope } from '../auth/scopes.js';
import { TenantEntity } from '../database/tenant.entity.js';

/** A credential of a service account. What it is called is kept, and a hash; not the token. */
@Entity('tokens')
export class Token extends TenantEntity {
  @Column({ type: 'uuid', name: 'service_account_id', update: false })
  serviceAccountId: string;

  @Column('text')
  name: string;

  @Column('text')
  slug: string;

  @Column({ type: 'bytea', select: false, update: false })
  hash: Buffer;

  /** The token's last four characters, to tell tokens apart by. */
  @Column({ type: 'text', name: 'last_four', update: false })
  lastFour: string;

  @Column({ type: 'text', array: true, update: false })
  scopes: GrantedScope[];

  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, nullable: true })
  expiresAt: Date | null;

  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true })
  revokedAt: Date | null;

  @Column({ type: 'uuid', name: 'revoked_by_id', nullable: true })
  revokedById: string | null;

  @Column({
    type: 'timestamptz',
    name: 'created_at',
    precision: 3,
    default: () => 'statement_timestamp()',
    update: false,
  })
  createdAt: Date;

  @Column({ type: 'uuid', name: 'created_by_id', update: false })
  createdById: string;

  /** Names are no columns of the row: `ResourceReader` adds them when it reads. */
  createdByName: string;
  revokedByName: string | null;
}
