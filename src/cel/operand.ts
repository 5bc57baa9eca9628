import type { Evaluate, Frame } from './evaluation.js';
import { RuleFailure } from './rule-failure.js';
import type { Result } from './values.js';

/**
 * A condition that stands in a chain. What it came to is remembered for the frame that it was last asked in: the rules of an organization are made
 * of much the same conditions. What is remembered takes no time again, and counts for the rule as if it did.
 */
export class Operand {
  /** The frame's number. */
  private askedIn = 0;
  private answer: boolean | RuleFailure = false;
  private cost = 0;

  /** @param isConstant whether it comes to the same throughout a frame, as it does outside of loops. */
  constructor(
    private readonly evaluate: Evaluate,
    private readonly isConstant: boolean,
  ) {}

  ask(frame: Frame): Result {
    if (this.askedIn !== frame.number) return this.evaluateIn(frame);
    if (this.cost > 0) frame.meter.save(this.cost);
    return this.answer;
  }

  private evaluateIn(frame: Frame): Result {
    const { charged } = frame.meter;
    const result = this.evaluate(frame);
    // Other values are wrong in a chain, and could be of any size.
    if (this.isConstant && (typeof result === 'boolean' || result instanceof RuleFailure)) {
      this.answer = result;
      this.cost = frame.meter.charged - charged;
      this.askedIn = frame.number;
    }
    return result;
  }
}
