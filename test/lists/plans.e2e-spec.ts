import { beforeAll, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import type { TestOrganization } from '../support/organizations.js';
import { anOrg } from '../support/organizations.js';
import { fill } from '../support/rows.js';
import { runAsOrganization } from '../../src/tenancy/tenant-context.js';

// One connection: what it has prepared can be asked of it.
useApp({ poolSize: 1 });

/** A statement without parameters is planned once, for the organization that needs it first. */
describe('the plan that a connection keeps', () => {
  let few: TestOrganization;
  let many: TestOrganization;

  beforeAll(async () => {
    [few, many] = [await anOrg(), await anOrg()];
    await fill(many, { rows: 20_000, accounts: 50, holders: 50 });
    await fill(few, { rows: 10, accounts: 10, holders: 1 });
    await testApp().owner.query('ANALYZE customers');
  }, 120_000);

  it.each([
    ['/api/customers?sort=name', 'customers'],
    ['/api/instances?sort=name', 'instances'],
    ['/api/tokens?sort=name', 'tokens'],
  ])('was made for a small organization and reads no more than a page of a large one: %s', async (path, table) => {
    for (let i = 0; i < 3; i++) expect((await few.api.get(path)).status).toBe(200);
    const { dataSource } = testApp();
    const rows = await runAsOrganization(many.org.id, async () => {
      const [prepared] = await dataSource.query<{ name: string }[]>(
        `SELECT name FROM pg_prepared_statements WHERE statement LIKE $1 AND statement LIKE '%ORDER BY sort_name ASC%LIMIT 51%'`,
        [`%FROM ${table} %`],
      );
      const plan = await dataSource.query<{ 'QUERY PLAN': [{ Plan: Node }] }[]>(
        `EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) EXECUTE "${prepared!.name}"`,
      );
      return mostRows(plan[0]!['QUERY PLAN'][0].Plan);
    });
    expect(rows).toBeGreaterThan(50);
    expect(rows).toBeLessThan(1_000);
  });
});

interface Node {
  readonly 'Actual Rows': number;
  readonly Plans?: readonly Node[];
}

/** Of the step that has the most. */
function mostRows(node: Node): number {
  return Math.max(node['Actual Rows'], ...(node.Plans ?? []).map(mostRows));
}
