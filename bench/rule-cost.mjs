/**
 * Measures what a unit of cost takes: `node bench/rule-cost.mjs [--only TEXT]`. Runs rules that are as slow as rules can be made until a flag's
 * limit of units stops them, and prints nanoseconds per unit, the worst last. Charges of src/cel/ are calibrated with it: 20 ns a unit is the
 * goal. Also prints what compiling the worst rules takes.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/build.mjs';

const { values: options } = parseArgs({ options: { only: { type: 'string', default: '' } } });
await ensureBuilt();
const { Frame } = await import('../dist/src/cel/evaluation.js');
const { compileRule } = await import('../dist/src/cel/rule.js');
const { Meter } = await import('../dist/src/cel/meter.js');

const LIMIT = 200_000;
/** Least time for which a rule is run, in nanoseconds. */
const AT_LEAST = 200_000_000n;

const range = (length, make) => Array.from({ length }, (_, i) => make(i));
const longText = 'a'.repeat(60_000);
/** Random, so that nothing is predicted; the same in each run. */
let seed = 1;
const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
const letters = (length, alphabet) => range(length, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
const deep = (depth) => range(depth, () => 0).reduce((inner) => ({ a: inner }), { a: 1 });
const doubled = (start, operand, times, end) =>
  range(times, (i) => `cel.bind(v${i + 1}, ${operand(`v${i}`)}, `)
    .reduceRight((rest, bind) => `${bind}${rest})`, end)
    .replace(/^/, `cel.bind(v0, ${start}, `) + ')';

const numbers = range(1_000, (i) => i);
const loop = (body, over = 'l') => `${over}.all(x, ${over}.all(y, ${over}.all(z, ${body})))`;

/** Name, rule, context. */
const CASES = [
  [
    'straight line',
    range(400, (i) => `a${i} == ${i}`).join(' && '),
    Object.fromEntries(range(400, (i) => [`a${i}`, i])),
  ],
  ['straight line of paths', range(300, () => 'a.b.c.d == 1').join(' && '), { a: { b: { c: { d: 1 } } } }],
  ['empty loop', loop('true'), { l: numbers }],
  ['loop of doubles', loop('x + y + z >= 0.0'), { l: numbers }],
  ['loop of ints', loop('int(x) * 3037000499 / 7 % 13 + 5 >= 0'), { l: numbers }],
  ['loop of uints', loop('uint(x) * 3037000499u / 7u + 5u >= 0u'), { l: numbers }],
  ['loop of absent fields', loop('x.a.b || true'), { l: range(100, () => ({ b: 1 })) }],
  ['loop of overloads that do not exist', loop('x + "a" == "b" || x < "c" || true'), { l: numbers }],
  ['loop of has', loop('has(x.a.a.a) && !has(x.constructor)'), { l: range(300, () => deep(5)) }],
  ['loop of ternaries', loop('(x > y ? y : z) >= 0.0'), { l: numbers }],
  ['loop of lists', loop('[x, y, z] == [x, y, z]'), { l: numbers }],
  ['loop of map literals', loop('{"a": x, "b": y, 1: z}.a == x'), { l: numbers }],
  ['loop of map literals of ints', loop('{int(x): 1, -1: 2}[-1] == 2'), { l: numbers }],
  ['loop of indices', loop('l[x] == x && l[int(y)] == y'), { l: numbers }],
  [
    'loop of dynamic keys',
    loop('o[x] == 1.0'),
    { l: range(1000, (i) => `key${i}`), o: Object.fromEntries(range(1000, (i) => [`key${i}`, 1])) },
  ],
  ['maps of lists', 'l.map(x, l.map(y, l.filter(z, z > y))) == []', { l: numbers }],
  ['exists_one', loop('l.exists_one(a, a == x)').replaceAll('all(z', 'exists_one(z'), { l: numbers }],
  [
    'keys of objects',
    'l.all(x, o.all(k, k != "no"))',
    { l: numbers, o: Object.fromEntries(range(5_000, (i) => [`k${i}`, 1])) },
  ],
  [
    'sizes of objects',
    'l.all(x, size(o) > 3)',
    { l: numbers, o: Object.fromEntries(range(5_000, (i) => [`k${i}`, 1])) },
  ],
  [
    'sizes of objects, integer keys',
    'l.all(x, size(o) > 3)',
    { l: numbers, o: Object.fromEntries(range(5_000, (i) => [i * 7, 1])) },
  ],
  [
    'equal objects',
    'l.all(x, o == p)',
    {
      l: numbers,
      o: Object.fromEntries(range(3_000, (i) => [`k${i}`, i])),
      p: Object.fromEntries(range(3_000, (i) => [`k${i}`, i])),
    },
  ],
  ['equal deep objects', 'l.all(x, o == p)', { l: numbers, o: deep(90), p: deep(90) }],
  ['equal lists', 'l.all(x, l == m)', { l: numbers, m: [...numbers] }],
  ['equal lists of lists', 'l.all(x, l == m)', { l: range(1000, () => [[]]), m: range(1000, () => [[]]) }],
  ['in lists of numbers', 'l.all(x, !(-1.0 in l))', { l: numbers }],
  ['in lists of texts', 'l.all(x, !(s in l))', { l: range(600, () => 'a'.repeat(99) + 'b'), s: 'a'.repeat(100) }],
  ['in constant texts', loop('!(x in ["FR", "DE", "JP"])'), { l: range(1000, (i) => `C${i % 99}`) }],
  ['text doubled', doubled('s', (v) => `${v} + ${v}`, 40, 'true'), { s: longText }],
  ['text grown and looked at', doubled('s', (v) => `${v} + "b"`, 40, 'v40.contains("c")'), { s: longText }],
  ['short texts joined', loop('x + y + z != "a"'), { l: range(1000, (i) => `é${i}`) }],
  ['short texts joined and hashed', loop('!((x + y + z) in {"a": 1})'), { l: range(1000, (i) => `é${i}`) }],
  ['joined texts compared', loop('x + y + z < "zzzz"'), { l: range(1000, (i) => `zzz${i}`) }],
  ['list doubled', doubled('l', (v) => `${v} + ${v}`, 40, 'true'), { l: numbers }],
  ['short lists joined', loop('size([x] + [y] + [z]) == 3'), { l: numbers }],
  ['long texts compared', 'l.all(x, s < t)', { l: numbers, s: longText, t: `${longText.slice(1)}b` }],
  ['long texts equal', 'l.all(x, s != t)', { l: numbers, s: longText, t: `${longText.slice(1)}b` }],
  [
    'long texts of two bytes equal',
    'l.all(x, s != t)',
    { l: numbers, s: '中'.repeat(20_000), t: `${'中'.repeat(19_999)}a` },
  ],
  ['size of a long text', 'l.all(x, size(s) > 0)', { l: numbers, s: longText }],
  ['size of a text of surrogates', 'l.all(x, size(s) > 0)', { l: numbers, s: '😀'.repeat(10_000) }],
  ['size of a text with one at the end', 'l.all(x, size(s) > 0)', { l: numbers, s: `${longText}😀` }],
  ['size of short texts', loop('size(x) > 0'), { l: range(1000, (i) => `é${i}`) }],
  ['charAt of surrogates', 'l.all(x, s.charAt(9) == "😀")', { l: numbers, s: '😀'.repeat(10_000) }],
  ['substring of surrogates', 'l.all(x, s.substring(9, 9000) != "")', { l: numbers, s: '😀'.repeat(10_000) }],
  ['indexOf of surrogates', 'l.all(x, s.indexOf("a", 9000) < 0)', { l: numbers, s: '😀'.repeat(10_000) }],
  ['lastIndexOf of surrogates', 'l.all(x, s.lastIndexOf("😀", 9000) > 0)', { l: numbers, s: '😀'.repeat(10_000) }],
  ...[
    'aaab',
    'baaa',
    'aabaaaa',
    `${'a'.repeat(60)}b`,
    `b${'a'.repeat(60)}`,
    `${'a'.repeat(3_000)}b`,
    `b${'a'.repeat(3_000)}`,
    `${'a'.repeat(1500)}b${'a'.repeat(1500)}`,
  ].flatMap((part) => [
    [`contains ${part.length} ${part.indexOf('b')}`, 'l.all(x, !s.contains(t))', { l: numbers, s: longText, t: part }],
    [
      `lastIndexOf ${part.length} ${part.indexOf('b')}`,
      'l.all(x, s.lastIndexOf(t) < 0)',
      { l: numbers, s: longText, t: part },
    ],
  ]),
  [
    'contains, two bytes',
    'l.all(x, !s.contains(t))',
    { l: numbers, s: '中'.repeat(20_000), t: `${'中'.repeat(1_000)}a${'中'.repeat(1_000)}` },
  ],
  ['contains of short texts', loop('!x.contains("q")'), { l: range(1000, (i) => `é${i}`) }],
  ['startsWith', 'l.all(x, !s.startsWith(t))', { l: numbers, s: longText, t: `${'a'.repeat(59_000)}b` }],
  ['split to characters', 'l.all(x, size(s.split("")) > 3)', { l: numbers, s: longText }],
  ['split', 'l.all(x, size(s.split("a")) > 3)', { l: numbers, s: longText }],
  ['split with a limit', 'l.all(x, size(s.split("a", 5)) > 3)', { l: numbers, s: longText }],
  ['replace', 'l.all(x, s.replace("a", "bc") != "")', { l: numbers, s: longText }],
  ['replace nothing by something', 'l.all(x, s.replace("", "bc") != "")', { l: numbers, s: longText }],
  ['replace by a long text', 's.replace("a", s) != ""', { s: 'a'.repeat(2_000) }],
  ['replace with a limit', 'l.all(x, s.replace("a", "bc", 5) != "")', { l: numbers, s: longText }],
  ['join', 'l.all(x, l.join(",") != "")', { l: range(1000, (i) => `k${i}`) }],
  ['join by a long text', 'l.all(x, l.join(s) != "")', { l: range(1000, (i) => `k${i}`), s: 'é'.repeat(1000) }],
  ['reverse', 'l.all(x, s.reverse() != "")', { l: numbers, s: longText }],
  ['trim', 'l.all(x, s.trim() == "")', { l: numbers, s: ' '.repeat(60_000) }],
  ['lowerAscii', 'l.all(x, s.lowerAscii() != "")', { l: numbers, s: 'aA'.repeat(30_000) }],
  ['upperAscii', 'l.all(x, s.upperAscii() != "")', { l: numbers, s: 'aA'.repeat(30_000) }],
  ['text of doubles', loop('string(x) != ""'), { l: range(1000, () => random() * 1e-7) }],
  ['text of ints', loop('string(int(x) - 9223372036854775807) != ""'), { l: numbers }],
  ['doubles of texts', loop('double(x) >= 0.0'), { l: range(1000, () => String(random() * 1e-300)) }],
  ['doubles of long texts', 'l.all(x, double(s) >= 0.0)', { l: numbers, s: `0.${letters(390, '0123456789')}` }],
  ['ints of texts', loop('int(x) >= 0'), { l: range(1000, () => letters(18, '123456789')) }],
  [
    'ints of texts that are none',
    loop('int(x) >= 0 || true'),
    { l: range(1000, () => `${letters(18, '123456789')}x`) },
  ],
  ['bytes of texts', 'l.all(x, bytes(s) != b"")', { l: numbers, s: '中'.repeat(20_000) }],
  ['bytes of short texts', loop('bytes(x) != b""'), { l: range(1000, (i) => `é${i}`) }],
  ['texts of bytes', 'l.all(x, string(bytes(s)) != "")', { l: numbers, s: '中'.repeat(20_000) }],
  ['texts of short bytes', loop('string(bytes(x)) != ""'), { l: range(1000, (i) => `é${i}`) }],
  ['texts of bytes that are none', loop('string(b"\\xff\\xfe") != "" || true'), { l: numbers }],
  ['joined bytes', doubled('bytes(s)', (v) => `${v} + ${v}`, 40, 'true'), { s: 'a'.repeat(100) }],
  [
    'compared bytes',
    'cel.bind(a, bytes(s), cel.bind(b, bytes(s), l.all(x, a == b && a <= b)))',
    { l: numbers, s: longText },
  ],
  [
    'timestamps of texts',
    loop('timestamp(x) > timestamp("2020-01-01T00:00:00Z")'),
    { l: range(1000, (i) => `2026-01-01T00:00:00.${100 + i}Z`) },
  ],
  [
    'texts of timestamps',
    'cel.bind(t, timestamp("2020-01-01T00:00:00.123Z"), l.all(y, l.all(x, string(t) != "")))',
    { l: numbers },
  ],
  ['durations of texts', loop('duration(x) > duration("1s")'), { l: range(1000, (i) => `1h2m3s4ms5us${i}ns`) }],
  ['long durations of texts', loop('duration(x) > duration("1s")'), { l: range(1000, () => '1.5h'.repeat(16)) }],
  [
    'sums of times',
    loop('timestamp("2020-01-01T00:00:00Z") + duration("1s") - duration("2s") > timestamp("2019-01-01T00:00:00Z")'),
    { l: numbers },
  ],
  ['fields of times', loop('timestamp("2020-01-01T00:00:00Z").getDayOfYear() == 0'), { l: numbers }],
  ['fields in a zone', loop('timestamp("2020-01-01T00:00:00Z").getHours("America/New_York") == 19'), { l: numbers }],
  [
    'fields in zones of data',
    'm.all(x, m.all(y, timestamp("2020-01-01T00:00:00Z").getHours(x) < 24 && timestamp("2020-01-01T00:00:00Z").getHours(y) < 24))',
    { m: Intl.supportedValuesOf('timeZone') },
  ],
  [
    'zones of data that do not exist',
    'l.all(x, timestamp("2020-01-01T00:00:00Z").getHours(string(x) + "Europe/Nowhere") < 24 || true)',
    { l: numbers },
  ],
  ...[
    ['(a+)+$', `${'a'.repeat(3_000)}b`],
    ['(x+x+)+[yz]', 'x'.repeat(3_000)],
    ['(a|b)*a(a|b){12}[cd]', letters(3_000, 'ab')],
    ['[a-q][^u-z]{13}x', letters(3_000, 'abcdefghijklmnopqrstuvwxyz')],
    ['(?i)(\\pL+\\s?){1,4}[!?]', letters(3_000, 'abcéß中 ')],
    ['(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[=!]', letters(3_000, 'abc')],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', letters(3_000, 'abc')],
    ['\\b\\w+\\b\\W*\\b\\w+\\b[!?]', letters(3_000, 'abc ,')],
    ['(a?){50}a{50}[bc]', 'a'.repeat(3_000)],
    ['(?:[a-z]{1,20}){1,10}[!?]', letters(3_000, 'abcdefghij')],
    ['q', letters(3_000, 'abc')],
    ['^q', letters(3_000, 'abc')],
    ['(?s).', letters(3_000, 'abc')],
    ['[^\\pL]{3}', letters(3_000, '中文字é')],
    ['😀+$', '😀'.repeat(1_500) + 'a'],
    ['(?:a|ab|abc|abcd|abcde|abcdef|abcdefg)*[zy]', letters(3_000, 'abcdefg')],
    ['((((((((((a*)*)*)*)*)*)*)*)*)*)*[bc]', 'a'.repeat(3_000)],
  ].flatMap(([pattern, text]) => [
    [`matches ${pattern}`, `l.all(x, s.matches(r"${pattern}") || true)`, { l: numbers, s: text }],
    [
      `matches ${pattern}, short`,
      `l.all(y, l.all(x, s.matches(r"${pattern}") || true))`,
      { l: numbers, s: text.slice(0, 20) },
    ],
    [
      `matches ${pattern}, changing`,
      `l.all(x, (s + string(x)).matches(r"${pattern}") || true)`,
      { l: range(1000, () => random()), s: text.slice(0, 300) },
    ],
  ]),
  ...[
    ['(a|b)*a(a|b){12}[cd]', 'ab'],
    ['(a|b)*a(a|b){30}[cd]', 'ab'],
    ['[a-q][^u-z]{13}[xy]', 'abcdefghijklmnopqrstuvwxyz'],
    ['(a|b)*a(\\w|\\d){40}(c|d)', 'ab1'],
    ['([abc]*a[abc]{20})*[xy]', 'abc'],
  ].map(([pattern, alphabet]) => [
    `matches ${pattern}, new texts`,
    `l.all(x, (s + x).matches(r"${pattern}") || true)`,
    () => ({ l: range(100, () => letters(300, alphabet)), s: letters(1_000, alphabet) }),
  ]),
  ['patterns of data', 'l.all(x, "abc".matches(x) || true)', { l: range(1000, (i) => `(a|b)*${i}#`) }],
  ['large patterns of data', 'l.all(x, "abc".matches(x) || true)', { l: range(1000, (i) => `(a{30}b?){10}${i}#`) }],
  [
    'patterns of classes',
    'l.all(x, "abc".matches(x) || true)',
    { l: range(1000, (i) => `(?i)${'[\\pL\\pN]'.repeat(1)}${i}#`) },
  ],
  [
    'patterns of negated classes',
    'l.all(x, "abc".matches(x) || true)',
    { l: range(1000, (i) => `(?i)[${'^\\pL\\PN'.repeat(1)}]${i}#`) },
  ],
  [
    'patterns of wide ranges',
    'l.all(x, "abc".matches(x) || true)',
    { l: range(1000, (i) => `(?i)${'[B-\u{1e942}]'.repeat(2)}${i}#`) },
  ],
  ['patterns of data that are none', 'l.all(x, "abc".matches(x) || true)', { l: range(1000, (i) => `(${i}#`) }],
  [
    'alternatives of data',
    'l.all(x, "abc".matches(x) || true)',
    { l: range(1000, (i) => `${range(99, (j) => `w${j}`).join('|')}${i}#`) },
  ],
];

function measure(rule, make) {
  let spent = 0;
  let took = 0n;
  const best = [];
  for (let runs = 0; took < AT_LEAST || runs < 5; runs++) {
    const meter = new Meter(LIMIT);
    const context = make(runs);
    const start = process.hrtime.bigint();
    try {
      rule.matches(new Frame(context, {}, meter));
    } catch (failure) {
      if (failure.message === undefined || failure.stack) throw failure;
    }
    const ns = process.hrtime.bigint() - start;
    took += ns;
    spent = meter.spent;
    best.push(Number(ns));
  }
  best.sort((a, b) => a - b);
  // The least: other processes only ever add to it.
  return { units: spent, 'ns/unit': +(best[0] / spent).toFixed(1), ms: +(best[0] / 1e6).toFixed(2) };
}

const rows = [];
for (const [name, source, context] of CASES) {
  if (!name.includes(options.only)) continue;
  const { rule, issues } = compileRule(source);
  if (!rule) {
    console.error(name, issues);
    continue;
  }
  // As a request brings it: parsed, its texts flat and not hashed. Patterns of data are made anew for each run, since they are remembered.
  const json = typeof context === 'function' ? '' : JSON.stringify(context);
  rows.push({
    name: name.slice(0, 60),
    ...measure(rule, (run) =>
      typeof context === 'function' ? context(run) : JSON.parse(json.replaceAll('#', `${run}x`)),
    ),
  });
}
rows.sort((a, b) => a['ns/unit'] - b['ns/unit']);
console.table(rows);

/** Rules that are slow to compile. */
const SOURCES = [
  ['400 conditions', range(400, (i) => `a${i} == ${i}`).join(' && ')],
  ['nested parentheses', '('.repeat(90) + 'a' + ')'.repeat(90)],
  ['nested lists', '['.repeat(90) + ']'.repeat(90) + ' == a'],
  ['not not not', '!'.repeat(9_000) + 'a'],
  ['additions', range(490, () => 'a').join(' + ') + ' == 1'],
  ['nested macros', range(90, () => 'l.all(x, ').join('') + 'true' + ')'.repeat(90)],
  ['a long list', `a in [${range(1_900, () => '1').join(',')}]`],
  ['patterns', range(9, () => `a.matches("${'(a{30}b?){8}'.padEnd(300, 'c')}")`).join(' && ')],
  ['patterns of classes', range(9, () => `a.matches(r"(?i)${'[\\pL\\pN]'.repeat(1)}")`).join(' && ')],
  ['patterns of negated classes', range(9, () => `a.matches(r"(?i)[${'^\\pL\\PN'.repeat(1)}]")`).join(' && ')],
  [
    'zones',
    Intl.supportedValuesOf('timeZone')
      .slice(0, 90)
      .map((zone) => `timestamp("2020-01-01T00:00:00Z").getHours("${zone}") < 24`)
      .join(' && '),
  ],
];
if (options.only === '') {
  console.table(
    SOURCES.map(([name, source]) => {
      const start = process.hrtime.bigint();
      const { issues } = compileRule(source);
      const ms = Number(process.hrtime.bigint() - start) / 1e6;
      return { name, 'compiled in, ms': +ms.toFixed(2), issue: issues?.[0].message.slice(0, 60) ?? '' };
    }),
  );
}
