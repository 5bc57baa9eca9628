import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrate.js';
import { assertApplicationRole, roleOf, UnsafeRoleError } from '../../src/database/roles.js';
import { asSuperuser, freshDatabase } from '../support/fresh-database.js';
import type { FreshDatabase } from '../support/fresh-database.js';

let database: FreshDatabase;
const roles: string[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.adminUrl, roleOf(database.url));
});

afterAll(async () => {
  await database.drop();
  await asSuperuser(
    process.env.KAITEN_TEST_SUPERUSER_URL!,
    roles.reverse().map((role) => `DROP ROLE ${role}`),
  );
});

/** A role that can log in, with what the statements add to it; `$role` is its name and `$other` a second role's. */
async function roleWith(...statements: string[]): Promise<{ role: string; url: string }> {
  const role = `r_${randomBytes(6).toString('hex')}`;
  const other = `${role}_other`;
  const made = [`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`, `CREATE ROLE ${other}`];
  const name = new URL(database.superuserUrl).pathname.slice(1);
  made.push(`GRANT CONNECT ON DATABASE ${name} TO ${role}`, `GRANT USAGE ON SCHEMA public TO ${role}`);
  const named = statements.map((sql) =>
    sql.replaceAll('$role', role).replaceAll('$other', other).replaceAll('$database', name),
  );
  await asSuperuser(database.superuserUrl, [...made, ...named]);
  roles.push(other, role);
  const url = new URL(database.url);
  url.username = role;
  url.password = 'secret';
  return { role, url: url.href };
}

async function assertRole(url: string): Promise<void> {
  const dataSource = await createDataSource({ url, poolSize: 1, entities: [] }).initialize();
  try {
    await assertApplicationRole(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

describe('the role of DATABASE_URL', () => {
  it('is accepted when it is nobody special', async () => {
    const { url } = await roleWith();
    await expect(assertRole(url)).resolves.toBeUndefined();
    await expect(assertRole(database.url)).resolves.toBeUndefined();
  });

  it.each([
    ['is a superuser', ['ALTER ROLE $role SUPERUSER'], 'it is a superuser', 'CREATE ROLE kaiten_app LOGIN'],
    ['has BYPASSRLS', ['ALTER ROLE $role BYPASSRLS'], 'it has BYPASSRLS', 'ALTER ROLE "$role" NOBYPASSRLS;'],
    [
      'may give itself other roles',
      ['ALTER ROLE $role CREATEROLE'],
      'it has CREATEROLE',
      'ALTER ROLE "$role" NOCREATEROLE;',
    ],
    [
      'owns a table',
      ['CREATE TABLE public.mine_$role (x int)', 'ALTER TABLE public.mine_$role OWNER TO $role'],
      'it owns mine_$role',
      'CREATE ROLE kaiten_app LOGIN',
    ],
    [
      'is a member of the owner',
      ['GRANT kaiten_owner TO $role'],
      'it is a member of the role that owns the tables',
      'REVOKE "kaiten_owner" FROM "$role";',
    ],
    [
      'is a member of the owner by way of another, and does not inherit',
      ['GRANT kaiten_owner TO $other', 'GRANT $other TO $role', 'ALTER ROLE $role NOINHERIT'],
      'it is a member of the role that owns the tables',
      'REVOKE "$role_other" FROM "$role";',
    ],
    [
      'may become one with BYPASSRLS',
      ['ALTER ROLE $other BYPASSRLS', 'GRANT $other TO $role'],
      'it is a member of $role_other, for which no policies hold',
      'REVOKE "$role_other" FROM "$role";',
    ],
    [
      'may become a superuser',
      ['ALTER ROLE $other SUPERUSER', 'GRANT $other TO $role'],
      'it is a member of $role_other, for which no policies hold',
      'REVOKE "$role_other" FROM "$role";',
    ],
    [
      'becomes the owner when it logs in',
      ['GRANT kaiten_owner TO $role', 'ALTER ROLE $role SET role = kaiten_owner'],
      'it owns ',
      'CREATE ROLE kaiten_app LOGIN',
    ],
  ])('is refused, with the SQL to run, when it %s', async (_, statements, finding, remedy) => {
    const { role, url } = await roleWith(...statements);
    const error = await assertRole(url).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnsafeRoleError);
    const { message } = error as Error;
    expect(message).toContain(finding.replaceAll('$role', role));
    expect(message).toContain(remedy.replaceAll('$role', role));
    expect(message).not.toContain('secret');
  });

  it('is refused when it was logged in as another, unless the command line says so', async () => {
    const { role, url } = await roleWith('GRANT kaiten_app TO $role');
    const switched = new URL(url);
    switched.searchParams.set('options', '-c role=kaiten_app');
    await expect(assertRole(switched.href)).rejects.toThrow(`the session logged in as ${role}`);
  });

  it.each(['DISABLE ROW LEVEL SECURITY', 'NO FORCE ROW LEVEL SECURITY'])(
    'is refused while a table of organizations has %s',
    async (change) => {
      await asSuperuser(database.superuserUrl, [`ALTER TABLE customers ${change}`]);
      try {
        const error = (await assertRole(database.url).catch((reason: unknown) => reason)) as Error;
        expect(error).toBeInstanceOf(UnsafeRoleError);
        expect(error.message).toContain('row-level security is off on customers');
        expect(error.message).toContain('ALTER TABLE customers FORCE ROW LEVEL SECURITY;');
      } finally {
        await asSuperuser(database.superuserUrl, [
          'ALTER TABLE customers ENABLE ROW LEVEL SECURITY',
          'ALTER TABLE customers FORCE ROW LEVEL SECURITY',
        ]);
      }
      await expect(assertRole(database.url)).resolves.toBeUndefined();
    },
  );

  it('is refused with all reasons at once', async () => {
    const { url } = await roleWith('ALTER ROLE $role SUPERUSER BYPASSRLS');
    await expect(assertRole(url)).rejects.toThrow('it is a superuser; it has BYPASSRLS');
  });
});
