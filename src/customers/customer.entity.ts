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
}
