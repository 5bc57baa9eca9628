import type { QueryRunner } from 'typeorm';

/** A table whose rows belong to organizations. Names are the database's (snake_case). */
export interface TenantTable {
  readonly name: string;
  /** Column definitions, without `organization_id`, `id` and what the flags below add. */
  readonly columns: readonly string[];
  /** Adds created_at and created_by_id and, unless 'created', updated_at and updated_by_id. */
  readonly authorship?: 'created' | 'full';
  /** Foreign keys to other tenant tables: column -> table. They include the organization, so none can cross. */
  readonly references?: Readonly<Record<string, string>>;
  /** Gives the table what lists need: a kept total, and the indexes behind `sort` and `q`. */
  readonly list?: {
    /** Columns to sort by besides name and slug, in addition to the id that makes the order total. */
    readonly sort: readonly string[];
    /** Text columns that `q` looks into; name and slug among them. */
    readonly search: readonly string[];
  };
}

/**
 * Creates a tenant table with all that keeps organizations apart: `organization_id` filled from the setting, a primary key led by
 * it, forced row-level security with a policy for everybody and one for the owner, foreign keys that include the organization, and a
 * trigger that lets no row change its organization.
 */
export async function createTenantTable(queryRunner: QueryRunner, table: TenantTable): Promise<void> {
  const { name } = table;
  const references = { ...table.references };
  const columns = [
    `organization_id uuid NOT NULL DEFAULT current_organization_id() REFERENCES organizations (id) ON DELETE CASCADE`,
    `id uuid NOT NULL DEFAULT gen_random_uuid()`,
    ...table.columns,
  ];
  if (table.authorship) {
    columns.push(`created_at timestamptz(3) NOT NULL DEFAULT statement_timestamp()`, `created_by_id uuid NOT NULL`);
    references.created_by_id = 'users';
  }
  if (table.authorship === 'full') {
    columns.push(`updated_at timestamptz(3) NOT NULL DEFAULT statement_timestamp()`, `updated_by_id uuid NOT NULL`);
    references.updated_by_id = 'users';
  }
  if (table.list) columns.push(...listColumns(table.list.search));
  const foreignKeys = Object.entries(references).map(
    ([column, target]) =>
      `CONSTRAINT ${name}_${column}_fkey FOREIGN KEY (organization_id, ${column}) REFERENCES ${target} (organization_id, id)`,
  );
  await queryRunner.query(
    `CREATE TABLE ${name} (${[...columns, `CONSTRAINT ${name}_pkey PRIMARY KEY (organization_id, id)`, ...foreignKeys].join(', ')})`,
  );
  await isolateTable(queryRunner, name);
  if (table.list) await supportLists(queryRunner, name, table.list.sort);
}

/** Drops a tenant table and what `createTenantTable` made beside it. */
export async function dropTenantTable(queryRunner: QueryRunner, name: string): Promise<void> {
  await queryRunner.query(`DROP FUNCTION IF EXISTS search_${name}(text, integer)`);
  await queryRunner.query(`DROP TABLE ${name}`);
}

/**
 * Row-level security for a table whose `column` names the organization. FORCE makes it hold for the owner too, so the owner gets a
 * policy of its own: without it a backfill in a migration, or a definer function, would silently find no rows.
 */
export async function isolateTable(queryRunner: QueryRunner, name: string, column = 'organization_id'): Promise<void> {
  await queryRunner.query(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`);
  await queryRunner.query(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
  const own = `${column} = current_organization_id()`;
  await queryRunner.query(`CREATE POLICY ${name}_organization ON ${name} USING (${own}) WITH CHECK (${own})`);
  await queryRunner.query(`CREATE POLICY ${name}_owner ON ${name} TO CURRENT_USER USING (true) WITH CHECK (true)`);
  await queryRunner.query(
    `CREATE TRIGGER ${name}_keeps_organization BEFORE UPDATE OF ${column} ON ${name}
       FOR EACH ROW WHEN (NEW.${column} IS DISTINCT FROM OLD.${column}) EXECUTE FUNCTION refuse_change_of_organization()`,
  );
}

/** Both are in lower case, so that order and search disregard case; "C" makes the order the same on every system. */
function listColumns(search: readonly string[]): string[] {
  const text = search.map((column) => `coalesce(${column}, '')`).join(` || E'\\n' || `);
  return [
    `sort_name text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name)) STORED`,
    `search_text text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(${text})) STORED`,
  ];
}

async function supportLists(queryRunner: QueryRunner, name: string, sort: readonly string[]): Promise<void> {
  for (const column of ['sort_name', ...sort]) {
    await queryRunner.query(`CREATE INDEX ${name}_${column}_idx ON ${name} (organization_id, ${column}, id)`);
  }
  await queryRunner.query(
    `CREATE INDEX ${name}_search_idx ON ${name} USING gin (organization_id, search_text gin_trgm_ops)`,
  );
  // PostgreSQL uses no LIKE in an index ahead of a policy, because LIKE is not leakproof. This function runs as the owner and names
  // the organization itself, so that the search reads the trigram index; all that it gives away are ids of the current organization.
  await queryRunner.query(
    `CREATE FUNCTION search_${name}(pattern text, most integer) RETURNS SETOF uuid
       LANGUAGE sql STABLE SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, public, pg_temp AS $$
         SELECT id FROM ${name}
         WHERE organization_id = current_organization_id() AND search_text LIKE lower(pattern) LIMIT most
       $$`,
  );
  await queryRunner.query(`REVOKE EXECUTE ON FUNCTION search_${name}(text, integer) FROM PUBLIC`);
  for (const [event, rows] of [
    ['INSERT', 'NEW'],
    ['DELETE', 'OLD'],
  ]) {
    await queryRunner.query(
      `CREATE TRIGGER ${name}_count_${event!.toLowerCase()} AFTER ${event} ON ${name}
         REFERENCING ${rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_changed_rows()`,
    );
  }
}
