import { Column } from 'typeorm';
import { TenantEntity } from './tenant.entity.js';

/** A tenant's row that shows who made it and who changed it last. */
export abstract class AuthoredEntity extends TenantEntity {
  @Column({
    name: 'created_at',
    type: 'timestamptz',
    precision: 3,
    default: () => 'statement_timestamp()',
    update: false,
  })
  createdAt: Date;

  @Column({ name: 'created_by_id', type: 'uuid', update: false })
  createdById: string;

  @Column({ name: 'updated_at', type: 'timestamptz', precision: 3, default: () => 'statement_timestamp()' })
  updatedAt: Date;

  @Column({ name: 'updated_by_id', type: 'uuid' })
  updatedById: string;

  /** Names are no columns of the row: `ResourceReader` adds them when it reads. */
  createdByName: string;
  updatedByName: string;
}

/** For `ResourceDefinition.actors`. */
export const AUTHORSHIP = { createdByName: 'created_by_id', updatedByName: 'updated_by_id' } as const;

/** Who makes or changes something: a principal, or the server's own user for what nobody signed in for. */
export interface Author {
  readonly userId: string;
  readonly userName: string;
}

/** What an insert says of its author. The names are for the answer. */
export function authoredBy(user: Author) {
  return {
    createdById: user.userId,
    createdByName: user.userName,
    updatedById: user.userId,
    updatedByName: user.userName,
  };
}

/** What an update says of its author. */
export function updatedBy(user: Author) {
  return { updatedById: user.userId, updatedAt: () => 'statement_timestamp()' };
}
