import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTenantTable, dropTenantTable } from '../src/database/tenant-table.js';

/** Tokens get networks, a successor and a last use; organizations get a policy for their tokens. */
export class TokensForLife1764000005000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Purging one of the two takes the reference with it, and nothing else of the other.
    await queryRunner.query(
      `ALTER TABLE tokens
         ADD COLUMN allowed_cidrs text[] CHECK (cardinality(allowed_cidrs) > 0),
         ADD COLUMN replaces_id uuid,
         ADD COLUMN replaced_by_id uuid,
         ADD COLUMN replaced_at timestamptz(3),
         ADD COLUMN last_used_at timestamptz(3),
         ADD COLUMN last_used_from text,
         ADD CONSTRAINT tokens_replaces_id_fkey FOREIGN KEY (organization_id, replaces_id)
           REFERENCES tokens (organization_id, id) ON DELETE SET NULL (replaces_id),
         ADD CONSTRAINT tokens_replaced_by_id_fkey FOREIGN KEY (organization_id, replaced_by_id)
           REFERENCES tokens (organization_id, id) ON DELETE SET NULL (replaced_by_id),
         ADD CONSTRAINT tokens_replaced_check CHECK (replaced_by_id IS NULL OR replaced_at IS NOT NULL)`,
    );
    // For the two foreign keys: a purge would otherwise look through the whole table for each token.
    await queryRunner.query(
      `CREATE INDEX tokens_replaces_idx ON tokens (organization_id, replaces_id) WHERE replaces_id IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX tokens_replaced_by_idx ON tokens (organization_id, replaced_by_id) WHERE replaced_by_id IS NOT NULL`,
    );
    // By the time and not by the successor: that may be purged first, and the name has long been another's then.
    await queryRunner.query(`DROP INDEX tokens_name_key`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX tokens_name_key ON tokens (organization_id, service_account_id, name)
         WHERE revoked_at IS NULL AND replaced_at IS NULL`,
    );

    // The uses of many tokens, of many organizations, in one statement. It can move a last use forward only, and tells nobody anything.
    await queryRunner.query(
      `CREATE FUNCTION record_token_uses(token_ids uuid[], used_at timestamptz[], used_from text[]) RETURNS bigint
         LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
         WITH used AS MATERIALIZED (SELECT * FROM unnest(token_ids, used_at, used_from) AS u (id, at, source)),
         -- In one order, so that two processes do not wait for each other.
         locked AS MATERIALIZED (
           SELECT t.organization_id, t.id, used.at, used.source FROM tokens t JOIN used ON t.id = used.id
           WHERE t.last_used_at IS NULL OR t.last_used_at < used.at ORDER BY t.id FOR NO KEY UPDATE OF t),
         recorded AS (
           UPDATE tokens t SET last_used_at = locked.at, last_used_from = locked.source FROM locked
           WHERE t.organization_id = locked.organization_id AND t.id = locked.id
             AND (t.last_used_at IS NULL OR t.last_used_at < locked.at)
           RETURNING 1)
         SELECT count(*) FROM recorded
       $$`,
    );
    await queryRunner.query(`REVOKE EXECUTE ON FUNCTION record_token_uses(uuid[], timestamptz[], text[]) FROM PUBLIC`);
    // The primary key is led by the organization, which a use does not name.
    await queryRunner.query(`CREATE INDEX tokens_id_idx ON tokens (id)`);

    // The same order, those included whose reference the foreign keys take away. A token and its successor name each other.
    await replacePurge(
      queryRunner,
      `SELECT 1 FROM tokens WHERE (organization_id, id) IN (
           SELECT organization_id, unnest(ARRAY[id, replaces_id, replaced_by_id]) FROM tokens WHERE ${RETIRED})
         ORDER BY id FOR UPDATE;`,
    );

    await createTenantTable(queryRunner, {
      name: 'token_policies',
      columns: [
        `longest_lifetime_days integer CHECK (longest_lifetime_days > 0)`,
        `expiry_required boolean NOT NULL DEFAULT false`,
        `required_cidrs text[] CHECK (cardinality(required_cidrs) > 0)`,
        `CONSTRAINT token_policies_organization_key UNIQUE (organization_id)`,
      ],
      authorship: 'full',
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropTenantTable(queryRunner, 'token_policies');
    await replacePurge(queryRunner);
    await queryRunner.query(`DROP FUNCTION record_token_uses(uuid[], timestamptz[], text[])`);
    await queryRunner.query(`DROP INDEX tokens_id_idx`);
    // Without the column they could be used from anywhere.
    await queryRunner.query(
      `UPDATE tokens SET revoked_at = now() WHERE revoked_at IS NULL AND allowed_cidrs IS NOT NULL`,
    );
    // They have their successors' names, of which there may be one only from here on.
    await queryRunner.query(
      `UPDATE tokens SET name = name || ' (replaced ' || id || ')' WHERE revoked_at IS NULL AND replaced_at IS NOT NULL`,
    );
    await queryRunner.query(`DROP INDEX tokens_name_key`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX tokens_name_key ON tokens (organization_id, service_account_id, name) WHERE revoked_at IS NULL`,
    );
    await queryRunner.query(
      `ALTER TABLE tokens DROP COLUMN allowed_cidrs, DROP COLUMN replaces_id, DROP COLUMN replaced_by_id, DROP COLUMN replaced_at,
         DROP COLUMN last_used_at, DROP COLUMN last_used_from`,
    );
  }
}

const RETIRED = 'least(revoked_at, expires_at) < least(before, now())';

/** @param lock a statement to begin with. */
async function replacePurge(queryRunner: QueryRunner, lock = ''): Promise<void> {
  await queryRunner.query(
    `CREATE OR REPLACE FUNCTION purge_retired_tokens(before timestamptz) RETURNS bigint
       LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
       ${lock}
       WITH purged AS (DELETE FROM tokens WHERE ${RETIRED} RETURNING 1)
       SELECT count(*) FROM purged
     $$`,
  );
}
