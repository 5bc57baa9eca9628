import type { ASTNode } from '@marcbachmann/cel-js';
import { add, divide, modulo, multiply, negate, subtract } from './arithmetic.js';
import { apply, compileCall, compileMethod } from './calls.js';
import { compileComparison, isComparison } from './comparison.js';
import { constantOf } from './constants.js';
import { CostlyParts } from './costly-parts.js';
import type { Body, Compilation, Condition, Evaluate, Operation } from './evaluation.js';
import type { FactShape } from './fact-shape.js';
import { problemOfFacts } from './facts-lint.js';
import { intern } from './intern.js';
import { compileList, compileMap } from './literals.js';
import { compileLogic, compileNot, compileTernary } from './logic.js';
import { compileIn } from './membership.js';
import { Operand } from './operand.js';
import { compileAttribute, compileField, compileIndex, pathOf } from './paths.js';
import type { Path } from './paths.js';
import { RuleFailure } from './rule-failure.js';
import { Places } from './rule-issue.js';
import type { IssueKind, RuleIssue } from './rule-issue.js';
import { sharedConditions } from './shared-texts.js';
import type { SharedCondition } from './shared-texts.js';
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

const NO_PLACES = new Places('');
const NO_PARTS = new CostlyParts();

/** Turns the tree of a rule into closures, which call each other when it runs. */
export class Compiler implements Compilation {
  cost = 0;
  readsFacts = false;
  readonly issues: RuleIssue[] = [];
  readonly #variables: string[] = [];

  /** @param begin where the text that `places` is of begins in the rule's. */
  constructor(
    private places: Places,
    private readonly facts?: FactShape,
    public parts = new CostlyParts(),
    private readonly begin = 0,
  ) {}

  /**
   * Ends it, when all is compiled: closures keep their compiler in memory, since all those of a function have one scope, and it shall not keep the
   * rule's text and patterns.
   */
  end(): void {
    this.places = NO_PLACES;
    this.parts = NO_PARTS;
  }

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

  attributeOf(node: ASTNode): string | undefined {
    if (node.op !== 'id') return undefined;
    const name = node.args;
    return name === FACTS || TYPES.has(name) || this.slotOf(name) !== undefined ? undefined : name;
  }

  compileCondition(node: ASTNode): Condition {
    // What is held against facts, or stands in a loop, is not the same everywhere.
    const shared = this.facts || this.#variables.length > 0 ? undefined : this.#sharedCondition(node);
    if (!shared) return { operand: new Operand(this.compile(node), false), line: 1, column: 1 };
    this.cost += shared.cost;
    this.readsFacts ||= shared.readsFacts;
    return { operand: shared.operand, ...this.places.place(node.start - this.begin) };
  }

  /** @returns undefined when something is wrong with it. */
  #sharedCondition(node: ASTNode): SharedCondition | undefined {
    const text = node.input.slice(node.start, node.end);
    const known = sharedConditions.find(text);
    if (known) return known;
    const compiler = new Compiler(new Places(text), undefined, this.parts, node.start);
    const { count } = this.parts;
    const evaluate = compiler.compile(node);
    compiler.end();
    if (compiler.issues.length > 0) return undefined;
    const condition = { operand: new Operand(evaluate, true), cost: compiler.cost, readsFacts: compiler.readsFacts };
    // Each rule has to answer for the patterns and zones that it names.
    if (this.parts.count === count) sharedConditions.keep(text, condition);
    return condition;
  }

  failure({ pos }: ASTNode, message: string): RuleFailure {
    const { line, column } = this.places.place(pos - this.begin);
    return new RuleFailure(message, line, column);
  }

  refuse({ start, end }: { start: number; end: number }, message: string, kind: IssueKind = { code: 'other' }): void {
    this.issues.push(this.places.issue(message, kind, start, end));
  }

  checkLastName(node: ASTNode & { op: '.' }): void {
    const path = pathOf(node);
    this.#checkNames(path, path.steps.length - 1);
  }

  #constantOr(node: ASTNode, compile: () => Evaluate): Evaluate {
    const constant = constantOf(node);
    if (constant !== undefined) return () => constant;
    if (node.op !== 'value') return compile();
    this.refuse(node, 'an int has 64 bits', { code: 'int_too_large' });
    return () => null;
  }

  #identifier(node: ASTNode & { op: 'id' }): Evaluate {
    // Interned, for the message that it goes into would keep all of the rule with a piece of it.
    const name = intern(node.args);
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

  /** All names of a path at once: each would look at those before it. */
  #selection(node: ASTNode & { op: '.' | '[]' }): Evaluate {
    const path = pathOf(node);
    const { base, steps } = path;
    if (steps.length === 0) {
      const [map, index] = node.args as [ASTNode, ASTNode];
      return compileIndex(this, node, this.compile(map), this.compile(index));
    }
    if (base.op === 'id' && base.args === 'google' && this.slotOf('google') === undefined) {
      const type = new TypeValue(['google', ...steps.map(({ name }) => name)].join('.'));
      return () => type;
    }
    this.#checkNames(path, 0);
    this.cost += steps.length - 1;
    return steps.reduce((map, step) => compileField(this, step.node, map, step.name), this.compile(base));
  }

  /** Refuses the rule for the first name that does not exist of a path of facts, if it is not before the one at `from`. */
  #checkNames({ base, steps }: Path, from: number): void {
    if (!this.facts || base.op !== 'id' || base.args !== FACTS || this.slotOf(FACTS) !== undefined) return;
    const names = steps.map(({ name }) => name);
    const problem = problemOfFacts(this.facts, FACTS, names, from);
    if (!problem) return;
    const { node } = steps[problem.index]!;
    const [, index] = node.args as readonly ASTNode[];
    const { message, params } = problem;
    const place = node.op === '.' ? { start: node.pos, end: node.end } : index!;
    this.refuse(place, message, { code: 'unknown_fact', params });
  }

  #operator(node: ASTNode): Evaluate {
    if (isComparison(node.op)) return compileComparison(this, node as ASTNode & { op: '==' });
    const run = ARITHMETIC[node.op];
    if (run) return apply(this, node, node.args as readonly ASTNode[], run);
    this.refuse(node, `${node.op} is not supported`, { code: 'unsupported_operator', params: { operator: node.op } });
    return () => null;
  }
}
