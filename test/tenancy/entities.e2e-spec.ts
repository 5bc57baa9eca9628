import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource, Repository } from 'typeorm';
import { Customer } from '../../src/customers/customer.entity.js';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseUrl, openDataSource, openOwner } from '../support/database.js';
import { RelatedCustomer, RelatedInstance } from '../support/related-entities.js';
import { aTenant, customerNames } from '../support/tenants.js';
import type { Tenant } from '../support/tenants.js';

let dataSource: DataSource;
let related: DataSource;
let owner: DataSource;
let customers: Repository<Customer>;
let a: Tenant;
let b: Tenant;
/** Another organization's customer: what `b` must not get at. */
let foreign: Customer;

beforeAll(async () => {
  [dataSource, owner] = await Promise.all([openDataSource(2), openOwner()]);
  related = await createDataSource({
    url: databaseUrl(),
    poolSize: 1,
    entities: [RelatedCustomer, RelatedInstance],
  }).initialize();
  customers = dataSource.getRepository(Customer);
});

afterAll(async () => {
  await Promise.all([dataSource.destroy(), related.destroy(), owner.destroy()]);
});

beforeEach(async () => {
  [a, b] = await Promise.all([aTenant(owner, dataSource, 'a1', 'a2'), aTenant(owner, dataSource, 'b1')]);
  foreign = await a.as(() => customers.findOneByOrFail({ name: 'a1' }));
});

const authored = (tenant: Tenant) => ({ createdById: tenant.authorId, updatedById: tenant.authorId });

async function expectForeignUntouched(): Promise<void> {
  expect(await a.as(() => customers.findOneBy({ id: foreign.id }))).toEqual(foreign);
  expect(await a.as(() => customers.count())).toBe(2);
}

describe('reading', () => {
  it('find, findBy, count and exists see the organization’s rows only', async () => {
    await b.as(async () => {
      expect((await customers.find()).map(({ name }) => name)).toEqual(['b1']);
      expect(await customers.findOneBy({ id: foreign.id })).toBeNull();
      expect(await customers.count()).toBe(1);
      expect(await customers.countBy({ id: foreign.id })).toBe(0);
      expect(await customers.existsBy({ id: foreign.id })).toBe(false);
    });
    expect(await customers.count()).toBe(0);
  });

  it('a query builder does, whatever its conditions, joins and subqueries', async () => {
    await b.as(async () => {
      const all = customers.createQueryBuilder('c').where('true').orWhere('c.id = :id', { id: foreign.id });
      expect((await all.getMany()).map(({ name }) => name)).toEqual(['b1']);
      const crossed = customers.createQueryBuilder('c').innerJoin(Customer, 'd', 'true').select('d.name', 'name');
      expect(await crossed.getRawMany()).toEqual([{ name: 'b1' }]);
      const nested = dataSource
        .createQueryBuilder()
        .select('count(*)::int', 'n')
        .from((query) => query.select('id').from(Customer, 'c'), 'x');
      expect(await nested.getRawOne()).toEqual({ n: 1 });
    });
  });

  it('raw SQL does: plain, with a common table expression, and in a union', async () => {
    await b.as(async () => {
      expect(await dataSource.query('SELECT name FROM customers')).toEqual([{ name: 'b1' }]);
      const other =
        'WITH others AS (SELECT name FROM customers WHERE organization_id = $1) SELECT * FROM others UNION ALL TABLE others';
      expect(await dataSource.query(other, [a.id])).toEqual([]);
      expect(await dataSource.query('SELECT id FROM organizations')).toEqual([{ id: b.id }]);
    });
  });

  it('relations are loaded within the organization, by a join and by queries of their own', async () => {
    const addInstance = (tenant: Tenant) =>
      dataSource.query(
        `INSERT INTO instances (customer_id, name, slug, license_starts_at, license_ends_at, created_by_id, updated_by_id)
           SELECT id, 'i of ' || name, 'i-' || slug, now(), now(), $1, $1 FROM customers`,
        [tenant.authorId],
      );
    await a.as(() => addInstance(a));
    await b.as(() => addInstance(b));
    for (const relationLoadStrategy of ['join', 'query'] as const) {
      const found = await b.as(() =>
        related.getRepository(RelatedCustomer).find({ relations: { instances: true }, relationLoadStrategy }),
      );
      expect(found.map(({ name, instances }) => [name, instances.map((instance) => instance.name)])).toEqual([
        ['b1', ['i of b1']],
      ]);
      const back = await b.as(() =>
        related.getRepository(RelatedInstance).find({ relations: { customer: true }, relationLoadStrategy }),
      );
      expect(back.map(({ customer }) => customer.name)).toEqual(['b1']);
    }
    const crossed = await b.as(() =>
      related
        .getRepository(RelatedCustomer)
        .createQueryBuilder('c')
        .leftJoin(RelatedInstance, 'i', 'true')
        .select('i.name', 'name')
        .getRawMany(),
    );
    expect(crossed).toEqual([{ name: 'i of b1' }]);
  });
});

