import { compileRule } from '../cel/rule.js';
import type { FlagType } from '../flag-evaluation/definition.js';
import type { ProblemDetail } from '../http/problem.js';
import type { Steps } from '../http/steps.js';
import type { FeatureFlagDto } from './dto/feature-flag.dto.js';
import { BasicDto, RolloutDateDto, RolloutPercentageDto, RolloutStepDto } from './dto/strategy.dto.js';
import type { TargetingDto } from './dto/targeting.dto.js';
import {
  BasicTargetingDto,
  RolloutDateTargetingDto,
  RolloutPercentageTargetingDto,
  TARGETINGS,
} from './dto/targeting.dto.js';
import { VariantDto } from './dto/variant.dto.js';
import { FACT_SHAPE } from './fact-shape.js';
import { LARGEST_FLAG, LARGEST_VALUE } from './limits.js';

/**
 * What must hold between the parts of a flag, besides what each field says of itself. A field that is wrong by itself has been told
 * already, so whatever cannot be judged is passed over. In steps, since compiling all rules takes long.
 *
 * @param at where the flag is: `body`.
 */
export function* judgeFlag(flag: FeatureFlagDto, at: string): Steps<ProblemDetail[]> {
  if (sizeOf(flag) > LARGEST_FLAG) return [{ location: at, message: `must not be larger than ${LARGEST_FLAG} bytes` }];
  const variants = partsOf(flag.variants, `${at}.variants`, [VariantDto]);
  const names = new Set(variants.map(({ part }) => part.name));
  const targetings = partsOf<TargetingDto>(flag.targetings, `${at}.targetings`, Object.values(TARGETINGS));
  const rules = new StrategyRules(variants.length > 0 ? names : undefined);
  const errorsOfTargetings: ProblemDetail[] = [];
  for (const { part, at: here } of targetings) {
    errorsOfTargetings.push(...judgeRule(part.rule, `${here}.rule`), ...rules.judge(part, here));
    yield;
  }
  return [
    ...judgeCount(flag.variants, `${at}.variants`),
    ...doubled(variants),
    ...variants.flatMap(({ part, at: here }) => judgeValue(flag.type, part.value, `${here}.value`)),
    ...rules.judge(flag.default_variant, `${at}.default_variant`),
    ...doubled(targetings),
    ...errorsOfTargetings,
  ];
}

interface Placed<T> {
  readonly part: T;
  readonly at: string;
}

/** The parts of a list that have been read, each with its place. */
function partsOf<T>(list: unknown, at: string, kinds: readonly (new () => T)[]): Placed<T>[] {
  if (!Array.isArray(list)) return [];
  return list
    .map((part: unknown, index) => ({ part: part as T, at: `${at}[${index}]` }))
    .filter(({ part }) => kinds.some((kind) => part instanceof kind));
}

/** As it would be sent again: what the server adds does not count, so that an answer that is sent back is not too large. */
function sizeOf(flag: FeatureFlagDto): number {
  const sent = (variant: unknown): unknown => (variant instanceof VariantDto ? { ...variant, id: undefined } : variant);
  const variants = Array.isArray(flag.variants) ? flag.variants.map(sent) : [];
  return Buffer.byteLength(JSON.stringify({ ...flag, slug: undefined, variants }));
}

function judgeCount(variants: unknown, location: string): ProblemDetail[] {
  const isMissing = variants === null || (Array.isArray(variants) && variants.length === 0);
  return isMissing ? [{ location, message: 'must have one variant or more' }] : [];
}

function doubled(parts: readonly Placed<{ readonly name: string }>[]): ProblemDetail[] {
  const seen = new Set<unknown>();
  const errors: ProblemDetail[] = [];
  for (const { part, at } of parts) {
    if (typeof part.name !== 'string') continue;
    if (seen.has(part.name)) errors.push({ location: `${at}.name`, message: 'is there twice', value: part.name });
    seen.add(part.name);
  }
  return errors;
}

const IS_OF_TYPE: Readonly<Record<FlagType, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const NAME_OF_TYPE: Readonly<Record<FlagType, string>> = {
  boolean: 'true or false',
  string: 'a text',
  number: 'a number',
  object: 'an object',
};

const isFlagType = (type: unknown): type is FlagType => typeof type === 'string' && Object.hasOwn(IS_OF_TYPE, type);

function judgeValue(type: unknown, value: unknown, location: string): ProblemDetail[] {
  if (value === undefined || !isFlagType(type)) return [];
  if (!IS_OF_TYPE[type](value)) {
    return [{ location, message: `must be ${NAME_OF_TYPE[type]}, as the flag's type is ${type}`, value }];
  }
  const isTooLarge = Buffer.byteLength(JSON.stringify(value)) > LARGEST_VALUE;
  return isTooLarge ? [{ location, message: `must not be larger than ${LARGEST_VALUE} bytes` }] : [];
}

/** One error for each thing that lint says, in the same words. */
function judgeRule(rule: unknown, location: string): ProblemDetail[] {
  if (typeof rule !== 'string') return [];
  const { issues = [] } = compileRule(rule, FACT_SHAPE);
  return issues.map(({ message, line, column }) => ({
    location,
    message: line === 0 ? message : `${message} (line ${line}, column ${column})`,
    value: rule,
  }));
}

/** What must hold of strategies, those of targetings included. */
class StrategyRules {
  /** @param names of the flag's variants; unknown where the variants are what is wrong. */
  constructor(private readonly names: ReadonlySet<string> | undefined) {}

  judge(strategy: unknown, at: string): ProblemDetail[] {
    if (strategy instanceof BasicDto) return this.judgeName(strategy.value, `${at}.value`);
    if (strategy instanceof BasicTargetingDto) return this.judgeName(strategy.variant, `${at}.variant`);
    if (strategy instanceof RolloutDateDto || strategy instanceof RolloutDateTargetingDto) {
      return this.judgeSteps(strategy, at);
    }
    if (strategy instanceof RolloutPercentageDto || strategy instanceof RolloutPercentageTargetingDto) {
      return this.judgeDistribution(strategy.distribution, `${at}.distribution`);
    }
    return [];
  }

  private judgeName(name: unknown, location: string): ProblemDetail[] {
    if (typeof name !== 'string' || this.names === undefined || this.names.has(name)) return [];
    return [{ location, message: 'is not a variant of this flag', value: name }];
  }

  private judgeSteps({ start, end }: { readonly start: unknown; readonly end: unknown }, at: string): ProblemDetail[] {
    const errors: ProblemDetail[] = [];
    for (const [name, step] of Object.entries({ start, end })) {
      if (step instanceof RolloutStepDto) errors.push(...this.judgeName(step.variant, `${at}.${name}.variant`));
    }
    const [begins, ends] = [start, end].map((step) => (step instanceof RolloutStepDto ? step.date : undefined));
    // One that could not be read is anything.
    if (begins instanceof Date && ends instanceof Date && ends < begins) {
      const value = ends.toISOString();
      errors.push({ location: `${at}.end.date`, message: 'must not be before start.date', value });
    }
    return errors;
  }

  private judgeDistribution(distribution: unknown, at: string): ProblemDetail[] {
    if (typeof distribution !== 'object' || distribution === null || Array.isArray(distribution)) return [];
    const errors = Object.keys(distribution).flatMap((name) => this.judgeName(name, `${at}.${name.slice(0, 200)}`));
    const isNothing = Object.values(distribution).every((weight) => weight === 0);
    if (isNothing) errors.push({ location: at, message: 'must have a weight above 0' });
    return errors;
  }
}
