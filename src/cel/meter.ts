import { RuleFailure } from './rule-failure.js';

/**
 * Counts what an evaluation costs, in units of some 20 ns at most: a node of a rule, a step of a loop, 16 characters that a function of strings
 * touches. What costs how much is calibrated with `bench/rule-cost.mjs`.
 */
export class Meter {
  #spent = 0;
  #saved = 0;
  /** What may be spent in all, and in the rule at hand: in units of `spent`. */
  #end: number;
  #ruleEnd: number;
  #ruleUnits: number;

  constructor(readonly limit: number) {
    this.#end = limit;
    this.#ruleEnd = limit;
    this.#ruleUnits = limit;
  }

  /** Never more than the limit. */
  get spent(): number {
    return this.#spent;
  }

  /** What would have been spent if nothing were remembered. Rules and flags are held to this, so that none depends on what came before it. */
  get charged(): number {
    return this.#spent + this.#saved;
  }

  /** From here on no more than so many units, nor more than the limit. Ends with the next restriction. */
  restrict(units: number): void {
    this.#ruleEnd = this.#spent + units;
    this.#end = Math.min(this.#ruleEnd, this.limit);
    this.#ruleUnits = this.#end - this.#spent;
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
      throw this.#tooMuch();
    }
  }

  /** Charges the rule for what was spent before and is remembered. @throws RuleFailure as `spend` does. */
  save(units: number): void {
    const left = this.#ruleEnd - this.#spent;
    const saved = Math.min(units, left);
    this.#saved += saved;
    this.#ruleEnd -= saved;
    this.#end = Math.min(this.#ruleEnd, this.limit);
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (units > left) throw this.#tooMuch();
  }

  #tooMuch(): RuleFailure {
    return new RuleFailure(`the rule costs more than ${this.#ruleUnits} units`);
  }
}
