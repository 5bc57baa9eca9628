import { afterEach, beforeEach, expect } from '@jest/globals';
import { testApp } from './app.js';
import type { TestOrganization } from './organizations.js';

/** Tables whose rows a refused request must leave alone. */
const TABLES = ['customers', 'instances', 'feature_flags', 'users', 'service_accounts', 'tokens', 'token_policies'];

/** After each test of the suite, the organization's rows are what they were before it, and no request of it was answered with a 5xx. */
export function leavesNoTrace(organization: () => TestOrganization): void {
  let before: Record<string, string>;
  let logged: number;
  beforeEach(async () => {
    before = await fingerprint(organization().org.id);
    logged = testApp().log().length;
  });
  afterEach(async () => {
    expect(await fingerprint(organization().org.id)).toEqual(before);
    expect(serverErrors(logged)).toEqual([]);
  });
}

/** What the log has of answers of 500 or more, from a position in the log on; each kind once. */
export function serverErrors(from = 0): string[] {
  const lines = testApp().log().slice(from).split('\n').filter(Boolean);
  const records = lines.map(
    (line) => JSON.parse(line) as { level: number; status?: number; route?: string; err?: { message: string } },
  );
  const failed = records.filter(({ level, status = 0 }) => level >= 50 || status >= 500);
  return [...new Set(failed.map(({ status, route, err }) => err?.message ?? `${status} ${route}`))];
}

/** Number and digest of an organization's rows per table, and what its lists say their totals are. */
export async function fingerprint(organizationId: string): Promise<Record<string, string>> {
  const { owner } = testApp();
  const result: Record<string, string> = {};
  for (const table of TABLES) {
    const [row] = await owner.query<{ print: string }[]>(
      `SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY id), '')) AS print FROM ${table} t WHERE organization_id = $1`,
      [organizationId],
    );
    result[table] = row!.print;
  }
  const totals = await owner.query<{ table_name: string; total: string }[]>(
    'SELECT table_name, sum(delta)::text AS total FROM row_counts WHERE organization_id = $1 GROUP BY table_name',
    [organizationId],
  );
  for (const { table_name: table, total } of totals) result[`total of ${table}`] = total;
  return result;
}
