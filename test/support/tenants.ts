import type { DataSource } from 'typeorm';
import { createOrganization, systemUser } from '../../src/organizations/organizations.js';
import { runAsOrganization } from '../../src/tenancy/tenant-context.js';

/** An organization without HTTP: what the tenancy suites, which talk to the data source, work with. */
export interface Tenant {
  readonly id: string;
  /** Its system user, the author of its rows. */
  readonly authorId: string;
  /** Runs `work` as this organization. */
  as<T>(work: () => Promise<T>): Promise<T>;
}

/** A new organization with a customer for each of the names, each with its name as its slug. */
export async function aTenant(owner: DataSource, dataSource: DataSource, ...customers: string[]): Promise<Tenant> {
  const { id } = await createOrganization(owner, { name: 'Tenant' });
  const { userId: authorId } = await runAsOrganization(id, () => systemUser(dataSource));
  const tenant: Tenant = { id, authorId, as: (work) => runAsOrganization(id, work) };
  for (const name of customers) await tenant.as(() => insertCustomer(dataSource, tenant, name));
  return tenant;
}

/** Inserts a customer with raw SQL, so that nothing but the database names its organization. @returns its id */
export async function insertCustomer(
  dataSource: Pick<DataSource, 'query'>,
  author: { readonly authorId: string },
  name: string,
): Promise<string> {
  const [row] = await dataSource.query<{ id: string }[]>(
    `INSERT INTO customers (name, slug, created_by_id, updated_by_id) VALUES ($1, $1, $2, $2) RETURNING id`,
    [name, author.authorId],
  );
  return row!.id;
}

/** Names of the customers that can be seen now, in order. */
export async function customerNames(dataSource: Pick<DataSource, 'query'>): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM customers ORDER BY name');
  return rows.map(({ name }) => name);
}
