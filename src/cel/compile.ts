import type { ASTNode } from '@marcbachmann/cel-js';
import { add, divide, modulo, multiply, negate, subtract } from './arithmetic.js';
import { apply, compileCall, compileMethod } from './calls.js';
import { compileComparison, isComparison } from './comparison.js';
import { constantOf } from './constants.js';
import type { Body, Compilation, Evaluate, Operation } from './evaluation.js';
import type { FactShape } from './fact-shape.js';
import { problemOfFacts } from './facts-lint.js';
import { compileList, compileMap } from './literals.js';
import { compileLogic, compileNot, compileTernary } from './logic.js';
import { compileIn } from './membership.js';
import { compileAttribute, compileField, compileIndex, pathOf } from './paths.js';
import { RuleFailure } from './rule-failure.js';
import type { Places, RuleIssue } from './rule-issue.js';
import { TypeValue } from './values.js';

/** The identifier of what the server knows about the caller. */
const FACTS = '__kaiten';

const TYPES = new Set(['bool', 'bytes', 'double', 'int', 'list', 'map', 'null_type', 'string', 'type', 'uint']);

const ARITHMETIC: Readonly<Record<string, Operation>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': modulo,
};

/** Turns the tree of a rule into closures, which call each other when it runs. */
export class Compiler implements Compilation {
  cost = 0;
  readsFacts = false;
  readonly issues: RuleIssue[] = [];
  readonly #variables: string[] = [];

  constructor(
    private readonly places: Places,
    private readonly facts?: FactShape,
  ) {}

  compile(node: ASTNode): Evaluate {
    this.cost += 1;
    switch (node.op) {
      case 'value':
      case '-_':
        return this.#constantOr(node, () => apply(this, node, [node.args as ASTNode], negate));
      case 'id':
        return this.#identifier(node);
      case '.':
      case '[]':
        return this.#selection(node);
      case '&&':
      case '||':
        return compileLogic(this, node, node.op);
      case '!_':
        return compileNot(this, node);
      case '?:':
        return compileTernary(this, node);
      case 'in':
        return compileIn(this, node);
      case 'list':
        return this.#constantOr(node, () => compileList(this, node));
      case 'map':
        return compileMap(this, node);
      case 'call':
        return compileCall(this, node);
      case 'rcall':
        return compileMethod(this, node);
      default:
        return this.#operator(node);
    }
  }

  compileBody(variable: string, nodes: readonly ASTNode[]): Body {
    const outside = this.cost;
    this.cost = 0;
    const slot = this.#variables.push(variable) - 1;
    const steps = nodes.map((node) => this.compile(node));
    this.#variables.pop();
    const { cost } = this;
    this.cost = outside;
    return { slot, cost, steps };
  }

  slotOf(name: string): number | undefined {
    const slot = this.#variables.lastIndexOf(name);
    return slot < 0 ? undefined : slot;
  }

  failure({ pos }: ASTNode, message: string): RuleFailure {
    const { line, column } = this.places.place(pos);
    return new RuleFailure(message, line, column);
  }

  refuse({ start, end }: { start: number; end: number }, message: string): void {
    this.issues.push(this.places.issue(message, start, end));
  }

  checkPath(node: ASTNode & { op: '.' | '[]' }): void {
    const path = pathOf(node);
    if (!this.facts || path?.root.args !== FACTS || this.slotOf(FACTS) !== undefined) return;
    const problem = problemOfFacts(
      this.facts,
      FACTS,
      path.steps.map(({ name }) => name),
    );
    const place = node.op === '.' ? { start: node.pos, end: node.end } : node.args[1];
    if (problem) this.refuse(place, problem);
  }

  #constantOr(node: ASTNode, compile: () => Evaluate): Evaluate {
    const constant = constantOf(node);
    if (constant !== undefined) return () => constant;
    if (node.op !== 'value') return compile();
    this.refuse(node, 'an int has 64 bits');
    return () => null;
  }

  #identifier(node: ASTNode & { op: 'id' }): Evaluate {
    const name = node.args;
    const slot = this.slotOf(name);
    if (slot !== undefined) return ({ slots }) => slots[slot]!;
    if (name === FACTS) {
      this.readsFacts = true;
      return ({ facts }) => facts;
    }
    if (TYPES.has(name)) {
      const type = new TypeValue(name);
      return () => type;
    }
    return compileAttribute(name, this.failure(node, `there is no attribute ${name}`));
  }

  #selection(node: ASTNode & { op: '.' | '[]' }): Evaluate {
    const path = pathOf(node);
    if (path?.root.args === 'google' && this.slotOf('google') === undefined) {
      const type = new TypeValue(['google', ...path.steps.map(({ name }) => name)].join('.'));
      return () => type;
    }
    this.checkPath(node);
    if (node.op === '.') return compileField(this, node, this.compile(node.args[0]), node.args[1]);
    const [map, index] = node.args;
    const name = path?.steps.at(-1)?.name;
    if (name !== undefined) return compileField(this, node, this.compile(map), name);
    return compileIndex(this, node, this.compile(map), this.compile(index));
  }

  #operator(node: ASTNode): Evaluate {
    if (isComparison(node.op)) return compileComparison(this, node as ASTNode & { op: '==' });
    const run = ARITHMETIC[node.op];
    if (run) return apply(this, node, node.args as readonly ASTNode[], run);
    this.refuse(node, `${node.op} is not supported`);
    return () => null;
  }
}
