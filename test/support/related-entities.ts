import type { Relation } from 'typeorm';
import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryGeneratedColumn } from 'typeorm';

/** Entities with relations between them, which ours do without: whoever adds some later is held apart just the same. */
@Entity('instances')
export class RelatedInstance {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  @ManyToOne(() => RelatedCustomer, (customer) => customer.instances)
  @JoinColumn({ name: 'customer_id' })
  customer: Relation<RelatedCustomer>;
}

@Entity('customers')
export class RelatedCustomer {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  @OneToMany(() => RelatedInstance, (instance) => instance.customer)
  instances: RelatedInstance[];
}
