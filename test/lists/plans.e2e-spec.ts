import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testApp, useApp } from '../support/app.js';
import type { TestOrganization } from '../support/organizations.js';
import { anOrg } from '../support/organizations.js';
import { queriesDuring } from '../support/queries.js';
import { fill } from '../support/rows.js';
import { SEARCH_WINDOW } from '../../src/lists/search.js';
import { createOrganization } from '../../src/organizations/organizations.js';
import { runAsOrganization } from '../../src/tenancy/tenant-context.js';

// One connection: what it has prepared can be asked of it.
useApp({ poolSize: 1 });

/** More than statistics know by name: what is expected of the others is their average. */
const SMALL_ORGANIZATIONS = 150;

/** From the sixth time on, PostgreSQL may keep a plan for all values of a statement's parameters. A statement without any has one plan from the first. */
const TIMES = 7;

let few: TestOrganization;
let many: TestOrganization;

beforeAll(async () => {
  await makeSmallOnes();
  [few, many] = [await anOrg(), await anOrg()];
  await fill(many, { rows: 20_000, accounts: 50, holders: 50 });
  await fill(few, { rows: 10, accounts: 10, holders: 1 });
}, 120_000);

// Other suites have their tables analyzed meanwhile.
beforeEach(async () => {
  for (const table of ['customers', 'instances', 'tokens']) await forgetOrder(table);
});

/** A plan that a connection keeps is made for the organization that needs it first. */
describe('the plan that a connection keeps', () => {
  it.each([
    ['customers', '', 51],
    ['instances', '', 51],
    ['tokens', '', 51],
    ['tokens', 'state=active', 51],
    ['customers', 'q=nowhere', SEARCH_WINDOW],
    ['instances', 'q=nowhere', SEARCH_WINDOW],
  ])(
    'was made for a small organization and reads no more of a large one than it has to: %s %s',
    async (table, query, toRead) => {
      const { dataSource } = testApp();
      const earlier = await runAsOrganization(few.org.id, () => dataSource.query<Statement[]>(STATEMENTS, [table]));
      for (let i = 0; i < TIMES; i++) {
        expect((await few.api.get(`/api/${table}?sort=name&${query}`)).status).toBe(200);
      }
      const rows = await runAsOrganization(many.org.id, async () => {
        const statements = await dataSource.query<Statement[]>(STATEMENTS, [table]);
        const [added] = statements.filter(({ name }) => !earlier.some((other) => other.name === name));
        expect(Number(added!.kept)).toBeGreaterThan(0);
        const values = query.startsWith('q=') ? `('%${query.slice(2)}%')` : '';
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

describe('a list of rows that have a value in common', () => {
  it.each([
    ['/api/instances?status=HEALTHY&limit=10', `FROM instances WHERE status = $1 ORDER BY created_at`],
    [
      '/api/instances?status=HEALTHY&limit=10',
      `SELECT count(*)::int AS n FROM (SELECT 1 FROM instances WHERE status = $1`,
    ],
    ['/api/instances?status=HEALTHY&limit=10&sort=name', `FROM instances WHERE status = $1 ORDER BY sort_name`],
    ['/api/instances?status=HEALTHY&limit=10&q=instance', `FROM instances WHERE status = $1 ORDER BY created_at`],
    ['/api/instances?status=HEALTHY&limit=10&q=instance', `SELECT search_text FROM instances WHERE status = $1`],
  ])('is planned anew each time: %s, %s', async (path, statement) => {
    const { api, org } = many;
    const sent = await queriesDuring(async () => expect((await api.get(path)).status).toBe(200));
    expect(sent.some((text) => text.includes(statement))).toBe(true);
    const { dataSource } = testApp();
    const kept = await runAsOrganization(org.id, () =>
      dataSource.query<unknown[]>('SELECT 1 FROM pg_prepared_statements WHERE strpos(statement, $1) > 0', [statement]),
    );
    expect(kept).toEqual([]);
  });
});

describe('statements', () => {
  it('are not compiled: it would take longer than they do', async () => {
    const { dataSource } = testApp();
    const { org } = await anOrg();
    const [row] = await runAsOrganization(org.id, () => dataSource.query<{ jit: string }[]>('SHOW jit'));
    expect(row).toEqual({ jit: 'off' });
  });
});

/** Organizations of twenty customers, as many instances, and as many tokens of one account. */
async function makeSmallOnes(): Promise<void> {
  const { owner } = testApp();
  const ids: string[] = [];
  while (ids.length < SMALL_ORGANIZATIONS) ids.push((await createOrganization(owner, { name: 'Small' })).id);
  await owner.query(
    `WITH small AS (SELECT organization_id, id AS author FROM users WHERE kind = 'system' AND organization_id = ANY ($1)),
     row AS (SELECT 'row ' || i AS name, 'row-' || i AS slug FROM generate_series(1, 20) i),
     customer AS (
       INSERT INTO customers (organization_id, name, slug, domain, created_by_id, updated_by_id)
       SELECT organization_id, name, slug, slug || '.example', author, author FROM small, row RETURNING *
     ),
     machine AS (
       INSERT INTO users (organization_id, kind, external_id, name)
       SELECT organization_id, 'machine', 'account', 'Account' FROM small RETURNING *
     ),
     account AS (
       INSERT INTO service_accounts (organization_id, id, name, slug, external_id, created_by_id, updated_by_id)
       SELECT organization_id, id, name, external_id, external_id, author, author FROM machine JOIN small USING (organization_id)
       RETURNING *
     ),
     token AS (
       INSERT INTO tokens (organization_id, service_account_id, name, slug, hash, last_four, scopes, created_by_id)
       SELECT organization_id, account.id, row.name, row.slug, sha256(convert_to(account.id || row.name, 'UTF8')), 'abcd', '{read:*}', created_by_id
       FROM account, row
     )
     INSERT INTO instances (organization_id, customer_id, name, slug, license_starts_at, license_ends_at, created_by_id, updated_by_id)
     SELECT organization_id, id, name, slug, '2026-01-01', '2027-01-01', created_by_id, created_by_id FROM customer`,
    [ids],
  );
}

/** Has PostgreSQL believe that a table's rows are in no order: otherwise it goes by where the large organization's id happens to be among all of them. */
async function forgetOrder(table: string): Promise<void> {
  const { owner } = testApp();
  await owner.query(`ANALYZE ${table}`);
  await owner.query(
    `SELECT pg_restore_attribute_stats('schemaname', 'public', 'relname', $1::text, 'attname', 'organization_id', 'inherited', false, 'correlation', 0::real)`,
    [table],
  );
}

interface Statement {
  readonly name: string;
  /** How often it was executed by a plan that is kept. */
  readonly kept: string;
}

/** Statements of this connection that read a table's rows in the order of their names. */
const STATEMENTS = `SELECT name, generic_plans AS kept FROM pg_prepared_statements WHERE statement LIKE '%FROM ' || $1 || ' %ORDER BY sort_name ASC%'`;

interface Node {
  readonly 'Actual Rows': number;
  readonly Plans?: readonly Node[];
}

/** Of the step that has the most. */
function mostRows(node: Node): number {
  return Math.max(node['Actual Rows'], ...(node.Plans ?? []).map(mostRows));
}
