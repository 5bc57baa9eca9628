/** Knows the flags that this process has in memory to be evaluated. */
export abstract class FlagChanges {
  /**
   * Has what was just committed to the current organization's flags hold for every evaluation that starts from now on in this process: to be
   * called between the commit and the answer. The other processes hear of it from the database.
   */
  abstract committed(): void;
}
