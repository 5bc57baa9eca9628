import type { ASTNode } from '@marcbachmann/cel-js';
import { Attribute } from './attribute.js';
import type { Compilation, Evaluate, Frame } from './evaluation.js';
import { intern } from './intern.js';
import { RuleFailure } from './rule-failure.js';
import { isMap, select } from './selection.js';
import { CelMap, isList, isObject, Uint } from './values.js';
import type { Result, Value } from './values.js';

/** `a.b["c"]`: names that are known without a context, of whatever `base` is. */
export interface Path {
  base: ASTNode;
  /** The node that selects each name, with the name. */
  steps: readonly { node: ASTNode; name: string }[];
}

export function pathOf(node: ASTNode): Path {
  const steps: { node: ASTNode; name: string }[] = [];
  let base = node;
  for (let name = nameOf(base); name !== undefined; name = nameOf(base)) {
    steps.push({ node: base, name });
    base = (base.args as readonly ASTNode[])[0]!;
  }
  return { base, steps: steps.reverse() };
}

function nameOf(node: ASTNode): string | undefined {
  if (node.op === '.') return node.args[1];
  if (node.op !== '[]') return undefined;
  const [, index] = node.args;
  return index.op === 'value' && typeof index.args === 'string' ? index.args : undefined;
}

/** Names that every object inherits. The others are read without asking whether they are the object's own. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

export function compileAttribute(name: string, absent: RuleFailure): Evaluate {
  if (isInherited(name)) return ({ context }) => (Object.hasOwn(context, name) ? (context[name] as Value) : absent);
  const attribute = Attribute.named(name);
  return (frame) => {
    const value = attribute.of(frame) as Value | undefined;
    return value === undefined ? absent : value;
  };
}

export function compileField(compilation: Compilation, node: ASTNode, map: Evaluate, name: string): Evaluate {
  const key = intern(name);
  const absent = compilation.failure(node, `there is no ${name}`);
  const unfit = compilation.failure(node, `only a map has a field ${name}`);
  const inherited = isInherited(key);
  return (frame) => {
    const value = map(frame);
    if (value instanceof RuleFailure) return value;
    if (isObject(value)) {
      if (inherited && !Object.hasOwn(value, key)) return absent;
      const field = value[key] as Value | undefined;
      return field === undefined ? absent : field;
    }
    if (!(value instanceof CelMap)) return unfit;
    const field = value.get(key);
    return field === undefined ? absent : field;
  };
}

export function compileIndex(compilation: Compilation, node: ASTNode, left: Evaluate, right: Evaluate): Evaluate {
  const { line, column } = compilation.failure(node, '');
  return (frame) => {
    const value = left(frame);
    if (value instanceof RuleFailure) return value;
    const index = right(frame);
    if (index instanceof RuleFailure) return index;
    const found = isList(value) ? elementOf(value, index) : entryOf(value, index, frame);
    return found instanceof RuleFailure ? found.at(line!, column!) : found;
  };
}

const OUT_OF_RANGE = new RuleFailure('the index is out of range');
const NO_ENTRY = new RuleFailure('there is no such key');
const NO_INDEX = new RuleFailure('the index of a list is an int');
const NOTHING_TO_INDEX = new RuleFailure('only lists and maps have an index');

function elementOf(list: readonly Value[], index: Value): Result {
  const position = index instanceof Uint ? index.value : index;
  if (typeof position !== 'bigint' && typeof position !== 'number') return NO_INDEX;
  if (typeof position === 'number' && !Number.isInteger(position)) return NO_INDEX;
  return position < 0 || position >= list.length ? OUT_OF_RANGE : list[Number(position)]!;
}

function entryOf(map: Value, key: Value, { meter }: Frame): Result {
  if (!isMap(map)) return NOTHING_TO_INDEX;
  const entry = select(meter, map, key);
  return entry === undefined ? NO_ENTRY : entry;
}

/** `has(map.name)`. */
export function compileHas(compilation: Compilation, node: ASTNode, map: Evaluate, name: string): Evaluate {
  const key = intern(name);
  const unfit = compilation.failure(node, `only a map has a field ${name}`);
  return (frame) => {
    const value = map(frame);
    if (value instanceof RuleFailure) return value;
    if (isObject(value)) return Object.hasOwn(value, key);
    return value instanceof CelMap ? value.has(key) : unfit;
  };
}
