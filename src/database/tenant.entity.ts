import { Column, PrimaryGeneratedColumn } from 'typeorm';

/** What every tenant table's rows have. The database's primary key is (organization_id, id); within an organization it is the id. */
export abstract class TenantEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  /** Filled in by `OrgScopeSubscriber`, and not read: it is the same for all rows that can be seen. */
  @Column({ name: 'organization_id', type: 'uuid', select: false, update: false })
  organizationId: string;
}
