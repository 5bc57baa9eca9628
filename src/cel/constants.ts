import type { ASTNode } from '@marcbachmann/cel-js';
import { bytesOf } from './bytes-literal.js';
import { copyOf } from './copy-of.js';
import { Bytes, isList, MAX_INT, MIN_INT, Uint } from './values.js';
import type { Value } from './values.js';

/**
 * The value of a literal, of a negative number, or of a list of such. Lists within lists are made when the rule runs: each would be gone through as
 * often as it is nested.
 *
 * @returns undefined for anything else, also for an int of more than 64 bits.
 */
export function constantOf(node: ASTNode): Value | undefined {
  if (node.op !== 'list') return scalarOf(node);
  const items: Value[] = [];
  for (const item of node.args) {
    const value = scalarOf(item);
    if (value === undefined) return undefined;
    items.push(value);
  }
  return items;
}

function scalarOf(node: ASTNode): Value | undefined {
  if (node.op === 'value') return literalOf(node);
  if (node.op === '-_' && node.args.op === 'value') {
    const operand: unknown = node.args.args;
    if (typeof operand === 'number') return -operand;
    return typeof operand === 'bigint' && -operand >= MIN_INT ? -operand : undefined;
  }
  return undefined;
}

function literalOf(node: ASTNode): Value | undefined {
  const literal: unknown = node.args;
  if (typeof literal === 'bigint') return literal <= MAX_INT ? literal : undefined;
  if (literal instanceof Uint8Array) return new Bytes(bytesOf(node.input.slice(node.start, node.end)));
  // Of objects there are only the library's unsigned integers.
  if (typeof literal === 'object' && literal !== null) return new Uint(literal.valueOf() as bigint);
  return typeof literal === 'string' ? copyOf(literal) : (literal as null | boolean | number);
}

/** What looking at all of a constant costs. */
export function sizeOfConstant(value: Value): number {
  if (typeof value === 'string') return value.length >> 4;
  return isList(value) ? value.reduce<number>((sum, item) => sum + 1 + sizeOfConstant(item), 0) : 0;
}

/** The double that is equal to a constant number, if there is one: what numbers of JSON can be compared with at once. */
export function doubleOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  const integer = value instanceof Uint ? value.value : value;
  return typeof integer === 'bigint' && BigInt(Number(integer)) === integer ? Number(integer) : undefined;
}
