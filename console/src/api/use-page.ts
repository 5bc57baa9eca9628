import type { InfiniteData, QueryKey, UseInfiniteQueryOptions } from '@tanstack/react-query';
import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

/** A page as every list of the API answers it. */
export interface PageOf<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly totalIsLowerBound?: boolean;
  readonly nextCursor?: string;
}

type Cursor = string | undefined;

/** Rows that one "show more" adds. */
export const PAGE_SIZE = 50;

/**
 * A list that is read page by page. @param key has all that narrows or orders the list, or pages of different lists would be mixed.
 */
export function pagesQuery<P extends PageOf<unknown>>(
  key: QueryKey,
  load: (page: { readonly limit: number; readonly cursor?: string }, signal: AbortSignal) => Promise<P>,
) {
  return infiniteQueryOptions<P, Error, InfiniteData<P, Cursor>, QueryKey, Cursor>({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => load({ limit: PAGE_SIZE, cursor: pageParam }, signal),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** What `Table` shows of a list. */
export interface Pages<T> {
  /** Undefined before the first answer. */
  readonly rows: readonly T[] | undefined;
  /** Of the whole list, not of what has been read of it. */
  readonly total: number;
  readonly totalIsLowerBound: boolean;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** The rows are still those of the search or order before. */
  readonly isStale: boolean;
  readonly error: unknown;
  readonly more: () => void;
  readonly retry: () => void;
  /** Where one page is shown at a time, how to leave it; see `useCursorPage`. */
  readonly pager?: Pager;
}

/** A page of a list that the address says. */
export interface Pager {
  /** From 1. */
  readonly page: number;
  readonly size: number;
  readonly next?: string;
  /** The cursors of the pages before, if this page was reached through them; the first page's is empty. */
  readonly trail: readonly string[];
}

/** Reads a list's pages. The rows of the search before stay while the next ones are on their way. */
export function usePages<P extends PageOf<unknown>, K extends QueryKey>(
  options: UseInfiniteQueryOptions<P, Error, InfiniteData<P, Cursor>, K, Cursor>,
): Pages<P['items'][number]> {
  const query = useInfiniteQuery({ ...options, placeholderData: keepPreviousData });
  const { data } = query;
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items), [data]);
  const latest = data?.pages.at(-1);
  return {
    rows,
    total: latest?.total ?? 0,
    totalIsLowerBound: latest?.totalIsLowerBound ?? false,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    isStale: query.isPlaceholderData,
    error: query.error,
    more: () => void query.fetchNextPage(),
    retry: () => void (data && query.isFetchNextPageError ? query.fetchNextPage() : query.refetch()),
  };
}
