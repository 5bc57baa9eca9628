import { check } from './check.js';
import { Compiler } from './compile.js';
import type { Evaluate } from './evaluation.js';
import type { FactShape } from './fact-shape.js';
import { Places } from './rule-issue.js';
import type { RuleIssue } from './rule-issue.js';

/** So many are told of one rule: answers quote the rule with each. */
const MOST_ISSUES = 20;

/** An expression of any type, compiled. */
export interface Expression {
  evaluate: Evaluate;
  /** What a run costs whatever the data is, in units; loops and functions charge for themselves. */
  cost: number;
  readsFacts: boolean;
  /** Whether it names patterns or time zones, for which each rule has to answer. */
  hasCostlyParts: boolean;
  /** What the checker knows of the result: `dyn` for nothing. */
  type: string;
  start: number;
  end: number;
}

export type CompiledExpression =
  { expression: Expression; issues?: undefined } | { expression?: undefined; issues: readonly RuleIssue[] };

/** Compiles an expression. With `facts`, paths below `__kaiten` that do not exist are issues. Never throws. */
export function compileExpression(source: string, facts?: FactShape, places = new Places(source)): CompiledExpression {
  const { checked, issues } = check(source, places);
  if (!checked) return { issues: issues.slice(0, MOST_ISSUES) };
  const compiler = new Compiler(places, facts);
  const evaluate = compiler.compile(checked.ast);
  if (compiler.issues.length > 0) return { issues: compiler.issues.slice(0, MOST_ISSUES) };
  const { start, end } = checked.ast;
  const { cost, readsFacts, parts } = compiler;
  const hasCostlyParts = parts.count > 0;
  compiler.end();
  return { expression: { evaluate, cost, readsFacts, hasCostlyParts, type: checked.type, start, end } };
}
