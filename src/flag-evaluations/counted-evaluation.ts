/** Why an evaluation gave what it gave. ERROR: it failed, and gave nothing. */
export const COUNTED_REASONS = ['STATIC', 'TARGETING_MATCH', 'SPLIT', 'DEFAULT', 'DISABLED', 'ERROR'] as const;
export type CountedReason = (typeof COUNTED_REASONS)[number];

/** What is counted: that a flag gave a variant for a reason. */
export interface CountedEvaluation {
  readonly organizationId: string;
  readonly flagId: string;
  /** Absent where the evaluation failed. */
  readonly variant?: { readonly id: string; readonly name: string };
  readonly reason: CountedReason;
}

/**
 * How often something was evaluated that `EvaluationCounts.begin` was told of, since it was taken away last. A request may evaluate hundreds of
 * flags, so that each has a nanosecond or two for this: it is a number beside whatever is made of the evaluation, and goes up. It is an object
 * of its own, which is kept for a while when what it stands beside is no longer of use.
 */
export interface EvaluationTally {
  evaluations: number;
}
