import type { ASTNode } from '@marcbachmann/cel-js';

interface Checker {
  check(node: ASTNode, context: unknown): unknown;
  getType(name: string): unknown;
  dynType: unknown;
}

/** Lists have a type of values, maps of keys as well. */
interface Type {
  name: string;
  keyType?: Type;
  valueType?: Type;
}

type Check = (checker: Checker, node: ASTNode, context: unknown) => unknown;

interface Amendable {
  meta: { check: Check };
  setMeta(key: 'check' | 'macro', value: unknown): void;
}

const TIMESTAMP = 'google.protobuf.Timestamp';

/** Where the library's checker knows less than CEL says, a node is told how to be checked. */
export function amend(node: ASTNode): void {
  const { check } = (node as unknown as Amendable).meta;
  const amended = (amendment: Check): void => (node as unknown as Amendable).setMeta('check', amendment);
  switch (node.op) {
    case 'call':
      if (node.args[0] === 'has') amendHas(node, node.args[1][0]);
      return;
    // A variable of the library's own, whether optional values are enabled or not.
    case 'id':
      if (node.args === 'optional') amended((checker) => checker.dynType);
      return;
    // The library fails over the unknown type of elements.
    case 'list':
    case 'map':
      amended((checker, it, context) =>
        node.args.length === 0
          ? shallow(checker, node.op)
          : shallow(checker, node.op, check(checker, it, context) as Type),
      );
      return;
    // The library takes the sum of a duration and a timestamp for a duration.
    case '+':
      amended((checker, it, context) => {
        const sum = check(checker, it, context);
        const timestamp = checker.getType(TIMESTAMP);
        return checker.check(node.args[1], context) === timestamp ? timestamp : sum;
      });
      return;
  }
}

/**
 * The type of a literal, in which lists and maps are anything. The library keeps each type that it has met for good, and rules could have any
 * number of them: `list<map<int, list<string>>>`.
 */
function shallow(checker: Checker, op: 'list' | 'map', type?: Type): unknown {
  if (type && !isNested(type.keyType) && !isNested(type.valueType)) return type;
  if (op === 'list') return checker.getType('list<dyn>');
  const key = type?.keyType;
  return checker.getType(`map<${key === undefined || isNested(key) ? 'dyn' : key.name}, dyn>`);
}

const isNested = (type: Type | undefined): boolean => type?.keyType !== undefined || type?.valueType !== undefined;

/** The library has `has` for fields of identifiers only. */
function amendHas(node: ASTNode, field: ASTNode | undefined): void {
  if (field?.op !== '.') return;
  const typeCheck = (checker: Checker, _macro: unknown, context: unknown): unknown => {
    checker.check(field.args[0], context);
    return checker.getType('bool');
  };
  (node as unknown as Amendable).setMeta('macro', { typeCheck });
}
