import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../http/json.js';
import { Frame } from './evaluation.js';
import { Meter } from './meter.js';
import { RuleFailure } from './rule-failure.js';
import { compileRule } from './rule.js';

function compiled(source: string) {
  const { rule, issues } = compileRule(source);
  if (!rule) throw new Error(JSON.stringify(issues));
  return rule;
}

function matches(source: string, context: JsonObject = {}, facts: JsonObject = {}): boolean {
  return compiled(source).matches(new Frame(context, facts, new Meter(100_000)));
}

/** What a rule fails with. */
function failureOf(source: string, context: JsonObject = {}, limit = 100_000): RuleFailure {
  try {
    compiled(source).matches(new Frame(context, {}, new Meter(limit)));
  } catch (failure) {
    if (failure instanceof RuleFailure) return failure;
    throw failure;
  }
  throw new Error('the rule did not fail');
}

describe('a rule', () => {
  const context = JSON.parse(
    '{"plan":"pro","seats":12,"user":{"email":"ann@example.com","tags":["a","b"],"admin":true,"none":null}}',
  );

  it.each([
    'plan == "pro" && seats > 10 && user.email.endsWith("@example.com")',
    'plan in ["free", "pro"]',
    '!(plan in ["free"])',
    'seats >= 12 && 12 <= seats && seats < 13 && seats == 12 && seats != 13 && 11 < seats',
    'seats == 12u && seats == 12.0',
    'user.tags.exists(tag, tag == "b") && !user.tags.all(tag, tag == "b")',
    'user.tags.exists_one(tag, tag > "a")',
    'user.tags.map(tag, tag + "!").join(",") == "a!,b!"',
    'user.tags.map(tag, tag != "a", tag) == user.tags.filter(tag, tag != "a")',
    'has(user.email) && !has(user.name) && user["admin"]',
    'has(user.none) && user.none == null && user["none"] == null',
    '"tags" in user && user.tags[1] == "b"',
    'user.exists(key, key == "email")',
    'size(user) == 4 && user.size() == 4 && user.tags.size() == 2',
    'seats > 10 ? user.admin : false',
    'int(seats) % 5 == 2',
    'cel.bind(double_, seats * 2.0, double_ == 24.0 && double_ > seats)',
    'type(seats) == double && type(user) == map && type(timestamp(0)) == google.protobuf.Timestamp',
    'user.email.matches("^[a-z]+@") && user.email.matches("exam")',
    'timestamp("2026-01-31T12:00:00+02:00").getHours() == 10',
    'user == {"email": "ann@example.com", "tags": ["a", "b"], "admin": true, "none": null}',
  ])('matches %s', (source) => {
    expect(matches(source, context)).toBe(true);
  });

  it('absorbs failures on either side of && and ||', () => {
    expect(matches('missing == 1 || plan == "pro"', context)).toBe(true);
    expect(matches('plan == "pro" || missing == 1', context)).toBe(true);
    expect(matches('missing == 1 && plan == "free"', context)).toBe(false);
    expect(failureOf('missing == 1 || plan == "free"', context).message).toBe('there is no attribute missing');
    expect(matches('user.tags.exists(tag, tag.missing || tag == "b")', context)).toBe(true);
    expect(failureOf('user.tags.all(tag, tag.missing || tag == "b")', context).message).toMatch('has a field missing');
  });

  it('looks at the names of a long path once each', () => {
    const depth = 90;
    const path = `a${'.b'.repeat(depth)}`;
    const nested = Array.from({ length: depth }).reduce((inner) => ({ b: inner }), 1 as unknown);
    expect(
      matches(`${path} == 1 && has(${path}) && ${path.replaceAll('.b', '["b"]')} == 1`, { a: nested } as JsonObject),
    ).toBe(true);
    expect(matches('l[int(i)].b.c == 1 && l[int(i)]["b"]["c"] == 1', { i: 0, l: [{ b: { c: 1 } }] })).toBe(true);
  });

  it('is refused for at most 20 reasons', () => {
    expect(compileRule(Array(300).fill('f()').join(' && ')).issues).toHaveLength(20);
    expect(compileRule(Array(300).fill('a.matches("(")').join(' && ')).issues).toHaveLength(20);
  });

  it('leaves no types behind in the library, which keeps all that it meets', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const nested = (i: number): string => {
      const kinds = Math.imul(i + 1, 2_654_435_761);
      let source = `${i}`;
      for (let bit = 0; bit < 40; bit++) source = (kinds >> (bit % 32)) & 1 ? `[${source}]` : `{1: ${source}}`;
      return `${source} == a`;
    };
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 3_000; i++) expect(compileRule(nested(i)).issues).toBeUndefined();
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(40_000_000);
  });

  it('tells ints and doubles beyond 2^53 apart', () => {
    expect(matches('9007199254740993 == x', { x: 2 ** 53 })).toBe(false);
    expect(matches('9007199254740992 == x && 9007199254740993 > x', { x: 2 ** 53 })).toBe(true);
    expect(matches('x in [9007199254740993]', { x: 2 ** 53 })).toBe(false);
    expect(matches('9223372036854775807 - 1 == 9223372036854775806')).toBe(true);
    expect(failureOf('9223372036854775807 + int(x) == 0', { x: 1 }).message).toMatch('64 bits');
  });

  it('reads own properties only', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(failureOf(`${name} == 1`).message).toBe(`there is no attribute ${name}`);
      expect(failureOf(`a.${name} == 1`, { a: {} }).message).toBe(`there is no ${name}`);
      expect(matches(`has(a.${name}) || "${name}" in a`, { a: {} })).toBe(false);
      expect(matches(`${name} == 1 && a.${name} == 2`, { [name]: 1, a: { [name]: 2 } })).toBe(true);
    }
    expect(failureOf('a["__proto__"] == 1', { a: {} }).message).toBe('there is no __proto__');
    expect(failureOf('a.length == 1', { a: [] }).message).toBe('only a map has a field length');
    expect(failureOf('a["length"] == 1', { a: 'text' }).message).toBe('only a map has a field length');
  });

  it('reads the facts, and never a __kaiten of the context', () => {
    const rule = compiled('__kaiten.customer.slug == "acme"');
    expect(rule.readsFacts).toBe(true);
    expect(compiled('customer.slug == "__kaiten"').readsFacts).toBe(false);
    const facts = { customer: { slug: 'acme' } };
    expect(rule.matches(new Frame({ __kaiten: { customer: { slug: 'other' } } }, facts, new Meter(100)))).toBe(true);
    expect(() => rule.matches(new Frame({ __kaiten: facts }, {}, new Meter(1_000)))).toThrow(
      expect.objectContaining({ message: 'there is no customer' }),
    );
  });

  it('says where it failed', () => {
    const failure = failureOf('plan == "pro" &&\n  user.tags[5] == "a"', context);
    expect(failure).toMatchObject({ message: 'the index is out of range', line: 2, column: 3 });
    expect(failureOf('a.b', { a: { b: 'text' } })).toMatchObject({ message: 'the rule is neither true nor false' });
    expect(failureOf('a + 1 == 2', { a: 1 })).toMatchObject({ message: '+ does not take these types', column: 1 });
  });

  it('stops at the limit of its meter, which nothing absorbs', () => {
    const list = Array.from({ length: 300 }, (_, i) => i);
    const failure = failureOf('l.all(a, l.all(b, l.all(c, a + b + c >= 0.0))) || true', { l: list });
    expect(failure.message).toBe('the rule costs more than 100000 units');
  });
});

