import type { ASTNode } from '@marcbachmann/cel-js';
import { keysOf } from './equality.js';
import type { Body, Compilation, Evaluate, Frame } from './evaluation.js';
import { RuleFailure } from './rule-failure.js';
import { isMap } from './selection.js';
import { isList } from './values.js';
import type { Value } from './values.js';

/** What a turn of a loop costs besides its body. */
const TURN = 2;

export type MacroName = 'all' | 'exists' | 'exists_one' | 'filter' | 'map';

/** `list.name(variable, ...)`, over the elements of a list or the keys of a map. */
export function compileMacro(
  compilation: Compilation,
  name: MacroName,
  receiver: ASTNode,
  [variable, ...args]: readonly ASTNode[],
): Evaluate {
  const range = compileRange(compilation, receiver);
  const body = compilation.compileBody(variable!.args as string, args);
  const unfit = compilation.failure(args[0]!, `the condition of ${name} is neither true nor false`);
  switch (name) {
    case 'all':
      return quantifier(range, body, false, unfit);
    case 'exists':
      return quantifier(range, body, true, unfit);
    case 'exists_one':
      return exactlyOne(range, body, unfit);
    case 'filter':
      return list(range, body, body.steps[0], undefined, unfit);
    case 'map': {
      const [condition, transform] = body.steps.length === 2 ? body.steps : [undefined, body.steps[0]];
      return list(range, body, condition, transform, unfit);
    }
  }
}

type Range = (frame: Frame) => readonly Value[] | RuleFailure;

function compileRange(compilation: Compilation, receiver: ASTNode): Range {
  const evaluate = compilation.compile(receiver);
  const unfit = compilation.failure(receiver, 'only lists and maps have elements');
  return (frame) => {
    const value = evaluate(frame);
    if (value instanceof RuleFailure || isList(value)) return value;
    return isMap(value) ? keysOf(frame.meter, value) : unfit;
  };
}

/** Like `||` and `&&` over all elements: one that decides does so whether others fail or not. */
function quantifier(range: Range, { slot, cost, steps }: Body, decisive: boolean, unfit: RuleFailure): Evaluate {
  const condition = steps[0]!;
  return (frame) => {
    const items = range(frame);
    if (items instanceof RuleFailure) return items;
    let failure: RuleFailure | undefined;
    for (const item of items) {
      frame.meter.spend(TURN + cost);
      frame.slots[slot] = item;
      const value = condition(frame);
      if (value === decisive) return decisive;
      if (typeof value !== 'boolean') failure ??= value instanceof RuleFailure ? value : unfit;
    }
    return failure ?? !decisive;
  };
}

function exactlyOne(range: Range, { slot, cost, steps }: Body, unfit: RuleFailure): Evaluate {
  const condition = steps[0]!;
  return (frame) => {
    const items = range(frame);
    if (items instanceof RuleFailure) return items;
    let found = 0;
    for (const item of items) {
      frame.meter.spend(TURN + cost);
      frame.slots[slot] = item;
      const value = condition(frame);
      if (value === true) found++;
      else if (value !== false) return value instanceof RuleFailure ? value : unfit;
    }
    return found === 1;
  };
}

function list(
  range: Range,
  { slot, cost }: Body,
  condition: Evaluate | undefined,
  transform: Evaluate | undefined,
  unfit: RuleFailure,
): Evaluate {
  return (frame) => {
    const items = range(frame);
    if (items instanceof RuleFailure) return items;
    const results: Value[] = [];
    for (const item of items) {
      frame.meter.spend(2 * TURN + cost);
      frame.slots[slot] = item;
      const chosen = condition ? condition(frame) : true;
      if (chosen === false) continue;
      if (chosen !== true) return chosen instanceof RuleFailure ? chosen : unfit;
      const result = transform ? transform(frame) : item;
      if (result instanceof RuleFailure) return result;
      results.push(result);
    }
    return results;
  };
}

/** `cel.bind(variable, value, expression)`. */
export function compileBind(compilation: Compilation, [variable, value, expression]: readonly ASTNode[]): Evaluate {
  const bound = compilation.compile(value!);
  const body = compilation.compileBody(variable!.args as string, [expression!]);
  const result = body.steps[0]!;
  compilation.cost += body.cost;
  return (frame) => {
    const it = bound(frame);
    if (it instanceof RuleFailure) return it;
    frame.slots[body.slot] = it;
    return result(frame);
  };
}
