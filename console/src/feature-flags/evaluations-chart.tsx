import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, body } from '../api/client';
import { ProblemNote } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';

const evaluationsQuery = (slug: string) =>
  queryOptions({
    queryKey: ['flags', 'evaluations', slug],
    queryFn: ({ signal }) =>
      body(
        api.GET('/feature-flags/{featureFlagSlug}/evaluations', {
          params: { path: { featureFlagSlug: slug } },
          signal,
        }),
      ),
  });

/** How often each variant of a flag was given, over time. */
export function EvaluationsChart({ slug }: { slug: string }): ReactNode {
  const { data, error, refetch } = useQuery(evaluationsQuery(slug));
  if (error) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={1} height={320} />;
  return (
    <ul>
      {data.series.map(({ variant, variantId, reason, total }) => (
        <li key={`${variantId} ${reason}`}>
          {variant} {reason} {total}
        </li>
      ))}
    </ul>
  );
}
