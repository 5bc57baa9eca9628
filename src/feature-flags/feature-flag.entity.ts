import { Column, Entity } from 'typeorm';
import { AuthoredEntity } from '../database/authored.entity.js';
import type { FlagType, Strategy, Targeting, Variant } from '../flag-evaluation/definition.js';

export const FLAG_TYPES = ['boolean', 'string', 'number', 'object'] as const satisfies readonly FlagType[];

@Entity('feature_flags')
export class FeatureFlag extends AuthoredEntity {
  @Column('text')
  name: string;

  @Column('text')
  slug: string;

  /** What keys are hashed with: the slug that the flag had at first, unless another flag's keys are hashed with that. */
  @Column({ type: 'text', update: false })
  salt: string;

  @Column({ type: 'text', nullable: true })
  description: string | null;

  @Column('text')
  type: FlagType;

  @Column('boolean')
  enabled: boolean;

  @Column({ type: 'text', name: 'event_name' })
  eventName: string;

  @Column('json')
  metadata: Record<string, any>;

  /** In the order in which shares are laid out: by name at first, later ones at the end. It never changes for those that stay. */
  @Column('json')
  variants: Variant[];

  /** Their ids in the order in which they are shown. */
  @Column({ type: 'text', name: 'variant_order', array: true })
  variantOrder: string[];

  @Column({ type: 'json', name: 'default_variant' })
  defaultVariant: Strategy;

  @Column('json')
  targetings: Targeting[];

  /** Another one after each write; PostgreSQL sees to it. A bigint, which JavaScript has as text. */
  @Column({ type: 'bigint', insert: false, update: false })
  version: string;

  /** No column: `ResourceReader` adds it for lists. */
  evaluationsLastHour?: number;
}
