import { testApp } from './app.js';
import type { TestOrganization } from './organizations.js';

/**
 * Writes customers as the owner of the database, many at once.
 *
 * @param name SQL for the name of row number `i`, from 1 on.
 */
export async function insertCustomers({ org, account }: TestOrganization, count: number, name: string): Promise<void> {
  await testApp().owner.query(
    `INSERT INTO customers (organization_id, name, slug, domain, created_by_id, updated_by_id, created_at)
     SELECT $1, ${name}, 'row-' || i, 'd' || i || '.example', $2, $2, timestamptz '2026-01-01' + i * interval '1 second'
     FROM generate_series(1, $3::int) i`,
    [org.id, account.id, count],
  );
  await testApp().owner.query('ANALYZE customers');
}
