import { Column, Entity } from 'typeorm';
import type { GrantedScope } from '../auth/scopes.js';
import { TenantEntity } from '../database/tenant.entity.js';
import type { Standing } from './token-states.js';

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

  /** Networks that it may be used from; null for any. */
  @Column({ type: 'text', array: true, name: 'allowed_cidrs', nullable: true, update: false })
  allowedCidrs: string[] | null;

  /** The token that it came in the place of, and the one that came in its place, unless they have been purged. */
  @Column({ type: 'uuid', name: 'replaces_id', nullable: true, update: false })
  replacesId: string | null;

  @Column({ type: 'uuid', name: 'replaced_by_id', nullable: true })
  replacedById: string | null;

  /** Stays when the successor is purged. */
  @Column({ type: 'timestamptz', name: 'replaced_at', precision: 3, nullable: true })
  replacedAt: Date | null;

  /** Written by `record_token_uses`. */
  @Column({ type: 'timestamptz', name: 'last_used_at', precision: 3, nullable: true, insert: false, update: false })
  lastUsedAt: Date | null;

  @Column({ type: 'text', name: 'last_used_from', nullable: true, insert: false, update: false })
  lastUsedFrom: string | null;

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

  /** These are no columns of the row: `ResourceReader` adds them when it reads. */
  createdByName: string;
  revokedByName: string | null;
  replacesSlug: string | null;
  replacedBySlug: string | null;
  state: Standing['state'];
  flags: Standing['flags'];
  violates: Standing['violates'];
}

/** A token with the account that holds it, as lists of several accounts' tokens show it. */
export interface HeldToken extends Token {
  readonly serviceAccountName: string;
  /** Null when the account has been deleted. */
  readonly serviceAccountSlug: string | null;
}
