import type { Frame } from '../cel/evaluation.js';
import type { CompiledFlag, CompiledTargeting } from './compiled-flag.js';
import type { Variant } from './definition.js';

export interface EvaluationRequest {
  /**
   * The context that the caller sends, without `__kaiten`; the facts that rules read by that name, empty where none does; and the meter, one for the
   * whole request, of `REQUEST_BUDGET`.
   */
  readonly frame: Frame;
  /** An empty one is none. */
  readonly targetingKey?: string;
  /** Milliseconds since 1970: one time for the whole request. */
  readonly now: number;
  /** Is told of an error that no rule can be blamed for. The rule counts as broken. */
  readonly onUnexpected?: (error: unknown, targeting: CompiledTargeting, flag: CompiledFlag) => void;
}

export type Reason = 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT' | 'DISABLED';

export type Evaluation = Answer | Failure;

/** Where no rule was broken, one object for each variant and reason of a compiled flag, so that what is made of it can be kept with it. */
export interface Answer {
  readonly variant: Variant;
  readonly value: unknown;
  readonly reason: Reason;
  /** The name of the targeting that gave it. */
  readonly matchedRule?: string;
  /** The names of targetings that were skipped because their rules failed. */
  readonly brokenRules?: readonly string[];
  readonly errorCode?: undefined;
  /** What whoever has flags evaluated made of it, and keeps with it. */
  kept?: unknown;
}

export interface Failure {
  readonly errorCode: 'TARGETING_KEY_MISSING' | 'GENERAL';
  readonly errorDetails: string;
  readonly brokenRules?: readonly string[];
}
