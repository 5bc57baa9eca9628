import { allocate, reallocate } from '../flag-evaluation/allocation.js';
import type { Allocation, Step, Strategy, Targeting } from '../flag-evaluation/definition.js';
import type { RolloutStepDto, StrategyDto } from './dto/strategy.dto.js';
import type { TargetingDto } from './dto/targeting.dto.js';

/** A flag's variants, as strategies need to know them. */
export interface VariantIds {
  readonly byName: ReadonlyMap<string, string>;
  /** All ids in the kept order. */
  readonly order: readonly string[];
}

type Named = ReadonlyMap<string, { readonly name: string }>;

/**
 * A strategy as it is stored: with ids for names, and buckets for weights.
 *
 * @param given whose variants all exist. @param previous what it replaces, from which as few users as possible are moved.
 */
export function storeStrategy(given: StrategyDto | TargetingDto, variants: VariantIds, previous?: Strategy): Strategy {
  const idOf = (name: string): string => variants.byName.get(name)!;
  switch (given.type) {
    case 'basic':
      return { type: 'basic', variant: idOf('value' in given ? given.value : given.variant) };
    case 'rollout_date': {
      const store = ({ variant, percentage, date }: RolloutStepDto): Step => ({
        variant: idOf(variant),
        percentage,
        date: date.toISOString(),
      });
      return { type: 'rollout_date', start: store(given.start), end: store(given.end) };
    }
    case 'rollout_percentage': {
      const weights = Object.entries(given.distribution).map(([name, weight]) => [idOf(name), weight] as const);
      const distribution = Object.fromEntries(weights);
      return { type: 'rollout_percentage', distribution, allocation: allocationOf(distribution, variants, previous) };
    }
  }
}

export function storeTargeting(given: TargetingDto, variants: VariantIds, previous?: Targeting): Targeting {
  return { name: given.name, rule: given.rule, ...storeStrategy(given, variants, previous) };
}

function allocationOf(
  weights: Readonly<Record<string, number>>,
  { order }: VariantIds,
  previous: Strategy | undefined,
): Allocation {
  return previous?.type === 'rollout_percentage' ? reallocate(previous, order, weights) : allocate(order, weights);
}

/** What each targeting replaces: the one of its name, else the one at its place, if that one's name is gone. */
export function predecessors(
  given: readonly { readonly name: string }[],
  previous: readonly Targeting[],
): (Targeting | undefined)[] {
  const byName = new Map(previous.map((targeting) => [targeting.name, targeting]));
  const names = new Set(given.map(({ name }) => name));
  return given.map(({ name }, index) => {
    const there = previous[index];
    return byName.get(name) ?? (there && !names.has(there.name) ? there : undefined);
  });
}

/** A stored strategy with names for ids, as answers have it. */
export function showStrategy(stored: Strategy, variants: Named): StrategyDto {
  if (stored.type === 'basic') return { type: 'basic', value: variants.get(stored.variant)!.name };
  return showRollout(stored, variants);
}

export function showTargeting(stored: Targeting, variants: Named): TargetingDto {
  const { type, name, rule } = stored;
  if (type === 'basic') return { type, name, rule, variant: variants.get(stored.variant)!.name };
  return { name, rule, ...showRollout(stored, variants) };
}

function showRollout(stored: Exclude<Strategy, { type: 'basic' }>, variants: Named) {
  const nameOf = (id: string): string => variants.get(id)!.name;
  if (stored.type === 'rollout_date') {
    const show = ({ variant, percentage, date }: Step): RolloutStepDto => ({
      variant: nameOf(variant),
      percentage,
      date: new Date(date),
    });
    return { type: stored.type, start: show(stored.start), end: show(stored.end) };
  }
  const weights = Object.entries(stored.distribution).map(([id, weight]) => [nameOf(id), weight] as const);
  return { type: stored.type, distribution: Object.fromEntries(weights) };
}
