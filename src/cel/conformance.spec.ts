import { tests } from '@bufbuild/cel-spec/testdata/conformance.js';
import { describe, expect, it } from '@jest/globals';
import { Frame } from './evaluation.js';
import { compileExpression } from './expression.js';
import { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import { parseDuration, parseTimestamp } from './time.js';
import { Bytes, CelMap, keyOf, typeOf, TypeValue, Uint } from './values.js';
import type { Result, Value } from './values.js';

/**
 * The conformance tests of CEL, those of the parts of it that rules offer. What is not supported is listed below, and must fail: a test that begins
 * to pass, or to fail, fails here.
 */

/** Passed and all tests of each section. `docs/feature-flags.md` publishes these numbers. */
const SHARES: Record<string, readonly [number, number]> = {
  basic: [42, 43],
  bindings_ext: [5, 5],
  comparisons: [325, 406],
  conversions: [109, 109],
  fields: [50, 60],
  fp_math: [30, 30],
  integer_math: [64, 64],
  lists: [39, 39],
  logic: [25, 30],
  macros: [44, 44],
  parse: [168, 219],
  plumbing: [5, 5],
  string: [51, 51],
  string_ext: [113, 209],
  timestamps: [76, 76],
};

/** What is not supported, and the tests that need it: by name, or by all of a suite. */
const NOT_SUPPORTED: Record<string, readonly string[]> = {
  'protobuf messages, their wrappers and enums': [
    'comparisons/eq_wrapper/',
    'comparisons/eq_literal/eq_dyn_json_null',
    'comparisons/eq_literal/not_eq_dyn_proto2_msg_null',
    'comparisons/eq_literal/not_eq_dyn_proto3_msg_null',
    'comparisons/ne_literal/ne_proto',
    'parse/nest/message_literal',
    'parse/repeat/select',
    'parse/repeat/message_literal',
    'parse/whitespace/',
    'parse/comments/',
    'parse/struct_field_names/',
  ],
  'format()': ['string_ext/format/'],
  'strings.quote()': ['string_ext/quote/'],
  'names in backquotes': ['fields/quoted_map_fields/'],
  'attributes whose names have dots, without ["..."]': [
    'fields/qualified_identifier_resolution/qualified_ident',
    'fields/qualified_identifier_resolution/map_field_select',
    'fields/qualified_identifier_resolution/ident_with_longest_prefix_check',
  ],
  'raw bytes, as in br"..."': ['parse/bytes_literals/raw_', 'parse/bytes_literals/upper_raw_'],
  'doubles that begin with a dot': ['comparisons/gt_literal/not_gt_double'],
  'calls of functions that do not exist: a rule that has one is refused': [
    'basic/functions/unbound_is_runtime_error',
    'parse/receiver_function_names/',
  ],
  'what the checker of types refuses, run without it': [
    'comparisons/eq_literal/not_eq_list_length',
    'comparisons/eq_literal/eq_mixed_types',
    'comparisons/eq_literal/eq_list_elem_mixed_types',
    'comparisons/ne_literal/ne_mixed_types',
    'logic/conditional/mixed_type',
    'logic/AND/short_circuit_type_',
    'logic/OR/short_circuit_type_',
  ],
  'ints that are rounded before they are compared with doubles: the comparison is exact': [
    'comparisons/lt_literal/not_lt_dyn_int_big_lossy_double',
    'comparisons/gt_literal/not_gt_dyn_big_double_int',
    'comparisons/lte_literal/lte_dyn_big_double_int',
    'comparisons/gte_literal/gte_dyn_int_big_lossy_double',
  ],
};

interface Suite {
  name: string;
  suites?: Suite[];
  tests?: { original: Test }[];
}

/** A test as the data has it: values are in the JSON form of `cel.expr.Value`. */
interface Test {
  name: string;
  expr: string;
  bindings?: Record<string, { value: JsonValue }>;
  value?: JsonValue;
  typedResult?: { result?: JsonValue };
  evalError?: object;
  anyEvalErrors?: object;
}

type JsonValue = Record<string, unknown>;

function valueOf(json: JsonValue): Value {
  const [[kind, value]] = Object.entries(json) as [[string, unknown]];
  switch (kind) {
    case 'nullValue':
      return null;
    case 'boolValue':
    case 'stringValue':
      return value as boolean | string;
    case 'int64Value':
      return BigInt(value as string);
    case 'uint64Value':
      return new Uint(BigInt(value as string));
    case 'doubleValue':
      return Number(value);
    case 'bytesValue':
      return new Bytes(Buffer.from(value as string, 'base64'));
    case 'typeValue':
      return new TypeValue(value as string);
    case 'listValue':
      return ((value as { values?: JsonValue[] }).values ?? []).map(valueOf);
    case 'mapValue':
      return mapOf((value as { entries?: { key: JsonValue; value: JsonValue }[] }).entries ?? []);
    default:
      return objectOf(value as { '@type': string; value: string });
  }
}

function mapOf(entries: readonly { key: JsonValue; value: JsonValue }[]): CelMap {
  const map = new CelMap();
  for (const entry of entries) {
    const key = valueOf(entry.key);
    map.set(keyOf(key)!, key, valueOf(entry.value));
  }
  return map;
}

/** Messages other than times are texts that nothing is equal to. */
function objectOf(message: { '@type': string; value: string }): Value {
  if (message['@type'].endsWith('.Timestamp')) return parseTimestamp(message.value) as Value;
  if (message['@type'].endsWith('.Duration')) return parseDuration(message.value) as Value;
  return `a message ${message['@type']}`;
}

/** A value with its types, comparable by `toEqual`: -0 and 0 are the same, the order of a map's keys is not. */
function describeValue(value: Value): unknown {
  const type = typeOf(value);
  if (Array.isArray(value)) return { type, items: value.map(describeValue) };
  if (value instanceof CelMap) {
    const entries = value.keys.map((key) =>
      JSON.stringify([describeValue(key), describeValue(value.get(keyOf(key)!)!)]),
    );
    return { type, entries: entries.sort() };
  }
  if (value instanceof Bytes) return { type, data: Buffer.from(value.data).toString('hex') };
  if (value instanceof Uint) return { type, value: String(value.value) };
  if (value instanceof TypeValue) return { type, name: value.name };
  if (typeof value === 'object' && value !== null) return { type, nanos: String((value as { nanos?: bigint }).nanos) };
  return { type, value: String(value) };
}

function resultOf({ expr, bindings = {} }: Test): Result {
  const { expression, issues } = compileExpression(expr);
  if (!expression) return new RuleFailure(issues[0]!.message);
  const context = Object.fromEntries(Object.entries(bindings).map(([name, { value }]) => [name, valueOf(value)]));
  try {
    return expression.evaluate(new Frame(context, {}, new Meter(1_000_000)));
  } catch (error) {
    if (error instanceof RuleFailure) return error;
    throw error;
  }
}

function passes(test: Test): boolean {
  const result = resultOf(test);
  if (test.evalError ?? test.anyEvalErrors) return result instanceof RuleFailure;
  if (result instanceof RuleFailure) return false;
  const expected = test.value ?? test.typedResult?.result ?? { boolValue: true };
  return JSON.stringify(describeValue(result)) === JSON.stringify(describeValue(valueOf(expected)));
}

function testsOf(suite: Suite, path: string): { path: string; test: Test }[] {
  const own = (suite.tests ?? []).map(({ original }) => ({ path: `${path}/${original.name}`, test: original }));
  return [...own, ...(suite.suites ?? []).flatMap((inner) => testsOf(inner, `${path}/${inner.name}`))];
}

describe('the conformance tests of CEL', () => {
  const notSupported = Object.values(NOT_SUPPORTED).flat();
  const suites = (tests as unknown as Suite).suites!.filter(({ name }) => Object.hasOwn(SHARES, name));
  const sections = suites.map((suite) => ({ section: suite.name, cases: testsOf(suite, suite.name) }));

  it.each(sections)('$section: all pass but what is not supported', ({ section, cases }) => {
    const passed = cases.filter(({ test }) => passes(test)).map(({ path }) => path);
    const expected = cases.map(({ path }) => path).filter((path) => !notSupported.some((it) => path.startsWith(it)));
    expect(passed).toEqual(expected);
    expect([passed.length, cases.length]).toEqual(SHARES[section]);
  });

  it('has the sections and the tests that are listed as not supported', () => {
    const paths = sections.flatMap(({ cases }) => cases.map(({ path }) => path));
    expect(sections.map(({ section }) => section).sort()).toEqual(Object.keys(SHARES));
    expect(notSupported.filter((it) => !paths.some((path) => path.startsWith(it)))).toEqual([]);
  });
});
