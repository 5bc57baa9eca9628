import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTenantTable, dropTenantTable } from '../src/database/tenant-table.js';

/** The organizations' feature flags, and the word that goes to all processes when one has changed. */
export class FeatureFlags1764000008000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // One sequence for all flags: no version comes twice, not even that of a flag that was deleted and made anew under its slug.
    await queryRunner.query(`CREATE SEQUENCE feature_flags_version_seq`);
    // The documents are json and not jsonb: clients get their values back with keys in the order in which they were sent, and
    // nothing is looked for inside of them.
    await createTenantTable(queryRunner, {
      name: 'feature_flags',
      columns: [
        `name text NOT NULL`,
        `slug text NOT NULL`,
        `salt text NOT NULL`,
        `description text`,
        `type text NOT NULL CHECK (type IN ('boolean', 'string', 'number', 'object'))`,
        `enabled boolean NOT NULL`,
        `event_name text NOT NULL`,
        `metadata json NOT NULL`,
        `variants json NOT NULL`,
        `variant_order text[] NOT NULL`,
        `default_variant json NOT NULL`,
        `targetings json NOT NULL`,
        `version bigint NOT NULL`,
        // What it takes of an answer, of a page and of the memory of whoever serves it, about.
        `document_bytes integer NOT NULL GENERATED ALWAYS AS (octet_length(metadata::text) + octet_length(variants::text)
           + octet_length(default_variant::text) + octet_length(targetings::text)) STORED`,
        `CONSTRAINT feature_flags_slug_key UNIQUE (organization_id, slug)`,
      ],
      authorship: 'full',
      list: { sort: ['created_at', 'updated_at'], search: ['name', 'slug'] },
    });
    await queryRunner.query(`CREATE INDEX feature_flags_salt_idx ON feature_flags (organization_id, salt)`);
    await versionFlags(queryRunner);
    await announceFlags(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropTenantTable(queryRunner, 'feature_flags');
    await queryRunner.query(`DROP FUNCTION announce_all_flags`);
    await queryRunner.query(`DROP FUNCTION announce_changed_flags`);
    await queryRunner.query(`DROP FUNCTION version_flag`);
    await queryRunner.query(`DROP SEQUENCE feature_flags_version_seq`);
  }
}

/** Whoever writes a row, in whatever way, gives it a new version: what is served, and what If-Match compares, relies on it. */
async function versionFlags(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(
    `CREATE FUNCTION version_flag() RETURNS trigger
       LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
     BEGIN
       NEW.version := nextval('feature_flags_version_seq');
       RETURN NEW;
     END $$`,
  );
  await queryRunner.query(
    `CREATE TRIGGER feature_flags_version BEFORE INSERT OR UPDATE ON feature_flags
       FOR EACH ROW EXECUTE FUNCTION version_flag()`,
  );
}

/** Names the organizations whose flags a statement has changed, in its transaction: PostgreSQL delivers when it commits. */
async function announceFlags(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(
    `CREATE FUNCTION announce_changed_flags() RETURNS trigger
       LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
     BEGIN
       PERFORM pg_notify('kaiten_flags', organization_id::text) FROM (SELECT DISTINCT organization_id FROM changed) organizations;
       RETURN NULL;
     END $$`,
  );
  for (const [event, rows] of [
    ['INSERT', 'NEW'],
    ['UPDATE', 'NEW'],
    ['DELETE', 'OLD'],
  ] as const) {
    await queryRunner.query(
      `CREATE TRIGGER feature_flags_announce_${event.toLowerCase()} AFTER ${event} ON feature_flags
         REFERENCING ${rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION announce_changed_flags()`,
    );
  }
  await queryRunner.query(
    `CREATE FUNCTION announce_all_flags() RETURNS trigger
       LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
     BEGIN
       PERFORM pg_notify('kaiten_flags', 'all');
       RETURN NULL;
     END $$`,
  );
  await queryRunner.query(
    `CREATE TRIGGER feature_flags_announce_truncation AFTER TRUNCATE ON feature_flags
       FOR EACH STATEMENT EXECUTE FUNCTION announce_all_flags()`,
  );
}
