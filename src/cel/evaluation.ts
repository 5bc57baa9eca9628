import type { ASTNode } from '@marcbachmann/cel-js';
import type { JsonObject } from '../http/json.js';
import type { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import type { Result, Value } from './values.js';

/** One run of a rule. */
export class Frame {
  /** Variables of macros, by how deep they are nested. */
  readonly slots: Value[] = [];

  constructor(
    readonly context: JsonObject,
    readonly facts: JsonObject,
    readonly meter: Meter,
  ) {}
}

export type Evaluate = (frame: Frame) => Result;

/** A function of CEL, with its receiver first. Its failures get their place from the node. */
export type Operation = (meter: Meter, a: Value, b: Value, c: Value, d: Value) => Result;

/** What the compilers of single nodes need of the whole. */
export interface Compilation {
  /** Units that one pass costs whatever the data is. Charged at once where a rule or a turn of a loop begins. */
  cost: number;
  compile(node: ASTNode): Evaluate;
  /** Compiles with a variable in scope. @returns its slot, and what a pass over it costs. */
  compileBody(variable: string, nodes: readonly ASTNode[]): Body;
  /** The slot of a variable of a macro. */
  slotOf(name: string): number | undefined;
  /** The failure with the place of a node. */
  failure(node: ASTNode, message: string): RuleFailure;
  /** Refuses the rule if this is a path of facts whose last name does not exist. Those before it are nodes of their own. */
  checkPath(node: ASTNode & { op: '.' | '[]' }): void;
  /** Refuses the rule. */
  refuse(node: ASTNode, message: string): void;
}

export interface Body {
  slot: number;
  cost: number;
  steps: readonly Evaluate[];
}

export function noOverload(name: string): RuleFailure {
  return new RuleFailure(`${name} does not take these types`);
}
