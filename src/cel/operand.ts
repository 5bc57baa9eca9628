import type { Evaluate, Frame } from './evaluation.js';
import { RuleFailure } from './rule-failure.js';
import type { Result } from './values.js';

/**
 * A condition that stands in a chain. What it came to is remembered for the frame that it was last asked in: the rules of an organization are made
 * of much the same conditions. What is remembered costs nothing anew.
 */
export class Operand {
  private askedIn: object | undefined;
  private answer: boolean | RuleFailure = false;

  /** @param isConstant whether it comes to the same throughout a frame, as it does outside of loops. */
  constructor(
    private readonly evaluate: Evaluate,
    private readonly isConstant: boolean,
  ) {}

  ask(frame: Frame): Result {
    return this.askedIn === frame.identity ? this.answer : this.evaluateIn(frame);
  }

  private evaluateIn(frame: Frame): Result {
    const result = this.evaluate(frame);
    // Other values are wrong in a chain, and could be of any size.
    if (this.isConstant && (typeof result === 'boolean' || result instanceof RuleFailure)) {
      this.answer = result;
      this.askedIn = frame.identity;
    }
    return result;
  }
}
