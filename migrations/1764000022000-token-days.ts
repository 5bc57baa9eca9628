import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What tokens are counted by is in an index, and so is the order of their expiry. */
export class TokenDays1764000022000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // The day and not the time: a use that changes nothing of an index is written to none of them, and the day changes once a day.
    await queryRunner.query(
      `ALTER TABLE tokens ADD COLUMN last_used_on date GENERATED ALWAYS AS ((last_used_at AT TIME ZONE 'UTC')::date) STORED`,
    );
    // All that the states of tokens depend on but the policy, so that counting them reads nothing else.
    await queryRunner.query(
      `CREATE INDEX tokens_states_idx ON tokens (organization_id, last_used_on) INCLUDE (revoked_at, expires_at, replaced_at)`,
    );
    await queryRunner.query(
      `CREATE INDEX tokens_expires_at_idx ON tokens (organization_id, (coalesce(expires_at, 'infinity')), id)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX tokens_expires_at_idx`);
    // And the index with it.
    await queryRunner.query(`ALTER TABLE tokens DROP COLUMN last_used_on`);
  }
}
