import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../http/json.js';
import { Frame } from './evaluation.js';
import { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import { compileRule } from './rule.js';

const LIMIT = 20_000;

/** A meter that sees whether a rule goes on after it was stopped. */
class WatchedMeter extends Meter {
  stopped = false;

  override spend(units: number): void {
    if (this.stopped) throw new Error('the rule went on beyond its limit');
    expect(units).toBeGreaterThanOrEqual(0);
    this.stopped = this.spent + units > this.limit;
    super.spend(units);
  }
}

const NAMES = ['a', 'b', 'l', 'm', 's', 't', 'constructor', 'toString', 'hasOwnProperty', 'length'];
const name = fc.constantFrom(...NAMES);

const literal = fc.constantFrom(
  ...[
    '0',
    '1',
    '-1',
    '9223372036854775807',
    '2u',
    '1.5',
    '-0.0',
    '1e308',
    '"a"',
    '"é😀"',
    '""',
    'b"\\xff"',
    'true',
    'false',
    'null',
  ],
  ...[
    '"__proto__"',
    '"constructor"',
    '"(a+)+$"',
    '"[x-"',
    '"(a{20}){20}"',
    '"Europe/Paris"',
    '"2026-01-01T00:00:00Z"',
    '"1h"',
  ],
);

const BINARY = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in'];
const CALLS = ['size', 'int', 'uint', 'double', 'string', 'bytes', 'bool', 'timestamp', 'duration', 'type', 'dyn'];
const METHODS_0 = ['size', 'trim', 'reverse', 'lowerAscii', 'upperAscii', 'join', 'getHours', 'getDayOfYear'];
const METHODS_1 = [
  ...[
    'contains',
    'startsWith',
    'endsWith',
    'matches',
    'indexOf',
    'lastIndexOf',
    'split',
    'join',
    'charAt',
    'substring',
  ],
  'getHours',
];
const METHODS_2 = ['replace', 'substring', 'indexOf', 'split'];
const MACROS = ['all', 'exists', 'exists_one', 'map', 'filter'];

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 7, depthSize: 'large' },
    name,
    literal,
    fc
      .tuple(tie('expression'), fc.constantFrom(...BINARY), tie('expression'))
      .map(([a, op, b]) => `(dyn(${a}) ${op} dyn(${b}))`),
    fc
      .tuple(fc.constantFrom(...MACROS), name, tie('expression'), tie('expression'))
      .map(([macro, variable, list, body]) => `dyn(${list}).${macro}(${variable}, dyn(${body}))`),
    fc
      .tuple(fc.constantFrom('l', 'm'), name, tie('expression'))
      .map(([list, it, body]) => `${list}.all(${it}, dyn(${body}) != 1)`),
    fc
      .tuple(name, tie('expression'), tie('expression'))
      .map(([it, value, body]) => `cel.bind(${it}, dyn(${value}), ${body})`),
    fc.tuple(name, tie('expression')).map(([it, body]) => `cel.bind(${it}, ${it} + ${it}, ${body})`),
    fc.tuple(fc.constantFrom(...CALLS), tie('expression')).map(([call, a]) => `${call}(dyn(${a}))`),
    fc.tuple(tie('expression'), fc.constantFrom(...METHODS_0)).map(([a, method]) => `dyn(${a}).${method}()`),
    fc
      .tuple(tie('expression'), fc.constantFrom(...METHODS_1), tie('expression'))
      .map(([a, method, b]) => `dyn(${a}).${method}(dyn(${b}))`),
    fc
      .tuple(tie('expression'), fc.constantFrom(...METHODS_2), tie('expression'), tie('expression'))
      .map(([a, method, b, c]) => `dyn(${a}).${method}(dyn(${b}), dyn(${c}))`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([a, b, c]) => `(dyn(${a}) ? dyn(${b}) : dyn(${c}))`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `dyn(${a})[dyn(${b})]`),
    fc.tuple(tie('expression'), name).map(([a, field]) => `dyn(${a}).${field}`),
    fc.tuple(tie('expression'), name).map(([a, field]) => `has(dyn(${a}).${field})`),
    fc.array(tie('expression'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(tie('expression'), tie('expression')), { maxLength: 3 })
      .map((entries) => `{${entries.map(([key, value]) => `dyn(${key}): dyn(${value})`).join(', ')}}`),
    tie('expression').map((a) => `!dyn(${a})`),
    tie('expression').map((a) => `-dyn(${a})`),
  ),
}));

