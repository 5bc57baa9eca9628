import { beforeAll, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import type { TestOrganization } from '../support/organizations.js';
import { anOrg } from '../support/organizations.js';
import { fill } from '../support/rows.js';
import { SEARCH_WINDOW } from '../../src/lists/search.js';
import { runAsOrganization } from '../../src/tenancy/tenant-context.js';

// One connection: what it has prepared can be asked of it.
useApp({ poolSize: 1 });

/** More than statistics know by name: what is expected of the others is their average. */
const SMALL_ORGANIZATIONS = 150;

/** From the sixth time on, PostgreSQL may keep a plan for all values of a statement's parameters. A statement without any has one plan from the first. */
const TIMES = 7;

/** A plan that a connection keeps is made for the organization that needs it first. */
describe('the plan that a connection keeps', () => {
  let few: TestOrganization;
  let many: TestOrganization;

  beforeAll(async () => {
    for (let i = 0; i < SMALL_ORGANIZATIONS; i++) await fill(await anOrg(), { rows: 20, accounts: 2, holders: 1 });
    [few, many] = [await anOrg(), await anOrg()];
    await fill(many, { rows: 20_000, accounts: 50, holders: 50 });
    await fill(few, { rows: 10, accounts: 10, holders: 1 });
    await testApp().owner.query('ANALYZE customers');
  }, 120_000);

  it.each([
    ['customers', '', 51],
    ['instances', '', 51],
    ['tokens', '', 51],
    ['customers', 'nowhere', SEARCH_WINDOW],
    ['instances', 'nowhere', SEARCH_WINDOW],
  ])(
    'was made for a small organization and reads no more of a large one than it has to: %s %s',
    async (table, q, toRead) => {
      const { dataSource } = testApp();
      const earlier = await runAsOrganization(few.org.id, () =>
        dataSource.query<{ name: string }[]>(STATEMENTS, [table]),
      );
      for (let i = 0; i < TIMES; i++) {
        expect((await few.api.get(`/api/${table}?sort=name${q && `&q=${q}`}`)).status).toBe(200);
      }
      const rows = await runAsOrganization(many.org.id, async () => {
        const statements = await dataSource.query<{ name: string }[]>(STATEMENTS, [table]);
        const [added] = statements.filter(({ name }) => !earlier.some((other) => other.name === name));
        const values = q && `('%${q}%')`;
        const plan = await dataSource.query<{ 'QUERY PLAN': [{ Plan: Node }] }[]>(
          `EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) EXECUTE "${added!.name}" ${values}`,
        );
        return mostRows(plan[0]!['QUERY PLAN'][0].Plan);
      });
      expect(rows).toBeGreaterThanOrEqual(toRead);
      expect(rows).toBeLessThan(toRead + 1_000);
    },
  );
});

/** Statements of this connection that read a table's rows in the order of their names. */
const STATEMENTS = `SELECT name FROM pg_prepared_statements WHERE statement LIKE '%FROM ' || $1 || ' %ORDER BY sort_name ASC%'`;

interface Node {
  readonly 'Actual Rows': number;
  readonly Plans?: readonly Node[];
}

/** Of the step that has the most. */
function mostRows(node: Node): number {
  return Math.max(node['Actual Rows'], ...(node.Plans ?? []).map(mostRows));
}
