import type { Meter } from '../cel/meter.js';
import type { JsonObject } from '../http/json.js';
import type { CompiledFlag, CompiledTargeting } from './compiled-flag.js';
import type { Variant } from './definition.js';

export interface EvaluationRequest {
  /** What the caller says, without `__kaiten`. */
  readonly context: JsonObject;
  /** An empty one is none. */
  readonly targetingKey?: string;
  /** What rules read as `__kaiten`. Empty where no rule of the flag reads it. */
  readonly facts: JsonObject;
  /** Milliseconds since 1970: one time for the whole request. */
  readonly now: number;
  /** One for the whole request, of `REQUEST_BUDGET`. */
  readonly meter: Meter;
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
}

export interface Failure {
  readonly errorCode: 'TARGETING_KEY_MISSING' | 'GENERAL';
  readonly errorDetails: string;
  readonly brokenRules?: readonly string[];
}
