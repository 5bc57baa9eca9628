import type { DataSource } from 'typeorm';

/**
 * Writes last uses of the tokens again and again, as processes do.
 *
 * @returns what ends it; rejects when one could not be written.
 */
export function useTokens(dataSource: DataSource, ids: readonly string[]): () => Promise<void> {
  let isOver = false;
  const run = async (): Promise<void> => {
    for (let second = 1; !isOver; second++) {
      const times = ids.map(() => new Date(second * 1_000));
      await dataSource.query('SELECT record_token_uses($1::uuid[], $2::timestamptz[], $3::text[])', [
        ids,
        times,
        ids.map(() => null),
      ]);
    }
  };
  // Kept from being an unhandled rejection until it is asked for.
  const running = run().then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  return async () => {
    isOver = true;
    const error = await running;
    if (error) throw error;
  };
}
