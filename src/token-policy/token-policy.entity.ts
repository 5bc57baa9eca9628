import { Column, Entity } from 'typeorm';
import { AuthoredEntity } from '../database/authored.entity.js';

/** What an organization asks of its tokens: one row at the most, and none asks nothing. */
@Entity('token_policies')
export class TokenPolicy extends AuthoredEntity {
  @Column({ type: 'integer', name: 'longest_lifetime_days', nullable: true })
  longestLifetimeDays: number | null;

  @Column({ type: 'boolean', name: 'expiry_required', default: false })
  expiryRequired: boolean;

  @Column({ type: 'text', array: true, name: 'required_cidrs', nullable: true })
  requiredCidrs: string[] | null;
}
