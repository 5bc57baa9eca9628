import type { Evaluate, Frame } from './evaluation.js';
import { compileExpression } from './expression.js';
import type { FactShape } from './fact-shape.js';
import { RuleFailure } from './rule-failure.js';
import { Places } from './rule-issue.js';
import type { RuleIssue } from './rule-issue.js';
import { sharedRules } from './shared-texts.js';

export type { RuleIssue } from './rule-issue.js';

/** What a failure that leaves a rule costs: it is thrown. */
const THROWN = 200;

/** A rule of the Common Expression Language, compiled. */
export class Rule {
  /** @param cost in units, of a run whatever the data is; loops and functions charge for themselves. */
  constructor(
    private readonly evaluate: Evaluate,
    private readonly cost: number,
    readonly readsFacts: boolean,
  ) {}

  /**
   * Whether the rule matches. `__kaiten` is the frame's facts; any other identifier is an attribute of its context, own properties only.
   *
   * @throws RuleFailure when it has no result, or costs more than the frame's meter lets it.
   */
  matches(frame: Frame): boolean {
    const { meter } = frame;
    meter.spend(this.cost);
    const result = this.evaluate(frame);
    if (typeof result === 'boolean') return result;
    meter.spend(THROWN);
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw result instanceof RuleFailure ? result : new RuleFailure('the rule is neither true nor false', 1, 1);
  }
}

export type CompiledRule = { rule: Rule; issues?: undefined } | { rule?: undefined; issues: readonly RuleIssue[] };

/**
 * Compiles a rule. With `facts`, paths below `__kaiten` that do not exist are issues. Without, rules of the same text are one.
 *
 * Never throws: whatever is wrong with the text is an issue.
 */
export function compileRule(source: string, facts?: FactShape): CompiledRule {
  if (facts) return compile(source, facts);
  const known = sharedRules.find(source);
  return known ? { rule: known } : compile(source);
}

function compile(source: string, facts?: FactShape): CompiledRule {
  const places = new Places(source);
  const { expression, issues } = compileExpression(source, facts, places);
  if (!expression) return { issues };
  const { type, start, end, evaluate, cost, readsFacts, hasCostlyParts } = expression;
  if (type !== 'bool' && type !== 'dyn') {
    const message = `a rule is true or false, and this is of type ${type}`;
    return { issues: [places.issue(message, { code: 'not_boolean', params: { type } }, start, end)] };
  }
  const rule = new Rule(evaluate, cost, readsFacts);
  if (!facts && !hasCostlyParts) sharedRules.keep(source, rule);
  return { rule };
}
