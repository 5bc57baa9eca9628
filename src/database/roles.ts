import type { DataSource } from 'typeorm';

/** The functions that look past the policies, or are needed by them: all that the application role may execute of ours. */
export const APPLICATION_FUNCTIONS = [
  'current_organization_id()',
  'authenticate_tokens(bytea[])',
  'purge_retired_tokens(timestamptz)',
  'record_token_uses(uuid[], timestamptz[], text[])',
  'redeem_sign_in_link(bytea)',
  'authenticate_sessions(bytea[], interval)',
  'purge_sessions()',
  'add_flag_evaluations(uuid[], uuid[], timestamptz[], text[], text[], text[], bigint[])',
  'purge_flag_evaluations(timestamptz)',
  'server_key(text)',
  'current_principal_keys()',
  'add_first_principal_key(text, jsonb, bytea)',
  'rule_symbols(json)',
  'search_customers(text, integer)',
  'search_instances(text, integer)',
  'search_feature_flags(text, integer)',
  'search_service_accounts(text, integer)',
  'search_tokens(text, integer)',
] as const;

/** Tables that the application role may read and write, under their policies. */
const APPLICATION_TABLES = [
  'users',
  'service_accounts',
  'tokens',
  'token_policies',
  'sign_in_links',
  'sessions',
  'customers',
  'instances',
  'feature_flags',
  'row_counts',
] as const;

/** Gives the application role what it needs, and no more; run after every migration, so it also covers new tables. */
export async function grantToApplication(owner: DataSource, role: string): Promise<void> {
  const name = quoteIdentifier(role);
  await owner.query(`GRANT USAGE ON SCHEMA public TO ${name}`);
  await owner.query(`GRANT SELECT ON organizations, migrations, flag_evaluations TO ${name}`);
  await owner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${APPLICATION_TABLES.join(', ')} TO ${name}`);
  // For the triggers that number versions; what the number is, only they say.
  await owner.query(`GRANT USAGE ON SEQUENCE feature_flags_version_seq, row_version_seq TO ${name}`);
  for (const signature of APPLICATION_FUNCTIONS) {
    await owner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO ${name}`);
  }
}

/** Name of the role that a connection URL logs in with. */
export function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The application role could get around row-level security. The message says how, and which SQL ends it. */
export class UnsafeRoleError extends Error {}

/** Taking a right from a superuser or a table from its owner would only break something else. */
const ROLE_OF_ITS_OWN = [
  `-- as a superuser; then put this role into DATABASE_URL:`,
  `CREATE ROLE kaiten_app LOGIN PASSWORD '...';`,
  `GRANT CONNECT ON DATABASE kaiten TO kaiten_app;`,
];

interface RoleFacts {
  role: string;
  superuser: boolean;
  bypass_rls: boolean;
  owned_tables: string[];
  create_role: boolean;
  /** Memberships of its own by which it could become the owner of the tables, or a role for which no policies hold. */
  leading_to_owner: string[];
  leading_past_policies: string[];
  /** Who logged in, when that is another than `role`: RESET ROLE leads back to it. */
  logged_in_as: string | null;
  /** Tables of organizations without forced row-level security. */
  unprotected_tables: string[];
  server_version: number;
}

/**
 * Refuses to serve with a role for which the policies do not hold.
 *
 * @param options `maySetRole` for the command line, which logs in as the owner and becomes the application role on purpose.
 * @throws UnsafeRoleError with the reasons and the SQL to run.
 */
export async function assertApplicationRole(
  dataSource: DataSource,
  options: { readonly maySetRole?: boolean } = {},
): Promise<void> {
  const [facts] = await dataSource.query<RoleFacts[]>(`
    WITH tables AS (
      SELECT oid, relname, relowner, relrowsecurity AND relforcerowsecurity AS protected FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> 'spatial_ref_sys'
    )
    SELECT r.rolname AS role, r.rolsuper AS superuser, r.rolbypassrls AS bypass_rls, r.rolcreaterole AS create_role,
      ARRAY(SELECT relname::text FROM tables WHERE relowner = r.oid ORDER BY 1) AS owned_tables,
      ARRAY(SELECT DISTINCT pg_get_userbyid(m.roleid)::text FROM pg_auth_members m WHERE m.member = r.oid
        AND EXISTS (SELECT FROM tables WHERE pg_has_role(m.roleid, relowner, 'MEMBER'))) AS leading_to_owner,
      ARRAY(SELECT DISTINCT pg_get_userbyid(m.roleid)::text FROM pg_auth_members m WHERE m.member = r.oid
        AND EXISTS (SELECT FROM pg_roles x WHERE (x.rolsuper OR x.rolbypassrls) AND pg_has_role(m.roleid, x.oid, 'MEMBER'))) AS leading_past_policies,
      nullif(session_user, current_user) AS logged_in_as,
      ARRAY(SELECT relname::text FROM tables t WHERE NOT protected AND (relname = 'organizations' OR EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = t.oid AND attname = 'organization_id' AND NOT attisdropped))) AS unprotected_tables,
      current_setting('server_version_num')::int AS server_version
    FROM pg_roles r WHERE r.rolname = current_user`);
  if (!facts) throw new UnsafeRoleError('The role of DATABASE_URL does not exist');
  if (facts.server_version < 150_000) throw new UnsafeRoleError('PostgreSQL 15 or later is needed');

  const role = quoteIdentifier(facts.role);
  const findings: string[] = [];
  const remedies: string[] = [];
  if (facts.superuser) {
    findings.push(`it is a superuser`);
    remedies.push(...ROLE_OF_ITS_OWN);
  }
  if (facts.bypass_rls) {
    findings.push(`it has BYPASSRLS`);
    remedies.push(`ALTER ROLE ${role} NOBYPASSRLS;`);
  }
  if (facts.owned_tables.length > 0) {
    findings.push(`it owns ${facts.owned_tables.join(', ')}`);
    remedies.push(...ROLE_OF_ITS_OWN);
  }
  if (facts.create_role) {
    findings.push(`it has CREATEROLE`);
    remedies.push(`ALTER ROLE ${role} NOCREATEROLE;`);
  }
  if (facts.leading_to_owner.length > 0) findings.push(`it is a member of the role that owns the tables`);
  for (const other of facts.leading_past_policies)
    findings.push(`it is a member of ${other}, for which no policies hold`);
  for (const other of new Set([...facts.leading_to_owner, ...facts.leading_past_policies])) {
    remedies.push(`REVOKE ${quoteIdentifier(other)} FROM ${role};`);
  }
  if (facts.logged_in_as !== null && !options.maySetRole) {
    findings.push(`the session logged in as ${facts.logged_in_as}`);
    remedies.push(`-- log in as the role itself, without options=-c role=...`);
  }
  for (const table of facts.unprotected_tables) {
    findings.push(`row-level security is off on ${table}`);
    remedies.push(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;`, `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;`);
  }
  if (findings.length === 0) return;
  throw new UnsafeRoleError(
    [
      `Row-level security does not hold for the role ${facts.role} of DATABASE_URL: ${findings.join('; ')}.`,
      `Run:`,
      ...[...new Set(remedies)].map((line) => `  ${line}`),
    ].join('\n'),
  );
}
