import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isolateTable } from '../src/database/tenant-table.js';

/** How often each variant of a flag was given out and why, in steps of five minutes. Nothing says to whom. */
export class FlagEvaluations1764000010000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // A variant has its name with it: the flag may have lost it since. An evaluation that failed has none, and '' for its id.
    await queryRunner.query(
      `CREATE TABLE flag_evaluations (
         organization_id uuid NOT NULL DEFAULT current_organization_id(),
         flag_id uuid NOT NULL,
         started_at timestamptz(0) NOT NULL,
         variant_id text NOT NULL,
         reason text NOT NULL,
         variant_name text NOT NULL,
         count bigint NOT NULL CHECK (count > 0),
         CONSTRAINT flag_evaluations_pkey PRIMARY KEY (organization_id, flag_id, started_at, variant_id, reason),
         CONSTRAINT flag_evaluations_flag_id_fkey FOREIGN KEY (organization_id, flag_id)
           REFERENCES feature_flags (organization_id, id) ON DELETE CASCADE
       )`,
    );
    await isolateTable(queryRunner, 'flag_evaluations');
    // For the purge.
    await queryRunner.query(`CREATE INDEX flag_evaluations_started_at_idx ON flag_evaluations (started_at)`);
    await addEvaluations(queryRunner);
    await queryRunner.query(
      `CREATE FUNCTION purge_flag_evaluations(before timestamptz) RETURNS bigint
         LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
         WITH purged AS (DELETE FROM flag_evaluations WHERE started_at < least(before, now()) RETURNING 1)
         SELECT count(*) FROM purged
       $$`,
    );
    await queryRunner.query(`REVOKE EXECUTE ON FUNCTION purge_flag_evaluations(timestamptz) FROM PUBLIC`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION purge_flag_evaluations(timestamptz)`);
    await queryRunner.query(`DROP FUNCTION add_flag_evaluations(${PARAMETERS})`);
    await queryRunner.query(`DROP TABLE flag_evaluations`);
  }
}

const PARAMETERS = 'uuid[], uuid[], timestamptz[], text[], text[], text[], bigint[]';

/**
 * Adds to the counts of many flags, of many organizations, in one statement. It can only add, and only to flags that are there and are
 * the organization's that is named with them; the rest is left out.
 */
async function addEvaluations(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(
    `CREATE FUNCTION add_flag_evaluations(organization_ids uuid[], flag_ids uuid[], times timestamptz[], variant_ids text[],
       variant_names text[], reasons text[], counts bigint[]) RETURNS bigint
       LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
       WITH noted AS MATERIALIZED (
         SELECT organization_id, flag_id, date_bin('5 minutes', at, 'epoch') AS started_at, variant_id, reason,
           max(variant_name) AS variant_name, sum(n)::bigint AS n
         FROM unnest(organization_ids, flag_ids, times, variant_ids, variant_names, reasons, counts)
           AS u (organization_id, flag_id, at, variant_id, variant_name, reason, n)
         WHERE n > 0 GROUP BY 1, 2, 3, 4, 5),
       -- All before the first count, and in one order: neither another process nor who deletes a flag waits in a circle with this.
       flags AS MATERIALIZED (
         SELECT f.organization_id, f.id FROM feature_flags f
         WHERE (f.organization_id, f.id) IN (SELECT organization_id, flag_id FROM noted)
         ORDER BY f.organization_id, f.id FOR KEY SHARE),
       added AS (
         INSERT INTO flag_evaluations AS e (organization_id, flag_id, started_at, variant_id, reason, variant_name, count)
         SELECT f.organization_id, f.id, noted.started_at, noted.variant_id, noted.reason, noted.variant_name, noted.n
         FROM noted JOIN flags f ON f.organization_id = noted.organization_id AND f.id = noted.flag_id
         ORDER BY 1, 2, 3, 4, 5
         ON CONFLICT (organization_id, flag_id, started_at, variant_id, reason)
           DO UPDATE SET count = e.count + EXCLUDED.count, variant_name = EXCLUDED.variant_name
         RETURNING 1)
       SELECT count(*) FROM added
     $$`,
  );
  await queryRunner.query(`REVOKE EXECUTE ON FUNCTION add_flag_evaluations(${PARAMETERS}) FROM PUBLIC`);
}
