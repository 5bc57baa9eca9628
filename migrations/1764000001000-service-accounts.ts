import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTenantTable, dropTenantTable } from '../src/database/tenant-table.js';

/** Who acts in an organization (users), and the machines among them (service accounts). */
export class ServiceAccounts1764000001000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await createTenantTable(queryRunner, {
      name: 'users',
      columns: [
        `kind text NOT NULL CHECK (kind IN ('system', 'machine', 'person'))`,
        `external_id text NOT NULL`,
        `name text NOT NULL`,
        `created_at timestamptz(3) NOT NULL DEFAULT statement_timestamp()`,
        `UNIQUE (organization_id, external_id)`,
      ],
    });
    // A service account has the id of its user. The user stays when the account is deleted, with the name that its work is signed with.
    await createTenantTable(queryRunner, {
      name: 'service_accounts',
      columns: [
        `name text NOT NULL`,
        `slug text NOT NULL`,
        `external_id text NOT NULL`,
        `CONSTRAINT service_accounts_slug_key UNIQUE (organization_id, slug)`,
      ],
      authorship: 'full',
      references: { id: 'users' },
      list: { sort: ['created_at', 'updated_at'], search: ['name', 'slug', 'external_id'] },
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropTenantTable(queryRunner, 'service_accounts');
    await dropTenantTable(queryRunner, 'users');
  }
}
