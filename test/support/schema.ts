import type { DataSource } from 'typeorm';

/** Everything in the schema that migrations make, a line each: to compare two states of it, or two databases. */
export async function describeSchema(dataSource: DataSource): Promise<string[]> {
  const lines: string[] = [];
  for (const [kind, query] of Object.entries(PARTS)) {
    const rows = await dataSource.query<{ line: string }[]>(query);
    lines.push(...rows.map(({ line }) => `${kind} ${line}`));
  }
  return lines.sort();
}

const OURS = `'public'::regnamespace`;
/** Members of extensions come and go with those. */
const NOT_OF_EXTENSION = `NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = o.oid AND e.deptype = 'e')`;

const PARTS = {
  extension: `SELECT extname AS line FROM pg_extension WHERE extname <> 'plpgsql'`,
  relation: `SELECT concat_ws(' ', relname, relkind, relrowsecurity, relforcerowsecurity, relacl) AS line
    FROM pg_class o WHERE relnamespace = ${OURS} AND ${NOT_OF_EXTENSION}`,
  column: `SELECT concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated, a.attidentity,
      pg_get_expr(d.adbin, d.adrelid)) AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relnamespace = ${OURS} AND c.relkind = 'r'`,
  index: `SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public'`,
  constraint: `SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line FROM pg_constraint WHERE connamespace = ${OURS}`,
  policy: `SELECT concat_ws(' ', polrelid::regclass, polname, polcmd, polroles::regrole[], pg_get_expr(polqual, polrelid),
      pg_get_expr(polwithcheck, polrelid)) AS line FROM pg_policy`,
  trigger: `SELECT pg_get_triggerdef(oid) AS line FROM pg_trigger WHERE NOT tgisinternal`,
  function: `SELECT concat_ws(' ', pg_get_functiondef(o.oid), o.proacl) AS line FROM pg_proc o WHERE pronamespace = ${OURS} AND ${NOT_OF_EXTENSION}`,
} as const;
