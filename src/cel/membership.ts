import type { ASTNode } from '@marcbachmann/cel-js';
import { constantOf } from './constants.js';
import { equal } from './equality.js';
import type { Compilation, Evaluate } from './evaluation.js';
import type { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import { isMap, select } from './selection.js';
import { isList } from './values.js';
import type { Result, Value } from './values.js';

const UNFIT = new RuleFailure('`in` looks into a list or a map');

/** `value in list`, `key in map`. */
export function compileIn(compilation: Compilation, node: ASTNode & { op: 'in' }): Evaluate {
  const [left, right] = node.args;
  const { line, column } = compilation.failure(node, '');
  const value = compilation.compile(left);
  const constant = constantOf(right);
  if (isList(constant ?? null) && (constant as readonly Value[]).every((item) => typeof item === 'string')) {
    return inTexts(value, constant as readonly string[]);
  }
  const container = compilation.compile(right);
  return (frame) => {
    const a = value(frame);
    if (a instanceof RuleFailure) return a;
    const b = container(frame);
    if (b instanceof RuleFailure) return b;
    const result = isIn(frame.meter, a, b);
    return result instanceof RuleFailure ? result.at(line!, column!) : result;
  };
}

function isIn(meter: Meter, value: Value, container: Value): Result {
  if (isMap(container)) return select(meter, container, value) !== undefined;
  if (!isList(container)) return UNFIT;
  for (const item of container) {
    meter.spend(1);
    const same = equal(meter, value, item);
    if (same !== false) return same;
  }
  return false;
}

/** Longer texts are in no list of a rule, and are not hashed to find that out. */
function inTexts(value: Evaluate, texts: readonly string[]): Evaluate {
  const set = new Set(texts);
  const longest = Math.max(0, ...texts.map((text) => text.length));
  return (frame) => {
    const text = value(frame);
    if (typeof text === 'string') return text.length <= longest && set.has(text);
    return text instanceof RuleFailure ? text : false;
  };
}
