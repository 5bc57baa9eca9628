import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Flags know how much of rules they have, of which an organization may have so much. */
export class RuleSymbols1764000023000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE feature_flags ADD COLUMN rule_symbols integer NOT NULL DEFAULT 0`);
    // As ruleSymbols() counts them: words, and whatever else is not blank.
    await queryRunner.query(
      String.raw`UPDATE feature_flags SET rule_symbols =
         (SELECT coalesce(sum(length(regexp_replace(regexp_replace(targeting->>'rule', '[A-Za-z0-9_]+', 'a', 'g'), '\s', '', 'g'))), 0)
          FROM json_array_elements(targetings) AS targeting)
       WHERE json_array_length(targetings) > 0`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE feature_flags DROP COLUMN rule_symbols`);
  }
}
