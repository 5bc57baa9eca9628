import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Flags know how much of rules they have, of which an organization may have so much. */
export class RuleSymbols1764000023000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Words, and every sign for itself: about as many as the rules' trees have nodes, each of which takes memory once it is compiled.
    await queryRunner.query(
      String.raw`CREATE FUNCTION rule_symbols(targetings json) RETURNS integer
         LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
       SELECT coalesce(sum(length(regexp_replace(regexp_replace((targeting->>'rule') COLLATE "C", '[A-Za-z0-9_]+', 'a', 'g'), '\s', '', 'g'))), 0)::integer
       FROM json_array_elements(targetings) AS targeting $$`,
    );
    await queryRunner.query(
      `ALTER TABLE feature_flags ADD COLUMN rule_symbols integer NOT NULL GENERATED ALWAYS AS (rule_symbols(targetings)) STORED`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE feature_flags DROP COLUMN rule_symbols`);
    await queryRunner.query(`DROP FUNCTION rule_symbols`);
  }
}
