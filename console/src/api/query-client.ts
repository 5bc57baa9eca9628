import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client';

/** What has been read stays fresh for a while, so that going back shows it at once; only what an outage broke is tried again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 5 * 60_000,
      retry: (count, error) => isPassing(error) && count < 3,
      retryDelay: (attempt) => Math.min(1_000 * 2 ** attempt, 8_000),
      refetchOnWindowFocus: true,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.isUnreachable || error.status >= 502);
}
