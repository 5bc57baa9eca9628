import { testApp } from './app.js';

/** Waits until a statement of this suite's application waits for a lock on a table. Those of other suites wait as well. */
export async function waitsForLock(table: string): Promise<void> {
  const { master } = testApp().dataSource.driver as unknown as { master: { _clients: { processID: number }[] } };
  for (;;) {
    const rows = await testApp().owner.query<unknown[]>(
      'SELECT 1 FROM pg_locks WHERE NOT granted AND relation = $1::regclass AND pid = ANY($2)',
      [table, master._clients.map(({ processID }) => processID)],
    );
    if (rows.length > 0) return;
  }
}
