import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';

export type Client = PoolClient;

/** A data source's pool, for which TypeORM has no word that its types know. What goes through it is not scoped to an organization. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
