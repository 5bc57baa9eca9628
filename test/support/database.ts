import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';
import { createOwnerDataSource } from '../../src/database/migrate.js';
import { ENTITIES } from '../../src/entities.js';

/** Connection URLs of the suites' PostgreSQL: the application role's, and the owner's. */
export const databaseUrl = (): string => process.env.KAITEN_TEST_DATABASE_URL!;
export const databaseAdminUrl = (): string => process.env.KAITEN_TEST_DATABASE_ADMIN_URL!;

/** A data source as the server has it, scoped by the subscriber. */
export function openDataSource(poolSize = 4): Promise<DataSource> {
  return createDataSource({ url: databaseUrl(), poolSize, entities: ENTITIES }).initialize();
}

/** A data source as the owner, who sees every organization. */
export function openOwner(): Promise<DataSource> {
  return createOwnerDataSource(databaseAdminUrl()).initialize();
}
