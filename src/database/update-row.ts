import type { ObjectLiteral, Repository } from 'typeorm';

/** Which row is changed: whatever it is, or only while it is of that version. */
interface Which {
  readonly id: string;
  readonly version?: string;
}

/**
 * Changes one row of a table whose rows have versions.
 *
 * @returns its new version; undefined when there is no such row, or none of that version.
 */
export async function updateRow<E extends ObjectLiteral>(
  repository: Repository<E>,
  { id, version }: Which,
  changes: Parameters<Repository<E>['update']>[1],
): Promise<string | undefined> {
  const update = repository.createQueryBuilder().update().set(changes).where('id = :id', { id });
  if (version !== undefined) update.andWhere('version = :version', { version });
  const { raw } = await update.returning('version').execute();
  return (raw as { version: string }[])[0]?.version;
}
