import type { RuleIssue } from '../cel/rule-issue.js';
import { compileRule } from '../cel/rule.js';
import type { CompiledRule, Rule } from '../cel/rule.js';
import { takeStepsAtOnce } from '../http/steps.js';
import type { Steps } from '../http/steps.js';
import { BUCKETS } from './allocation.js';
import { bucketOf, saltOf } from './bucket.js';
import type { Salt } from './bucket.js';
import type { FlagDefinition, Strategy, Variant } from './definition.js';
import type { Answer, Reason } from './evaluation.js';
import { isUnderWay, shareAt } from './rollout.js';
import type { DateShares } from './rollout.js';

/** A flag as it is evaluated. What cannot be reached is left out: a disabled flag has no rules that could need anything. */
export interface CompiledFlag {
  readonly definition: FlagDefinition;
  readonly salt: Salt;
  /** In order; empty where the flag is disabled. */
  readonly targetings: readonly CompiledTargeting[];
  readonly defaultStrategy: CompiledStrategy;
  /** Whether a rule reads `__kaiten`, so that facts have to be looked up. */
  readonly readsFacts: boolean;
  /** Whether some of it depends on the targeting key's bucket. */
  readonly needsKey: boolean;
  /** What makes answers change with time. */
  readonly dateRollouts: readonly CompiledDateRollout[];
}

export interface CompiledTargeting {
  readonly name: string;
  /** Absent where the rule no longer compiles, which counts as one that fails; `issue` says why. */
  readonly rule?: Rule;
  readonly issue?: RuleIssue;
  readonly strategy: CompiledStrategy;
}

export type CompiledStrategy = CompiledBasic | CompiledDateRollout | CompiledPercentageRollout;

/** Without an answer where the variant is gone: a targeting like that is passed over. */
export interface CompiledBasic {
  readonly type: 'basic';
  readonly answer?: Answer;
}

export interface CompiledDateRollout extends DateShares {
  readonly type: 'rollout_date';
  readonly start?: Answer;
  readonly end?: Answer;
}

export interface CompiledPercentageRollout {
  readonly type: 'rollout_percentage';
  /** For each segment of the allocation the bucket after its last, ascending. */
  readonly ends: readonly number[];
  /** For each segment. */
  readonly answers: readonly (Answer | undefined)[];
}

export function compileFlag(definition: FlagDefinition): CompiledFlag {
  return takeStepsAtOnce(compileFlagInSteps(definition));
}

/** Compiles a rule at each step: one takes some 10 ms at most, up to 70 in a process that has just started, and a flag has up to 200 of them. */
export function* compileFlagInSteps(definition: FlagDefinition): Steps<CompiledFlag> {
  const { enabled, defaultVariant } = definition;
  const variants = new Map(definition.variants.map((variant) => [variant.id, variant]));
  const rules = new Map<string, CompiledRule>();
  const targetings: CompiledTargeting[] = [];
  for (const targeting of enabled ? definition.targetings : []) {
    const { name, rule: source } = targeting;
    const compiled = rules.get(source) ?? compileRule(source);
    rules.set(source, compiled);
    const reason = targeting.type === 'basic' ? 'TARGETING_MATCH' : 'SPLIT';
    targetings.push({
      name,
      rule: compiled.rule,
      issue: compiled.issues?.[0],
      strategy: compileStrategy(targeting, variants, reason, name),
    });
    yield;
  }
  const defaultStrategy = compileStrategy(defaultVariant, variants, reasonOfDefault(definition));
  const strategies = [...targetings.map((targeting) => targeting.strategy), defaultStrategy];
  return {
    definition,
    salt: saltOf(definition.salt),
    targetings,
    defaultStrategy,
    readsFacts: targetings.some((targeting) => targeting.rule?.readsFacts),
    needsKey: strategies.some((strategy) => strategy.type !== 'basic'),
    dateRollouts: strategies.filter((strategy) => strategy.type === 'rollout_date'),
  };
}

/**
 * On which side of each date rollout the key is now, a character for each. For the same flag, facts and context an evaluation answers the same
 * as long as this is the same, so that an answer's version can be told without an evaluation.
 */
export function rolloutState(flag: CompiledFlag, key: string | undefined, now: number): string {
  let bucket: number | undefined;
  let state = '';
  for (const rollout of flag.dateRollouts) {
    if (!isUnderWay(rollout, now)) state += now < rollout.startsAt ? 's' : 'e';
    else if (!key) state += '-';
    else state += (bucket ??= bucketOf(flag.salt, key)) < shareAt(rollout, now) ? 'e' : 's';
  }
  return state;
}

function reasonOfDefault({ enabled, targetings, defaultVariant }: FlagDefinition): Reason {
  if (!enabled) return 'DISABLED';
  if (targetings.length > 0) return 'DEFAULT';
  return defaultVariant.type === 'basic' ? 'STATIC' : 'SPLIT';
}

function compileStrategy(
  strategy: Strategy,
  variants: ReadonlyMap<string, Variant>,
  reason: Reason,
  matchedRule?: string,
): CompiledStrategy {
  const answers = new Map<string, Answer>();
  const answerOf = (id: string): Answer | undefined => {
    const variant = variants.get(id);
    if (variant && !answers.has(id)) {
      answers.set(id, { variant, value: variant.value, reason, matchedRule, kept: undefined });
    }
    return answers.get(id);
  };
  switch (strategy.type) {
    case 'basic':
      return { type: 'basic', answer: answerOf(strategy.variant) };
    case 'rollout_date': {
      const { start, end } = strategy;
      return {
        type: 'rollout_date',
        startsAt: Date.parse(start.date),
        endsAt: Date.parse(end.date),
        startShare: shareOf(start.percentage),
        endShare: shareOf(end.percentage),
        start: answerOf(start.variant),
        end: answerOf(end.variant),
      };
    }
    case 'rollout_percentage': {
      let end = 0;
      return {
        type: 'rollout_percentage',
        ends: strategy.allocation.map(([, count]) => (end += count)),
        answers: strategy.allocation.map(([id]) => answerOf(id)),
      };
    }
  }
}

const shareOf = (percentage: number): number => (Math.min(Math.max(percentage, 0), 100) * BUCKETS) / 100;
