import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTenantTable, dropTenantTable } from '../src/database/tenant-table.js';

/** People get a role, links to sign in with, and sessions. */
export class Sessions1764000020000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE users ADD COLUMN role text CHECK (role IN ('owner', 'editor', 'viewer')),
         ADD CONSTRAINT users_role_of_person CHECK (role IS NULL OR kind = 'person')`,
    );

    await createTenantTable(queryRunner, {
      name: 'sign_in_links',
      columns: [
        `user_id uuid NOT NULL`,
        `hash bytea NOT NULL CHECK (length(hash) = 32)`,
        `created_at timestamptz(3) NOT NULL DEFAULT statement_timestamp()`,
        `expires_at timestamptz(3) NOT NULL`,
        `used_at timestamptz(3)`,
        `CONSTRAINT sign_in_links_hash_key UNIQUE (hash)`,
      ],
      references: { user_id: 'users' },
    });
    await createTenantTable(queryRunner, {
      name: 'sessions',
      columns: [
        `user_id uuid NOT NULL`,
        `hash bytea NOT NULL CHECK (length(hash) = 32)`,
        `user_agent text`,
        `address text`,
        `created_at timestamptz(3) NOT NULL DEFAULT statement_timestamp()`,
        `last_seen_at timestamptz(3) NOT NULL DEFAULT statement_timestamp()`,
        `expires_at timestamptz(3) NOT NULL`,
        `CONSTRAINT sessions_hash_key UNIQUE (hash)`,
      ],
      references: { user_id: 'users' },
    });
    await queryRunner.query(`CREATE INDEX sessions_user_idx ON sessions (organization_id, user_id)`);

    // Of several at once one finds the link unused: the others wait for its row and look at it again.
    await queryRunner.query(
      `CREATE FUNCTION redeem_sign_in_link(link_hash bytea) RETURNS TABLE (organization_id uuid, user_id uuid)
         LANGUAGE sql VOLATILE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, public, pg_temp AS $$
         UPDATE sign_in_links l SET used_at = statement_timestamp()
           WHERE l.hash = link_hash AND l.used_at IS NULL AND l.expires_at > statement_timestamp()
           RETURNING l.organization_id, l.user_id
       $$`,
    );
    await queryRunner.query(`REVOKE EXECUTE ON FUNCTION redeem_sign_in_link(bytea) FROM PUBLIC`);

    // As authenticate_tokens: each by its hash, and with a plan that is made once.
    await queryRunner.query(
      `CREATE FUNCTION authenticate_sessions(session_hashes bytea[], longest_idle interval)
         RETURNS TABLE (hash bytea, session_id uuid, is_unseen boolean, user_id uuid, user_external_id text, user_name text, role text,
                        organization_id uuid, organization_external_id text, organization_name text, organization_slug text)
         LANGUAGE plpgsql STABLE SECURITY DEFINER
         SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
       #variable_conflict use_column
       BEGIN
         RETURN QUERY
           SELECT found.* FROM unnest(session_hashes) AS wanted (hash) CROSS JOIN LATERAL (
             SELECT s.hash, s.id AS session_id, s.last_seen_at < statement_timestamp() - interval '1 minute' AS is_unseen,
                    u.id AS user_id, u.external_id, u.name, u.role,
                    o.id AS organization_id, o.external_id AS organization_external_id, o.name AS organization_name, o.slug
             FROM sessions s
             JOIN users u ON u.organization_id = s.organization_id AND u.id = s.user_id AND u.kind = 'person' AND u.role IS NOT NULL
             JOIN organizations o ON o.id = s.organization_id
             WHERE s.hash = wanted.hash AND s.expires_at > statement_timestamp()
               AND s.last_seen_at > statement_timestamp() - longest_idle LIMIT 1) found;
       END $$`,
    );
    await queryRunner.query(`REVOKE EXECUTE ON FUNCTION authenticate_sessions(bytea[], interval) FROM PUBLIC`);

    // By the database's own clock. Sessions that nobody used for too long are dead before, and stay until then.
    await queryRunner.query(
      `CREATE FUNCTION purge_sessions() RETURNS bigint
         LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
         WITH links AS (DELETE FROM sign_in_links WHERE expires_at < now() RETURNING 1),
         ended AS (DELETE FROM sessions WHERE expires_at < now() RETURNING 1)
         SELECT (SELECT count(*) FROM links) + (SELECT count(*) FROM ended)
       $$`,
    );
    await queryRunner.query(`REVOKE EXECUTE ON FUNCTION purge_sessions() FROM PUBLIC`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION purge_sessions()`);
    await queryRunner.query(`DROP FUNCTION authenticate_sessions(bytea[], interval)`);
    await queryRunner.query(`DROP FUNCTION redeem_sign_in_link(bytea)`);
    await dropTenantTable(queryRunner, 'sessions');
    await dropTenantTable(queryRunner, 'sign_in_links');
    await queryRunner.query(`ALTER TABLE users DROP COLUMN role`);
  }
}
