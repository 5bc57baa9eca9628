import type { DataSource } from 'typeorm';
import type { Client } from '../database/pool.js';
import { poolOf } from '../database/pool.js';
import { endAbandonedTransaction } from './org-scope.subscriber.js';

/**
 * Calls one of the functions that may look across organizations, before anybody is known. Such a function does not ask which
 * organization the connection is scoped to, and leaves that as it is; so the statement needs no round trip to scope it, and none to undo that.
 *
 * @param statement calls the function and nothing else.
 * @param longest milliseconds after which it is given up, with its connection; waiting for one included.
 * @throws Error when it takes longer, or whatever PostgreSQL or the pool say.
 */
export async function callAcrossOrganizations<R extends object>(
  dataSource: DataSource,
  statement: string,
  parameters: unknown[],
  longest: number,
): Promise<R[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError()), longest);
  });
  try {
    const client = await connect(dataSource, late);
    try {
      const rows = await Promise.race([call<R>(client, statement, parameters), late]);
      client.release();
      return rows;
    } catch (error) {
      // The pool drops by itself what has ended; what does not answer, it would hand out again.
      client.release(error instanceof LateError);
      throw error;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** A connection of the pool; one that comes too late goes back at once. */
async function connect(dataSource: DataSource, late: Promise<never>): Promise<Client> {
  const connecting = poolOf(dataSource).connect();
  try {
    return await Promise.race([connecting, late]);
  } catch (error) {
    connecting.then(
      (client) => client.release(),
      () => undefined,
    );
    throw error;
  }
}

async function call<R extends object>(client: Client, statement: string, parameters: unknown[]): Promise<R[]> {
  await endAbandonedTransaction(client);
  return (await client.query<R>(statement, parameters)).rows;
}

/** Its words are those of `pg` for the same thing: see `isDatabaseUnavailable`. */
class LateError extends Error {
  constructor() {
    super('Connection terminated due to a timeout');
  }
}
