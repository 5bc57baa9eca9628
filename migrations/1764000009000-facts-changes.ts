import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Table -> its column that names the customer. */
const TABLES = { customers: 'id', instances: 'customer_id' } as const;

/** Of more customers than these, a statement names no single one: everything that is known of the organization is forgotten. */
const MOST_NAMED = 50;

/**
 * The word that goes to all processes when a customer or an instance has changed that rules of feature flags may have been told of.
 *
 * Not for rows that are new: PostgreSQL lets transactions that notify commit one after the other, and creating customers would pay for it.
 * What a process could not find, it therefore remembers for two seconds at most.
 */
export class FactsChanges1764000009000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, customer] of Object.entries(TABLES)) {
      const of = (rows: string): string => `SELECT organization_id, ${customer} AS customer_id FROM ${rows}`;
      const announce = (changed: string): string =>
        `WITH changed AS (${changed}), named AS (SELECT count(*) <= ${MOST_NAMED} AS few FROM changed)
         SELECT pg_notify('kaiten_facts', payload) FROM (
           SELECT DISTINCT organization_id || CASE WHEN few THEN ' ' || customer_id ELSE '' END AS payload FROM changed, named
         ) payloads`;
      // An instance may have gone from one customer to another, so both are named.
      await createTrigger(queryRunner, table, {
        event: 'UPDATE',
        rows: 'OLD TABLE AS before NEW TABLE AS after',
        statement: announce(`${of('before')} UNION ${of('after')}`),
      });
      await createTrigger(queryRunner, table, {
        event: 'DELETE',
        rows: 'OLD TABLE AS before',
        statement: announce(`${of('before')} GROUP BY 1, 2`),
      });
      await createTrigger(queryRunner, table, {
        event: 'TRUNCATE',
        rows: undefined,
        statement: `SELECT pg_notify('kaiten_facts', 'all')`,
      });
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of Object.keys(TABLES)) {
      for (const event of ['update', 'delete', 'truncate']) {
        await queryRunner.query(`DROP TRIGGER ${table}_facts_${event} ON ${table}`);
        await queryRunner.query(`DROP FUNCTION announce_${table}_facts_${event}`);
      }
    }
  }
}

interface StatementTrigger {
  readonly event: 'UPDATE' | 'DELETE' | 'TRUNCATE';
  /** Names of the tables of changed rows. */
  readonly rows: string | undefined;
  readonly statement: string;
}

/** A trigger for a whole statement, with the function that it calls. */
async function createTrigger(queryRunner: QueryRunner, table: string, trigger: StatementTrigger): Promise<void> {
  const { event, rows, statement } = trigger;
  const name = event.toLowerCase();
  await queryRunner.query(
    `CREATE FUNCTION announce_${table}_facts_${name}() RETURNS trigger
       LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
     BEGIN
       PERFORM * FROM (${statement}) notified;
       RETURN NULL;
     END $$`,
  );
  await queryRunner.query(
    `CREATE TRIGGER ${table}_facts_${name} AFTER ${event} ON ${table}
       ${rows ? `REFERENCING ${rows}` : ''} FOR EACH STATEMENT EXECUTE FUNCTION announce_${table}_facts_${name}()`,
  );
}
