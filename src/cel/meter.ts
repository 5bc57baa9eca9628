import { RuleFailure } from './rule-failure.js';

/**
 * Counts what an evaluation costs, in units of some 20 ns at most: a node of a rule, a step of a loop, 16 characters that a function of strings
 * touches. What costs how much is calibrated with `bench/rule-cost.mjs`.
 */
export class Meter {
  #spent = 0;

  constructor(readonly limit: number) {}

  get spent(): number {
    return this.#spent;
  }

  /** @throws RuleFailure beyond the limit. Nothing absorbs it: it ends the rule. */
  spend(units: number): void {
    this.#spent += units;
    if (this.#spent > this.limit) {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw new RuleFailure(`the rule costs more than ${this.limit} units`);
    }
  }
}
