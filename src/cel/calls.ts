import type { ASTNode } from '@marcbachmann/cel-js';
import type { Compilation, Evaluate, Operation } from './evaluation.js';
import { FUNCTIONS, MACROS, METHODS } from './functions.js';
import { compileBind, compileMacro } from './macros.js';
import type { MacroName } from './macros.js';
import { Meter } from './meter.js';
import { compileHas } from './paths.js';
import { matchPattern } from './regex.js';
import { RuleFailure } from './rule-failure.js';
import { fieldInZone, TIME_FIELDS } from './time-fields.js';
import type { Result, Value } from './values.js';

/** `name(args)`. */
export function compileCall(compilation: Compilation, node: ASTNode & { op: 'call' }): Evaluate {
  const [name, args] = node.args;
  if (name === 'has') return has(compilation, node, args[0]!);
  if (name === 'matches') return operation(compilation, node, name, args, METHODS.get('matches/1'));
  const known = FUNCTIONS.get(`${name}/${args.length}`);
  if ((name === 'timestamp' || name === 'duration') && args[0]?.op === 'value') {
    return constantCall(compilation, node, known!, args[0].args as Value);
  }
  return operation(compilation, node, name, args, known);
}

/** `receiver.name(args)`. */
export function compileMethod(compilation: Compilation, node: ASTNode & { op: 'rcall' }): Evaluate {
  const [name, receiver, args] = node.args;
  if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel') return compileBind(compilation, args);
  if (Object.hasOwn(MACROS, name)) {
    if (MACROS[name]!.includes(args.length)) {
      return compileMacro(compilation, name as MacroName, receiver, args);
    }
    return refused(compilation, node, `${name} does not take ${args.length} arguments`);
  }
  return operation(compilation, node, name, [receiver, ...args], METHODS.get(`${name}/${args.length}`));
}

function has(compilation: Compilation, node: ASTNode, field: ASTNode): Evaluate {
  if (field.op !== '.') return refused(compilation, node, 'has() takes a field, such as has(a.b)');
  compilation.checkLastName(field);
  return compileHas(compilation, node, compilation.compile(field.args[0]), field.args[1]);
}

function operation(
  compilation: Compilation,
  node: ASTNode,
  name: string,
  args: readonly ASTNode[],
  run: Operation | undefined,
): Evaluate {
  const constant = args[1]?.op === 'value' && typeof args[1].args === 'string' ? args[1].args : undefined;
  if (name === 'matches' && constant !== undefined) return matchConstant(compilation, node, args, constant);
  if (TIME_FIELDS.includes(name) && constant !== undefined)
    return fieldInConstantZone(compilation, node, name, args, constant);
  if (!run) return refused(compilation, node, `${name} does not take ${args.length} arguments`);
  return apply(compilation, node, args, run);
}

/** The arguments from first to last; the first failure among them is the result. */
export function apply(compilation: Compilation, node: ASTNode, args: readonly ASTNode[], run: Operation): Evaluate {
  const steps = args.map((arg) => compilation.compile(arg));
  const { line, column } = compilation.failure(node, '');
  const placed = (result: Result): Result => (result instanceof RuleFailure ? result.at(line!, column!) : result);
  const [first, second] = steps as [Evaluate, Evaluate];
  // Most functions take one value or two, which are not worth an array.
  if (steps.length === 1) {
    return (frame) => {
      const a = first(frame);
      return a instanceof RuleFailure ? a : placed(run(frame.meter, a, NONE, NONE, NONE));
    };
  }
  if (steps.length === 2) {
    return (frame) => {
      const a = first(frame);
      if (a instanceof RuleFailure) return a;
      const b = second(frame);
      return b instanceof RuleFailure ? b : placed(run(frame.meter, a, b, NONE, NONE));
    };
  }
  return (frame) => {
    const values: Value[] = [];
    for (const step of steps) {
      const value = step(frame);
      if (value instanceof RuleFailure) return value;
      values.push(value);
    }
    return placed(run(frame.meter, values[0]!, values[1]!, values[2]!, values[3]!));
  };
}

/** What is not passed. Which function takes how many arguments was settled when it was looked up. */
const NONE = undefined as unknown as Value;

/** Refuses a pattern that is not valid where it stands, and compiles one that is with the rule. */
function matchConstant(compilation: Compilation, node: ASTNode, args: readonly ASTNode[], source: string): Evaluate {
  const pattern = compilation.parts.pattern(source);
  if (pattern instanceof RuleFailure) return refused(compilation, args[1]!, pattern.message);
  return apply(compilation, node, [args[0]!], (meter, text) => matchPattern(meter, text, pattern));
}

function fieldInConstantZone(
  compilation: Compilation,
  node: ASTNode,
  name: string,
  args: readonly ASTNode[],
  zoneName: string,
): Evaluate {
  const zone = compilation.parts.zone(zoneName);
  if (zone instanceof RuleFailure) return refused(compilation, args[1]!, zone.message);
  return apply(compilation, node, [args[0]!], (meter, value) => fieldInZone(meter, name, value, zone));
}

/** More than any constant costs, and small enough for the engine to keep it as what it is, and not as a double. */
const ENOUGH = 1_000_000;

/** What a rule says of a time is known before it runs. */
function constantCall(compilation: Compilation, node: ASTNode, run: Operation, argument: Value): Evaluate {
  const value = run(new Meter(ENOUGH), argument, NONE, NONE, NONE);
  return value instanceof RuleFailure ? refused(compilation, node, value.message) : () => value;
}

function refused(compilation: Compilation, node: ASTNode, message: string): Evaluate {
  compilation.refuse(node, message);
  return () => null;
}
