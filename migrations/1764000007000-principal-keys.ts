import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that sign principals for gateways. The application role gets at them through two functions, and at the table not at all. */
export class PrincipalKeys1764000007000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE principal_keys (
         kid text PRIMARY KEY,
         public_jwk jsonb NOT NULL,
         private_key bytea,
         created_at timestamptz(3) NOT NULL,
         signs_from timestamptz(3) NOT NULL,
         verifies_until timestamptz(3),
         CONSTRAINT principal_keys_order CHECK (verifies_until >= created_at),
         CONSTRAINT principal_keys_private_key CHECK (private_key IS NOT NULL OR verifies_until IS NOT NULL)
       )`,
    );
    // Of all keys one has no end: the one that signs, or the one that will.
    await queryRunner.query(
      `CREATE UNIQUE INDEX principal_keys_last ON principal_keys ((verifies_until IS NULL)) WHERE verifies_until IS NULL`,
    );

    // One row, by the database's clock. The only private key in it is that of the key that signs now.
    await queryRunner.query(
      `CREATE FUNCTION current_principal_keys() RETURNS jsonb
         LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
         SELECT coalesce(jsonb_agg(jsonb_build_object('kid', kid, 'publicJwk', public_jwk,
             'privateKey', CASE WHEN signs THEN translate(encode(private_key, 'base64'), E'\\n', '') END) ORDER BY signs_from DESC), '[]')
         FROM (
           SELECT *, signs_from <= statement_timestamp() AND signs_from = max(signs_from) FILTER (WHERE signs_from <= statement_timestamp()) OVER () AS signs
           FROM principal_keys WHERE verifies_until IS NULL OR verifies_until > statement_timestamp()
         ) k
       $$`,
    );
    await queryRunner.query(`REVOKE EXECUTE ON FUNCTION current_principal_keys() FROM PUBLIC`);

    // Of several processes that start at once, one adds its key.
    await queryRunner.query(
      `CREATE FUNCTION add_first_principal_key(new_kid text, new_public_jwk jsonb, new_private_key bytea) RETURNS void
         LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
       DECLARE
         -- Cut to the column's precision: it rounds, and a key from a moment ahead would not sign yet.
         moment timestamptz;
       BEGIN
         LOCK TABLE principal_keys IN SHARE ROW EXCLUSIVE MODE;
         moment := date_trunc('milliseconds', clock_timestamp());
         INSERT INTO principal_keys (kid, public_jwk, private_key, created_at, signs_from)
           SELECT new_kid, new_public_jwk, new_private_key, moment, moment
           WHERE NOT EXISTS (SELECT FROM principal_keys WHERE verifies_until IS NULL);
       END $$`,
    );
    await queryRunner.query(`REVOKE EXECUTE ON FUNCTION add_first_principal_key(text, jsonb, bytea) FROM PUBLIC`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION add_first_principal_key(text, jsonb, bytea)`);
    await queryRunner.query(`DROP FUNCTION current_principal_keys()`);
    await queryRunner.query(`DROP TABLE principal_keys`);
  }
}
