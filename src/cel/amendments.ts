import type { ASTNode } from '@marcbachmann/cel-js';

interface Checker {
  check(node: ASTNode, context: unknown): unknown;
  getType(name: string): unknown;
  dynType: unknown;
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
      if (node.args.length === 0) amended((checker) => checker.getType('list<dyn>'));
      return;
    case 'map':
      if (node.args.length === 0) amended((checker) => checker.getType('map<dyn, dyn>'));
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

/** The library has `has` for fields of identifiers only. */
function amendHas(node: ASTNode, field: ASTNode | undefined): void {
  if (field?.op !== '.') return;
  const typeCheck = (checker: Checker, _macro: unknown, context: unknown): unknown => {
    checker.check(field.args[0], context);
    return checker.getType('bool');
  };
  (node as unknown as Amendable).setMeta('macro', { typeCheck });
}
