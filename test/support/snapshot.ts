import { testApp } from './app.js';

/** All rows of an organization, table -> rows: to see that nothing of it has changed. */
export async function snapshot(organizationId: string): Promise<Record<string, unknown[]>> {
  const { owner } = testApp();
  const tables = await owner.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'organization_id' ORDER BY 1`,
  );
  const rows: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    const of = `SELECT to_jsonb(t) AS row FROM ${name} t WHERE organization_id = $1 ORDER BY to_jsonb(t)::text`;
    rows[name] = (await owner.query<{ row: unknown }[]>(of, [organizationId])).map(({ row }) => row);
  }
  return rows;
}
