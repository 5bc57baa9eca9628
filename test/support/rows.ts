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

interface Sizes {
  /** Customers, instances and tokens: of each, so many. */
  readonly rows: number;
  /** The one that every organization of the tests has is among them. */
  readonly accounts: number;
  /** Accounts that the tokens are spread over, that one first. */
  readonly holders: number;
}

/** Fills a new organization. What is numbered is called alike whatever the size: `Customer 000001`, `Instance 000001`, `Account 001`, `Token 000001`. */
export async function fill(organization: TestOrganization, { rows, accounts, holders }: Sizes): Promise<void> {
  const { org, account } = organization;
  const { owner } = testApp();
  const at = `timestamptz '2026-01-01' + i * interval '1 second'`;
  await insertCustomers(organization, rows, `'Customer ' || lpad(i::text, 6, '0')`);
  await owner.query(
    `INSERT INTO instances (organization_id, customer_id, name, slug, license_starts_at, license_ends_at, created_by_id, updated_by_id, created_at)
     SELECT $1, customers.id, 'Instance ' || number, 'instance-' || number, '2026-01-01', '2027-01-01', $2, $2, customers.created_at
     FROM customers, right(name, 6) AS number WHERE organization_id = $1`,
    [org.id, account.id],
  );
  await owner.query(
    `WITH made AS (
       INSERT INTO users (organization_id, kind, external_id, name, created_at)
       SELECT $1, 'machine', 'account-' || lpad(i::text, 3, '0'), 'Account ' || lpad(i::text, 3, '0'), ${at}
       FROM generate_series(1, $3::int - 1) i RETURNING *
     )
     INSERT INTO service_accounts (organization_id, id, name, slug, external_id, created_by_id, updated_by_id, created_at)
     SELECT $1, id, name, external_id, external_id, $2, $2, created_at FROM made`,
    [org.id, account.id, accounts],
  );
  await owner.query(
    `WITH holders AS (
       SELECT array_agg(id ORDER BY id <> $2, slug) AS ids FROM service_accounts WHERE organization_id = $1
     )
     INSERT INTO tokens (organization_id, service_account_id, name, slug, hash, last_four, scopes, created_by_id, created_at)
     SELECT $1, ids[1 + i % $4::int], 'Token ' || number, 'token-' || number, sha256(convert_to($1::text || i, 'UTF8')), 'abcd', '{read:*}', $2, ${at}
     FROM holders, generate_series(1, $3::int - 1) i, lpad(i::text, 6, '0') AS number`,
    [org.id, account.id, rows, holders],
  );
  for (const table of ['instances', 'users', 'service_accounts', 'tokens']) await owner.query(`ANALYZE ${table}`);
}
