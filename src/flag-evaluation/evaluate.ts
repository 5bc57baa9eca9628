import { RuleFailure } from '../cel/rule-failure.js';
import type { Rule } from '../cel/rule.js';
import { bucketOf } from './bucket.js';
import { FLAG_BUDGET, RULE_BUDGET } from './budgets.js';
import type { CompiledFlag, CompiledPercentageRollout, CompiledStrategy, CompiledTargeting } from './compiled-flag.js';
import type { Evaluation, EvaluationRequest, Failure } from './evaluation.js';
import type { Recorder } from './recorder.js';
import { isUnderWay, shareAt } from './rollout.js';

const KEY_MISSING: Failure = Object.freeze({
  errorCode: 'TARGETING_KEY_MISSING',
  errorDetails: 'the flag goes by shares of targeting keys, and the context has no targetingKey',
});
const BUDGET_SPENT: Failure = Object.freeze({
  errorCode: 'GENERAL',
  errorDetails: 'the rules of the flags before this one cost all that a request may',
});
const NOBODY: Failure = Object.freeze({
  errorCode: 'GENERAL',
  errorDetails: 'the default of the flag gives no variant',
});
/** What a mistake of ours makes of a rule. */
export const UNEXPECTED = new RuleFailure('the rule cannot be run');
const FLAG_BUDGET_SPENT = new RuleFailure('the rules before it cost all that those of a flag may');

/**
 * What the flag is for this request: what the first targeting that matches gives, else what the default gives; the default at once where the
 * flag is disabled. A recorder is told of it and changes nothing.
 */
export function evaluate(flag: CompiledFlag, request: EvaluationRequest, recorder?: Recorder): Evaluation {
  const { meter } = request.frame;
  if (meter.spent >= meter.limit) return budgetSpent(recorder);
  if (flag.targetings.length > 0) return evaluateTargetings(flag, request, recorder);
  return evaluateDefault(flag, request, recorder);
}

function evaluateTargetings(flag: CompiledFlag, request: EvaluationRequest, recorder?: Recorder): Evaluation {
  const { meter } = request.frame;
  const flagLimit = meter.charged + FLAG_BUDGET;
  let brokenRules: string[] | undefined;
  for (let i = 0; i < flag.targetings.length; i++) {
    const targeting = flag.targetings[i]!;
    const { name, rule, issue, strategy } = targeting;
    const outcome = rule ? run(rule, targeting, flag, request, flagLimit - meter.charged) : issue!;
    if (meter.spent >= meter.limit) return withBroken(budgetSpent(recorder), brokenRules);
    if (outcome === false) {
      recorder?.notMatched(i);
    } else if (outcome === true) {
      recorder?.matched(i);
      const evaluation = ask(strategy, flag, request, recorder);
      if (evaluation) return withBroken(evaluation, brokenRules);
    } else {
      recorder?.broken(i, outcome);
      (brokenRules ??= []).push(name);
    }
  }
  return withBroken(evaluateDefault(flag, request, recorder), brokenRules);
}

function evaluateDefault(flag: CompiledFlag, request: EvaluationRequest, recorder?: Recorder): Evaluation {
  recorder?.byDefault();
  return ask(flag.defaultStrategy, flag, request, recorder) ?? NOBODY;
}

function budgetSpent(recorder?: Recorder): Failure {
  recorder?.budgetSpent();
  return BUDGET_SPENT;
}

/**
 * Whether the rule matches, or why it failed. What it costs, however it ends, is charged to the flag, and what it spends to the request.
 *
 * @param left what the rules of the flag may still cost.
 */
function run(
  rule: Rule,
  targeting: CompiledTargeting,
  flag: CompiledFlag,
  request: EvaluationRequest,
  left: number,
): boolean | RuleFailure {
  if (left <= 0) return FLAG_BUDGET_SPENT;
  const { frame } = request;
  frame.meter.restrict(Math.min(RULE_BUDGET, left));
  try {
    return rule.matches(frame);
  } catch (error) {
    if (error instanceof RuleFailure) return error;
    // A mistake of ours breaks one rule, and not the answer for all flags of a request.
    request.onUnexpected?.(error, targeting, flag);
    return UNEXPECTED;
  }
}

/** What the strategy gives; undefined where it has nothing to give, because its variants are gone. */
function ask(
  strategy: CompiledStrategy,
  flag: CompiledFlag,
  request: EvaluationRequest,
  recorder?: Recorder,
): Evaluation | undefined {
  if (strategy.type === 'basic') return strategy.answer;
  if (strategy.type === 'rollout_date') {
    if (!isUnderWay(strategy, request.now)) return request.now < strategy.startsAt ? strategy.start : strategy.end;
  } else if (strategy.ends.length === 0) return undefined;
  if (!request.targetingKey) return KEY_MISSING;
  const bucket = bucketOf(flag.salt, request.targetingKey);
  recorder?.bucket(bucket);
  if (strategy.type === 'rollout_percentage') return strategy.answers[segmentOf(bucket, strategy)];
  return bucket < shareAt(strategy, request.now) ? strategy.end : strategy.start;
}

/** Up to so many segments are counted, each without a branch that would be guessed wrong half of the time; more are searched. */
const FEW_SEGMENTS = 8;

/** The segment that has the bucket: the first that ends after it. */
function segmentOf(bucket: number, { ends }: CompiledPercentageRollout): number {
  const last = ends.length - 1;
  if (last >= FEW_SEGMENTS) return searchSegment(bucket, ends);
  let segment = 0;
  // The sign of a negative number: 1 for each that ends before the bucket or at it.
  for (let i = 0; i < last; i++) segment += (ends[i]! - 1 - bucket) >>> 31;
  return segment;
}

function searchSegment(bucket: number, ends: readonly number[]): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bucket < ends[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

function withBroken(evaluation: Evaluation, brokenRules: string[] | undefined): Evaluation {
  return brokenRules ? { ...evaluation, brokenRules } : evaluation;
}
