/**
 * Measures the evaluation of flags alone, without server and database: `node bench/flag-evaluation.mjs [--rounds N]`.
 *
 * Requests of 350 flags of one kind, with another key and context each; the kinds take turns, and the ratio of a round is that of its turns. A
 * request's own cost, its meter and context, is part of it, but shared by 350 flags it is next to nothing. So `static` is a call that looks at a
 * budget and returns a constant: a ratio of 5 leaves 25 to 40 ns to a hash and a search, or to a rule.
 */
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../scripts/build.mjs';
import { median } from './report.mjs';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '60' } } });
const FLAGS = 350;
const REQUESTS = 300;

await ensureBuilt();
const { Frame } = await import('../dist/src/cel/evaluation.js');
const { Meter } = await import('../dist/src/cel/meter.js');
const { allocate } = await import('../dist/src/flag-evaluation/allocation.js');
const { REQUEST_BUDGET } = await import('../dist/src/flag-evaluation/budgets.js');
const { compileFlag } = await import('../dist/src/flag-evaluation/compiled-flag.js');
const { evaluate } = await import('../dist/src/flag-evaluation/evaluate.js');

const basic = (variant) => ({ type: 'basic', variant });
const halves = { off: 50, on: 50 };
const CONDITIONS = 15;
/** Rules of the same text would be one rule, so each has the number of its flag in it. */
const conditionOf = (n) => (n % 2 ? `a${n % CONDITIONS} != "other ${n}"` : `a${n % CONDITIONS} == "other ${n}"`);
/** Fifteen conditions, of which the one at `falseOne` does not hold. */
const conditions = (n, falseOne) =>
  Array.from({ length: CONDITIONS }, (_, i) => `a${i} == "${i === falseOne ? `other ${n}` : `value ${i}`}"`).join(
    ' && ',
  );
const attributes = Object.fromEntries(Array.from({ length: CONDITIONS }, (_, i) => [`a${i}`, `value ${i}`]));

const kinds = {
  static: flagsOf(FLAGS, () => ({ defaultVariant: basic('off') })),
  percentage: flagsOf(FLAGS, () => ({
    defaultVariant: { type: 'rollout_percentage', distribution: halves, allocation: allocate(['off', 'on'], halves) },
  })),
  targeting: flagsOf(FLAGS, (n) => ({ targetings: [{ ...basic('on'), name: 'some', rule: conditionOf(n) }] })),
  conditions: flagsOf(50, (n) => ({
    targetings: Array.from({ length: CONDITIONS }, (_, i) => ({
      ...basic('on'),
      name: `${i}`,
      rule: conditions(n, i),
    })),
  })),
};

let sink = 0;
const seconds = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
for (let round = -5; round < Number(options.rounds); round++) {
  for (const [kind, flags] of Object.entries(kinds)) {
    const elapsed = measure(flags, round);
    if (round >= 0) seconds[kind].push(elapsed);
  }
}
if (sink === 0) throw new Error('nothing was evaluated');

const ratio = (kind) => median(seconds[kind].map((elapsed, round) => elapsed / seconds.static[round]));
const perFlag = (kind) => (median(seconds[kind]) / REQUESTS / kinds[kind].length) * 1e9;
console.log('| one flag | ns | times static | goal |\n| --- | --- | --- | --- |');
console.log(`| static | ${perFlag('static').toFixed(1)} | 1 | |`);
for (const kind of ['targeting', 'percentage']) {
  console.log(`| ${kind} | ${perFlag(kind).toFixed(1)} | ${ratio(kind).toFixed(2)} | <= 5 |`);
}
const request = (median(seconds.conditions) / REQUESTS) * 1e6;
console.log(`\n50 flags, 750 targetings of 15 conditions: ${request.toFixed(0)} µs a request.`);

function flagsOf(count, overridesOf) {
  const variants = ['off', 'on'].map((id) => ({ id, name: id, description: '', value: id === 'on' }));
  return Array.from({ length: count }, (_, i) =>
    compileFlag({
      id: `${i}`,
      slug: `flag-${i}`,
      salt: `flag-${i}`,
      type: 'boolean',
      enabled: true,
      metadata: {},
      variants,
      defaultVariant: basic('off'),
      targetings: [],
      version: '1',
      ...overridesOf(i),
    }),
  );
}

/** @returns how long it takes to answer some requests, in seconds. */
function measure(flags, round) {
  // As they come in requests.
  const contexts = Array.from({ length: REQUESTS }, (_, i) =>
    JSON.parse(JSON.stringify({ targetingKey: `user-${round * REQUESTS + i}`, ...attributes })),
  );
  const began = performance.now();
  for (const context of contexts) {
    const frame = new Frame(context, {}, new Meter(REQUEST_BUDGET));
    const request = { frame, targetingKey: context.targetingKey, now: Date.now() };
    for (let j = 0; j < flags.length; j++) sink += evaluate(flags[j], request).reason.length;
  }
  return (performance.now() - began) / 1000;
}
