import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTokenLookUp } from './1764000002000-tokens.js';

/** What a token's record has, and the word that goes to all processes when one has changed. */
export class TokenRecords1764000006000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION authenticate_token(bytea)`);
    // Many at once, each by its hash: whoever does not know the hash learns nothing. LIMIT 1 has each of them found through indexes, and the
    // generic plan is as good as any; PostgreSQL would plan anew for each call, which takes five times as long as the call.
    await queryRunner.query(
      `CREATE FUNCTION authenticate_tokens(token_hashes bytea[])
         RETURNS TABLE (hash bytea, token_id uuid, scopes text[], expires_at timestamptz, revoked_at timestamptz, allowed_cidrs text[],
                        user_id uuid, user_external_id text, user_name text,
                        organization_id uuid, organization_external_id text, organization_name text, organization_slug text)
         LANGUAGE plpgsql STABLE SECURITY DEFINER
         SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
       #variable_conflict use_column
       BEGIN
         RETURN QUERY
           SELECT found.* FROM unnest(token_hashes) AS wanted (hash) CROSS JOIN LATERAL (
             SELECT t.hash, t.id AS token_id, t.scopes, t.expires_at::timestamptz, t.revoked_at::timestamptz, t.allowed_cidrs,
                    u.id AS user_id, u.external_id, u.name,
                    o.id AS organization_id, o.external_id AS organization_external_id, o.name AS organization_name, o.slug
             FROM tokens t
             JOIN service_accounts a ON a.organization_id = t.organization_id AND a.id = t.service_account_id
             JOIN users u ON u.organization_id = t.organization_id AND u.id = t.service_account_id
             JOIN organizations o ON o.id = t.organization_id
             WHERE t.hash = wanted.hash LIMIT 1) found;
       END $$`,
    );
    await queryRunner.query(`REVOKE EXECUTE ON FUNCTION authenticate_tokens(bytea[]) FROM PUBLIC`);

    // In the transaction that changes something, whoever does it: PostgreSQL delivers when it commits, in the order of commits.
    await queryRunner.query(
      `CREATE FUNCTION announce_changed_token() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
       BEGIN
         PERFORM pg_notify('kaiten_tokens', encode(OLD.hash, 'hex'));
         RETURN NULL;
       END $$`,
    );
    await queryRunner.query(
      `CREATE TRIGGER tokens_announce_deletion AFTER DELETE ON tokens FOR EACH ROW EXECUTE FUNCTION announce_changed_token()`,
    );
    // Not for its last use, which no record has.
    await queryRunner.query(
      `CREATE TRIGGER tokens_announce_change
         AFTER UPDATE OF hash, scopes, expires_at, revoked_at, allowed_cidrs, service_account_id ON tokens
         FOR EACH ROW EXECUTE FUNCTION announce_changed_token()`,
    );
    await queryRunner.query(
      `CREATE FUNCTION announce_tokens_of_account() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
       BEGIN
         PERFORM pg_notify('kaiten_tokens', encode(hash, 'hex')) FROM tokens
           WHERE organization_id = OLD.organization_id AND service_account_id = OLD.id;
         RETURN NULL;
       END $$`,
    );
    await queryRunner.query(
      `CREATE TRIGGER service_accounts_announce_deletion
         AFTER DELETE ON service_accounts FOR EACH ROW EXECUTE FUNCTION announce_tokens_of_account()`,
    );
    await queryRunner.query(
      `CREATE TRIGGER users_announce_change
         AFTER UPDATE OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION announce_tokens_of_account()`,
    );
    await queryRunner.query(
      `CREATE FUNCTION announce_all_tokens() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
       BEGIN
         PERFORM pg_notify('kaiten_tokens', 'all');
         RETURN NULL;
       END $$`,
    );
    await queryRunner.query(
      `CREATE TRIGGER organizations_announce_change
         AFTER UPDATE OR DELETE ON organizations FOR EACH STATEMENT EXECUTE FUNCTION announce_all_tokens()`,
    );
    for (const table of ['tokens', 'service_accounts', 'users', 'organizations']) {
      await queryRunner.query(
        `CREATE TRIGGER ${table}_announce_truncation
           AFTER TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION announce_all_tokens()`,
      );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['tokens', 'service_accounts', 'users', 'organizations']) {
      await queryRunner.query(`DROP TRIGGER ${table}_announce_truncation ON ${table}`);
    }
    await queryRunner.query(`DROP TRIGGER organizations_announce_change ON organizations`);
    await queryRunner.query(`DROP TRIGGER users_announce_change ON users`);
    await queryRunner.query(`DROP TRIGGER service_accounts_announce_deletion ON service_accounts`);
    await queryRunner.query(`DROP TRIGGER tokens_announce_change ON tokens`);
    await queryRunner.query(`DROP TRIGGER tokens_announce_deletion ON tokens`);
    await queryRunner.query(`DROP FUNCTION announce_all_tokens`);
    await queryRunner.query(`DROP FUNCTION announce_tokens_of_account`);
    await queryRunner.query(`DROP FUNCTION announce_changed_token`);
    await queryRunner.query(`DROP FUNCTION authenticate_tokens(bytea[])`);
    await createTokenLookUp(queryRunner);
  }
}
