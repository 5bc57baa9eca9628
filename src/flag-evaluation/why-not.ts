import { bucketOf } from './bucket.js';
import type { CompiledDateRollout, CompiledFlag, CompiledStrategy } from './compiled-flag.js';
import type { Strategy, Variant } from './definition.js';
import type { ExplainedTargeting, Explanation } from './explain.js';
import type { EvaluationRequest } from './evaluation.js';
import { isUnderWay, nextChange } from './rollout.js';

/** Why one of the places that could give a variant did not. */
export interface WhyNot {
  because:
    | 'nothing_gives_it'
    | 'weight_is_zero'
    | 'flag_disabled'
    | 'targeting_not_matched'
    | 'targeting_broken'
    | 'earlier_targeting_matched'
    | 'budget_spent'
    | 'targeting_key_missing'
    | 'bucket_outside_share'
    | 'rollout_not_yet'
    | 'rollout_over';
  /** The place: a targeting's name; absent for the default and for the flag as a whole. */
  targeting?: string;
  /** The same for people. */
  detail: string;
  /** With `bucket_outside_share`: the key's bucket, and the variant's, each from the first to before `to`. */
  bucket?: number;
  ranges?: { from: number; to: number }[];
  /** With `rollout_not_yet`: when it is given, as far as this place is concerned. RFC 3339. */
  from?: string;
}

/**
 * Why an evaluation did not give this variant: a reason for each place that could, in the order in which they are asked. Empty where it gave it.
 *
 * @param explanation what `explain` said of this flag and request.
 */
export function whyNot(
  flag: CompiledFlag,
  request: EvaluationRequest,
  explanation: Explanation,
  asked: Variant,
): WhyNot[] {
  const { evaluation, targetings } = explanation;
  if (evaluation.errorCode === undefined && evaluation.variant.id === asked.id) return [];
  const { definition } = flag;
  const reasons: WhyNot[] = [];
  for (const [i, targeting] of definition.targetings.entries()) {
    if (!mentions(targeting, asked.id)) continue;
    const reason =
      whyNotReached(explanation, targetings[i]!) ??
      whyNotGiven(targeting, flag.targetings[i]!.strategy, flag, request, asked);
    reasons.push({ ...reason, targeting: targeting.name });
  }
  if (mentions(definition.defaultVariant, asked.id)) {
    reasons.push(
      explanation.askedLast === 'default'
        ? whyNotGiven(definition.defaultVariant, flag.defaultStrategy, flag, request, asked)
        : whyNotDefault(explanation),
    );
  }
  if (reasons.length > 0) return reasons;
  return [{ because: 'nothing_gives_it', detail: 'Neither a targeting nor the default gives this variant.' }];
}

function mentions(strategy: Strategy, id: string): boolean {
  if (strategy.type === 'basic') return strategy.variant === id;
  if (strategy.type === 'rollout_date') return strategy.start.variant === id || strategy.end.variant === id;
  return Object.hasOwn(strategy.distribution, id);
}

/** Undefined where the targeting's strategy was asked. */
function whyNotReached(explanation: Explanation, targeting: ExplainedTargeting): WhyNot | undefined {
  switch (targeting.outcome) {
    case 'matched':
      return undefined;
    case 'not_matched':
      return { because: 'targeting_not_matched', detail: 'Its rule does not match.' };
    case 'broken':
      return { because: 'targeting_broken', detail: `Its rule failed: ${targeting.failure!.message}.` };
    case 'skipped':
      if (targeting.because === 'flag_disabled') {
        return { because: 'flag_disabled', detail: 'The flag is disabled, so no targeting is asked.' };
      }
      return whyNotDefault(explanation);
  }
}

/** Why what comes after the place that answered was not asked. */
function whyNotDefault({ askedLast, targetings }: Explanation): WhyNot {
  if (typeof askedLast !== 'number') {
    return {
      because: 'budget_spent',
      detail: 'The rules of this request cost all that they may before it came to this.',
    };
  }
  return { because: 'earlier_targeting_matched', detail: `Targeting ${targetings[askedLast]!.name} matched before.` };
}

/** Why a strategy that was asked and mentions the variant did not give it. */
function whyNotGiven(
  strategy: Strategy,
  compiled: CompiledStrategy,
  flag: CompiledFlag,
  request: EvaluationRequest,
  asked: Variant,
): WhyNot {
  const { targetingKey: key, now } = request;
  const bucket = key ? bucketOf(flag.salt, key) : undefined;
  if (strategy.type === 'rollout_percentage') {
    const ranges = rangesOf(strategy.allocation, asked.id);
    if (ranges.length === 0) return { because: 'weight_is_zero', detail: 'It has no share.' };
    if (bucket === undefined) return KEY_MISSING;
    const detail = `The key is in bucket ${bucket}, which is another variant's.`;
    return { because: 'bucket_outside_share', detail, bucket, ranges };
  }
  const rollout = compiled as CompiledDateRollout;
  if (bucket === undefined && isUnderWay(rollout, now)) return KEY_MISSING;
  const change = bucket === undefined ? endOf(rollout, now) : nextChange(rollout, bucket, now);
  if (change === undefined) return { because: 'rollout_over', detail: 'The rollout has taken the key away from it.' };
  const from = new Date(change).toISOString();
  return { because: 'rollout_not_yet', detail: `The rollout gives it from ${from}.`, from };
}

const KEY_MISSING: WhyNot = {
  because: 'targeting_key_missing',
  detail: 'Shares are of targeting keys, and the context has no targetingKey.',
};

/** The end of a rollout that is still to come: what changes then, changes for everybody. */
const endOf = ({ endsAt }: CompiledDateRollout, now: number): number | undefined => (now < endsAt ? endsAt : undefined);

function rangesOf(allocation: readonly (readonly [string, number])[], id: string): { from: number; to: number }[] {
  let to = 0;
  return allocation
    .map(([owner, count]) => ({ owner, from: to, to: (to += count) }))
    .filter(({ owner }) => owner === id)
    .map(({ from, to }) => ({ from, to }));
}
