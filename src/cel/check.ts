import type { ASTNode, ParseError, TypeError as CheckError } from '@marcbachmann/cel-js';
import { Environment } from '@marcbachmann/cel-js';
import { amend } from './amendments.js';
import { isFunction, isMethod } from './functions.js';
import type { IssueKind, Places, RuleIssue, RuleIssueCode } from './rule-issue.js';
import { childrenOf } from './syntax.js';

export const LONGEST_RULE = 10_000;

/** Chains of operators count as well: `a + b + c` is nested three deep. */
const DEEPEST = 500;

const LIMITS = { maxAstNodes: 5_000, maxDepth: 100, maxListElements: 2_000, maxMapEntries: 1_000, maxCallArguments: 8 };

const TIMESTAMP = 'google.protobuf.Timestamp';
const DURATION = 'google.protobuf.Duration';

/** What we offer beyond what the library's checker knows of. */
const SIGNATURES = [
  'string.charAt(int): string',
  'string.replace(string, string): string',
  'string.replace(string, string, int): string',
  'string.reverse(): string',
  'matches(string, string): bool',
  'int(uint): int',
  `int(${TIMESTAMP}): int`,
  `string(${TIMESTAMP}): string`,
  `string(${DURATION}): string`,
  `timestamp(${TIMESTAMP}): ${TIMESTAMP}`,
  `duration(${DURATION}): ${DURATION}`,
  `duration(int): ${DURATION}`,
];

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: LIMITS,
});
for (const signature of SIGNATURES) environment.registerFunction(signature, notEvaluated);
for (const operator of ['<', '<=', '>', '>=']) environment.registerOperator(`bytes ${operator} bytes`, notEvaluated);

function notEvaluated(): never {
  throw new Error('rules are evaluated by compile.ts');
}

export type Checked =
  | { checked: { ast: ASTNode; type: string }; issues?: undefined }
  | { checked?: undefined; issues: readonly RuleIssue[] };

/** Parses an expression and checks its types, as far as they are known without a context. */
export function check(source: string, places: Places): Checked {
  if (source.length > LONGEST_RULE)
    return refuse(
      places,
      `a rule has at most ${LONGEST_RULE} characters`,
      { code: 'too_long', params: { most: String(LONGEST_RULE) } },
      LONGEST_RULE,
      source.length,
    );
  if (source.trim() === '') return refuse(places, 'the rule is empty', { code: 'empty' }, 0, source.length);
  try {
    const parsed = environment.parse(source);
    const issues = unknownNames(parsed.ast, places);
    if (issues.length > 0) return { issues };
    const { error, type } = parsed.check();
    if (error) return { issues: [issueOf(error, places, source)] };
    return { checked: { ast: parsed.ast, type: type! } };
  } catch (error) {
    // The parser recurses over !!!!!! without looking at its limit.
    if (error instanceof RangeError)
      return refuse(places, 'the rule is nested too deeply', { code: 'too_deep' }, 0, source.length);
    return { issues: [issueOf(error as ParseError, places, source)] };
  }
}

function refuse(places: Places, message: string, kind: IssueKind, start: number, end: number): Checked {
  return { issues: [places.issue(message, kind, start, end)] };
}

function issueOf(error: ParseError | CheckError, places: Places, source: string): RuleIssue {
  const { start, end } = error.range ?? { start: 0, end: source.length };
  return places.issue(messageOf(error), { code: codeOf(error) }, start, end);
}

/** In the manner of our own messages, and without the excerpt that the library's `message` has. */
function messageOf({ code, summary }: ParseError | CheckError): string {
  if (code === 'limit_exceeded') return 'the rule is too large, or nested too deeply';
  if (!summary) return 'the rule cannot be read';
  if (endsEarly(summary)) return 'the rule ends too early';
  return `${summary[0]!.toLowerCase()}${summary.slice(1)}`;
}

const endsEarly = (summary: string): boolean => /^(?:Unexpected token: |Expected \w+, got )EOF$/.test(summary);

/** The library's codes are many, and its own. */
const CODES: readonly (readonly [RegExp, RuleIssueCode])[] = [
  [/^limit_exceeded$/, 'too_large'],
  [/^(?:unexpected|expected)_(?:token|character)$/, 'unexpected'],
  [/^(?:unterminated_(?:triple_quoted_)?string|newline_in_string)$/, 'unterminated_text'],
  [/_escape|^invalid_unicode_surrogate$/, 'bad_escape'],
  [/^invalid_(?:number|integer|hex_integer|exponent)$/, 'bad_number'],
  [/^reserved_identifier$/, 'reserved_word'],
  [/^(?:invalid_macro_argument|invalid_comprehension_range)$/, 'bad_macro'],
  [
    /overload$|_mismatch$|^heterogeneous_|^invalid_(?:logical_operand|index_type|condition_type)$|^cannot_index_type$|^incompatible_/,
    'wrong_types',
  ],
];

function codeOf({ code, summary }: ParseError | CheckError): RuleIssueCode {
  if (summary && endsEarly(summary)) return 'ends_early';
  return CODES.find(([codes]) => codes.test(code))?.[1] ?? 'other';
}

/**
 * Functions that do not exist, or that only the library has. Ends early for a rule that is nested too deeply to be looked at by recursion. Amends
 * the nodes on the way.
 */
function unknownNames(ast: ASTNode, places: Places): RuleIssue[] {
  const issues: RuleIssue[] = [];
  const pending: [ASTNode, number][] = [[ast, 1]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [node, depth] = next;
    if (depth > DEEPEST)
      return [places.issue('the rule is nested too deeply', { code: 'too_deep' }, node.start, node.end)];
    if (node.op === 'call' && !isFunction(node.args[0])) {
      issues.push(noFunction(places, node.args[0], node.start));
    }
    if (node.op === 'rcall' && !isMethod(node.args[0])) {
      const start = places.find(node.args[0], node.args[1].end);
      issues.push(noFunction(places, node.args[0], start));
    }
    amend(node);
    for (const child of childrenOf(node)) pending.push([child, depth + 1]);
  }
  return issues.sort((a, b) => a.line - b.line || a.column - b.column);
}

const noFunction = (places: Places, name: string, start: number): RuleIssue =>
  places.issue(
    `there is no function ${name}`,
    { code: 'unknown_function', params: { name } },
    start,
    start + name.length,
  );