describe('writing', () => {
  it('save, insert and create give a row the current organization', async () => {
    const saved = await b.as(() => customers.save({ name: 'saved', slug: 'saved', ...authored(b) }));
    await b.as(() => customers.insert({ name: 'inserted', slug: 'inserted', ...authored(b) }));
    await b.as(() =>
      customers
        .createQueryBuilder()
        .insert()
        .values([{ name: 'built', slug: 'built', ...authored(b) }])
        .execute(),
    );
    expect(await b.as(() => customerNames(dataSource))).toEqual(['b1', 'built', 'inserted', 'saved']);
    const rows = await owner.query('SELECT organization_id FROM customers WHERE id = $1', [saved.id]);
    expect(rows).toEqual([{ organization_id: b.id }]);
  });

  it('save() with another organization’s id leaves that row alone', async () => {
    await b.as(() => customers.save({ id: foreign.id, name: 'taken over', slug: 'taken-over', ...authored(b) }));
    await expectForeignUntouched();
    const rows = await owner.query(
      'SELECT organization_id FROM customers WHERE id = $1 ORDER BY (organization_id = $2)',
      [foreign.id, a.id],
    );
    expect(rows).toEqual([{ organization_id: b.id }, { organization_id: a.id }]);
  });

  it('save() of an entity that was loaded by another organization leaves its row alone', async () => {
    const loaded = await a.as(() => customers.findOneByOrFail({ id: foreign.id }));
    loaded.name = 'changed';
    await b.as(() => customers.save(loaded)).catch(() => undefined);
    await expectForeignUntouched();
  });

  it('update, delete, increment and remove reach no other organization’s row', async () => {
    await b.as(async () => {
      expect((await customers.update(foreign.id, { name: 'changed' })).affected).toBe(0);
      expect((await customers.update({ slug: 'a1' }, { name: 'changed' })).affected).toBe(0);
      expect((await customers.delete(foreign.id)).affected).toBe(0);
      expect(
        (
          await customers
            .createQueryBuilder()
            .update()
            .set({ name: 'changed' })
            .where('name <> :name', { name: 'b1' })
            .execute()
        ).affected,
      ).toBe(0);
      expect(
        (await customers.createQueryBuilder().delete().where('name <> :name', { name: 'b1' }).execute()).affected,
      ).toBe(0);
      await customers.remove(Object.assign(new Customer(), foreign));
      expect(await dataSource.query('UPDATE customers SET name = $1 WHERE id = $2', ['changed', foreign.id])).toEqual([
        [],
        0,
      ]);
      expect(await dataSource.query('DELETE FROM customers WHERE id = $1', [foreign.id])).toEqual([[], 0]);
    });
    await expectForeignUntouched();
  });

  it('upsert meets no other organization’s row: the same slug is a new row', async () => {
    const input = { organizationId: b.id, name: 'upserted', slug: 'a1', ...authored(b) };
    await b.as(() => customers.upsert(input, ['organizationId', 'slug']));
    await b.as(() => customers.upsert({ ...input, name: 'again' }, ['organizationId', 'slug']));
    expect(await b.as(() => customerNames(dataSource))).toEqual(['again', 'b1']);
    await expectForeignUntouched();
  });

  it('clear() is refused: the application role may not TRUNCATE', async () => {
    await expect(b.as(() => customers.clear())).rejects.toThrow('permission denied');
    await expectForeignUntouched();
  });

  it.each([
    [
      'by the subscriber, for an entity',
      (): Promise<unknown> => customers.insert({ organizationId: a.id, name: 'x', slug: 'x', ...authored(a) }),
    ],
    [
      'by the subscriber, for save()',
      (): Promise<unknown> => customers.save({ organizationId: a.id, name: 'x', slug: 'x', ...authored(a) }),
    ],
    [
      'by the policy, for raw SQL',
      (): Promise<unknown> =>
        dataSource.query(
          `INSERT INTO customers (organization_id, name, slug, created_by_id, updated_by_id) VALUES ($1, 'x', 'x', $2, $2)`,
          [a.id, a.authorId],
        ),
    ],
  ])('another organization’s id in an INSERT is refused %s', async (_, insert) => {
    await expect(b.as(insert)).rejects.toThrow(/another organization|row-level security/);
    await expectForeignUntouched();
  });

  it.each([
    ['to another', () => a.id],
    ['to one that does not exist', () => randomUUID()],
    ['to none', () => null],
  ])('a row cannot change its organization %s, not even for the owner of the table', async (_, to) => {
    const move = 'UPDATE customers SET organization_id = $1 WHERE name = $2 AND organization_id = $3';
    const values = [to(), 'b1', b.id];
    await expect(b.as(() => dataSource.query(move, values))).rejects.toThrow('a row may not change its organization');
    await expect(owner.query(move, values)).rejects.toThrow('a row may not change its organization');
    expect(await b.as(() => customerNames(dataSource))).toEqual(['b1']);
  });

  it('a foreign key cannot name another organization’s row', async () => {
    const insert = b.as(() =>
      dataSource.query(
        `INSERT INTO instances (customer_id, name, slug, license_starts_at, license_ends_at, created_by_id, updated_by_id)
           VALUES ($1, 'x', 'x', now(), now(), $2, $2)`,
        [foreign.id, b.authorId],
      ),
    );
    await expect(insert).rejects.toThrow('instances_customer_id_fkey');
    await expect(b.as(() => customers.insert({ name: 'x', slug: 'x', ...authored(a) }))).rejects.toThrow(
      'customers_created_by_id_fkey',
    );
  });
});