describe('compileRule', () => {
  it.each([
    ['', 'the rule is empty', [1, 1, 1, 1]],
    [' \n ', 'the rule is empty', [1, 1, 2, 2]],
    ['a ==', 'the rule ends too early', [1, 5, 1, 5]],
    ['a == 1 &&\n  b == @', 'unexpected character: @', [2, 8, 2, 9]],
    ['"a" + 1 == "b"', 'no such overload: string + int', [1, 1, 1, 8]],
    ['1 + 1', 'a rule is true or false, and this is of type int', [1, 1, 1, 6]],
    ['a &&\nunknown(1)', 'there is no function unknown', [2, 1, 2, 8]],
    ['a &&\n b.unknown(1)', 'there is no function unknown', [2, 4, 2, 11]],
    ['bytes("a").hex() == "61"', 'there is no function hex', [1, 12, 1, 15]],
    ['a.matches("(")', 'the pattern is not valid: error parsing regexp: missing closing ): `(`', [1, 11, 1, 14]],
    ['a.matches("(a{30}){30}")', 'the pattern repeats too much', [1, 11, 1, 24]],
    ['timestamp("today") > a', 'the text is no timestamp such as 2026-01-31T12:00:00Z', [1, 1, 1, 19]],
    ['a.getHours("Mars/Base") == 1', 'there is no time zone "Mars/Base"', [1, 12, 1, 23]],
    ['has(a)', 'has() invalid argument', [1, 5, 1, 6]],
    ['a == 9223372036854775808', 'an int has 64 bits', [1, 6, 1, 25]],
    ['size("a", "b") == 1', "found no matching overload for 'size(string, string)'", [1, 1, 1, 15]],
    [`a == "${'x'.repeat(10_000)}"`, 'a rule has at most 10000 characters', [1, 10_001, 1, 10_008]],
  ])('refuses %j', (source, message, [line, column, endLine, endColumn]) => {
    const { issues } = compileRule(source);
    expect(issues).toMatchObject([{ message, line, column, endLine, endColumn }]);
    expect(issues).toHaveLength(1);
  });

  it.each([
    ['', 'empty', undefined],
    [`a == "${'x'.repeat(10_000)}"`, 'too_long', { most: '10000' }],
    [`a${' && a'.repeat(600)}`, 'too_deep', undefined],
    ['a ==', 'ends_early', undefined],
    ['(a', 'ends_early', undefined],
    ['a == @', 'unexpected', undefined],
    ['a b', 'unexpected', undefined],
    ['"a', 'unterminated_text', undefined],
    ['"\\q" == a', 'bad_escape', undefined],
    ['a == 0x', 'bad_number', undefined],
    ['a == 9223372036854775808', 'int_too_large', undefined],
    ['if == 1', 'reserved_word', undefined],
    ['has(a)', 'bad_macro', undefined],
    ['"a" + 1 == "b"', 'wrong_types', undefined],
    ['size("a", "b") == 1', 'wrong_types', undefined],
    ['1 + 1', 'not_boolean', { type: 'int' }],
    ['unknown(1)', 'unknown_function', { name: 'unknown' }],
    ['a.unknown(1)', 'unknown_function', { name: 'unknown' }],
    ['a.matches("(")', 'other', undefined],
  ])('says by a code what is wrong with %j', (source, code, params) => {
    const { issues } = compileRule(source);
    expect(issues!.map((issue) => [issue.code, issue.params])).toEqual([[code, params]]);
  });

  it('names all functions that do not exist', () => {
    expect(compileRule('one(1) && a.two() && has(a.b) && three()').issues!.map(({ column }) => column)).toEqual([
      1, 13, 34,
    ]);
  });

  it('never throws over rules that are nested deeply', () => {
    for (const source of [
      '('.repeat(5_000),
      '!'.repeat(9_999),
      '-'.repeat(9_999),
      '['.repeat(9_999),
      '{1:'.repeat(3_000),
    ]) {
      expect(compileRule(source).issues).toHaveLength(1);
    }
    expect(compileRule(`a${' && a'.repeat(600)}`).issues).toMatchObject([{ message: 'the rule is nested too deeply' }]);
    expect(compileRule(`a.b${'.b'.repeat(4_000)}`).issues).toHaveLength(1);
    expect(compileRule(`${'a?b:'.repeat(2_000)}c`).issues).toHaveLength(1);
    expect(compileRule(`${'!'.repeat(498)}a`).rule).toBeDefined();
  });
});

