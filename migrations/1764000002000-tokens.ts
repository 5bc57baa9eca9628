import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTenantTable, dropTenantTable } from '../src/database/tenant-table.js';

/** Tokens of service accounts, and the two functions that look across organizations because nobody is known yet. */
export class Tokens1764000002000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // The account is referenced as a user: revoked tokens stay listed nowhere, but accounted for, when their account is deleted.
    await createTenantTable(queryRunner, {
      name: 'tokens',
      columns: [
        `service_account_id uuid NOT NULL`,
        `name text NOT NULL`,
        `slug text NOT NULL`,
        `hash bytea NOT NULL CHECK (length(hash) = 32)`,
        `last_four text NOT NULL`,
        `scopes text[] NOT NULL CHECK (cardinality(scopes) > 0)`,
        `expires_at timestamptz(3)`,
        `revoked_at timestamptz(3)`,
        `revoked_by_id uuid`,
        `CONSTRAINT tokens_hash_key UNIQUE (hash)`,
        `CONSTRAINT tokens_slug_key UNIQUE (organization_id, service_account_id, slug)`,
      ],
      authorship: 'created',
      references: { service_account_id: 'users', revoked_by_id: 'users' },
      list: { sort: ['created_at'], search: ['name', 'slug', 'last_four'] },
    });
    await queryRunner.query(
      `CREATE UNIQUE INDEX tokens_name_key ON tokens (organization_id, service_account_id, name) WHERE revoked_at IS NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX tokens_service_account_idx ON tokens (organization_id, service_account_id, created_at, id)`,
    );

    await createTokenLookUp(queryRunner);

    // Whatever it is asked, it leaves alone what is not retired by the database's own clock.
    await queryRunner.query(
      `CREATE FUNCTION purge_retired_tokens(before timestamptz) RETURNS bigint
         LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
         WITH purged AS (DELETE FROM tokens WHERE least(revoked_at, expires_at) < least(before, now()) RETURNING 1)
         SELECT count(*) FROM purged
       $$`,
    );
    await queryRunner.query(`REVOKE EXECUTE ON FUNCTION purge_retired_tokens(timestamptz) FROM PUBLIC`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION purge_retired_tokens(timestamptz)`);
    await queryRunner.query(`DROP FUNCTION authenticate_token(bytea)`);
    await dropTenantTable(queryRunner, 'tokens');
  }
}

/** plpgsql, because it keeps its plan for the connection's life in every version; SQL functions do so from PostgreSQL 18 on. */
export async function createTokenLookUp(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(
    `CREATE FUNCTION authenticate_token(token_hash bytea)
       RETURNS TABLE (token_id uuid, token_name text, token_slug text, scopes text[], expires_at timestamptz, revoked_at timestamptz,
                      user_id uuid, user_external_id text, user_name text,
                      organization_id uuid, organization_external_id text, organization_name text, organization_slug text)
       LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, public, pg_temp AS $$
     #variable_conflict use_column
     BEGIN
       RETURN QUERY
         SELECT t.id, t.name, t.slug, t.scopes, t.expires_at::timestamptz, t.revoked_at::timestamptz,
                u.id, u.external_id, u.name, o.id, o.external_id, o.name, o.slug
         FROM tokens t
         JOIN service_accounts a ON a.organization_id = t.organization_id AND a.id = t.service_account_id
         JOIN users u ON u.organization_id = t.organization_id AND u.id = t.service_account_id
         JOIN organizations o ON o.id = t.organization_id
         WHERE t.hash = token_hash;
     END $$`,
  );
  await queryRunner.query(`REVOKE EXECUTE ON FUNCTION authenticate_token(bytea) FROM PUBLIC`);
}
