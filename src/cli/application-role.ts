import type { DataSource } from 'typeorm';
import { quoteIdentifier } from '../database/roles.js';
import { Failure } from './failure.js';

/**
 * The application role, told by what migrations grant it: all of reading and writing customers, without being their owner.
 *
 * @returns the names of all roles that fit; more than one when the database serves several installations' roles.
 */
export async function findApplicationRoles(owner: DataSource): Promise<string[]> {
  const rows = await owner.query<{ role: string }[]>(
    `SELECT r.rolname AS role
       FROM pg_class c, aclexplode(c.relacl) granted JOIN pg_roles r ON r.oid = granted.grantee
      WHERE c.oid = to_regclass('customers') AND granted.grantee <> c.relowner
      GROUP BY r.rolname
     HAVING array_agg(granted.privilege_type::text) @> '{SELECT,INSERT,UPDATE,DELETE}'
      ORDER BY r.rolname`,
  );
  return rows.map(({ role }) => role);
}

/**
 * The owner's URL, for sessions that are the application role from their first statement on. The owner's own policy lets it see every
 * organization, so nothing that belongs to one organization is done as the owner.
 *
 * @throws Failure saying what to run when there is no such role, or when the owner may not become it.
 */
export async function applicationUrlOf(owner: DataSource, adminUrl: string): Promise<string> {
  const roles = await findApplicationRoles(owner);
  if (roles.length > 1)
    throw new Failure(`several roles could be the application's (${roles.join(', ')}); set DATABASE_URL`);
  const [role] = roles;
  if (role === undefined) {
    throw new Failure(
      'no role has the privileges of the application; set DATABASE_URL to its URL and run: kaiten migrate',
    );
  }
  await assertMayBecome(owner, role);
  return asRole(adminUrl, role);
}

async function assertMayBecome(owner: DataSource, role: string): Promise<void> {
  try {
    await owner.transaction((manager) => manager.query(`SET LOCAL ROLE ${quoteIdentifier(role)}`));
  } catch (error) {
    const [{ me }] = (await owner.query(`SELECT current_user::text AS me`)) as [{ me: string }];
    throw new Failure(
      [
        `this command works as the application role ${role}, which the role ${me} of DATABASE_ADMIN_URL may not become.`,
        `Set DATABASE_URL as well, or run as a superuser:`,
        `  GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(me)};`,
      ].join('\n'),
      { cause: error },
    );
  }
}

/** A connection URL whose sessions become `role` while they start. In `options`, a backslash escapes blanks and itself. */
function asRole(url: string, role: string): string {
  const result = new URL(url);
  const become = `-c role=${role.replace(/[\\\s]/g, '\\$&')}`;
  const options = result.searchParams.get('options');
  result.searchParams.set('options', options ? `${options} ${become}` : become);
  // A query's plus signs are blanks to browsers, and plus signs to PostgreSQL.
  result.search = result.search.replaceAll('+', '%20');
  return result.href;
}