describe('conditions that several rules have', () => {
  const failureOf = (source: string, context: JsonObject): unknown => {
    const { rule } = compileRule(source);
    try {
      return rule!.matches(new Frame(context, {}, new Meter(10_000)));
    } catch (failure) {
      return failure;
    }
  };

  it('fail where they stand in each of them', () => {
    expect(failureOf('a == 1 && absent.x == 2', { a: 1 })).toMatchObject({ line: 1, column: 11 });
    expect(failureOf('a == 1 &&\n  a > 0 && absent.x == 2', { a: 1 })).toMatchObject({ line: 2, column: 12 });
    expect(failureOf('a == 1 && (absent.x == 2 || false)', { a: 1 })).toMatchObject({ line: 1, column: 12 });
    expect(failureOf('a == 1 && (false ||\n absent.x == 2)', { a: 1 })).toMatchObject({ line: 2, column: 2 });
  });

  it('mean what they say in each of them, also where a loop has a variable of that name', () => {
    expect(failureOf('a == 1 && x == 2', { a: 1, x: 2 })).toBe(true);
    expect(failureOf('[3].all(x, a == 1 && x == 2)', { a: 1, x: 2 })).toBe(false);
    expect(failureOf('a == 1 && [2].exists(x, a == 1 && x == 2)', { a: 1, x: 3 })).toBe(true);
  });

  it('cost each of them the same', () => {
    const spentBy = (source: string): number => {
      const meter = new Meter(10_000);
      compileRule(source).rule!.matches(new Frame({ first: 1, second: 2 }, {}, meter));
      return meter.spent;
    };
    const source = 'first == 1 && second in [1, 2, 3] && first < second';
    expect(spentBy(source)).toBe(spentBy(source));
  });

  it('are asked once in a frame, and anew in the next', () => {
    let reads = 0;
    const aFrame = (plan: string): Frame => {
      const context = Object.defineProperty({}, 'plan', { get: () => ((reads += 1), plan) });
      return new Frame(context, {}, new Meter(10_000));
    };
    const rules = ['plan == "pro" && true', 'plan == "pro" || false', '(plan == "pro" && true) || false'].map(compiled);
    for (const [plan, expected] of [
      ['pro', true],
      ['free', false],
      ['pro', true],
    ] as const) {
      reads = 0;
      const frame = aFrame(plan);
      expect(rules.map((rule) => rule.matches(frame))).toEqual([expected, expected, expected]);
      expect(reads).toBe(1);
    }
  });

  it('are not mixed up between frames that take turns', () => {
    const rule = compiled('plan == "pro" && seats > 1');
    const [pro, free] = ['pro', 'free'].map((plan) => new Frame({ plan, seats: 2 }, {}, new Meter(10_000)));
    expect([pro, free, pro, free].map((frame) => rule.matches(frame!))).toEqual([true, false, true, false]);
  });

  it('fail in the second rule at their place in it', () => {
    const frame = new Frame({ a: 1 }, {}, new Meter(10_000));
    const failureIn = (source: string): unknown => {
      try {
        return compiled(source).matches(frame);
      } catch (failure) {
        return failure;
      }
    };
    expect(failureIn('a == 1 && absent.x == 2')).toMatchObject({ line: 1, column: 11 });
    expect(failureIn('a == 1 && a < 2 && absent.x == 2')).toMatchObject({ line: 1, column: 20 });
  });

  it('are asked in each turn of a loop', () => {
    expect(matches('[1, 2, 3].exists(x, x == 3 && true) && ![1, 2].all(x, x == 1 && true)')).toBe(true);
  });

  it('cost what they spend at run time once', () => {
    const meter = new Meter(10_000);
    const frame = new Frame({ items: Array.from({ length: 100 }, (_, i) => i) }, {}, meter);
    const rule = compiled('items.all(x, x >= 0) && true');
    rule.matches(frame);
    const first = meter.spent;
    rule.matches(frame);
    expect(first).toBeGreaterThan(200);
    expect(meter.spent - first).toBeLessThan(20);
  });
});