const nested = fc
  .integer({ min: 1, max: 150 })
  .map((depth) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown);

const context: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      a: fc.oneof(fc.jsonValue(), nested),
      b: fc.oneof(fc.jsonValue(), nested),
      l: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 300, size: 'max' }),
      m: fc.array(fc.string({ unit: 'binary' }), { maxLength: 100, size: 'max' }),
      s: fc.integer({ min: 0, max: 10_000 }).map((length) => 'ab'.repeat(length)),
      t: fc.string({ unit: 'binary', maxLength: 200, size: 'max' }),
    },
    { requiredKeys: [] },
  )
  .map((value) => JSON.parse(JSON.stringify(value).replace('"a"', () => '"__proto__"')) as JsonObject);

/** True, false, or the failure's message; and what it cost. */
function run(
  source: string,
  given: JsonObject,
  limit = LIMIT,
): { result: boolean | string; spent: number } | undefined {
  const { rule } = compileRule(source);
  if (!rule) return undefined;
  const meter = new WatchedMeter(limit);
  try {
    const result = rule.matches(new Frame(given, {}, meter));
    return { result, spent: meter.spent };
  } catch (failure) {
    if (!(failure instanceof RuleFailure)) throw failure;
    return { result: failure.message, spent: meter.spent };
  }
}

describe('hostile rules', () => {
  it('fail as rules do, cost what they may at most, and always the same', () => {
    let ran = 0;
    let stopped = 0;
    fc.assert(
      fc.property(expression, context, (source, given) => {
        const first = run(source, given, 1_000);
        expect(run(source, given, 1_000)).toEqual(first);
        if (!first) return;
        ran++;
        if (first.result === 'the rule costs more than 1000 units') stopped++;
        expect(first.spent).toBeLessThanOrEqual(1_000);
      }),
      { numRuns: 400 },
    );
    // Most of what is generated compiles, and some of it is stopped.
    expect(ran).toBeGreaterThan(100);
    expect(stopped).toBeGreaterThan(5);
  });

  it('are refused or compiled, whatever their text is', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('(', '[', '{', '"', "'", '"""', '.', '?', ':', '\\', 'r"', 'b"', '//', '\n', '0x', '`'),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, name, literal, fc.constantFrom(...BINARY)), { maxLength: 30 }), (parts) => {
        const source = parts.join(' ');
        const { rule, issues } = compileRule(source);
        if (rule) return;
        expect(issues.length).toBeGreaterThan(0);
        for (const { line, column, message } of issues) {
          expect(message).not.toBe('');
          expect(source.split('\n')[line - 1]!.length).toBeGreaterThanOrEqual(column - 1);
        }
      }),
      { numRuns: 500 },
    );
  });

  /** What each of these costs is at the limit long before it is done. */
  it.each([
    ['nested loops', 'l.all(a, l.all(b, l.all(c, l.all(d, true))))'],
    ['nested maps', 'l.map(a, l.map(b, l.map(c, l))) == []'],
    ['texts that are doubled', `${'cel.bind(s, s + s, '.repeat(40)}true${')'.repeat(40)}`],
    ['lists that are doubled', `${'cel.bind(l, l + l, '.repeat(40)}true${')'.repeat(40)}`],
    ['texts that are looked through', 'l.all(a, !s.contains("aaaaaaaaaaaab"))'],
    ['texts that are replaced', 's.replace("a", s) == ""'],
    ['texts that are split and joined', 'l.all(a, s.split("").join(s) != "")'],
    ['patterns that backtrack', 'l.all(a, !s.matches("(a+)+$"))'],
    ['patterns of data', 'l.all(a, !"b".matches("(a{9}){9}" + string(a)))'],
    ['lists that are compared', 'l.all(a, l == m)'],
    ['zones of data', 'l.all(a, timestamp(0).getHours("Europe/" + string(a)) > 0 || true)'],
  ])('are stopped: %s', (_, source) => {
    const numbers = Array.from({ length: 5_000 }, (__, i) => i);
    expect(run(source, { l: numbers, m: [...numbers], s: 'a'.repeat(60_000) })).toMatchObject({
      result: `the rule costs more than ${LIMIT} units`,
    });
  });
});
