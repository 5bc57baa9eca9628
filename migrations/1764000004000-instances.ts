import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTenantTable, dropTenantTable } from '../src/database/tenant-table.js';

/** What runs for the customers. */
export class Instances1764000004000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTenantTable(queryRunner, {
      name: 'instances',
      columns: [
        `customer_id uuid NOT NULL`,
        `name text NOT NULL`,
        `slug text NOT NULL`,
        `description text NOT NULL DEFAULT ''`,
        // Text and not an enum: comparing enums is not leakproof, so a policy would keep the filter out of the index.
        `status text NOT NULL DEFAULT 'HEALTHY' CHECK (status IN ('HEALTHY', 'DEGRADED', 'INCIDENT', 'MAINTENANCE'))`,
        `lifecycle_stage text`,
        `license_starts_at timestamptz(3) NOT NULL`,
        `license_ends_at timestamptz(3) NOT NULL`,
        `metadata jsonb NOT NULL DEFAULT '{}'`,
        `CONSTRAINT instances_license_period CHECK (license_ends_at >= license_starts_at)`,
        `CONSTRAINT instances_slug_key UNIQUE (organization_id, slug)`,
      ],
      authorship: 'full',
      references: { customer_id: 'customers' },
      list: { sort: ['created_at', 'updated_at'], search: ['name', 'slug'] },
    });
    for (const column of ['customer_id', 'status', 'lifecycle_stage']) {
      await queryRunner.query(
        `CREATE INDEX instances_${column}_idx ON instances (organization_id, ${column}, created_at, id)`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropTenantTable(queryRunner, 'instances');
  }
}
