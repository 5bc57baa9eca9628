import type { ASTNode } from '@marcbachmann/cel-js';
import type { JsonObject } from '../http/json.js';
import type { CostlyParts } from './costly-parts.js';
import type { Meter } from './meter.js';
import type { Operand } from './operand.js';
import { RuleFailure } from './rule-failure.js';
import type { IssueKind } from './rule-issue.js';
import type { Result, Value } from './values.js';

let frames = 0;

/** What the rules of one request are run on. All of them share it, since they share what some conditions came to. */
export class Frame {
  private variables: Value[] | undefined;
  /** Tells frames apart, from 1. A number, which is quicker to remember than an object would be. */
  readonly number = (frames += 1);

  constructor(
    readonly context: JsonObject,
    readonly facts: JsonObject,
    readonly meter: Meter,
  ) {}

  /** Variables of macros, by how deep they are nested. Most rules have none. */
  get slots(): Value[] {
    return (this.variables ??= []);
  }
}

export type Evaluate = (frame: Frame) => Result;

/** A function of CEL, with its receiver first. Its failures get their place from the node. */
export type Operation = (meter: Meter, a: Value, b: Value, c: Value, d: Value) => Result;

/** What the compilers of single nodes need of the whole. */
export interface Compilation {
  /** Units that one pass costs whatever the data is. Charged at once where a rule or a turn of a loop begins. */
  cost: number;
  readonly parts: CostlyParts;
  compile(node: ASTNode): Evaluate;
  /** The same for an operand of a chain, once for all rules in which the same text stands. */
  compileCondition(node: ASTNode): Condition;
  /** Compiles with a variable in scope. @returns its slot, and what a pass over it costs. */
  compileBody(variable: string, nodes: readonly ASTNode[]): Body;
  /** The name of the attribute that a node is, where it is one. */
  attributeOf(node: ASTNode): string | undefined;
  /** The slot of a variable of a macro. */
  slotOf(name: string): number | undefined;
  /** The failure with the place of a node. */
  failure(node: ASTNode, message: string): RuleFailure;
  /** Refuses the rule if this is a path of facts whose last name does not exist. Those before it are for whoever compiles what has the field. */
  checkLastName(node: ASTNode & { op: '.' | '[]' }): void;
  /** Refuses the rule. */
  refuse(node: ASTNode, message: string, kind?: IssueKind): void;
}

/** An operand of a chain, and where the text begins in which the places of its failures are. */
export interface Condition {
  readonly operand: Operand;
  readonly line: number;
  readonly column: number;
}

export interface Body {
  slot: number;
  cost: number;
  steps: readonly Evaluate[];
}

export function noOverload(name: string): RuleFailure {
  return new RuleFailure(`${name} does not take these types`);
}
