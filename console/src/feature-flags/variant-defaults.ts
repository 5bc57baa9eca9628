import type { FlagDraft, VariantDraft } from './flag-draft';
import { anyStrategy, newKey, valueOf } from './flag-draft';
import type { FlagType } from './flags-api';

/** What a value of the type begins with. */
const BEGINNING: Readonly<Record<FlagType, string>> = { boolean: 'false', string: '', number: '0', object: '{}' };

export const emptyVariant = (type: FlagType): VariantDraft => ({
  key: newKey(),
  isNew: true,
  name: '',
  description: '',
  value: BEGINNING[type],
});

/** A flag that is off for everybody, as most begin. */
export function newFlag(): FlagDraft {
  const on = { ...emptyVariant('boolean'), name: 'on', value: 'true' };
  const off = { ...emptyVariant('boolean'), name: 'off', value: 'false' };
  const variants = [on, off];
  return {
    name: '',
    slug: '',
    description: '',
    type: 'boolean',
    enabled: false,
    eventName: '',
    metadata: '{}',
    variants,
    fallback: anyStrategy(variants, off.key),
    targetings: [],
  };
}

/** The flag with values of another type. Names stay, and values that are of the type as well. */
export function retyped(draft: FlagDraft, type: FlagType): FlagDraft {
  const variants = draft.variants.map((variant, index) => ({
    ...variant,
    value:
      type !== 'string' && valueOf(type, variant.value) !== undefined
        ? variant.value
        : type === 'boolean'
          ? String(index === 0)
          : BEGINNING[type],
  }));
  return { ...draft, type, variants };
}

/** Where a variant is given out: it cannot go as long as it is. @returns names of targetings, an empty one for the default. */
export function usesOf(draft: FlagDraft, key: string): string[] {
  const gives = ({ kind, variant, shares, start, end }: FlagDraft['fallback']): boolean =>
    kind === 'basic'
      ? variant === key
      : kind === 'rollout_percentage'
        ? Number(shares.of[key] || 0) !== 0
        : start.variant === key || end.variant === key;
  const targetings = draft.targetings.filter(({ strategy }) => gives(strategy)).map(({ name }) => name);
  return gives(draft.fallback) ? ['', ...targetings] : targetings;
}
