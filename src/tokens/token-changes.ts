/** Knows when changes of tokens have reached the records that this process has in memory. */
export abstract class TokenChanges {
  /**
   * Waits until what has been committed so far holds for every request that starts from now on in this process: to be awaited between
   * the commit that takes a token's life, or part of it, and the answer that says so.
   */
  abstract settled(): Promise<void>;
}
