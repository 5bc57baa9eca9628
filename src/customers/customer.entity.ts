import { Column, Entity } from 'typeorm';
import { AuthoredEntity } from '../database/authored.entity.js';

@Entity('customers')
export class Customer extends AuthoredEntity {
  @Column('text')
  name: string;

  @Column('text')
  slug: string;

  @Column({ type: 'text', nullable: true })
  domain: string | null;

  @Column({ type: 'text', name: 'external_customer_id', nullable: true })
  externalCustomerId: string | null;

  /** Another one after each write; PostgreSQL sees to it. A bigint, which JavaScript has as text. */
  @Column({ type: 'bigint', insert: false, update: false })
  version: string;

  /** No column: `ResourceReader` adds it for answers. */
  instanceCount?: number;
}
