import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { APPLICATION_FUNCTIONS, assertApplicationRole, roleOf } from '../../src/database/roles.js';
import { databaseAdminUrl, databaseUrl, openDataSource, openOwner } from '../support/database.js';

/** What PostgreSQL's own catalogue says of the schema, whoever made it and with which helper. */
let dataSource: DataSource;
let owner: DataSource;
let application: string;
let ownerRole: string;

beforeAll(async () => {
  [dataSource, owner] = await Promise.all([openDataSource(1), openOwner()]);
  [application, ownerRole] = [roleOf(databaseUrl()), roleOf(databaseAdminUrl())];
});

afterAll(async () => {
  await dataSource.destroy();
  await owner.destroy();
});

/** Tables that are no tenant's: each with the reason why it may be so. */
const WITHOUT_ORGANIZATION: Readonly<Record<string, string>> = {
  organizations: 'is the organizations; its policy compares the id',
  server_keys: 'the server’s own; the application role reads it through a function only',
  principal_keys: 'likewise, through two functions',
  migrations: 'which migrations have run',
};

/** Functions that run as the owner and so look past the policies: each with the reason why it must. */
const DEFINERS: Readonly<Record<string, string>> = {
  'authenticate_tokens(bytea[])': 'nobody is known yet',
  'redeem_sign_in_link(bytea)': 'nobody is known yet',
  'authenticate_sessions(bytea[], interval)': 'nobody is known yet',
  'purge_sessions()': 'is for all organizations',
  'purge_retired_tokens(timestamptz)': 'is for all organizations',
  'record_token_uses(uuid[], timestamptz[], text[])': 'is for tokens of all organizations',
  'add_flag_evaluations(uuid[], uuid[], timestamptz[], text[], text[], text[], bigint[])':
    'is for flags of all organizations, which are named with them',
  'purge_flag_evaluations(timestamptz)': 'is for all organizations',
  'server_key(text)': 'reads the keys',
  'current_principal_keys()': 'reads the keys that sign and verify principals',
  'add_first_principal_key(text, jsonb, bytea)': 'adds a key where there is none',
  'search_customers(text, integer)': 'so that LIKE can use an index; names the current organization',
  'search_instances(text, integer)': 'likewise',
  'search_feature_flags(text, integer)': 'likewise',
  'search_service_accounts(text, integer)': 'likewise',
  'search_tokens(text, integer)': 'likewise',
};

const TABLES = `SELECT c.oid, c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, pg_get_userbyid(c.relowner) AS owner,
    EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'organization_id' AND NOT attisdropped) AS tenant
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`;

/** Names of the tables for which `condition`, over `t`, does not hold. Tenant tables unless said otherwise. */
async function offenders(condition: string, which = 't.tenant'): Promise<string[]> {
  const rows = await owner.query<{ name: string }[]>(
    `SELECT name FROM (${TABLES}) t WHERE (${which}) AND NOT (${condition}) ORDER BY name`,
  );
  return rows.map(({ name }) => name);
}

