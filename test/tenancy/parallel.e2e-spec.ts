import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { openDataSource, openOwner } from '../support/database.js';
import { aTenant, customerNames, insertCustomer } from '../support/tenants.js';
import type { Tenant } from '../support/tenants.js';

let dataSource: DataSource;
let owner: DataSource;
let tenants: { tenant: Tenant; names: string[] }[];

beforeAll(async () => {
  [dataSource, owner] = await Promise.all([openDataSource(4), openOwner()]);
  tenants = [];
  for (let i = 0; i < 12; i++) {
    const names = [`t${i}`, `t${i} too`];
    tenants.push({ tenant: await aTenant(owner, dataSource, ...names), names });
  }
});

afterAll(async () => {
  await dataSource.destroy();
  await owner.destroy();
});

describe('many organizations at once, over a pool of four connections', () => {
  it('each sees its own rows, and who has no context sees none', async () => {
    const work = Array.from({ length: 100 }, () => [
      ...tenants.map(async ({ tenant, names }) =>
        expect(await tenant.as(() => customerNames(dataSource))).toEqual(names),
      ),
      (async () => expect(await customerNames(dataSource)).toEqual([]))(),
    ]).flat();
    await Promise.all(work);
  });

  it('transactions, failures and rollbacks among them change nothing of that', async () => {
    const turn = async (tenant: Tenant, names: string[], i: number): Promise<void> => {
      const transaction = tenant.as(() =>
        dataSource.transaction(async (manager) => {
          await insertCustomer(manager, tenant, 'for a moment');
          expect(await customerNames(manager)).toEqual(['for a moment', ...names]);
          if (i % 3 === 0) await manager.query('SELECT 1 / 0');
          else throw new Error('on purpose');
        }),
      );
      await expect(transaction).rejects.toThrow(/on purpose|division by zero/);
      await expect(tenant.as(() => dataSource.query('SELECT 1 / 0'))).rejects.toThrow('division by zero');
      expect(await tenant.as(() => customerNames(dataSource))).toEqual(names);
    };
    const turns = Array.from({ length: 8 }, (_, i) => tenants.map(({ tenant, names }) => turn(tenant, names, i)));
    await Promise.all(turns.flat());
  });

  it('the statements of one transaction may run at once', async () => {
    await Promise.all(
      tenants.map(({ tenant, names }) =>
        tenant.as(() =>
          dataSource.transaction(async (manager) => {
            const answers = await Promise.all(Array.from({ length: 10 }, () => customerNames(manager)));
            for (const answer of answers) expect(answer).toEqual(names);
          }),
        ),
      ),
    );
  });
});
