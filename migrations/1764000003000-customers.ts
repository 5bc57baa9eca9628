import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTenantTable, dropTenantTable } from '../src/database/tenant-table.js';

/** The organizations' customers. */
export class Customers1764000003000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTenantTable(queryRunner, {
      name: 'customers',
      columns: [
        `name text NOT NULL`,
        `slug text NOT NULL`,
        `domain text`,
        `external_customer_id text`,
        `CONSTRAINT customers_slug_key UNIQUE (organization_id, slug)`,
      ],
      authorship: 'full',
      list: { sort: ['created_at', 'updated_at'], search: ['name', 'slug', 'domain', 'external_customer_id'] },
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropTenantTable(queryRunner, 'customers');
  }
}
