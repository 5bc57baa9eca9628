import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/database/data-source.js';
import { createOwnerDataSource, migrate } from '../../src/database/migrate.js';
import { roleOf } from '../../src/database/roles.js';
import { ENTITIES } from '../../src/entities.js';
import { asSuperuser, freshDatabase } from '../support/fresh-database.js';
import type { FreshDatabase } from '../support/fresh-database.js';
import { aTenant, customerNames, insertCustomer } from '../support/tenants.js';
import type { Tenant } from '../support/tenants.js';

/** In a database of its own, where set_config can be forbidden: the statement that scopes a connection then fails, and no other does. */
let database: FreshDatabase;
let dataSource: DataSource;
let owner: DataSource;
let a: Tenant;
let b: Tenant;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.adminUrl, roleOf(database.url));
  dataSource = await createDataSource({ url: database.url, poolSize: 1, entities: ENTITIES }).initialize();
  owner = await createOwnerDataSource(database.adminUrl).initialize();
  a = await aTenant(owner, dataSource, 'a1');
  b = await aTenant(owner, dataSource, 'b1');
});

const permit = (verb: 'GRANT' | 'REVOKE'): Promise<void> =>
  asSuperuser(database.superuserUrl, [
    `${verb} EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) ${verb === 'GRANT' ? 'TO' : 'FROM'} PUBLIC`,
  ]);

afterEach(() => permit('GRANT'));
afterAll(async () => {
  await dataSource.destroy();
  await owner.destroy();
  await database.drop();
});

describe('when a connection cannot be given its organization', () => {
  it('the statement is not sent: it would run as whoever had the connection before', async () => {
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1']);
    await permit('REVOKE');
    await expect(b.as(() => customerNames(dataSource))).rejects.toThrow('permission denied for function set_config');
    await expect(b.as(() => insertCustomer(dataSource, a, 'astray'))).rejects.toThrow(
      'permission denied for function set_config',
    );
    await expect(dataSource.query('DELETE FROM customers')).rejects.toThrow(
      'permission denied for function set_config',
    );
    await permit('GRANT');
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1']);
  });

  it('it is not believed: the next statement tries again', async () => {
    await a.as(() => customerNames(dataSource));
    await permit('REVOKE');
    await expect(b.as(() => customerNames(dataSource))).rejects.toThrow('permission denied');
    await permit('GRANT');
    expect(await b.as(() => customerNames(dataSource))).toEqual(['b1']);
  });

  it('the organization that it held before is not believed either', async () => {
    await a.as(() => customerNames(dataSource));
    await permit('REVOKE');
    await expect(b.as(() => customerNames(dataSource))).rejects.toThrow('permission denied');
    await expect(a.as(() => customerNames(dataSource))).rejects.toThrow('permission denied');
  });

  it('a transaction does not begin', async () => {
    await a.as(() => customerNames(dataSource));
    await permit('REVOKE');
    const work = b.as(() => dataSource.transaction((manager) => insertCustomer(manager, b, 'astray')));
    await expect(work).rejects.toThrow('permission denied for function set_config');
    await permit('GRANT');
    expect(await b.as(() => customerNames(dataSource))).toEqual(['b1']);
  });
});