describe('tables', () => {
  it('without an organization_id are on the list', async () => {
    const rows = await owner.query<{ name: string }[]>(`SELECT name FROM (${TABLES}) t WHERE NOT tenant`);
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(WITHOUT_ORGANIZATION).sort());
  });

  it('with one are there at all', async () => {
    expect(await owner.query(`SELECT count(*)::int AS n FROM (${TABLES}) t WHERE tenant`)).toEqual([{ n: 11 }]);
  });

  it('belong to the owner, and no view, foreign table or sequence hides others', async () => {
    expect(await offenders(`t.owner = '${ownerRole}'`, 'true')).toEqual([]);
    const others = await owner.query(
      `SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm', 'f')`,
    );
    expect(others).toEqual([]);
  });

  it('have row-level security, enabled and forced', async () => {
    expect(await offenders('t.enabled AND t.forced', `t.tenant OR t.name = 'organizations'`)).toEqual([]);
  });

  it('have two policies: one for everybody that names the current organization, and one for the owner alone', async () => {
    const policies = await owner.query<
      {
        table: string;
        column: string;
        roles: string[];
        permissive: boolean;
        command: string;
        using: string;
        check: string;
      }[]
    >(
      `SELECT c.relname AS "table", CASE c.relname WHEN 'organizations' THEN 'id' ELSE 'organization_id' END AS "column",
         CASE WHEN p.polroles = '{0}' THEN '{everybody}' ELSE ARRAY(SELECT rolname::text FROM pg_roles WHERE oid = ANY (p.polroles)) END AS roles,
         p.polpermissive AS permissive, p.polcmd AS command,
         pg_get_expr(p.polqual, p.polrelid) AS "using", pg_get_expr(p.polwithcheck, p.polrelid) AS "check"
       FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid ORDER BY 1, p.polroles`,
    );
    const tables = await owner.query<{ name: string }[]>(
      `SELECT name FROM (${TABLES}) t WHERE tenant OR name = 'organizations' ORDER BY name`,
    );
    expect(policies).toHaveLength(2 * tables.length);
    for (const { name } of tables) {
      const column = name === 'organizations' ? 'id' : 'organization_id';
      const own = `(${column} = current_organization_id())`;
      const common = { table: name, column, permissive: true, command: '*' };
      expect(policies.filter((policy) => policy.table === name)).toEqual([
        { ...common, roles: ['everybody'], using: own, check: own },
        { ...common, roles: [ownerRole], using: 'true', check: 'true' },
      ]);
    }
  });

  it('have an index led by organization_id, and a primary key of it and the id', async () => {
    const led = `EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
      WHERE i.indrelid = t.oid AND a.attname = 'organization_id' AND i.indpred IS NULL AND i.indisvalid`;
    expect(await offenders(`${led})`)).toEqual([]);
    expect(await offenders(`${led} AND i.indisprimary AND i.indnkeyatts >= 2)`)).toEqual([]);
  });

  it('have no unique key that reaches across organizations, but the hashes that secrets are found by', async () => {
    const rows = await owner.query(
      `SELECT i.indexrelid::regclass::text AS name FROM pg_index i JOIN (${TABLES}) t ON t.oid = i.indrelid AND t.tenant
       JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
       WHERE i.indisunique AND a.attname <> 'organization_id'`,
    );
    const names = ['sessions_hash_key', 'sign_in_links_hash_key', 'tokens_hash_key'];
    expect(rows.map(({ name }: { name: string }) => name).sort()).toEqual(names);
  });

  it('have foreign keys that include the organization on both sides', async () => {
    const rows = await owner.query<{ name: string; target: string; columns: string[]; keys: string[] }[]>(
      `SELECT k.conname AS name, k.confrelid::regclass::text AS target,
         ARRAY(SELECT attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, i) JOIN pg_attribute ON attrelid = k.conrelid AND attnum = n ORDER BY i) AS columns,
         ARRAY(SELECT attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, i) JOIN pg_attribute ON attrelid = k.confrelid AND attnum = n ORDER BY i) AS keys
       FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace`,
    );
    expect(rows.length).toBeGreaterThan(10);
    const crossing = rows.filter(({ target, columns, keys }) =>
      target === 'organizations'
        ? columns[0] !== 'organization_id'
        : columns[0] !== 'organization_id' || keys[0] !== 'organization_id',
    );
    expect(crossing).toEqual([]);
  });

  it('fill organization_id from the setting, want it, and let no row change it', async () => {
    // Rows of row_counts are written by a trigger only, which names the organization.
    const column = `EXISTS (SELECT FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = t.oid AND a.attname = 'organization_id' AND a.attnotnull
        AND (t.name = 'row_counts' OR pg_get_expr(d.adbin, d.adrelid) = 'current_organization_id()'))`;
    expect(await offenders(column)).toEqual([]);
    const trigger = `EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.oid AND g.tgenabled = 'O'
      AND g.tgfoid = 'refuse_change_of_organization'::regproc AND pg_get_triggerdef(g.oid) LIKE '%BEFORE UPDATE OF organization_id %')`;
    expect(await offenders(trigger)).toEqual([]);
  });
});

