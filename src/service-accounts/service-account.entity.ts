import { Column, Entity } from 'typeorm';
import { AuthoredEntity } from '../database/authored.entity.js';

/** A machine that holds tokens. Its id is also its user's. */
@Entity('service_accounts')
export class ServiceAccount extends AuthoredEntity {
  @Column('text')
  name: string;

  @Column('text')
  slug: string;

  @Column({ type: 'text', name: 'external_id', update: false })
  externalId: string;
}
