import { PreparedClient } from '../../src/database/prepared-client.js';

/** Uses of tokens and counts of evaluations are written now and then, and connections opened, whatever is asked meanwhile. */
const IN_THE_BACKGROUND = /record_token_uses|add_flag_evaluations|^SET jit/;

/** The statements that pooled connections of this process send during some work. */
export async function queriesDuring(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const { query } = PreparedClient.prototype;
  PreparedClient.prototype.query = function (this: PreparedClient, ...args: unknown[]) {
    const [statement] = args;
    sent.push(typeof statement === 'string' ? statement : String((statement as { text?: string }).text));
    return query.apply(this, args);
  };
  try {
    await work();
  } finally {
    PreparedClient.prototype.query = query;
  }
  return sent.filter((text) => !IN_THE_BACKGROUND.test(text));
}
