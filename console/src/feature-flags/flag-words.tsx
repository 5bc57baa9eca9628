import type { Language, Translate } from '../i18n/i18n';
import { localeOf } from '../i18n/i18n';
import { isolated, visibleName } from '../ui/name';
import type { StrategyDraft, VariantDraft, Written } from './flag-draft';
import { writeStrategy } from './flag-draft';
import type { Flag, Strategy, Targeting } from './flags-api';

/** Shares of one, by the name of the variant, in the order of the variants. */
export function sharesOf(
  distribution: Readonly<Record<string, number>>,
  variants: readonly { readonly name: string }[],
): (readonly [string, number])[] {
  const weights = new Map(Object.entries(distribution));
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  const order = variants.map(({ name }) => name).filter((name) => (weights.get(name) ?? 0) > 0);
  return order.map((name) => [name, weights.get(name)! / sum] as const);
}

export const percent = (share: number, language: Language): string =>
  share.toLocaleString(language, { style: 'percent', maximumFractionDigits: 2 });

const day = (date: string, language: Language): string =>
  date === '' ? '…' : new Date(date).toLocaleDateString(localeOf(language), { dateStyle: 'medium' });

/** What somebody gets, in a few words. */
export function strategyWords(
  t: Translate,
  language: Language,
  strategy: Strategy | Targeting | Written,
  variants: readonly { readonly name: string }[],
): string {
  if (strategy.type === 'basic') return isolated('variant' in strategy ? strategy.variant : strategy.value);
  if (strategy.type === 'rollout_percentage') {
    return sharesOf(strategy.distribution, variants)
      .map(([name, share]) => `${percent(share, language)} ${isolated(name)}`)
      .join(' · ');
  }
  const { start, end } = strategy;
  return t('flags.words.dates', {
    start: isolated(start.variant),
    end: isolated(end.variant),
    from: day(start.date, language),
    until: day(end.date, language),
  });
}

/** The same of what is being typed. */
export const draftWords = (
  t: Translate,
  language: Language,
  strategy: StrategyDraft,
  variants: readonly VariantDraft[],
): string =>
  strategyWords(
    t,
    language,
    writeStrategy(strategy, (key) => variants.find((variant) => variant.key === key)?.name ?? '?'),
    variants,
  );

/** How the flag comes to a value. */
export function flagWords(t: Translate, { enabled, targetings, default_variant: { type } }: Flag): string {
  const count = targetings?.length ?? 0;
  if (!enabled) return t('flags.words.off');
  if (count > 0) return t('flags.words.targetings', { count });
  return t(`flags.words.${type}`);
}

/** A value on one line. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? visibleName(value, '""') : JSON.stringify(value);
