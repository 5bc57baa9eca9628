import type { ASTNode } from '@marcbachmann/cel-js';
import type { Compilation, Evaluate } from './evaluation.js';
import type { Operand } from './operand.js';
import { RuleFailure } from './rule-failure.js';
import { operandsOf } from './syntax.js';

/**
 * `&&` and `||`, a chain of them at once. An operand that decides does so whether others fail or not, on either side; when none decides, a
 * failure is the result.
 */
export function compileLogic(compilation: Compilation, node: ASTNode, op: '&&' | '||'): Evaluate {
  const operands = operandsOf(node, op);
  const unfit = operands.map((operand) =>
    compilation.failure(operand, `an operand of ${op} is neither true nor false`),
  );
  const conditions = operands.map((operand) => compilation.compileCondition(operand));
  const asked = conditions.map(({ operand }) => operand);
  const decisive = op === '||';
  const [first, second] = asked as [Operand, Operand];
  if (asked.length === 2) {
    return (frame) => {
      const a = first.ask(frame);
      if (a === decisive) return decisive;
      const b = second.ask(frame);
      if (b === decisive) return decisive;
      if (typeof a !== 'boolean') return a instanceof RuleFailure ? a.within(conditions[0]!) : unfit[0]!;
      if (typeof b !== 'boolean') return b instanceof RuleFailure ? b.within(conditions[1]!) : unfit[1]!;
      return !decisive;
    };
  }
  return (frame) => {
    let failure: RuleFailure | undefined;
    for (let i = 0; i < asked.length; i++) {
      const value = asked[i]!.ask(frame);
      if (value === decisive) return decisive;
      if (typeof value !== 'boolean')
        failure ??= value instanceof RuleFailure ? value.within(conditions[i]!) : unfit[i]!;
    }
    return failure ?? !decisive;
  };
}

export function compileNot(compilation: Compilation, node: ASTNode & { op: '!_' }): Evaluate {
  const operand = compilation.compile(node.args);
  const unfit = compilation.failure(node, 'the operand of ! is neither true nor false');
  return (frame) => {
    const value = operand(frame);
    if (typeof value === 'boolean') return !value;
    return value instanceof RuleFailure ? value : unfit;
  };
}

export function compileTernary(compilation: Compilation, node: ASTNode & { op: '?:' }): Evaluate {
  const [condition, consequent, alternate] = node.args.map((it) => compilation.compile(it)) as [
    Evaluate,
    Evaluate,
    Evaluate,
  ];
  const unfit = compilation.failure(node.args[0], 'the condition is neither true nor false');
  return (frame) => {
    const value = condition(frame);
    if (typeof value === 'boolean') return value ? consequent(frame) : alternate(frame);
    return value instanceof RuleFailure ? value : unfit;
  };
}
