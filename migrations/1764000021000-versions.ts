import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['customers', 'instances'];

/** Customers and instances get versions, for If-Match, as feature flags have them. */
export class Versions1764000021000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // One sequence for all of them: no version comes twice, not even that of a row that was deleted and made anew under its slug.
    await queryRunner.query(`CREATE SEQUENCE row_version_seq`);
    await queryRunner.query(
      `CREATE FUNCTION version_row() RETURNS trigger
         LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
       BEGIN
         NEW.version := nextval('row_version_seq');
         RETURN NEW;
       END $$`,
    );
    for (const table of TABLES) {
      // Rows that are there already share one, which no row gets again; with a default that is the same for all, none of them is rewritten.
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN version bigint NOT NULL DEFAULT 0`);
      await queryRunner.query(
        `CREATE TRIGGER ${table}_version BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION version_row()`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await queryRunner.query(`DROP TRIGGER ${table}_version ON ${table}`);
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN version`);
    }
    await queryRunner.query(`DROP FUNCTION version_row`);
    await queryRunner.query(`DROP SEQUENCE row_version_seq`);
  }
}
