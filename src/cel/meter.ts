import { RuleFailure } from './rule-failure.js';

/**
 * Counts what an evaluation costs, in units of some 20 ns at most: a node of a rule, a step of a loop, 16 characters that a function of strings
 * touches. What costs how much is calibrated with `bench/rule-cost.mjs`.
 */
export class Meter {
  #spent = 0;
  #begin = 0;
  #end: number;

  constructor(readonly limit: number) {
    this.#end = limit;
  }

  /** Never more than the limit. */
  get spent(): number {
    return this.#spent;
  }

  /** From here on no more than so many units, nor more than the limit. Ends with the next restriction. */
  restrict(units: number): void {
    this.#begin = this.#spent;
    this.#end = Math.min(this.#spent + units, this.limit);
  }

  /**
   * @throws RuleFailure where there is not as much left. Nothing absorbs it: it ends the rule. What it was for is not done, so all that it costs
   * is what was left.
   */
  spend(units: number): void {
    this.#spent += units;
    if (this.#spent > this.#end) {
      this.#spent = this.#end;
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw new RuleFailure(`the rule costs more than ${this.#end - this.#begin} units`);
    }
  }
}
