import type { ASTNode } from '@marcbachmann/cel-js';
import { Attribute } from './attribute.js';
import { constantOf, doubleOf, sizeOfConstant } from './constants.js';
import { equal } from './equality.js';
import type { Compilation, Evaluate, Frame } from './evaluation.js';
import { intern } from './intern.js';
import type { Meter } from './meter.js';
import { order } from './order.js';
import { RuleFailure } from './rule-failure.js';
import type { Result, Value } from './values.js';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** The comparison with its sides exchanged. */
const FLIPPED: Record<Comparison, Comparison> = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

export function isComparison(op: string): op is Comparison {
  return Object.hasOwn(FLIPPED, op);
}

type Compare = (meter: Meter, a: Value, b: Value) => boolean | RuleFailure;

const COMPARE: Record<Comparison, Compare> = {
  '==': (meter, a, b) => equal(meter, a, b),
  '!=': (meter, a, b) => {
    const same = equal(meter, a, b);
    return typeof same === 'boolean' ? !same : same;
  },
  '<': ordered('<', (sign) => sign < 0),
  '<=': ordered('<=', (sign) => sign <= 0),
  '>': ordered('>', (sign) => sign > 0),
  '>=': ordered('>=', (sign) => sign >= 0),
};

function ordered(op: Comparison, decide: (sign: number) => boolean): Compare {
  const unfit = new RuleFailure(`${op} does not take these types`);
  return (meter, a, b) => {
    const sign = order(meter, a, b);
    return sign === undefined ? unfit : decide(sign);
  };
}

export function compileComparison(compilation: Compilation, node: ASTNode & { op: Comparison }): Evaluate {
  const [left, right] = node.args;
  const rightConstant = constantOf(right);
  if (rightConstant !== undefined) return withConstant(compilation, node, node.op, left, rightConstant);
  const leftConstant = constantOf(left);
  if (leftConstant !== undefined) return withConstant(compilation, node, FLIPPED[node.op], right, leftConstant);
  const { line, column } = compilation.failure(node, '');
  const compare = COMPARE[node.op];
  const first = compilation.compile(left);
  const second = compilation.compile(right);
  return (frame) => {
    const a = first(frame);
    if (a instanceof RuleFailure) return a;
    const b = second(frame);
    if (b instanceof RuleFailure) return b;
    const result = compare(frame.meter, a, b);
    return typeof result === 'boolean' ? result : result.at(line!, column!);
  };
}

/**
 * Most conditions compare an attribute with a constant. A text of the context is compared with a text at once, and a number with the double that
 * the constant is equal to; whatever else comes takes the long way.
 */
function withConstant(
  compilation: Compilation,
  node: ASTNode,
  op: Comparison,
  operand: ASTNode,
  constant: Value,
): Evaluate {
  const { line, column } = compilation.failure(node, '');
  const evaluate = compilation.compile(operand);
  compilation.cost += sizeOfConstant(constant);
  const compare = COMPARE[op];
  const slow = (value: Result, frame: Frame): Result => {
    if (value instanceof RuleFailure) return value;
    const result = compare(frame.meter, value, constant);
    return typeof result === 'boolean' ? result : result.at(line!, column!);
  };
  const name = compilation.attributeOf(operand);
  const double = doubleOf(constant);
  if (name !== undefined) {
    const attribute = Attribute.named(name);
    const longWay: Evaluate = (frame) => slow(evaluate(frame), frame);
    if (double !== undefined) return attributeWithNumber(op, attribute, double, longWay);
    if (typeof constant === 'string') return attributeWithText(op, attribute, intern(constant), longWay) ?? longWay;
    return longWay;
  }
  if (double !== undefined) return withNumber(op, evaluate, double, slow);
  if ((op === '==' || op === '!=') && typeof constant === 'string') {
    const positive = op === '==';
    return (frame) => {
      const value = evaluate(frame);
      return typeof value === 'string' ? (value === constant) === positive : slow(value, frame);
    };
  }
  return (frame) => slow(evaluate(frame), frame);
}

/**
 * All in one closure, with its own variables: what a flag costs is how much of the memory has to be looked at.
 */
function attributeWithNumber(op: Comparison, attribute: Attribute, constant: number, longWay: Evaluate): Evaluate {
  switch (op) {
    case '==':
      return (frame) => {
        const value = attribute.of(frame);
        return typeof value === 'number' ? value === constant : longWay(frame);
      };
    case '!=':
      return (frame) => {
        const value = attribute.of(frame);
        return typeof value === 'number' ? value !== constant : longWay(frame);
      };
    case '<':
      return (frame) => {
        const value = attribute.of(frame);
        return typeof value === 'number' ? value < constant : longWay(frame);
      };
    case '<=':
      return (frame) => {
        const value = attribute.of(frame);
        return typeof value === 'number' ? value <= constant : longWay(frame);
      };
    case '>':
      return (frame) => {
        const value = attribute.of(frame);
        return typeof value === 'number' ? value > constant : longWay(frame);
      };
    case '>=':
      return (frame) => {
        const value = attribute.of(frame);
        return typeof value === 'number' ? value >= constant : longWay(frame);
      };
  }
}

/** The same for texts, whose order is not JavaScript's. */
function attributeWithText(
  op: Comparison,
  attribute: Attribute,
  constant: string,
  longWay: Evaluate,
): Evaluate | undefined {
  if (op === '==') {
    return (frame) => {
      const value = attribute.of(frame);
      return typeof value === 'string' ? value === constant : longWay(frame);
    };
  }
  if (op !== '!=') return undefined;
  return (frame) => {
    const value = attribute.of(frame);
    return typeof value === 'string' ? value !== constant : longWay(frame);
  };
}

/** A closure for each operator: one for all of them would have to choose each time. */
function withNumber(
  op: Comparison,
  evaluate: Evaluate,
  constant: number,
  slow: (value: Result, frame: Frame) => Result,
): Evaluate {
  const decide = (fast: (value: number) => boolean): Evaluate => {
    return (frame) => {
      const value = evaluate(frame);
      return typeof value === 'number' ? fast(value) : slow(value, frame);
    };
  };
  switch (op) {
    case '==':
      return decide((value) => value === constant);
    case '!=':
      return decide((value) => value !== constant);
    case '<':
      return decide((value) => value < constant);
    case '<=':
      return decide((value) => value <= constant);
    case '>':
      return decide((value) => value > constant);
    case '>=':
      return decide((value) => value >= constant);
  }
}
