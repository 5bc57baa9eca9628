import type { EntityManager, EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { prepared } from './prepared-client.js';

interface Insertion {
  readonly sql: string;
  readonly columns: readonly ColumnMetadata[];
}

/** Entity -> names of the given properties -> statement. */
const insertions = new WeakMap<EntityMetadata, Map<string, Insertion>>();

/**
 * Inserts one row: `manager.insert()` with a prepared statement. TypeORM puts the statement together anew for each row, which is a
 * fifth of what a POST costs. What is not given has the column's default, the organization included.
 *
 * @param manager a repository's, or a transaction's.
 * @returns the row as the database has it, with whatever else `values` says.
 */
export async function insertRow<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  values: Partial<E>,
): Promise<E> {
  const metadata = manager.dataSource.getMetadata(entity);
  const { sql, columns } = insertionOf(metadata, values);
  const { driver } = manager.dataSource;
  const parameters = columns.map(
    (column) => driver.preparePersistentValue(values[column.propertyName], column) as unknown,
  );
  const [row] = await manager.query<E[]>(sql, parameters);
  return { ...(values as E), ...row };
}

function insertionOf(metadata: EntityMetadata, values: ObjectLiteral): Insertion {
  let known = insertions.get(metadata);
  if (!known) insertions.set(metadata, (known = new Map<string, Insertion>()));
  const columns = metadata.columns.filter((column) => values[column.propertyName] !== undefined);
  const key = columns.map((column) => column.propertyName).join();
  let insertion = known.get(key);
  if (!insertion) {
    const names = columns.map((column) => column.databaseName).join(', ');
    const parameters = columns.map((_, index) => `$${index + 1}`).join(', ');
    const returned = metadata.columns.filter((column) => column.isSelect);
    const returning = returned.map((column) => `${column.databaseName} AS "${column.propertyName}"`).join(', ');
    const sql = prepared(`INSERT INTO ${metadata.tablePath} (${names}) VALUES (${parameters}) RETURNING ${returning}`);
    known.set(key, (insertion = { sql, columns }));
  }
  return insertion;
}
