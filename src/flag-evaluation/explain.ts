import { BUCKETS } from './allocation.js';
import type { CompiledDateRollout, CompiledFlag } from './compiled-flag.js';
import type { FlagDefinition } from './definition.js';
import { evaluate } from './evaluate.js';
import type { Evaluation, EvaluationRequest } from './evaluation.js';
import type { Recorder } from './recorder.js';
import { isUnderWay, shareAt } from './rollout.js';

/** How an evaluation came about. */
export interface Explanation {
  evaluation: Evaluation;
  /** All that the flag has, in order. */
  targetings: ExplainedTargeting[];
  /** Whose strategy was asked last: a targeting's, by its index, or the default's. Absent where the request's budget was spent. */
  askedLast?: number | 'default';
  /** How that strategy chose. */
  strategy?: ExplainedStrategy;
  /** Where a strategy went by it. */
  bucket?: ExplainedBucket;
}

export interface ExplainedTargeting {
  name: string;
  outcome: 'matched' | 'not_matched' | 'broken' | 'skipped';
  /** Why it was skipped. */
  because?: 'flag_disabled' | 'earlier_targeting_matched' | 'budget_spent';
  /** Why it is broken, and where: from 1, absent where it is unknown. */
  failure?: { message: string; line?: number; column?: number };
}

export interface ExplainedBucket {
  /** What is hashed: the salt, NUL, and the targeting key. */
  salt: string;
  targetingKey: string;
  /** 0 to `of` - 1. */
  number: number;
  of: number;
}

/** Variants are given by their names, buckets from the first to before `to`. */
export type ExplainedStrategy =
  | { type: 'basic'; variant: string }
  | { type: 'rollout_percentage'; segments: { variant: string; from: number; to: number }[] }
  | {
      type: 'rollout_date';
      state: 'before' | 'under_way' | 'after';
      startVariant: string;
      endVariant: string;
      /** The buckets below this have the end's variant now. */
      endVariantBelow: number;
    };

/** Evaluates the flag and tells how: what it answers is what `evaluate` does, as it is the same code. */
export function explain(flag: CompiledFlag, request: EvaluationRequest): Explanation {
  const recording = new Recording();
  const evaluation = evaluate(flag, request, recording);
  const { definition } = flag;
  const { askedLast } = recording;
  const because = !definition.enabled
    ? 'flag_disabled'
    : recording.isBudgetSpent
      ? 'budget_spent'
      : 'earlier_targeting_matched';
  return {
    evaluation,
    targetings: definition.targetings.map(({ name }, i) => ({
      name,
      ...(recording.outcomes[i] ?? { outcome: 'skipped', because }),
    })),
    askedLast,
    strategy: askedLast === undefined ? undefined : explainStrategy(flag, askedLast, request.now),
    bucket:
      recording.bucketNumber === undefined
        ? undefined
        : { salt: definition.salt, targetingKey: request.targetingKey!, number: recording.bucketNumber, of: BUCKETS },
  };
}

/** The name of the variant with this id; the id itself where there is none any more. */
export const nameOf = ({ variants }: FlagDefinition, id: string): string =>
  variants.find((variant) => variant.id === id)?.name ?? id;

function explainStrategy(flag: CompiledFlag, asked: number | 'default', now: number): ExplainedStrategy {
  const { definition } = flag;
  const compiled = asked === 'default' ? flag.defaultStrategy : flag.targetings[asked]!.strategy;
  const strategy = asked === 'default' ? definition.defaultVariant : definition.targetings[asked]!;
  if (strategy.type === 'basic') return { type: 'basic', variant: nameOf(definition, strategy.variant) };
  if (strategy.type === 'rollout_percentage') {
    let to = 0;
    const segments = strategy.allocation.map(([id, count]) => ({
      variant: nameOf(definition, id),
      from: to,
      to: (to += count),
    }));
    return { type: 'rollout_percentage', segments };
  }
  const rollout = compiled as CompiledDateRollout;
  return {
    type: 'rollout_date',
    state: isUnderWay(rollout, now) ? 'under_way' : now < rollout.startsAt ? 'before' : 'after',
    startVariant: nameOf(definition, strategy.start.variant),
    endVariant: nameOf(definition, strategy.end.variant),
    endVariantBelow: shareAt(rollout, now),
  };
}

class Recording implements Recorder {
  readonly outcomes: Omit<ExplainedTargeting, 'name'>[] = [];
  askedLast?: number | 'default';
  bucketNumber?: number;
  isBudgetSpent = false;

  notMatched(targeting: number): void {
    this.outcomes[targeting] = { outcome: 'not_matched' };
  }

  broken(targeting: number, { message, line, column }: { message: string; line?: number; column?: number }): void {
    this.outcomes[targeting] = {
      outcome: 'broken',
      failure: { message, line: line || undefined, column: column || undefined },
    };
  }

  matched(targeting: number): void {
    this.outcomes[targeting] = { outcome: 'matched' };
    this.askedLast = targeting;
  }

  byDefault(): void {
    this.askedLast = 'default';
  }

  bucket(bucket: number): void {
    this.bucketNumber = bucket;
  }

  budgetSpent(): void {
    this.askedLast = undefined;
    this.isBudgetSpent = true;
  }
}