describe('functions', () => {
  const OURS = `SELECT p.oid, format('%s(%s)', p.proname, replace(pg_get_function_identity_arguments(p.oid), 'timestamp with time zone', 'timestamptz')) AS named,
      replace(p.oid::regprocedure::text, 'timestamp with time zone', 'timestamptz') AS compact, p.prosecdef AS definer, p.proconfig AS config, p.proacl AS acl,
      pg_get_userbyid(p.proowner) AS owner
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')`;
  const spaced = (signature: string): string => signature.replaceAll(',', ', ').replaceAll('  ', ' ');

  it('that run as their owner are on the list, and so are those that the application role may execute', async () => {
    const rows = await owner.query<{ compact: string }[]>(`SELECT compact FROM (${OURS}) f WHERE definer`);
    expect(rows.map(({ compact }) => spaced(compact)).sort()).toEqual(Object.keys(DEFINERS).sort());
    const granted = await owner.query<{ compact: string }[]>(
      `SELECT compact FROM (${OURS}) f WHERE has_function_privilege($1, oid, 'EXECUTE')`,
      [application],
    );
    expect(granted.map(({ compact }) => spaced(compact)).sort()).toEqual([...APPLICATION_FUNCTIONS].sort());
    for (const name of Object.keys(DEFINERS)) expect(APPLICATION_FUNCTIONS).toContain(name);
  });

  it('that run as their owner have a fixed search path with pg_temp last, and nothing of theirs is PUBLIC’s', async () => {
    const rows = await owner.query(
      `SELECT compact, config, acl::text FROM (${OURS}) f
       WHERE definer AND (owner <> $1 OR array_position(config, 'search_path=pg_catalog, public, pg_temp') IS NULL
         OR acl IS NULL OR EXISTS (SELECT FROM aclexplode(acl) WHERE grantee = 0))`,
      [ownerRole],
    );
    expect(rows).toEqual([]);
  });
});

describe('the application role', () => {
  it('is nobody special', async () => {
    const rows = await owner.query(
      `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
         EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid) AS member,
         EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) OR EXISTS (SELECT FROM pg_proc WHERE proowner = r.oid)
           OR EXISTS (SELECT FROM pg_namespace WHERE nspowner = r.oid) OR EXISTS (SELECT FROM pg_database WHERE datdba = r.oid) AS owns
       FROM pg_roles r WHERE rolname = $1`,
      [application],
    );
    const no = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
    };
    expect(rows).toEqual([{ ...no, member: false, owns: false }]);
    await expect(assertApplicationRole(dataSource)).resolves.toBeUndefined();
  });

  it('may create nothing, not even temporary tables that could stand in front of others', async () => {
    const [row] = await owner.query(
      `SELECT has_schema_privilege($1, 'public', 'CREATE') AS "inSchema", has_database_privilege($1, current_database(), 'CREATE') AS "schemas",
         has_database_privilege($1, current_database(), 'TEMP') AS temporary`,
      [application],
    );
    expect(row).toEqual({ inSchema: false, schemas: false, temporary: false });
  });

  it('reads and writes tenant tables, reads three others, and no more', async () => {
    const rows = await owner.query<{ name: string; privileges: string[] }[]>(
      `SELECT t.name, ARRAY(SELECT p FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p
         WHERE has_table_privilege($1, t.oid, p)) AS privileges FROM (${TABLES}) t`,
      [application],
    );
    const writing = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
    expect(Object.fromEntries(rows.map(({ name, privileges }) => [name, privileges]))).toEqual({
      users: writing,
      service_accounts: writing,
      tokens: writing,
      token_policies: writing,
      sign_in_links: writing,
      sessions: writing,
      customers: writing,
      instances: writing,
      feature_flags: writing,
      row_counts: writing,
      flag_evaluations: ['SELECT'],
      organizations: ['SELECT'],
      migrations: ['SELECT'],
      server_keys: [],
      principal_keys: [],
    });
  });

  it('is not the owner, who is no superuser and has no BYPASSRLS either', async () => {
    expect(application).not.toBe(ownerRole);
    const rows = await owner.query(`SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = $1`, [ownerRole]);
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }]);
  });
});
