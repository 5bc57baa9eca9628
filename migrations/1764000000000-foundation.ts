import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTable } from '../src/database/tenant-table.js';

/** Organizations, the current organization, the server's keys, and the totals that lists show. */
export class Foundation1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Both are trusted extensions: the owner of the database may create them.
    await queryRunner.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`);
    await queryRunner.query(`CREATE EXTENSION IF NOT EXISTS btree_gin`);

    // After SET LOCAL and COMMIT the setting is '', which is no uuid.
    await queryRunner.query(
      `CREATE FUNCTION current_organization_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
         RETURN nullif(current_setting('app.organization_id', true), '')::uuid`,
    );
    await queryRunner.query(
      `CREATE FUNCTION refuse_change_of_organization() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         RAISE EXCEPTION 'a row may not change its organization' USING ERRCODE = 'integrity_constraint_violation';
       END $$`,
    );

    await queryRunner.query(
      `CREATE TABLE organizations (
         id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
         external_id text NOT NULL UNIQUE,
         name text NOT NULL,
         slug text NOT NULL UNIQUE,
         created_at timestamptz(3) NOT NULL DEFAULT statement_timestamp()
       )`,
    );
    await isolateTable(queryRunner, 'organizations', 'id');

    await createServerKeys(queryRunner);
    await createRowCounts(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION count_changed_rows`);
    await queryRunner.query(`DROP TABLE row_counts`);
    await queryRunner.query(`DROP FUNCTION server_key(text)`);
    await queryRunner.query(`DROP TABLE server_keys`);
    await queryRunner.query(`DROP TABLE organizations`);
    await queryRunner.query(`DROP FUNCTION refuse_change_of_organization`);
    await queryRunner.query(`DROP FUNCTION current_organization_id`);
    await queryRunner.query(`DROP EXTENSION btree_gin`);
    await queryRunner.query(`DROP EXTENSION pg_trgm`);
  }
}

/** Keys that all processes share. The application role reads one by name through the function, and the table not at all. */
async function createServerKeys(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(
    `CREATE TABLE server_keys (name text PRIMARY KEY, value bytea NOT NULL, created_at timestamptz(3) NOT NULL DEFAULT now())`,
  );
  // gen_random_uuid() draws 122 bits from the strong random source; three of them hashed are a key of 256 bits.
  await queryRunner.query(
    `INSERT INTO server_keys (name, value)
       VALUES ('cursor', sha256(convert_to(gen_random_uuid()::text || gen_random_uuid() || gen_random_uuid(), 'UTF8')))`,
  );
  await queryRunner.query(
    `CREATE FUNCTION server_key(key_name text) RETURNS bytea
       LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
       $$ SELECT value FROM server_keys WHERE name = key_name $$`,
  );
  await queryRunner.query(`REVOKE EXECUTE ON FUNCTION server_key(text) FROM PUBLIC`);
}

/**
 * The number of an organization's rows per table, as deltas that every writing statement appends, so that no writer waits for
 * another's commit as it would with one counter row. The sum is exact in every snapshot. One statement in thirty-two folds what
 * nobody else is folding into one row, so the sum stays short.
 */
async function createRowCounts(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(
    `CREATE TABLE row_counts (
       organization_id uuid NOT NULL,
       table_name text NOT NULL,
       id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
       delta bigint NOT NULL,
       PRIMARY KEY (organization_id, table_name, id) INCLUDE (delta)
     )`,
  );
  await isolateTable(queryRunner, 'row_counts');
  await queryRunner.query(
    `CREATE FUNCTION count_changed_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
     BEGIN
       INSERT INTO row_counts (organization_id, table_name, delta)
         SELECT organization_id, TG_TABLE_NAME, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
         FROM changed GROUP BY organization_id;
       IF random() < 1.0 / 32 THEN
         WITH taken AS (
           DELETE FROM row_counts WHERE (organization_id, table_name, id) IN (
             SELECT organization_id, table_name, id FROM row_counts
             WHERE organization_id = current_organization_id() AND table_name = TG_TABLE_NAME
             LIMIT 1000 FOR UPDATE SKIP LOCKED)
           RETURNING organization_id, delta)
         INSERT INTO row_counts (organization_id, table_name, delta)
           SELECT organization_id, TG_TABLE_NAME, sum(delta) FROM taken GROUP BY organization_id;
       END IF;
       RETURN NULL;
     END $$`,
  );
}