describe('a condition without a value', () => {
  const nothing = { id: undefined as unknown as string };
  const none = { id: null as unknown as string };

  it.each([
    ['find', (): Promise<unknown> => customers.find({ where: nothing })],
    ['findOneBy', (): Promise<unknown> => customers.findOneBy(nothing)],
    ['findOneBy null', (): Promise<unknown> => customers.findOneBy(none)],
    ['count', (): Promise<unknown> => customers.countBy(nothing)],
    ['update', (): Promise<unknown> => customers.update(nothing, { name: 'all' })],
    ['update null', (): Promise<unknown> => customers.update(none, { name: 'all' })],
    ['delete', (): Promise<unknown> => customers.delete(nothing)],
    ['delete null', (): Promise<unknown> => customers.delete(none)],
    ['softDelete', (): Promise<unknown> => customers.softDelete(nothing)],
    [
      'a query builder with find options',
      async (): Promise<unknown> => customers.createQueryBuilder('c').setFindOptions({ where: nothing }).getMany(),
    ],
  ])('is refused by %s', async (_, query) => {
    await expect(a.as(query)).rejects.toThrow(/null|undefined|empty/i);
    expect(await a.as(() => customerNames(dataSource))).toEqual(['a1', 'a2']);
  });

  it.each([nothing, none])('fits no row in a query builder’s where(%j)', async (where) => {
    await a.as(async () => {
      const builder = () => customers.createQueryBuilder();
      expect(await builder().where(where).getMany()).toEqual([]);
      expect((await builder().update().set({ name: 'all' }).where(where).execute()).affected).toBe(0);
      expect((await builder().delete().where(where).execute()).affected).toBe(0);
      expect(await customerNames(dataSource)).toEqual(['a1', 'a2']);
    });
  });
});
