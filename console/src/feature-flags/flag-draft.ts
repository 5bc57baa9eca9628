import type { Flag, FlagInput, FlagType, Strategy, Targeting, Variant } from './flags-api';
import { SPLIT, weightsOf, writeShares } from './flag-shares';
import type { SharesDraft } from './flag-shares';

/**
 * A flag as a form has it: texts as they are typed, and variants under keys that stay when they are renamed. What is not changed is
 * sent as it was read.
 */
export interface FlagDraft {
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly type: FlagType;
  readonly enabled: boolean;
  readonly eventName: string;
  /** JSON. */
  readonly metadata: string;
  readonly variants: readonly VariantDraft[];
  readonly fallback: StrategyDraft;
  readonly targetings: readonly TargetingDraft[];
}

export interface VariantDraft {
  /** The id of one that is stored. */
  readonly key: string;
  readonly isNew: boolean;
  readonly name: string;
  readonly description: string;
  /** The text itself of a flag of texts, JSON otherwise. */
  readonly value: string;
}

export interface StepDraft {
  readonly variant: string;
  readonly percentage: string;
  /** In UTC, as the API has it. */
  readonly date: string;
}

/** What all three kinds need, so that going from one to another and back loses nothing. */
export interface StrategyDraft {
  readonly kind: Strategy['type'];
  /** Keys of variants, here and in what follows. */
  readonly variant: string;
  readonly shares: SharesDraft;
  readonly start: StepDraft;
  readonly end: StepDraft;
}

export interface TargetingDraft {
  readonly key: string;
  readonly name: string;
  readonly rule: string;
  readonly strategy: StrategyDraft;
}

let made = 0;
/** For what is not stored yet. No id looks like it. */
export const newKey = (): string => `new-${Date.now().toString(36)}-${(made += 1)}`;

export const jsonText = (value: unknown): string => JSON.stringify(value, null, 2);

export const textOfValue = (type: FlagType, value: unknown): string =>
  type === 'string' && typeof value === 'string' ? value : jsonText(value);

/** @returns undefined where the text is none of the type. */
export function valueOf(type: FlagType, text: string): Variant['value'] | undefined {
  if (type === 'string') return text;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return (type === 'object' ? isObject : typeof value === type) ? (value as Variant['value']) : undefined;
  } catch {
    return undefined;
  }
}

export function draftOf(flag: Flag): FlagDraft {
  const variants = (flag.variants ?? []).map(({ id, name, description, value }, index): VariantDraft => ({
    key: id ?? `at-${index}`,
    isNew: false,
    name,
    description,
    value: textOfValue(flag.type, value),
  }));
  return {
    name: flag.name,
    slug: flag.slug,
    description: flag.description ?? '',
    type: flag.type,
    enabled: flag.enabled,
    eventName: flag.event_name,
    metadata: jsonText(flag.metadata),
    variants,
    fallback: readStrategy(flag.default_variant, variants),
    targetings: (flag.targetings ?? []).map((targeting, index) => ({
      key: `at-${index}`,
      name: targeting.name,
      rule: targeting.rule,
      strategy: readStrategy(targeting, variants),
    })),
  };
}

/** A strategy of the simplest kind. */
export function anyStrategy(variants: readonly VariantDraft[], variant = variants[0]?.key ?? ''): StrategyDraft {
  const other = variants.find(({ key }) => key !== variant)?.key ?? variant;
  const midnight = new Date();
  midnight.setHours(24, 0, 0, 0);
  const later = new Date(midnight);
  later.setDate(later.getDate() + 14);
  return {
    kind: 'basic',
    variant,
    shares: SPLIT,
    start: { variant, percentage: '0', date: midnight.toISOString() },
    end: { variant: other, percentage: '100', date: later.toISOString() },
  };
}

function readStrategy(strategy: Strategy | Targeting, variants: readonly VariantDraft[]): StrategyDraft {
  const keyOf = (name: string): string => variants.find((variant) => variant.name === name)?.key ?? '';
  if (strategy.type === 'basic') {
    return anyStrategy(variants, keyOf('variant' in strategy ? strategy.variant : strategy.value));
  }
  const usual = anyStrategy(variants);
  if (strategy.type === 'rollout_percentage') {
    return { ...usual, kind: strategy.type, shares: weightsOf(strategy.distribution, keyOf) };
  }
  const read = (step: typeof strategy.start): StepDraft => ({
    variant: keyOf(step.variant),
    percentage: String(step.percentage),
    date: step.date,
  });
  return { ...usual, kind: strategy.type, start: read(strategy.start), end: read(strategy.end) };
}

/** A strategy as a targeting has it; a default's is a little different. */
export type Written =
  { readonly type: 'basic'; readonly variant: string } | Exclude<Strategy, { readonly type: 'basic' }>;

export function writeStrategy(
  { kind, variant, shares, start, end }: StrategyDraft,
  nameOf: (key: string) => string,
): Written {
  if (kind === 'basic') return { type: kind, variant: nameOf(variant) };
  if (kind === 'rollout_percentage') return { type: kind, distribution: writeShares(shares, nameOf) };
  const write = (step: StepDraft) => ({
    variant: nameOf(step.variant),
    percentage: Number(step.percentage),
    date: step.date,
  });
  return { type: kind, start: write(start), end: write(end) };
}

/** What is sent. Names get rid of what a paste brings along at the ends. @param draft without local problems. */
export function writtenOf(draft: FlagDraft): FlagInput {
  const names = new Map(draft.variants.map(({ key, name }) => [key, name.trim()]));
  const nameOf = (key: string): string => names.get(key) ?? '';
  const fallback = writeStrategy(draft.fallback, nameOf);
  return {
    name: draft.name.trim(),
    slug: draft.slug.trim() || undefined,
    description: draft.description.trim() === '' ? null : draft.description,
    type: draft.type,
    enabled: draft.enabled,
    event_name: draft.eventName.trim(),
    metadata: JSON.parse(draft.metadata) as Record<string, unknown>,
    variants: draft.variants.map(({ key, isNew, name, description, value }) => ({
      ...(!isNew && { id: key }),
      name: name.trim(),
      description,
      value: valueOf(draft.type, value)!,
    })),
    default_variant: fallback.type === 'basic' ? { type: 'basic', value: fallback.variant } : fallback,
    targetings: draft.targetings.map(({ name, rule, strategy }) => ({
      name: name.trim(),
      rule,
      ...writeStrategy(strategy, nameOf),
    })),
  };
}

/** Whether two drafts say the same; the switch has a dialog of its own and does not count. */
export const isSame = (one: FlagDraft, other: FlagDraft): boolean => plain(one) === plain(other);

/** Without what differs by the moment at which a draft was made: what the kinds that are not chosen would begin with. */
function plain(draft: FlagDraft): string {
  const used = ({ kind, variant, shares, start, end }: StrategyDraft): unknown =>
    kind === 'basic' ? [kind, variant] : kind === 'rollout_percentage' ? [kind, shares] : [kind, start, end];
  return JSON.stringify({
    ...draft,
    enabled: undefined,
    fallback: used(draft.fallback),
    targetings: draft.targetings.map(({ name, rule, strategy }) => [name, rule, used(strategy)]),
  });
}
