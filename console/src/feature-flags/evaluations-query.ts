import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Schemas } from '../api/client';
import { api, body } from '../api/client';

export type Evaluations = Schemas['FlagEvaluations'];

const HOUR = 3_600;

/** How far back, and in which steps, in seconds: about thirty bars each, which phones have room for. */
export const RANGES = {
  hour: { length: HOUR, step: 300 },
  day: { length: 24 * HOUR, step: HOUR },
  week: { length: 7 * 24 * HOUR, step: 6 * HOUR },
  month: { length: 30 * 24 * HOUR, step: 24 * HOUR },
} as const;

export type Range = keyof typeof RANGES;

export const isRange = (text: unknown): text is Range => typeof text === 'string' && Object.hasOwn(RANGES, text);

/** Counts arrive twice a minute. */
const REFRESH_MS = 60_000;

export const evaluationsQuery = (slug: string, range: Range) =>
  queryOptions({
    queryKey: ['flags', 'evaluations', slug, range],
    queryFn: ({ signal }) => {
      const { length, step } = RANGES[range];
      const now = Date.now();
      // The step that has begun is the last of as many as fit the range.
      const from = new Date(now - (length - step) * 1_000).toISOString();
      const query = { from, to: new Date(now).toISOString(), step };
      const path = { featureFlagSlug: slug };
      return body(api.GET('/feature-flags/{featureFlagSlug}/evaluations', { params: { path, query }, signal }));
    },
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });

/** What a chart shows of one variant, or of all that is not shown by itself. */
export interface Shown {
  readonly key: string;
  readonly kind: 'variant' | 'others' | 'failed';
  readonly name: string;
  readonly counts: readonly number[];
  readonly total: number;
}

/** Colours and patterns there are. */
export const MOST_SHOWN = 7;

/** By variant, whatever the reason; the least frequent together where there are more than can be told apart; failures last. */
export function shownOf({ series }: Evaluations): readonly Shown[] {
  const variants = new Map<string, Shown>();
  for (const { variant = '', variantId = '', counts, total } of series) {
    const before = variants.get(variantId);
    variants.set(variantId, {
      key: variantId || 'failed',
      kind: variantId ? 'variant' : 'failed',
      name: variant,
      counts: before ? sum(before.counts, counts) : counts,
      total: (before?.total ?? 0) + total,
    });
  }
  const all = [...variants.values()];
  const named = all.filter(({ kind }) => kind === 'variant');
  const failed = all.filter(({ kind }) => kind === 'failed');
  if (named.length <= MOST_SHOWN) return [...named, ...failed];
  const frequent = new Set([...named].sort((a, b) => b.total - a.total).slice(0, MOST_SHOWN - 1));
  const others = named
    .filter((one) => !frequent.has(one))
    .reduce((one, other) => ({ ...one, counts: sum(one.counts, other.counts), total: one.total + other.total }));
  return [...named.filter((one) => frequent.has(one)), { ...others, key: 'others', kind: 'others' }, ...failed];
}

const sum = (one: readonly number[], other: readonly number[]): number[] => one.map((count, i) => count + other[i]!);
